"""Typst as the typesetter: fonts from a pinned package and no others, so that a fresh machine sets the same bytes."""

from __future__ import annotations

import importlib.resources
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from gongshi.paper.ports import TypesettingError

STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
LABELS = ("number", "point", "tabled", "drawn", "cited", "structure")
_FONTS = "justmytype_intl_cjk"


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
                raise _read_error(error, root) from error
        assert isinstance(pdf, bytes)
        return pdf, found


def get_fonts() -> Path:
    """Give the folder of the pinned fonts."""
    return Path(str(importlib.resources.files(_FONTS))) / "fonts"


def _read_error(error: Exception, root: Path) -> TypesettingError:
    message = str(getattr(error, "message", "") or error)
    trace = str(getattr(error, "trace", "") or "").replace(str(root), "")
    said = message.rsplit("panicked with: ", maxsplit=1)[-1].strip('"')
    code, _, what = said.partition(" ")
    if not code.startswith("paper."):
        return TypesettingError("paper.source.wrong", message.splitlines()[0] if message else "", trace)
    return TypesettingError(code, what, trace)
