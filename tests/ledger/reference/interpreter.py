"""What an entry does, said a second time: from `docs/validity.md` and the rooms' rules, with a plain dict for the state.

`World.judge` gives the code of the first rule that an entry breaks, or None and changes `World.state`, a dict from
(namespace, key) to (value, amount). It shares no code with the ledger: no tree, no draft, no schema, no record. It is
slow and plain on purpose.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import cbor2

from gongshi_verifier.suites import SUITES

I64 = 2**63
ROLES = ("secretariat", "expert", "analyst", "security_officer", "researcher", "supervisor", "issuer", "operator")
AUTHORITIES = {"authority", "central_bank"}


def is_name(value):
    return isinstance(value, str) and re.fullmatch("[a-z0-9][a-z0-9._:/-]{0,79}", value) is not None


def is_whole(value):
    return type(value) is int and 0 <= value < I64


def is_money(value):
    return type(value) is int and 0 < value < I64


def is_blob(size):
    return lambda value: type(value) is bytes and len(value) == size


def is_blob_to(most):
    return lambda value: type(value) is bytes and len(value) <= most


def is_digest(value):
    return is_blob(32)(value)


def is_said(value):
    return type(value) is str and 1 <= len(value) <= 4000


def is_both(value):
    return type(value) is dict and sorted(map(str, value)) == ["en", "zh"] and all(map(is_said, value.values()))


def one_of(*words):
    return lambda value: type(value) is str and value in words


def rows_of(*columns, least=1, most=500):
    def fits(value):
        if type(value) is not list or not least <= len(value) <= most:
            return False
        return all(
            type(row) is list and len(row) == len(columns) and all(f(x) for f, x in zip(columns, row, strict=True))
            for row in value
        )

    return fits


def list_of(form, least, most):
    return lambda value: type(value) is list and least <= len(value) <= most and all(map(form, value))


def fits(body, **form):
    return type(body) is dict and set(body) == set(form) and all(bool(ask(body[name])) for name, ask in form.items())


def capitals(size):
    """ASCII with a capital and no small letter: `C1` is taken as well, which version 1 of the kinds has to keep."""
    return lambda value: (
        type(value) is str and re.fullmatch(f"(?=.*[A-Z])[^a-z\x80-\U0010ffff]{{{size}}}", value, re.DOTALL)
    )


@dataclass
class Entry:
    """An entry as its author meant it; `forged` says that the signature is another's."""

    chain: str
    key: bytes
    sequence: int
    until: int
    mandate: str | None
    ops: list
    forged: bool = False


class World:
    def __init__(self, chain, members, params):
        self.chain, self.params, self.height, self.time = chain, params, 0, 0
        self.state = {}
        for name, names, kind, voting, root in members:
            self.put("members", f"org/{name}", {"name": names, "kind": kind, "voting": voting, "root": key_of(root)})
            key = {"org": name, "public": root, "purpose": "root", "from": 0, "until": None}
            self.put("members", f"key/{key_of(root).hex()}", key)

    def get(self, namespace, key, other=None):
        return self.state.get((namespace, key), (other, 0))[0]

    def money(self, key):
        return self.state.get(("money/e-CNY", key), (None, 0))[1]

    def put(self, namespace, key, value, amount=0):
        self.state[namespace, key] = (value, amount)

    def judge(self, entry):
        before = dict(self.state)
        code = self.judge_entry(entry)
        if code is not None:
            self.state = before
        return code

    def judge_entry(self, entry):  # noqa: C901, PLR0912 - the rules of the page, one under the other
        key = self.get("members", f"key/{entry.key.hex()}")
        if entry.chain != self.chain:
            return "ledger.entry.other_chain"
        if entry.until < self.height:
            return "ledger.entry.expired"
        if entry.until - self.height > self.params["valid_window_max"]:
            return "ledger.entry.window"
        if key is None:
            return "ledger.key.unknown"
        if self.height < key["from"]:
            return "ledger.key.not_yet"
        if key["until"] is not None and self.height >= key["until"]:
            return "ledger.key.revoked"
        if entry.sequence <= self.get("members", f"seq/{entry.key.hex()}", 0):
            return "ledger.entry.sequence"
        mandate = self.get("members", f"mandate/{entry.mandate}")
        if entry.mandate is not None and (mandate is None or mandate["org"] != key["org"]):
            return "ledger.mandate.unknown"
        if entry.mandate is not None and self.time > mandate["until"]:
            return "ledger.mandate.ended"
        if entry.forged:
            return "ledger.entry.signature"
        self.org, self.mandate = key["org"], entry.mandate
        for kind, version, body in entry.ops:
            if (kind, version) not in KINDS:
                return "ledger.kind.unknown"
            if self.height < self.params["kinds"].get(f"{kind}/{version}", I64):
                return "ledger.kind.inactive"
            if key["purpose"] != ("root" if kind.startswith("ledger.key.") else "sign"):
                return "ledger.key.purpose"
            code = KINDS[kind, version](self, body)
            if code is not None:
                return code
        self.put("members", f"seq/{entry.key.hex()}", entry.sequence)
        return None

    def roles(self):
        """The roles as they stand now: an operation of the same entry may have changed them."""
        return set() if self.mandate is None else set(self.get("members", f"mandate/{self.mandate}")["roles"])

    def is_supervisor(self):
        """A mandate alone anybody can grant: the genesis has to know the organisation as an authority."""
        return self.get("members", f"org/{self.org}")["kind"] in AUTHORITIES and "supervisor" in self.roles()


