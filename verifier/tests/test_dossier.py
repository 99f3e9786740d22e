"""A dossier is read strictly; a field of another form is refused by its name."""

import pytest
from makings import founded

from gongshi_verifier import cbor
from gongshi_verifier.dossier import DossierError, parse_dossier

WORLD = founded()
GOOD = WORLD.dossier("receipt", {"digest": bytes(32)})


def with_(**fields) -> bytes:
    return cbor.encode({**cbor.decode(GOOD), **fields})


def without(name) -> bytes:
    return cbor.encode({key: value for key, value in cbor.decode(GOOD).items() if key != name})


def test_a_dossier_reads():
    dossier = parse_dossier(GOOD)
    assert (dossier.purpose, dossier.chain, dossier.checkpoint.size) == ("receipt", "makings.test", 3)
    assert list(dossier.entries) == WORLD.all()
    assert dossier.roots == WORLD.roots()


ROOT = bytes(32)
WRONG = {
    "no CBOR": (b"%PDF-1.7", "trailing"),
    "nothing": (b"", "malformed"),
    "no map": (cbor.encode([]), "shape"),
    "a field missing": (without("roots"), "shape"),
    "a field more": (with_(more=1), "shape"),
    "another version": (with_(v=2), "shape"),
    "a version that is true": (with_(v=True), "shape"),
    "a purpose that is no text": (with_(purpose=7), "shape"),
    "a chain that is no text": (with_(chain=b"x"), "shape"),
    "a content that is no map": (with_(content=[]), "shape"),
    "a checkpoint that is none": (with_(checkpoint="none"), "shape"),
    "entries that are no list": (with_(entries={}), "entries"),
    "an entry that is no list": (with_(entries=[7]), "entries"),
    "an entry of two": (with_(entries=[[b"", 0]]), "entries"),
    "an entry that is text": (with_(entries=[["", 0, []]]), "entries"),
    "a leaf that is true": (with_(entries=[[b"", True, []]]), "entries"),
    "a path that is no list": (with_(entries=[[b"", 0, b""]]), "entries"),
    "a step that is no bytes": (with_(entries=[[b"", 0, [1]]]), "entries"),
    "roots that are no map": (with_(roots=[]), "roots"),
    "a number for a member": (with_(roots={1: ROOT}), "roots"),
    "a short root": (with_(roots={"a": b"x"}), "roots"),
    "one root for two": (with_(roots={"a": ROOT, "b": ROOT}), "roots"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_dossier_is_refused(name):
    data, reason = WRONG[name]
    with pytest.raises(DossierError) as refused:
        parse_dossier(data)
    assert refused.value.reason == reason
