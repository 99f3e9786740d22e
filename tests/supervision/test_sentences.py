"""Whatever this room names has a name in both languages: in the catalogue, or in a table on its way there."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from gongshi.supervision.options import SCOPES
from gongshi.supervision.proofs import explain_alert
from gongshi.supervision.records import HOLDERS, STATUSES, Option, Rule
from gongshi.supervision.rules import compare_options, run_option
from gongshi.supervision.scores import kind_rows, score_rows
from gongshi.supervision.typologies import get_typologies
from tests.supervision.populations import ROOT, columns_from, draw, example_options

LOCALE = ROOT / "locale"


def sentences(language: str) -> dict[str, str]:
    place = {"zh": 1, "en": 2}[language]
    with (LOCALE / language / "LC_MESSAGES" / "gongshi.po").open("rb") as stream:
        found = {str(message.id): str(message.string) for message in read_po(stream)}
    for path in LOCALE.glob("*.tsv"):
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
        found |= {row[0]: row[place] for row in rows}
    return found


def words() -> set[str]:
    columns, manifest = columns_from(), draw().manifest
    runs = [run_option(columns, option) for option in example_options()]
    comparison = compare_options(columns, runs, manifest)
    rules = {rule.digest(): rule for option in example_options() for rule in option.rules}
    alerts = {alert.typology: alert for run in runs for alert in run.alerts}.values()
    documents = [explain_alert(columns, rules[alert.rule_digest], alert) for alert in alerts]
    fields = {*Rule.__dataclass_fields__, *Option.__dataclass_fields__, *SCOPES}
    figures = {name for rows in (score_rows(comparison), kind_rows(comparison)) for row in rows for name in row}
    return {
        *(f"supervision.typology.{name}" for name in get_typologies()),
        *(f"supervision.parameter.{name}" for typology in get_typologies().values() for name in typology.PARAMETERS),
        *(f"supervision.kind.{ring.kind}" for ring in manifest.rings),
        *(f"supervision.field.{name}" for name in fields),
        *(f"supervision.status.{name}" for name in STATUSES),
        *(f"supervision.holder.{name}" for name in HOLDERS),
        *(f"supervision.figure.{name}" for name in figures - {"option", "name", "kind"}),
        *(f"supervision.condition.{one['name']}" for document in documents for one in document["conditions"]),
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_has_its_sentence(language):
    known = sentences(language)
    assert not {word for word in words() if not known.get(word)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_typology_is_called_in_the_catalogue_as_it_calls_itself(language):
    known = sentences(language)
    for name, typology in get_typologies().items():
        assert known[f"supervision.typology.{name}"].lower() == typology.NAME.in_(language).lower()


def test_both_sentences_have_the_same_places():
    chinese, english = sentences("zh"), sentences("en")
    for code in (code for code in english if code.startswith("supervision.")):
        holes = [set(re.findall(r"\{(\w+)", side[code])) for side in (chinese, english)]
        assert holes[0] == holes[1], code
