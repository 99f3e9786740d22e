"""Typst as the typesetter: fonts from a pinned package and no others, so that a fresh machine sets the same bytes."""

from __future__ import annotations

import importlib.resources
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from gongshi.paper.ports import TypesettingError
from gongshi.terms.problem import Problem

STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
LABELS = ("number", "point", "tabled", "drawn", "cited", "structure")
_FONTS = "justmytype_intl_cjk"
# The names of what `stop` says after these codes, as the rules before the setting say them too.
_VALUES = {"paper.role.missing": ("role",), "paper.figure.missing": ("role", "figure")}
_PLACE, _WRITTEN = re.compile(r"┌─ (.+):(\d+):\d+"), "chapters/"


class TypstSetter:
    """Sets in a temporary folder, which is the root of all that the sources may read."""

    def set(self, files: Mapping[str, bytes], seconds: int) -> tuple[bytes, Mapping[str, list[Any]]]:
        """Give the PDF and the metadata by label; TypesettingError when the source stops."""
        with tempfile.TemporaryDirectory(prefix="gongshi-paper-") as name:
            root = Path(name)
            for path, data in files.items():
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            compiler = typst.Compiler(root / "main.typ", root=root, font_paths=[get_fonts()], ignore_system_fonts=True)
            try:
                pdf = compiler.compile(format="pdf", pdf_standards=[*STANDARDS], timestamp=seconds)
                found = {label: json.loads(compiler.query(f"<{label}>", field="value")) for label in LABELS}
            except typst.TypstError as error:
                raise TypesettingError(_read_error(error, root)) from error
        assert isinstance(pdf, bytes)
        return pdf, found


def get_fonts() -> Path:
    """Give the folder of the pinned fonts."""
    return Path(str(importlib.resources.files(_FONTS))) / "fonts"


def _read_error(error: Exception, root: Path) -> Problem:
    """Give what `stop` of the house's template said, or what the typesetter itself did not understand."""
    message = str(getattr(error, "message", "") or error)
    place = _find_place(str(getattr(error, "diagnostic", "")), root)
    code, *said = message.rsplit("panicked with: ", maxsplit=1)[-1].strip('"').split(" ")
    if not code.startswith("paper."):
        return Problem("paper.source.wrong", place, {"what": message.partition("\n")[0]})
    names = _VALUES.get(code)
    return Problem(code, place, dict(zip(names, said, strict=True)) if names else {"what": " ".join(said)})


def _find_place(diagnostic: str, root: Path) -> str:
    """Give file and line of the chapter that asked for what is not there: the innermost place outside the house's own template."""
    places = [(found[1].rpartition(f"{root.name}/")[2], found[2]) for found in _PLACE.finditer(diagnostic)]
    written = [place for place in places if place[0].startswith(_WRITTEN)]
    name, line = next(iter(written or places), ("", ""))
    return f"{name.removeprefix(_WRITTEN)}:{line}" if name else ""
