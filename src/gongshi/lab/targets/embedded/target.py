"""The alliance's ledger as a target. Every account has an operator of its own, so that it signs for itself.

Issuing is two acts here, as in the pilot: the issuer issues to the operator's reserve, the operator pays it into the wallet;
when the wallet may not take it, the operator returns it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gongshi import __version__
from gongshi.lab.ports import LabError, Tamper
from gongshi.lab.records import About, Account, Limits, Mark, Movement, Proof, Result, StoredBlock
from gongshi.lab.targets.embedded.ports import Bench, Currency, TamperedError
from gongshi.lab.targets.embedded.reader import EmbeddedReader
from gongshi.lab.targets.embedded.signing import WINDOW, derive_key, sign_spoilt
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.entries import certify_key
from gongshi.ledger.log import LogIndex
from gongshi.ledger.records import Genesis, LoggedEntry, Member, Op, Pending, Refused, Ticket
from gongshi.ledger.records import Proof as LedgerProof
from gongshi.ledger.state import COMMITMENT_VERSION, MEMBERS, encode_genesis, found_state
from gongshi.seal.signing import SigningKey
from gongshi.terms.canonical import decode_cbor, encode_cbor
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.instant import Instant
from gongshi.terms.text import Text
from gongshi.terms.transfer import family_tag
from gongshi_verifier.cbor import REASONS
from gongshi_verifier.merkle import hash_leaf

NAME = Text("嵌入式账本（数字货币试点）", "embedded ledger (digital-currency pilot)")
CHAIN, ISSUER = "gongshi.lab", "issuer"
GENESIS_TIME = Instant(1_451_606_400_000)
OPERATORS = tuple(f"operator-{number:02d}" for number in range(1, 17))
LIMITS = {1: Limits(5_000_000, 50_000_000), 2: Limits(500_000, 2_000_000), 3: Limits(200_000, 1_000_000)}
DAILY_MAX = 10**12
LOAD_BLOCK = 100

# The ledger's refusals in the lab's words; what is not here is `other`.
CODES = {
    "ledger.entry.signature": "signature",
    "ledger.entry.sequence": "nonce",
    "ledger.entry.oversized": "oversize",
    "ledger.key.unknown": "sender",
    "pilots.payment.not_covered": "balance",
    "pilots.payment.over_limit": "limit",
    "pilots.payment.over_daily_limit": "limit",
    "pilots.wallet.over_balance": "limit",
    "pilots.issue.not_issuer": "issuer",
    "pilots.payment.repeated": "replay",
    **dict.fromkeys(
        (
            f"ledger.entry.{reason}"
            for reason in (
                "malformed",
                "shape",
                "unprotected",
                "header",
                "header_unknown",
                "payload",
                "operations",
                "version",
                "algorithm",
                "suite",
            )
        ),
        "malformed",
    ),
    **dict.fromkeys((f"ledger.bytes.{reason}" for reason in REASONS), "malformed"),
}


class EmbeddedTarget:
    """One ledger per `open`, on a bench that keeps it."""

    marks: Mapping[int, Mark] = {}
    reader = EmbeddedReader()

    def __init__(self, bench: Bench, currency: Currency, parameters: Mapping[str, object]) -> None:
        self._bench, self._currency, self._parameters = bench, currency, parameters
        self.about = About("embedded", NAME, "embedded", {"gongshi": __version__}, bench.environment)

    def open(self, seed: int) -> None:
        """Found a chain with an issuer and an operator for every account to come; certify the issuer's key."""
        self._seed, self._operators = seed, dict[str, str]()
        members = tuple(self._member(name) for name in (ISSUER, *OPERATORS))
        tiers = {f"t{tier}": (limits.payment_max, DAILY_MAX, limits.balance_max) for tier, limits in LIMITS.items()}
        pilot = self._currency.parameters(ISSUER, OPERATORS, tiers)
        self._genesis = Genesis(CHAIN, GENESIS_TIME, members, {**self._parameters, "pilot": pilot})
        self._engine = self._bench.found(self._genesis)
        self._certify(ISSUER)

    def close(self) -> None:
        """Remove the chain."""
        self._bench.remove()

    def create_account(self, name: str, tier: int) -> Account:
        """Certify the next operator's key and let it open one wallet."""
        operator = OPERATORS[len(self._operators)]
        wallet = f"w-{compute_digest(name.encode()).hex()[:16]}"
        self._operators[wallet] = operator
        self._certify(operator)
        self._act(operator, self._currency.open_wallets([(wallet, f"t{tier}")]))
        return Account(name, wallet, tier)

    def limits(self, tier: int) -> Limits:
        """Give what the genesis sets."""
        return LIMITS[tier]

    def issue(self, payee: Account, amount: int, by: Account | None = None) -> Result:
        """Issue to the payee's operator and pay it into the wallet; what the wallet may not take goes back."""
        operator = self._operators[payee.address]
        issuer = self._operators[by.address] if by else ISSUER
        issued = self._send(issuer, self._currency.issue(operator, amount))
        if not issued.accepted:
            return issued
        funded = self._send(
            operator, self._currency.fund_wallets([(self._payment_id(operator, "fund", 0), payee.address, amount)])
        )
        if not funded.accepted:
            self._act(operator, self._currency.redeem(amount))
        return funded

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        """Sign an entry with one payment."""
        op, other = self._payments(payer, [(payee, amount)]), self._payments(payer, [(payee, amount + 1)])
        operator = self._operators[payer.address]
        key, sequence = self._key(operator), self._sequence(operator)
        return sign_spoilt(key, CHAIN, sequence, self._engine.height, op, other, tamper)

    def prepare_batch(self, payer: Account, legs: Sequence[tuple[Account, int]]) -> bytes:
        """Sign one entry with a payment for every leg."""
        return self._sign(self._operators[payer.address], self._payments(payer, legs))

    def submit(self, data: bytes) -> Result:
        """Submit, let the engine work, and read the receipt. Bytes that are already in the log have no second effect."""
        ticket = Ticket(compute_digest(data))
        if isinstance(self._engine.receipt(ticket), LedgerProof):
            return Result(accepted=False, code="replay", detail="already in the log: the first receipt is given again")
        return self._wait(self._engine.submit(data))

    def balance(self, account: Account) -> int:
        """Read the wallet's leaf in the sum tree."""
        return self._currency.balance(self._engine, account.address)

    def total_supply(self) -> int:
        """Read what was issued less what was redeemed."""
        return self._currency.supply(self._engine)

    def state_root(self) -> bytes:
        """Give the app hash."""
        return self._engine.state.app_hash()

    def height(self) -> int:
        """Give the last height."""
        return self._engine.height

    def block(self, height: int) -> StoredBlock:
        """Give [header, app hash] and the entries; block 0 is the genesis document with the app hash that it founds."""
        if height == 0:
            opening = [encode_genesis(self._genesis), found_state(self._genesis).app_hash()]
            return StoredBlock(encode_cbor(opening), ())
        for block in self._engine.blocks(height):
            if block.height == height:
                return StoredBlock(
                    encode_cbor([block.header, block.app_hash]), tuple(e.entry.data for e in block.entries)
                )
        raise KeyError(height)

    def find(self, transaction: str) -> tuple[int, bytes]:
        """Find an entry by its digest."""
        logged = self._locate(transaction)
        return logged.height, logged.entry.data

    def history(self, account: Account) -> tuple[Movement, ...]:
        """Read the movements of a wallet from the entries."""
        lines = []
        for logged in self._entries():
            identifier = logged.entry.digest.hex()
            for payer, payee, amount in (move for op in logged.entry.ops for move in self._currency.movements(op)):
                signs = [-1] * (payer == account.address) + [1] * (payee == account.address)
                lines += [Movement(identifier, logged.height, sign * amount) for sign in signs]
        return tuple(lines)

    def prove(self, transaction: str) -> Proof:
        """Prove an entry under the app hash of its own block."""
        logged, log = self._locate(transaction), LogIndex()
        for height in range(1, logged.height + 1):
            block = self.block(height)
            for leaf in (*block.transactions, decode_cbor(block.header)[0]):
                log.append(hash_leaf(leaf))
        *_, roots, params = decode_cbor(decode_cbor(self.block(logged.height).header)[0])
        opening = encode_cbor([COMMITMENT_VERSION, log.size, log.root(), roots, params])
        path = encode_cbor([logged.leaf, list(log.prove_inclusion(logged.leaf, log.size))])
        return Proof(logged.entry.data, path, opening)

    def stored_size_bytes(self) -> int:
        """Count the bytes of the records."""
        return self._bench.stored_size_bytes()

    def flip_stored_byte(self, position: int) -> None:
        """Invert a byte of a record."""
        self._bench.flip(position)

    def reopen(self) -> Result:
        """Start from the store."""
        try:
            self._engine = self._bench.start()
        except TamperedError as error:
            return Result(accepted=False, code="tampered", detail=error.detail)
        return Result(accepted=True)

    def audit(self) -> Result:
        """Check the whole store."""
        try:
            self._bench.audit()
        except TamperedError as error:
            return Result(accepted=False, code="tampered", detail=error.detail)
        return Result(accepted=True)

    def prepare_load(self, payments: int) -> object:
        """Sign entries of one payment each, between two funded wallets."""
        if not self._operators:
            self._pair = self.create_account("payer", 1), self.create_account("payee", 1)
            self.issue(self._pair[0], LIMITS[1].balance_max // 2)
        payer, payee = self._pair
        operator = self._operators[payer.address]
        key, first, until = self._key(operator), self._sequence(operator), self._engine.height + WINDOW
        rows = [
            (self._payment_id(operator, "pay", place), payer.address, payee.address, 1, GENESIS_TIME)
            for place in range(payments)
        ]
        return [
            sign_entry(key, CHAIN, first + place, until, [self._currency.pay([row])]) for place, row in enumerate(rows)
        ]

    def commit_load(self, load: object) -> int:
        """Submit a hundred, make a block, and so on; count the receipts that are proofs."""
        assert isinstance(load, list)
        tickets = []
        for start in range(0, len(load), LOAD_BLOCK):
            tickets += [self._engine.submit(data) for data in load[start : start + LOAD_BLOCK]]
            self._engine.advance()
        return sum(isinstance(self._engine.receipt(ticket), LedgerProof) for ticket in tickets)

    # -- below: keys, entries and receipts

    def _member(self, name: str) -> Member:
        root = derive_key(self._seed, f"{name}/root").public
        return Member(name, {"zh": name, "en": name}, ISSUER if name == ISSUER else "operator", voting=False, root=root)

    def _key(self, organisation: str) -> SigningKey:
        return derive_key(self._seed, organisation)

    def _sequence(self, organisation: str) -> int:
        return int(self._engine.get(MEMBERS, f"seq/{self._key(organisation).id.hex()}") or 0) + 1

    def _payment_id(self, organisation: str, family: str, place: int) -> bytes:
        """Ids rise with the sequence and, inside an entry, with the place; they bear the operator's mark."""
        return (self._sequence(organisation) * 2**20 + place).to_bytes(8, "big") + family_tag(organisation, family)

    def _payments(self, payer: Account, legs: Sequence[tuple[Account, int]]) -> Op:
        operator = self._operators[payer.address]
        rows = [
            (self._payment_id(operator, "pay", place), payer.address, payee.address, amount, GENESIS_TIME)
            for place, (payee, amount) in enumerate(legs)
        ]
        return self._currency.pay(rows)

    def _sign(self, organisation: str, op: Op) -> bytes:
        until = self._engine.height + WINDOW
        return sign_entry(self._key(organisation), CHAIN, self._sequence(organisation), until, [op])

    def _send(self, organisation: str, op: Op) -> Result:
        return self.submit(self._sign(organisation, op))

    def _act(self, organisation: str, op: Op) -> None:
        result = self._send(organisation, op)
        if not result.accepted:
            raise LabError("setup", self.about.id, result.detail)

    def _certify(self, organisation: str) -> None:
        root, key = derive_key(self._seed, f"{organisation}/root"), self._key(organisation)
        op = certify_key(key.public, compute_digest(key.public))
        self._wait(self._engine.submit(sign_entry(root, CHAIN, 1, self._engine.height + WINDOW, [op])))

    def _wait(self, ticket: Ticket) -> Result:
        receipt = self._engine.receipt(ticket)
        for _ in range(WINDOW):
            if not isinstance(receipt, Pending):
                break
            self._engine.advance()
            receipt = self._engine.receipt(ticket)
        if isinstance(receipt, Refused):
            return Result(accepted=False, code=CODES.get(receipt.problem.code, "other"), detail=receipt.problem.code)
        if isinstance(receipt, Pending):
            raise LabError("no_receipt", self.about.id, ticket.digest.hex())
        return Result(accepted=True, transaction=ticket.digest.hex(), height=receipt.height)

    def _entries(self) -> list[LoggedEntry]:
        return [logged for block in self._engine.blocks(1) for logged in block.entries]

    def _locate(self, transaction: str) -> LoggedEntry:
        receipt = self._engine.receipt(Ticket(Digest(bytes.fromhex(transaction))))
        if not isinstance(receipt, LedgerProof):
            raise KeyError(transaction)
        return next(logged for logged in self._entries() if logged.leaf == receipt.leaf)
