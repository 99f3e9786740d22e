"""The engine's state machine beside the reference interpreter: the same code for every entry, the same state after every block."""

from __future__ import annotations

import hashlib
from collections import Counter

import cbor2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gongshi import wiring
from gongshi.group.records import MARKINGS
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.entries import certify_suite_key
from gongshi.ledger.records import Block, Genesis, Member, Op
from gongshi.ledger.rules import apply
from gongshi.ledger.state import found_state
from gongshi.seal.signing import make_signing_key
from gongshi.terms.instant import Instant
from gongshi_verifier.ed25519 import check_signature
from tests.ledger.reference.interpreter import KINDS, Entry, World

CHAIN = "reference"
BEGIN = 1_772_424_000_000  # noon in Shanghai
HOUR = 3_600_000
WINDOW = 20
MEMBERS = {"central": "central_bank", "alpha": "payment", "beta": "bank", "ministry": "authority"}
PARAMS = {
    "entry_bytes_max": 1 << 16,
    "block_bytes_max": 1 << 20,
    "valid_window_max": WINDOW,
    "kinds": {f"{name}/{version}": 9 if name == "pilots.rates.post" else 0 for name, version in wiring.KINDS},
    "namespaces": wiring.NAMESPACES,
    "pilot": {
        "currency": "e-CNY",
        "issuer": "central",
        "operators": ["alpha", "beta"],
        "quota": 5_000,
        "utc_offset_min": 480,
        "tiers": {"small": [100, 150, 300], "large": [1_000, 2_000, 4_000]},
    },
    "group": {"secretariat": "alpha", "zone": "Asia/Shanghai"},
}
FAR = BEGIN + 10**9


def key(name: str):
    return make_signing_key(hashlib.sha256(name.encode()).digest())


class Beside:
    """Both machines, fed with the same blocks."""

    def __init__(self, params=PARAMS) -> None:
        members = [(m, {"zh": m, "en": m}, kind, True, key(f"{m}/root").public) for m, kind in MEMBERS.items()]
        self.state = found_state(Genesis(CHAIN, Instant(BEGIN), tuple(Member(*member) for member in members), params))
        self.world = World(CHAIN, members, params)
        self.counts: Counter[str] = Counter()
        self.sequences: Counter[str] = Counter()

    def entry(self, signer: str, ops, mandate=None, **wrong) -> tuple[Entry, bytes]:
        self.sequences[signer] += 1
        sequence = max(1, self.sequences[signer] + wrong.get("sequence", 0))
        until = max(0, self.state.height + 1 + wrong.get("until", 5))
        chain, forged = wrong.get("chain", CHAIN), wrong.get("forged", False)
        data = sign_entry(key(signer), chain, sequence, until, [Op(*op) for op in ops], mandate)
        if forged:
            data = data[:-1] + bytes([data[-1] ^ 1])
        return Entry(chain, key(signer).id, sequence, until, mandate, [list(op) for op in ops], forged), data

    def block(self, entries, wait: int = 1000) -> list[str | None]:
        height, time = self.state.height + 1, Instant(int(self.state.time) + wait)
        self.world.height, self.world.time = height, time
        applied = apply(
            self.state, Block(height, time, tuple(data for _, data in entries)), wiring.KINDS, check_signature
        )
        theirs = [self.world.judge(entry) for entry, _ in entries]
        ours = [result.problem.code if result.problem else None for result in applied.results]
        assert ours == theirs
        self.state = applied.state
        self.compare()
        for code, (entry, _) in zip(ours, entries, strict=True):
            self.counts[code or "accepted"] += 1
            self.counts.update(kind for kind, _, _ in entry.ops if code is None)
        return ours

    def compare(self) -> None:
        held = {
            (name, leaf.key): (cbor2.loads(leaf.value), leaf.amount)
            for name, tree in self.state.trees.items()
            for leaf in tree.leaves()
        }
        assert held == self.world.state


