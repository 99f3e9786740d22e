from __future__ import annotations

from gongshi.ledger.entries import certify_key, grant_mandate
from gongshi.ledger.proofs import Proved, make_dossier, select_with_certificates
from gongshi.terms.canonical import decode_cbor
from tests.ledger.worlds import at_work, key_of, note


def test_dossier_is_canonical_and_says_what_it_was_given():
    dossier = make_dossier(
        "receipt", "toy", "toy\n1\n", [Proved(b"entry", 3, (b"p" * 32,))], {"alpha": b"r" * 32}, {"n": 1}
    )
    assert decode_cbor(dossier) == {
        "v": 1,
        "purpose": "receipt",
        "chain": "toy",
        "checkpoint": "toy\n1\n",
        "entries": [[b"entry", 3, [b"p" * 32]]],
        "roots": {"alpha": b"r" * 32},
        "content": {"n": 1},
    }


def test_certificates_of_the_signers_travel_with_what_they_signed():
    """alpha and beta certify; alpha certifies a second key; beta notes. Asked for beta's note: beta's certificate and the note."""
    machine = at_work()
    history = []

    def enter(data):
        logged = machine.block(data).logged.entries
        history.extend(logged)
        return logged[0]

    second = certify_key(key_of("alpha", "second").public, bytes(32))
    enter(machine.sign("alpha", second, purpose="root", sequence=9))
    enter(machine.sign("alpha", grant_mandate("alpha-clerk", ["expert"], 2**62)))
    wanted = enter(machine.sign("beta", note("a", 1)))
    theirs = enter(machine.sign("alpha", note("b", 1)))
    assert select_with_certificates([wanted], history) == [wanted]
    assert [one.leaf for one in select_with_certificates([theirs, wanted], history)] == sorted(
        [history[0].leaf, wanted.leaf, theirs.leaf]
    )
