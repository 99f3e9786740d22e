"""Every code that can be said has its sentence in both languages, with the same places to fill; no sentence is left over."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from gongshi_verifier import cbor

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "gongshi"
CODE = re.compile(r"[a-z]+(\.[a-z0-9_-]+)+")
SPEAKERS = {"Problem", "say", "tell", "progress", "explain_code", "Step"}
# An f-string with a hole is filled from a finite set: the words that these calls or constants can put there.
RAISED = {
    "cli.home.": ("HomeError",),
    "cli.store.": ("StoreError",),
    "cli.keys.": ("KeyFolderError",),
    "cli.lab.": ("LabError",),
    "cli.file.": ("GroupFileError",),
    "cli.manifest.": ("ManifestFileError",),
    "watch.source.": ("LibraryError",),
    "watch.inventory.": ("LibraryError",),
}
FILLED = {"ledger.bytes.": set(cbor.REASONS) - {"malformed"}}  # not well-formed at all keeps its older code
FREE = (
    "cli.column.",
    "cli.room.",
    "cli.trace.layer.",
    "watch.ring.",
    "watch.confidence.",
    "group.waiting.",
    "group.bundle.",
    "group.verdict.",
    "supervision.rule.",
    "paper.word.",
    "paper.unit.",
    "paper.chart.",
    "paper.layer.",
    "paper.part.",
    "paper.option.",
)


@cache
def sentences(language: str) -> dict[str, str]:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "gongshi.po"
    with path.open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream) if m.id}


@cache
def calls() -> list[tuple[Path, ast.Call]]:
    return [
        (path, node)
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args
    ]


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def words_raised_by(*names: str) -> set[str]:
    return {
        call.args[0].value
        for _, call in calls()
        if name_of(call) in names and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def said() -> dict[str, str]:
    """Give every code that stands in the source, with the file that says it."""
    codes: dict[str, str] = {}
    for path, call in calls():
        if name_of(call) not in SPEAKERS:
            continue
        where = f"{path.relative_to(ROOT)}:{call.lineno}"
        first = call.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and CODE.fullmatch(first.value):
            codes[first.value] = where
        elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
            prefix = str(first.values[0].value)
            for word in words_raised_by(*RAISED.get(prefix, ())) | FILLED.get(prefix, set()):
                codes[prefix + word] = where
    return codes


def test_every_code_has_a_sentence_in_both_languages():
    codes = said()
    assert len(codes) > 200
    missing = {
        f"{language} {code} ({where})"
        for language in ("zh", "en")
        for code, where in codes.items()
        if not sentences(language).get(code)
    }
    assert not sorted(missing)


def test_both_languages_have_the_same_codes_and_places():
    chinese, english = sentences("zh"), sentences("en")
    assert chinese.keys() == english.keys()
    holes = re.compile(r"\{(\w+)")
    differing = [code for code in chinese if set(holes.findall(chinese[code])) != set(holes.findall(english[code]))]
    assert not differing


def test_an_open_place_in_a_code_is_filled_from_a_known_set():
    unknown = set()
    for path, call in calls():
        first = call.args[0]
        if name_of(call) in SPEAKERS and isinstance(first, ast.JoinedStr):
            prefix = str(first.values[0].value) if isinstance(first.values[0], ast.Constant) else ""
            if prefix not in RAISED and prefix not in FILLED and prefix not in FREE:
                unknown.add(f"{path.relative_to(ROOT)}:{call.lineno} {prefix}")
    assert not sorted(unknown)


@pytest.mark.parametrize("prefix", FREE)
def test_a_free_set_has_sentences(prefix):
    assert any(code.startswith(prefix) for code in sentences("zh"))