def at_work(params=PARAMS) -> Beside:
    """Keys are certified, mandates granted, money is in wallets: written by both machines as well."""
    beside = Beside(params)
    for name in MEMBERS:
        public = key(f"{name}/sign").public
        certified = ("ledger.key.certify", 1, {"public": public, "sealing": bytes(32), "from": 0})
        assert beside.block([beside.entry(f"{name}/root", [certified])]) == [None]
        roles = ["secretariat", "expert", "analyst", "supervisor"]
        granted = ("ledger.mandate.grant", 1, {"mandate": f"{name}-all", "roles": roles, "until": FAR})
        assert beside.block([beside.entry(f"{name}/sign", [granted])]) == [None]
    if "pilot" not in params:
        return beside
    issue = [
        ("pilots.issue", 1, {"currency": "e-CNY", "operator": name, "amount": 1_500}) for name in ("alpha", "beta")
    ]
    assert beside.block([beside.entry("central/sign", issue)]) == [None]
    for name in ("alpha", "beta"):
        rows = [[f"{name}-1", "small"], [f"{name}-2", "large"]]
        opened = ("pilots.wallets.open", 1, {"currency": "e-CNY", "rows": rows})
        rows = [[row_id(name, "fund", at + 1), wallet, 200] for at, (wallet, _) in enumerate(rows)]
        funded = ("pilots.fund", 1, {"currency": "e-CNY", "rows": rows})
        assert beside.block([beside.entry(f"{name}/sign", [opened, funded])]) == [None]
    return beside


def row_id(operator: str, family: str, number: int) -> bytes:
    return number.to_bytes(8, "big") + hashlib.sha256(f"{operator}\0{family}".encode()).digest()[:8]


NAMES = st.sampled_from(list(MEMBERS))
WALLETS = st.sampled_from(["alpha-1", "alpha-2", "beta-1", "beta-2", "new-1", "new-2"])
AMOUNTS = st.sampled_from([1, 40, 100, 101, 160, 900, 2**63 - 1])
OPERATORS = st.sampled_from(["alpha", "beta"])
DIGESTS = st.integers(0, 2).map(lambda n: hashlib.sha256(bytes([n])).digest())
TIMES = st.integers(-30, 1).map(lambda hours: BEGIN + hours * HOUR)
MANDATES = st.sampled_from(["m-1", "m-2", "alpha-all", "ministry-all"])
JUNK = st.sampled_from(
    [None, True, -1, 0, 2**63, 2**64 - 1, "", "A", "x", b"", [], {}, [[]], {"zh": "一"}, {1: 2}, "a" * 81]
)


def body(**fields) -> st.SearchStrategy:
    """Give bodies of a form; one in ten with a field exchanged, taken away or added."""
    right = st.fixed_dictionaries(fields)

    @st.composite
    def bent(draw):
        value = dict(draw(right))
        name = draw(st.sampled_from([*fields, "more"]))
        if draw(st.booleans()):
            value.pop(name, None)
        else:
            value[name] = draw(JUNK)
        return value

    return st.integers(0, 9).flatmap(lambda n: bent() if n == 0 else right)


@st.composite
def rows(draw, family: str, *columns) -> list:
    """Give rows with ids of one operator that mostly rise."""
    operator, number = draw(OPERATORS), draw(st.integers(3, 60))
    steps = draw(st.lists(st.sampled_from([1, 1, 1, 5, 0]), min_size=1, max_size=3))
    found = []
    for step in steps:
        number += step
        found.append([row_id(operator, family, number), *(draw(column) for column in columns)])
    return found


