"""An alert leaves the desk as a file that anybody can check, and the verifier's own conditions agree with the house's."""

from __future__ import annotations

import hashlib
import random

import pytest

from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.supervision_alert import make_alert_dossier
from gongshi.supervision.rules import run_rule
from gongshi.supervision.typologies import get_typologies
from gongshi.terms.canonical import encode_json
from gongshi.terms.problem import Problem
from gongshi_verifier import cbor
from gongshi_verifier.alert import compute_alert_id
from gongshi_verifier.rows import Row
from gongshi_verifier.rule import read_rule
from gongshi_verifier.typologies import TYPOLOGIES, Case, judge
from gongshi_verifier.verify import verify_file
from tests.flows.alert_world import RULES, watched
from tests.supervision.worlds import columns_of, draw_graph, rule_of


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    desk, alerts = watched(tmp_path_factory.mktemp("alerts"))
    return desk, alerts, cosigned(desk), make_policy(desk)


TYPOLOGY_NAMES = [rule.typology for rule in RULES]


def test_every_typology_raised_one_alert(world):
    assert sorted(world[1]) == sorted(TYPOLOGY_NAMES)


@pytest.mark.parametrize("typology", TYPOLOGY_NAMES)
def test_an_alert_is_verified_from_its_file_alone(world, typology):
    desk, alerts, checkpoint, policy = world
    data = make_alert_dossier(desk, alerts[typology], checkpoint)
    report = verify_file(data, None, policy)
    assert (report.exit_code, report.findings) == (0, ())
    assert (report.facts["alert"], report.facts["typology"]) == (alerts[typology], typology)
    assert report.facts["supervisors"] == ["ministry"]
    assert verify_file(data).exit_code == 3


def test_only_what_the_alert_needs_leaves_the_house(world):
    desk, alerts, checkpoint, _ = world
    dossier = cbor.decode(make_alert_dossier(desk, alerts["temporal_cycle"], checkpoint))
    assert set(dossier["roots"]) == {"bank", "ministry"}
    assert set(dossier["content"]["customers"]) == {"a", "b", "c"}
    assert dossier["content"]["rates"] == {}
    assert set(cbor.decode(make_alert_dossier(desk, alerts["mirror_transfer"], checkpoint))["content"]["rates"]) == {
        "HKD"
    }


@pytest.mark.parametrize("typology", TYPOLOGY_NAMES)
def test_what_is_bent_is_refused_by_name(world, typology):
    desk, alerts, checkpoint, policy = world
    dossier = cbor.decode(make_alert_dossier(desk, alerts[typology], checkpoint))
    content, entries = dossier["content"], dossier["entries"]
    leaves = {place[1] for place in content["rows"]}
    other = next(id_ for name, id_ in alerts.items() if name != typology)
    other_rule = cbor.decode(make_alert_dossier(desk, other, checkpoint))["content"]["rule"]
    rows = content["rows"]
    renamed = compute_alert_id(content["rule_digest"], [row[0] for row in rows], ["somebody"])
    bent = {
        "verify.entry.inclusion": {
            "entries": [
                [data[:-1] + bytes([data[-1] ^ 1]) if leaf in leaves else data, leaf, path]
                for data, leaf, path in entries
            ]
        },
        "verify.alert.rule_differs": {"content": {**content, "rule": other_rule}},
        "verify.alert.row_missing": {"entries": [one for one in entries if one[1] not in leaves]},
        "verify.alert.id": {"content": {**content, "alert": other}},
        "verify.alert.party": {"content": {**content, "accounts": ["somebody"], "alert": renamed}},
        "verify.alert.rows_differ": {"content": {**content, "rows": [[rows[0][0], *rows[1][1:]], *rows[1:]]}},
        "verify.alert.option": {"content": {**content, "option": b"{}"}},
    }
    for code, fields in bent.items():
        report = verify_file(cbor.encode({**dossier, **fields}), None, policy)
        assert report.findings[0].code == code
        assert report.exit_code == 1
    assert (
        verify_file(cbor.encode({**dossier, "content": {**content, "rows": rows[:-1]}})).findings[0].code
        == "verify.alert.id"
    )