def key_of(public, suite="ed25519"):
    return hashlib.sha256(suite.encode() + b"\0" + public).digest()[:16]


# ledger


def certify(world, body):
    if not fits(body, public=is_blob(32), sealing=is_blob(32), **{"from": is_whole}):
        return "ledger.key.form"
    place = f"key/{key_of(body['public']).hex()}"
    if world.get("members", place):
        return "ledger.key.known"
    begin = max(world.height, body["from"])
    key = {"org": world.org, "public": body["public"], "purpose": "sign", "from": begin, "until": None}
    world.put("members", place, key)
    world.put("members", f"sealing/{world.org}", body["sealing"])
    return None


def certify_suite(world, body):
    """Version 2: of a suite, with the new key's own signature; only the arithmetic of signatures is borrowed."""
    form = {"public": is_blob_to(2048), "suite": is_name, "possession": is_blob_to(4096), "sealing": is_blob(32)}
    if not fits(body, **form, **{"from": is_whole}):
        return "ledger.key.form"
    public, suite = body["public"], SUITES.get(body["suite"])
    if suite is None:
        return "ledger.key.suite"
    if suite.refuse_public(public):
        return "ledger.key.public"
    place = f"key/{key_of(public, suite.name).hex()}"
    if world.get("members", place):
        return "ledger.key.known"
    statement = cbor2.dumps(["gongshi/key-possession", 1, world.chain, world.org, suite.name, public])
    if not suite.check_signature(public, statement, body["possession"]):
        return "ledger.key.possession"
    begin = max(world.height, body["from"])
    key = {"org": world.org, "public": public, "suite": suite.name, "purpose": "sign", "from": begin, "until": None}
    world.put("members", place, key)
    world.put("members", f"sealing/{world.org}", body["sealing"])
    return None


def revoke(world, body):
    if not fits(body, key=is_blob(16), **{"from": is_whole}):
        return "ledger.key.form"
    key = world.get("members", f"key/{body['key'].hex()}")
    if key is None or key["org"] != world.org or key["purpose"] == "root":
        return "ledger.key.not_own"
    end = max(world.height + 1, body["from"])
    if key["until"] is not None and end >= key["until"]:
        return "ledger.key.revoked"
    world.put("members", f"key/{body['key'].hex()}", key | {"until": end})
    return None


def grant(world, body):
    if not fits(body, mandate=is_name, roles=list_of(one_of(*ROLES), 1, 8), until=is_whole):
        return "ledger.mandate.form"
    known = world.get("members", f"mandate/{body['mandate']}")
    if known is not None and known["org"] != world.org:
        return "ledger.mandate.taken"
    record = {"org": world.org, "roles": body["roles"], "until": body["until"]}
    world.put("members", f"mandate/{body['mandate']}", record)
    return None


def end(world, body):
    if not fits(body, mandate=is_name):
        return "ledger.mandate.form"
    known = world.get("members", f"mandate/{body['mandate']}")
    if known is None or known["org"] != world.org:
        return "ledger.mandate.unknown"
    world.put("members", f"mandate/{body['mandate']}", known | {"until": world.time - 1})
    return None


# pilots: a wallet is [operator, tier, frozen, day, spent] with its balance as the amount

is_currency = one_of("e-CNY")
is_row_id = is_blob(16)


def pilot(judge):
    return lambda world, body: judge(world, body) if "pilot" in world.params else "pilots.terms.missing"