E_CNY = st.just("e-CNY")
OPS = {
    "ledger.key.certify": body(
        public=st.sampled_from(["alpha/two", "beta/two", "alpha/sign"]).map(lambda name: key(name).public),
        sealing=DIGESTS,
        **{"from": st.integers(0, 30)},
    ),
    "ledger.key.revoke": body(
        key=st.sampled_from(["alpha/two", "beta/two", "ministry/sign", "alpha/root"]).map(lambda name: key(name).id),
        **{"from": st.integers(0, 40)},
    ),
    "ledger.mandate.grant": body(
        mandate=MANDATES,
        roles=st.lists(st.sampled_from(["expert", "supervisor", "nobody"]), max_size=3),
        until=st.sampled_from([0, BEGIN + HOUR, FAR]),
    ),
    "ledger.mandate.end": body(mandate=MANDATES),
    "pilots.issue": body(currency=E_CNY, operator=NAMES, amount=AMOUNTS),
    "pilots.redeem": body(currency=E_CNY, amount=AMOUNTS),
    "pilots.wallets.open": body(
        currency=E_CNY,
        rows=st.lists(
            st.tuples(WALLETS, st.sampled_from(["small", "large", "huge"])).map(list), min_size=1, max_size=2
        ),
    ),
    "pilots.fund": body(currency=E_CNY, rows=rows("fund", WALLETS, AMOUNTS)),
    "pilots.pay": body(
        currency=E_CNY,
        rows=rows("pay", WALLETS, WALLETS, AMOUNTS, st.sampled_from(["pay", "cash_in", "cash_out", "remit"]), TIMES),
    ),
    "pilots.declare": body(
        rows=rows(
            "declare",
            WALLETS,
            WALLETS,
            AMOUNTS,
            st.sampled_from(["HKD", "USD", "hkd", "ÀBC", "EURO"]),
            st.sampled_from(["XX", "CN", "C1"]),
            TIMES,
            st.just("declared"),
        )
    ),
    "pilots.customers.declare": body(table=DIGESTS, rows=st.integers(0, 5)),
    "pilots.rates.post": body(currency=st.sampled_from(["USD", "usd"]), table=DIGESTS),
    "pilots.freeze": body(currency=E_CNY, wallet=WALLETS, cause=st.just("cause-1")),
    "pilots.unfreeze": body(currency=E_CNY, wallet=WALLETS, cause=st.just("cause-2")),
}
PAIR = st.just({"zh": "一", "en": "one"})
OPS |= {
    "watch.signals": body(source=st.just("feed"), raw=DIGESTS, count=st.integers(0, 3), document=DIGESTS),
    "watch.exposures": body(
        ledger=st.just("ledger"),
        inventory=DIGESTS,
        advisories=st.lists(DIGESTS, max_size=2),
        records=st.integers(0, 1),
        modules=st.just(1),
        document=st.just(bytes(32)),
    ),
    "supervision.alerts": body(
        option=st.just("option"),
        rules=DIGESTS,
        columns=st.just(bytes(32)),
        as_of=st.sampled_from([0, 5, 99]),
        alerts=st.just(2),
        batch=DIGESTS,
    ),
    "supervision.comparison": body(
        columns=st.just(bytes(32)),
        manifest=DIGESTS,
        options=st.lists(DIGESTS, min_size=1, max_size=3),
        evidence=DIGESTS,
    ),
    "group.evidence.sign": body(
        evidence=DIGESTS, kind=st.sampled_from(["run", "other"]), subjects=st.lists(DIGESTS, max_size=1)
    ),
    "group.exchange.send": body(
        envelope=DIGESTS,
        commitment=DIGESTS,
        recipients=st.lists(st.sampled_from([*MEMBERS, "nobody"]), min_size=1, max_size=2),
        purpose=PAIR,
        marking=st.sampled_from([*MARKINGS, "secret"]),
        retain_until=st.sampled_from([0, FAR]),
    ),
    "group.exchange.held": body(envelope=DIGESTS),
    "paper.publication": body(
        id=st.just("paper"),
        language=st.sampled_from(["zh", "en", "fr"]),
        revision=st.integers(0, 3),
        title=PAIR,
        file=DIGESTS,
        manifest=DIGESTS,
        evidence=st.lists(DIGESTS, min_size=1, max_size=2),
        cutoff=st.just(1),
    ),
}
WRONG = st.sampled_from(
    [{}] * 12
    + [{"forged": True}, {"chain": "other"}, {"sequence": -1}, {"until": -1}, {"until": WINDOW}, {"until": WINDOW + 1}]
)


