"""Takes sentences from `locale/*.tsv` (code, zh, en) into the two catalogues: `make locale`."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent


def main() -> None:
    """Merge every table into both catalogues, sorted by code."""
    rows = [line.split("\t") for path in sorted(HERE.glob("*.tsv")) for line in path.read_text(encoding="utf-8").splitlines() if line]
    for place, language in ((1, "zh"), (2, "en")):
        path = HERE / language / "LC_MESSAGES" / "gongshi.po"
        catalog = read_po(io.BytesIO(path.read_bytes())) if path.exists() else Catalog(locale=language, project="gongshi")
        for row in rows:
            assert len(row) == 3, row
            catalog.delete(row[0])
            catalog.add(row[0], row[place].replace("\\n", "\n"))
        buffer = io.BytesIO()
        write_po(buffer, catalog, width=0, sort_output=True, omit_header=False, include_previous=False)
        lines = buffer.getvalue().decode().splitlines(keepends=True)
        path.write_text("".join(line for line in lines if "-Date:" not in line), encoding="utf-8")
        print(language, len([m for m in catalog if m.id]))


if __name__ == "__main__":
    main()