def is_operator(world):
    return world.org in world.params["pilot"]["operators"]


def add_reserve(world, operator, amount):
    place = f"reserve/{operator}"
    world.put("money/e-CNY", place, [operator], world.money(place) + amount)


def add_issued(world, amount):
    world.put("pilot", "issued/e-CNY", world.get("pilot", "issued/e-CNY", 0) + amount)


def take_ids(world, family, rows):
    """Ids bear the operator's mark of the family, and rise."""
    mark = hashlib.sha256(f"{world.org}\0{family}".encode()).digest()[:8]
    for row in rows:
        if row[0][8:] != mark:
            return "pilots.payment.foreign_id"
        if row[0] <= world.get("pilot", f"last/{family}/{world.org}", b""):
            return "pilots.payment.repeated"
        world.put("pilot", f"last/{family}/{world.org}", row[0])
    return None


def receive(world, name, amount):
    wallet = world.get("money/e-CNY", f"wallet/{name}")
    if wallet is None:
        return "pilots.wallet.unknown"
    if wallet[2]:
        return "pilots.wallet.frozen"
    after = world.money(f"wallet/{name}") + amount
    if after > world.params["pilot"]["tiers"][wallet[1]][2]:
        return "pilots.wallet.over_balance"
    world.put("money/e-CNY", f"wallet/{name}", wallet, after)
    return None


def issue(world, body):
    if not fits(body, currency=is_currency, operator=is_name, amount=is_money):
        return "pilots.issue.form"
    terms = world.params["pilot"]
    if world.org != terms["issuer"]:
        return "pilots.issue.not_issuer"
    if body["operator"] not in terms["operators"]:
        return "pilots.issue.not_operator"
    if world.get("pilot", "issued/e-CNY", 0) + body["amount"] > terms["quota"]:
        return "pilots.issue.over_quota"
    add_reserve(world, body["operator"], body["amount"])
    add_issued(world, body["amount"])
    return None


def redeem(world, body):
    if not fits(body, currency=is_currency, amount=is_money):
        return "pilots.issue.form"
    if not is_operator(world):
        return "pilots.operator.unknown"
    if world.money(f"reserve/{world.org}") < body["amount"]:
        return "pilots.reserve.not_covered"
    add_reserve(world, world.org, -body["amount"])
    add_issued(world, -body["amount"])
    return None


def open_wallets(world, body):
    if not fits(body, currency=is_currency, rows=rows_of(is_name, is_name)):
        return "pilots.wallet.form"
    if not is_operator(world):
        return "pilots.operator.unknown"
    for name, tier in body["rows"]:
        if tier not in world.params["pilot"]["tiers"]:
            return "pilots.wallet.tier"
        if world.get("money/e-CNY", f"wallet/{name}") is not None:
            return "pilots.wallet.known"
        world.put("money/e-CNY", f"wallet/{name}", [world.org, tier, False, 0, 0])
    return None


def fund(world, body):
    if not fits(body, currency=is_currency, rows=rows_of(is_row_id, is_name, is_money)):
        return "pilots.payment.form"
    if not is_operator(world):
        return "pilots.operator.unknown"
    code = take_ids(world, "fund", body["rows"])
    if code is None and sum(row[2] for row in body["rows"]) > world.money(f"reserve/{world.org}"):
        code = "pilots.reserve.not_covered"
    for _, name, amount in body["rows"]:
        code = code or receive(world, name, amount)
        add_reserve(world, world.org, -amount)
    return code


def pay(world, body):
    kinds = one_of("pay", "cash_in", "cash_out", "remit")
    if not fits(body, currency=is_currency, rows=rows_of(is_row_id, is_name, is_name, is_money, kinds, is_whole)):
        return "pilots.payment.form"
    if not is_operator(world):
        return "pilots.operator.unknown"
    code = take_ids(world, "pay", body["rows"])
    for _, payer, payee, amount, _, when in body["rows"]:
        code = code or spend(world, payer, payee, amount, when) or receive(world, payee, amount)
    return code