MARKS = {row_id(name, family, 0)[8:]: name for name in ("alpha", "beta") for family in ("fund", "pay", "declare")}


def find_owner(ops) -> str | None:
    """Give the operator whose mark the first row bears."""
    given_rows = [value.get("rows") for _, _, value in ops]
    ids = [table[0][0] for table in given_rows if type(table) is list and table and type(table[0]) is list and table[0]]
    return next((MARKS.get(name[8:]) for name in ids if type(name) is bytes), None)


@st.composite
def acts(draw, room):
    """Give one entry's signer, operations, mandate and fault; mostly by those who may."""
    kinds = draw(st.lists(st.sampled_from([kind for kind in OPS if kind.startswith(room)]), min_size=1, max_size=2))
    ops = [(kind, draw(st.sampled_from([1] * 19 + [2])), draw(OPS[kind])) for kind in kinds]
    purpose = draw(
        st.sampled_from(["root", "sign", "two"] if "ledger.key" in kinds[0] else ["sign"] * 9 + ["two", "root"])
    )
    owner = draw(NAMES)
    owner = (draw(st.integers(0, 9)) and find_owner(ops)) or owner
    mandate = draw(st.sampled_from([None, f"{owner}-all", f"{owner}-all", "m-1", "ministry-all"]))
    return f"{owner}/{purpose}", ops, mandate, draw(WRONG)


BLOCKS = {
    room: st.lists(
        st.tuples(st.sampled_from([1, 1000, HOUR, 24 * HOUR]), st.lists(acts(room), min_size=1, max_size=4)),
        min_size=2,
        max_size=8,
    )
    for room in ("ledger.", "pilots.", ("watch.", "supervision.", "group.", "paper."), "")
}
SEEN: Counter[str] = Counter()


@pytest.mark.parametrize("room", BLOCKS)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_both_say_the_same_of_every_entry_and_hold_the_same_state(room, data):
    beside = at_work()
    for wait, listed in data.draw(BLOCKS[room]):
        beside.block([beside.entry(signer, ops, mandate, **wrong) for signer, ops, mandate, wrong in listed], wait)
    SEEN.update(beside.counts)


