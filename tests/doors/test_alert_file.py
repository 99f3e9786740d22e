"""An alert goes out of a home as a file, by the commands that a supervisor types, and is checked with no home at all."""

from __future__ import annotations

import json

import pytest

from gongshi.ledger.adapters.home import Settings
from gongshi.ledger.records import Genesis
from gongshi.terms.organisation import Organisation
from gongshi.terms.text import Text
from gongshi.wiring import found_house, open_house
from tests.doors.rehearsals import Rehearsal
from tests.flows.alert_world import BEGIN, MEMBERS, get_params, raise_alerts


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    path = tmp_path_factory.mktemp("home") / "home"
    listed = [
        Organisation(name, Text(name, name), "authority" if name == "ministry" else "member", voting=True)
        for name in MEMBERS
    ]
    settings = Settings(organisation="ministry", as_of="2026-03-05")
    found_house(path, settings, listed, Genesis("alerts.test", BEGIN, (), get_params()), MEMBERS)
    with open_house(path) as house:
        alerts = raise_alerts(house.desk)
    return Rehearsal(path), alerts


def test_an_alert_is_written_and_verified_elsewhere(home, tmp_path):
    rehearsal, alerts = home
    stranger = Rehearsal(tmp_path / "none")
    assert rehearsal.gongshi("ledger", "policy", "--out", str(tmp_path / "policy")).code == 0
    for name, id_ in alerts.items():
        file = tmp_path / f"{name}.alert"
        written = rehearsal.gongshi("supervision", "proof", id_, "--out", str(file))
        assert (written.code, file.exists()) == (0, True), written.err
        checked = stranger.gongshi("--json", "verify", str(file), "--policy", str(tmp_path / "policy"))
        report = json.loads(checked.out)
        assert (checked.code, report["kind"], report["facts"]["typology"]) == (0, "alert", name)
        assert stranger.gongshi("verify", str(file)).code == 3
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert stranger.gongshi("verify", str(file), "--policy", str(tmp_path / "policy")).code in (1, 2)


def test_an_alert_that_is_not_there_is_one_clear_line(home, tmp_path):
    answer = home[0].gongshi("supervision", "proof", "al-none", "--out", str(tmp_path / "file"))
    assert (answer.code, "al-none" in answer.err, (tmp_path / "file").exists()) == (2, True, False)
