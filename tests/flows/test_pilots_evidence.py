from __future__ import annotations

import pytest
import sqlalchemy as sa

from gongshi.flows.alliance_to_ledger import get_parameters
from gongshi.flows.desk import Desk
from gongshi.flows.evidence import read_evidence
from gongshi.flows.pilots_evidence import NoPilotError, SupplyError, prove_supply, sign_supply
from gongshi.group.store import GroupProjection
from gongshi.ledger.adapters.blob_folder import BlobFolder
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.entries import certify_key, grant_mandate
from gongshi.ledger.records import Genesis, Member
from gongshi.ledger.state import read_roots
from gongshi.pilots.entries import MONEY, fund_wallets, issue, open_wallets, pay
from gongshi.pilots.records import Payment
from gongshi.pilots.store import PilotsProjection
from gongshi.seal.signing import make_signing_key
from gongshi.terms.digest import digest_from_text
from gongshi.terms.quantity import Quantity
from gongshi.terms.transfer import transfer_id
from gongshi.wiring import KINDS, NAMESPACES
from gongshi_verifier.ed25519 import check_signature
from gongshi_verifier.state import check_total
from tests.flows.alert_world import Clock, Keys
from tests.pilots.worlds import ALPHA, BANK, BETA, NOON, ORGANISATIONS, PARAMETERS

ISSUER = (BANK, f"{BANK}-issuer")
TOOL = "gongshi test"


@pytest.fixture(params=[0, 3], ids=["prompt", "late"])
def desk(request, tmp_path):
    """Every organisation's keys, on an engine that commits at once and on one that commits three blocks late."""
    keys = {name: Keys(name) for name in ORGANISATIONS}
    members = tuple(
        Member(name, {"zh": name, "en": name}, kind, voting=True, root=keys[name].root_key().public)
        for name, kind in ORGANISATIONS.items()
    )
    params = {
        **get_parameters(KINDS, NAMESPACES),
        "pilot": PARAMETERS,
        "group": {"secretariat": BANK, "zone": "Asia/Shanghai"},
    }
    store = SqliteStore(tmp_path / "ledger.sqlite")
    store.found(Genesis("t", NOON - 1000, members, params))
    engine = EmbeddedEngine(store, KINDS, Clock(NOON), make_signing_key(b"l" * 32), check_signature, request.param)
    database = sa.create_engine(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    projections = (PilotsProjection(), GroupProjection())
    keyrings = {name: (lambda one=keyring: one) for name, keyring in keys.items()}
    desk = Desk(engine, BlobFolder(tmp_path / "blobs"), database, projections, Clock(NOON), keyrings)
    for name in ORGANISATIONS:
        desk.act(name, certify_key(keys[name].signing_key().public, bytes(32)), by_root=True)
    desk.act(BANK, grant_mandate(ISSUER[1], ["issuer"], 2**62))
    yield desk
    database.dispose()
    store.close()


def trade(desk: Desk, number: int = 1) -> None:
    """alpha pays 2.50 from one wallet to the other."""
    desk.act(ALPHA, pay([Payment(transfer_id(ALPHA, "pay", number), "w1", "w2", 250, "pay", NOON - 1)]))


def begin(desk: Desk) -> None:
    desk.act(BANK, issue(ALPHA, 100_000), issue(BETA, 50_000))
    desk.act(ALPHA, open_wallets([("w1", "small"), ("w2", "large")]))
    desk.act(ALPHA, fund_wallets([(transfer_id(ALPHA, "fund", 1), "w1", 4_000)]))
    trade(desk)


def test_figures_are_those_of_the_ledger(desk):
    begin(desk)
    figures = prove_supply(desk, TOOL).figures
    money = {name: figures[name] for name in ("paid", "issued", "held", "held_in_wallets", "reserves", "quota")}
    assert {name: (one.value, one.scale, one.unit) for name, one in money.items()} == {
        "paid": (250, 2, "CNY"),
        "issued": (150_000, 2, "CNY"),
        "held": (150_000, 2, "CNY"),
        "held_in_wallets": (4_000, 2, "CNY"),
        "reserves": (146_000, 2, "CNY"),
        "quota": (10_000_000, 2, "CNY"),
    }
    counts = {name: figures[name].value for name in ("wallets", "operators", "payments", "declared")}
    assert counts == {"wallets": 2, "operators": 2, "payments": 1, "declared": 0}
    assert figures["operator.alpha.reserve"] == Quantity(96_000, 2, "CNY")
    assert figures["operator.beta.issued"] == Quantity(50_000, 2, "CNY")
    assert (figures["tier.small.wallets"].value, figures["tier.large.wallets"].value) == (1, 1)


def test_evidence_opens_the_root_that_the_blocks_header_commits_to(desk):
    begin(desk)
    document = prove_supply(desk, TOOL)
    header = next(desk.engine.blocks(document.results["height"])).header
    root = digest_from_text(document.results["root"])
    assert document.subjects == {"money": root}
    assert read_roots(header)[MONEY] == root
    assert check_total(digest_from_text(document.results["top"]), document.figures["held"].value, root)
    assert document.results["conserved"] is True


def test_signed_once_for_the_same_standing_and_anew_after_a_payment(desk):
    begin(desk)
    first = sign_supply(desk, ISSUER, TOOL)
    height = desk.engine.height
    assert sign_supply(desk, ISSUER, TOOL) == first
    assert desk.engine.height == height
    assert read_evidence(desk, first).kind == "pilots.supply"
    trade(desk, 2)
    second = sign_supply(desk, ISSUER, TOOL)
    assert second != first
    assert read_evidence(desk, second).figures["payments"].value == 2


def test_before_the_first_act_there_is_nothing_to_sign(desk):
    with pytest.raises(NoPilotError):
        sign_supply(desk, ISSUER, TOOL)


def test_wallets_without_money_are_a_supply_of_nothing(desk):
    desk.act(ALPHA, open_wallets([("w1", "small")]))
    figures = prove_supply(desk, TOOL).figures
    assert (figures["issued"].value, figures["held"].value, figures["wallets"].value) == (0, 0, 1)


def test_money_that_nobody_issued_is_not_signed(desk, monkeypatch):
    begin(desk)
    get = desk.engine.get
    monkeypatch.setattr(
        desk.engine, "get", lambda namespace, key: get(namespace, key) - 1 if "issued" in key else get(namespace, key)
    )
    with pytest.raises(SupplyError) as caught:
        sign_supply(desk, ISSUER, TOOL)
    assert (caught.value.issued, caught.value.held) == (149_999, 150_000)