def test_every_kind_is_accepted_once_by_both():
    beside = at_work()
    two, digest = key("alpha/two"), bytes(32)
    money = {"currency": "e-CNY"}
    paid = [row_id("alpha", "pay", 9), "alpha-1", "beta-1", 60, "pay", BEGIN]
    leg = [row_id("beta", "declare", 1), "x", "y", 7, "HKD", "XX", BEGIN, "declared"]
    exposed = {
        "ledger": "l",
        "inventory": digest,
        "advisories": [digest],
        "records": 1,
        "modules": 1,
        "document": digest,
    }
    raised = {"option": "o", "columns": digest, "as_of": 1, "alerts": 0, "batch": digest}
    options = [bytes([1]) * 32, bytes([2]) * 32]
    compared = {"columns": digest, "manifest": digest, "options": options, "evidence": digest}
    words = {"zh": "一", "en": "one"}
    published = {"id": "p", "language": "zh", "revision": 1, "title": words, "file": digest, "manifest": digest}
    published |= {"evidence": [digest], "cutoff": 1}
    sent = {"envelope": digest, "commitment": digest, "recipients": ["beta"], "purpose": words}
    sent |= {"marking": MARKINGS[0], "retain_until": FAR}
    for signer, kind, content in (
        ("alpha/root", "ledger.key.certify", {"public": two.public, "sealing": digest, "from": 0}),
        ("alpha/root", "ledger.key.revoke", {"key": two.id, "from": 99}),
        ("beta/sign", "ledger.mandate.grant", {"mandate": "m-1", "roles": ["expert"], "until": FAR}),
        ("beta/sign", "ledger.mandate.end", {"mandate": "m-1"}),
        ("central/sign", "pilots.issue", {**money, "operator": "beta", "amount": 2_000}),
        ("beta/sign", "pilots.redeem", {**money, "amount": 1}),
        ("beta/sign", "pilots.wallets.open", {**money, "rows": [["new-1", "large"]]}),
        ("beta/sign", "pilots.fund", {**money, "rows": [[row_id("beta", "fund", 9), "new-1", 500]]}),
        ("alpha/sign", "pilots.pay", {**money, "rows": [paid]}),
        ("beta/sign", "pilots.declare", {"rows": [leg]}),
        ("beta/sign", "pilots.customers.declare", {"table": digest, "rows": 4}),
        ("central/sign", "pilots.rates.post", {"currency": "USD", "table": digest}),
        ("ministry/sign", "pilots.freeze", {**money, "wallet": "new-1", "cause": "cause"}),
        ("ministry/sign", "pilots.unfreeze", {**money, "wallet": "new-1", "cause": "cause"}),
        ("beta/sign", "watch.signals", {"source": "feed", "raw": digest, "count": 1, "document": digest}),
        ("beta/sign", "watch.exposures", exposed),
        ("ministry/sign", "supervision.alerts", {**raised, "rules": bytes([1]) * 32}),
        ("ministry/sign", "supervision.alerts", {**raised, "rules": bytes([2]) * 32}),
        ("ministry/sign", "supervision.comparison", compared),
        ("beta/sign", "group.evidence.sign", {"evidence": digest, "kind": "run", "subjects": []}),
        ("alpha/sign", "paper.publication", published),
        ("alpha/sign", "group.exchange.send", sent),
        ("beta/sign", "group.exchange.held", {"envelope": digest}),
    ):
        mandate = f"{signer.partition('/')[0]}-all" if signer.endswith("sign") else None
        assert beside.block([beside.entry(signer, [(kind, 1, content)], mandate)]) == [None], kind
    assert {kind for kind, _ in KINDS} <= beside.counts.keys()


def test_both_draw_the_line_at_the_same_unit():
    """Limits at the last unit and one above; generated amounts come by there too seldom."""
    beside, numbers = at_work(), iter(range(10, 99))

    def paid(payer, payee, amount, when=BEGIN, mark="alpha"):
        row = [row_id(mark, "pay", next(numbers)), payer, payee, amount, "pay", when]
        return "pilots.pay", 1, {"currency": "e-CNY", "rows": [row]}

    for op, code in (
        (paid("alpha-1", "alpha-2", 101), "pilots.payment.over_limit"),
        (paid("alpha-1", "alpha-2", 100), None),
        (paid("alpha-1", "alpha-2", 51), "pilots.payment.over_daily_limit"),
        (paid("alpha-1", "alpha-2", 50), None),
        (paid("alpha-1", "alpha-2", 51, BEGIN - 24 * HOUR), "pilots.payment.out_of_order"),
        (paid("alpha-2", "beta-1", 101), "pilots.wallet.over_balance"),
        (paid("alpha-2", "beta-1", 100), None),
        (paid("alpha-2", "beta-2", 251), "pilots.payment.not_covered"),
        (paid("alpha-2", "beta-2", 250), None),
        (paid("alpha-1", "alpha-1", 1), "pilots.payment.to_itself"),
        (paid("beta-1", "alpha-1", 1), "pilots.wallet.not_own"),
        (paid("alpha-1", "alpha-2", 1, FAR), "pilots.payment.from_the_future"),
        (paid("alpha-1", "alpha-2", 1, mark="beta"), "pilots.payment.foreign_id"),
        (("pilots.nothing", 1, {}), "ledger.kind.unknown"),
    ):
        assert beside.block([beside.entry("alpha/sign", [op])], 1) == [code]
    for amount, code in ((2_001, "pilots.issue.over_quota"), (2_000, None)):
        op = ("pilots.issue", 1, {"currency": "e-CNY", "operator": "beta", "amount": amount})
        assert beside.block([beside.entry("central/sign", [op])]) == [code]