def spend(world, payer, payee, amount, when):
    wallet, balance = world.state.get(("money/e-CNY", f"wallet/{payer}"), (None, 0))
    if wallet is None:
        return "pilots.wallet.unknown"
    operator, tier, frozen, last_day, last_spent = wallet
    once, daily, _ = world.params["pilot"]["tiers"][tier]
    day = (when // 60_000 + world.params["pilot"]["utc_offset_min"]) // (24 * 60)
    spent = amount + (last_spent if day == last_day else 0)
    for broken, code in (
        (operator != world.org, "pilots.wallet.not_own"),
        (payer == payee, "pilots.payment.to_itself"),
        (when > world.time, "pilots.payment.from_the_future"),
        (frozen, "pilots.wallet.frozen"),
        (day < last_day, "pilots.payment.out_of_order"),
        (amount > once, "pilots.payment.over_limit"),
        (spent > daily, "pilots.payment.over_daily_limit"),
        (amount > balance, "pilots.payment.not_covered"),
    ):
        if broken:
            return code
    world.put("money/e-CNY", f"wallet/{payer}", [operator, tier, False, day, spent], balance - amount)
    return None


def declare(world, body):
    row = (is_row_id, is_name, is_name, is_money, capitals(3), capitals(2), is_whole, is_name)
    if not fits(body, rows=rows_of(*row)):
        return "pilots.declaration.form"
    if not is_operator(world):
        return "pilots.operator.unknown"
    code = take_ids(world, "declare", body["rows"])
    if code is None and any(row[6] > world.time for row in body["rows"]):
        code = "pilots.payment.from_the_future"
    return code


def declare_customers(world, body):
    if not fits(body, table=is_digest, rows=is_whole):
        return "pilots.declaration.form"
    if not is_operator(world):
        return "pilots.operator.unknown"
    world.put("pilot", f"customers/{world.org}", [body["table"], body["rows"]])
    return None


def post_rates(world, body):
    if not fits(body, currency=capitals(3), table=is_digest):
        return "pilots.declaration.form"
    if world.org != world.params["pilot"]["issuer"]:
        return "pilots.issue.not_issuer"
    world.put("pilot", f"rates/{body['currency']}", body["table"])
    return None


def freezing(frozen):
    def judge(world, body):
        if not fits(body, currency=is_currency, wallet=is_name, cause=is_name):
            return "pilots.wallet.form"
        name = body["wallet"]
        wallet, balance = world.state.get(("money/e-CNY", f"wallet/{name}"), (None, 0))
        if wallet is None:
            return "pilots.wallet.unknown"
        if wallet[0] != world.org and not world.is_supervisor():
            return "pilots.wallet.not_own"
        causes = dict(world.get("pilot", f"freeze/{name}", {}))
        if not frozen and world.org not in causes:
            return "pilots.freeze.none"
        causes.pop(world.org, None)
        if frozen:
            causes[world.org] = body["cause"]
        world.put("pilot", f"freeze/{name}", causes)
        world.put("money/e-CNY", f"wallet/{name}", [*wallet[:2], bool(causes), *wallet[3:]], balance)
        return None

    return judge


# watch, supervision, and what the group and the paper keep of evidence and envelopes


def see_signals(world, body):
    if not fits(body, source=is_name, raw=is_digest, count=is_whole, document=is_digest):
        return "watch.signals.form"
    place = f"batch/{body['document'].hex()}"
    if world.get("watch", place) is not None:
        return "watch.signals.known"
    record = {"org": world.org, "source": body["source"], "raw": body["raw"], "count": body["count"]}
    world.put("watch", place, record)
    return None


def expose(world, body):
    numbers = {"records": is_whole, "modules": is_whole}
    digests = {"inventory": is_digest, "advisories": list_of(is_digest, 1, 64), "document": is_digest}
    if not fits(body, ledger=is_name, **numbers, **digests):
        return "watch.exposures.form"
    place = f"exposures/{world.org}/{body['ledger']}"
    if world.get("watch", place) == body:
        return "watch.exposures.known"
    world.put("watch", place, body)
    return None


def raise_alerts(world, body):
    digests = {"rules": is_digest, "columns": is_digest, "batch": is_digest}
    if not fits(body, option=is_name, as_of=is_whole, alerts=is_whole, **digests):
        return "supervision.alerts.form"
    if not world.is_supervisor():
        return "supervision.entry.role"
    if body["as_of"] > world.height:
        return "supervision.alerts.ahead"
    place = f"alerts/{world.org}/{body['columns'].hex()}/{body['rules'].hex()}"
    if world.get("supervision", place) is not None:
        return "supervision.alerts.known"
    world.put("supervision", place, {"batch": body["batch"], "alerts": body["alerts"]})
    return None


def compare_options(world, body):
    digests = {"columns": is_digest, "manifest": is_digest, "evidence": is_digest}
    if not fits(body, options=list_of(is_digest, 2, 16), **digests):
        return "supervision.comparison.form"
    if not world.is_supervisor():
        return "supervision.entry.role"
    for option in body["options"]:
        if world.get("supervision", f"alerts/{world.org}/{body['columns'].hex()}/{option.hex()}") is None:
            return "supervision.comparison.alerts_missing"
    place = f"comparison/{body['evidence'].hex()}"
    if world.get("supervision", place) is not None:
        return "supervision.comparison.known"
    record = {"org": world.org, "columns": body["columns"], "manifest": body["manifest"]}
    world.put("supervision", place, record)
    return None


def sign_evidence(world, body):
    if not fits(body, evidence=is_digest, kind=is_name, subjects=list_of(is_digest, 0, 64)):
        return "group.evidence.form"
    place = f"evidence/{body['evidence'].hex()}"
    known = world.get("groups", place, {"kind": body["kind"], "by": []})
    if world.org in known["by"]:
        return "group.evidence.signed"
    if known["kind"] != body["kind"]:
        return "group.evidence.kind"
    world.put("groups", place, {"kind": known["kind"], "by": known["by"] + [world.org]})
    return None


def send(world, body):
    digests = {"envelope": is_digest, "commitment": is_digest}
    marking = one_of("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR")
    rest = {"purpose": is_both, "marking": marking, "retain_until": is_whole}
    if not fits(body, recipients=list_of(is_name, 1, 256), **digests, **rest):
        return "group.exchange.form"
    place = f"envelope/{body['envelope'].hex()}"
    if world.get("groups", place) is not None:
        return "group.exchange.known"
    to = body["recipients"]
    if len(set(to)) != len(to) or world.org in to or any(world.get("members", f"org/{name}") is None for name in to):
        return "group.exchange.recipient"
    if body["retain_until"] <= world.time:
        return "group.exchange.retention"
    world.put("groups", place, {"from": world.org, "to": to, "held": []})
    return None


def hold(world, body):
    if not fits(body, envelope=is_digest):
        return "group.exchange.form"
    place = f"envelope/{body['envelope'].hex()}"
    known = world.get("groups", place)
    if known is None:
        return "group.exchange.unknown"
    if world.org not in known["to"]:
        return "group.exchange.not_addressed"
    if world.org in known["held"]:
        return "group.exchange.held_twice"
    world.put("groups", place, known | {"held": known["held"] + [world.org]})
    return None


def publish(world, body):
    digests = {"file": is_digest, "manifest": is_digest, "evidence": list_of(is_digest, 1, 256)}
    rest = {"language": one_of("zh", "en"), "revision": is_whole, "title": is_both, "cutoff": is_whole}
    if not fits(body, id=is_name, **digests, **rest):
        return "paper.publication.form"
    if world.org != world.params["group"]["secretariat"] or "secretariat" not in world.roles():
        return "paper.publication.not_secretariat"
    if any(world.get("groups", f"evidence/{digest.hex()}") is None for digest in body["evidence"]):
        return "paper.publication.unsigned"
    place = f"{body['id']}/{body['language']}"
    if body["revision"] != world.get("papers", place, {"revision": 0})["revision"] + 1:
        return "paper.publication.revision"
    world.put("papers", place, {name: body[name] for name in ("revision", "file", "manifest")})
    return None


KINDS = {
    ("ledger.key.certify", 1): certify,
    ("ledger.key.certify", 2): certify_suite,
    ("ledger.key.revoke", 1): revoke,
    ("ledger.mandate.grant", 1): grant,
    ("ledger.mandate.end", 1): end,
    ("pilots.issue", 1): pilot(issue),
    ("pilots.redeem", 1): pilot(redeem),
    ("pilots.wallets.open", 1): pilot(open_wallets),
    ("pilots.fund", 1): pilot(fund),
    ("pilots.pay", 1): pilot(pay),
    ("pilots.declare", 1): pilot(declare),
    ("pilots.customers.declare", 1): pilot(declare_customers),
    ("pilots.rates.post", 1): pilot(post_rates),
    ("pilots.freeze", 1): pilot(freezing(True)),
    ("pilots.unfreeze", 1): pilot(freezing(False)),
    ("watch.signals", 1): see_signals,
    ("watch.exposures", 1): expose,
    ("supervision.alerts", 1): raise_alerts,
    ("supervision.comparison", 1): compare_options,
    ("group.evidence.sign", 1): sign_evidence,
    ("group.exchange.send", 1): send,
    ("group.exchange.held", 1): hold,
    ("paper.publication", 1): publish,
}