def test_an_alert_that_this_desk_does_not_hold_is_a_problem(world, monkeypatch):
    desk, alerts, checkpoint, _ = world
    unknown = Problem("supervision.alert.unknown", values={"alert": "al-none"})
    assert make_alert_dossier(desk, "al-none", checkpoint) == unknown
    dossier = cbor.decode(make_alert_dossier(desk, alerts["mirror_transfer"], checkpoint))
    table = hashlib.sha256(dossier["content"]["rates"]["HKD"]).digest()
    kept = desk.blobs.get
    monkeypatch.setattr(desk.blobs, "get", lambda wanted: None if wanted == table else kept(wanted))
    problem = make_alert_dossier(desk, alerts["mirror_transfer"], checkpoint)
    assert problem.code == "supervision.alert.rates_missing"
    assert isinstance(make_alert_dossier(desk, alerts["structuring"], checkpoint), bytes)
    monkeypatch.setattr(desk.blobs, "get", lambda _: None)
    assert make_alert_dossier(desk, alerts["structuring"], checkpoint).code == "supervision.alert.unknown"


# --- the verifier's conditions against the house's typologies, on random rows ---

PARAMETERS = {
    "mirror_transfer": {"window_s": 20, "tolerance_ppm": 200_000, "path_max": 1, "keep_ppm": 1_000_000},
    "temporal_cycle": {"window_s": 20, "length_max": 4, "conserving": 1, "keep_ppm": 800_000},
    "structuring": {"threshold_fen": 110, "band_ppm": 200_000, "rows_min": 2, "window_s": 20},
    "large_value": {"threshold_fen": 300, "linked": 1},
}


def as_case(columns, rule) -> Case:
    """What the verifier would read of these rows."""
    rows = [
        Row(
            columns.row_id(at),
            columns.accounts[columns.payer[at]],
            columns.accounts[columns.payee[at]],
            int(columns.time[at]),
            int(columns.amount[at]),
            columns.currencies[columns.currency[at]],
            columns.zones[columns.zone[at]],
            columns.kinds[columns.kind[at]],
        )
        for at in range(len(columns))
    ]
    holders = ("natural", "legal", "institution")
    customers = {
        name: (columns.owners[columns.owner[place]], holders[columns.holder[place]])
        for place, name in enumerate(columns.accounts)
    }
    return Case(read_rule(encode_json(rule.as_json())), rows, [int(fen) for fen in columns.worth], customers)


@pytest.mark.parametrize("typology", TYPOLOGY_NAMES)
def test_both_judge_every_small_set_of_rows_alike(typology):
    """Take rows at random; the house's rule finds an alert on exactly these rows if and only if the verifier says so."""
    rule = rule_of(typology, {"kinds": ("pay", "cash_in")}, **PARAMETERS[typology])
    held = refused = 0
    for seed in range(120):
        rng = random.Random(f"{typology}/{seed}")
        zones = ("CN", "HK") if typology == "mirror_transfer" else ("CN",)
        graph = draw_graph(seed, zones=zones, amounts=(80, 120))
        accounts = sorted({name for one in graph for name in (one.payer, one.payee)})
        owners = {name: rng.choice("xyz") for name in accounts}
        listed = [*draw_sets(rng, graph), *raised(rule, graph, owners)]
        for rows in listed:
            columns = columns_of(rows, owners)
            house = {alert.accounts for alert in run_rule(columns, rule) if len(alert.rows) == len(rows)}
            judged = judge(as_case(columns, rule))
            assert set(() if judged.failed else judged.readings) == house, (seed, judged, rows)
            held, refused = held + bool(house), refused + (not house)
    assert held > 40
    assert refused > 400


def draw_sets(rng, graph):
    return [rng.sample(graph, rng.randint(1, min(4, len(graph)))) for _ in range(6)]


def raised(rule, graph, owners):
    """The rows of alerts that the whole graph raises."""
    by_id = {one.id: one for one in graph}
    return [[by_id[row] for row in alert.rows] for alert in run_rule(columns_of(graph, owners), rule)[:3]]


def test_both_know_the_same_typologies_and_ids():
    house = get_typologies()
    assert set(TYPOLOGIES) <= set(house)
    for name, known in TYPOLOGIES.items():
        assert known.parameters == set(house[name].PARAMETERS), name
    columns = columns_of(draw_graph(1))
    for alert in run_rule(columns, rule_of("temporal_cycle")):
        assert compute_alert_id(alert.rule_digest, alert.rows, alert.accounts) == alert.id