def test_both_begin_and_end_keys_and_kinds_at_the_same_height():
    beside = Beside()
    two = key("alpha/two")
    certify = ("ledger.key.certify", 1, {"public": two.public, "sealing": bytes(32), "from": 3})
    revoke = ("ledger.key.revoke", 1, {"key": two.id, "from": 6})
    later = ("ledger.key.revoke", 1, {"key": two.id, "from": 6})
    rates = ("pilots.rates.post", 1, {"currency": "USD", "table": bytes(32)})
    grant = ("ledger.mandate.grant", 1, {"mandate": "m", "roles": ["expert"], "until": FAR})
    for signer, op, code in (
        ("alpha/root", certify, None),
        ("alpha/two", grant, "ledger.key.not_yet"),
        ("alpha/two", grant, None),
        ("alpha/root", revoke, None),
        ("alpha/two", rates, "ledger.kind.inactive"),
        ("alpha/two", grant, "ledger.key.revoked"),
        ("alpha/root", later, "ledger.key.revoked"),
        ("central/root", ("ledger.key.certify", 1, {**certify[2], "public": key("c").public}), None),
        ("c", rates, None),  # active from height 9
    ):
        assert beside.block([beside.entry(signer, [op])]) == [code], (beside.state.height, signer)


def test_both_ask_a_new_key_whether_it_is_held():
    beside, new = Beside(), key("alpha/new")
    good = certify_suite_key(new, CHAIN, "alpha", bytes(32)).body
    stolen = certify_suite_key(new, CHAIN, "beta", bytes(32)).body
    for signer, body, code in (
        ("alpha/root", {**good, "suite": "rsa"}, "ledger.key.suite"),
        ("alpha/root", {**good, "suite": "sm2"}, "ledger.key.public"),
        ("alpha/root", {**good, "public": key("other").public}, "ledger.key.possession"),
        ("alpha/root", stolen, "ledger.key.possession"),
        ("alpha/root", {**good, "possession": bytes(4097)}, "ledger.key.form"),
        ("alpha/root", good, None),
        ("beta/root", stolen, "ledger.key.known"),
    ):
        assert beside.block([beside.entry(signer, [("ledger.key.certify", 2, body)])]) == [code]
    grant = ("ledger.mandate.grant", 1, {"mandate": "m", "roles": ["expert"], "until": FAR})
    assert beside.block([beside.entry("alpha/new", [grant])]) == [None]


def test_the_walks_come_by_many_refusals():
    if not SEEN:
        for room in BLOCKS:
            test_both_say_the_same_of_every_entry_and_hold_the_same_state(room)
    codes = {name for name in SEEN if name not in OPS and name != "accepted"}
    assert len(codes) >= 28, sorted(codes)
    assert SEEN["accepted"] >= 300


def test_without_a_pilot_there_are_no_pilots():
    beside = at_work({name: value for name, value in PARAMS.items() if name != "pilot"})
    op = ("pilots.redeem", 1, {"currency": "e-CNY", "amount": 1})
    assert beside.block([beside.entry("alpha/sign", [op])]) == ["pilots.terms.missing"]


def test_a_difference_of_one_unit_is_seen():
    beside = at_work()
    value, amount = beside.world.state["money/e-CNY", "wallet/alpha-1"]
    beside.world.state["money/e-CNY", "wallet/alpha-1"] = (value, amount + 1)
    with pytest.raises(AssertionError):
        beside.compare()
