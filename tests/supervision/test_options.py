from datetime import UTC, date, datetime

import pytest

from gongshi.supervision.options import option_from
from gongshi.supervision.typologies import get_bounds, get_typologies
from gongshi.terms.problem import Problem

TEXT = {"zh": "中", "en": "en"}
RULE = {
    "id": "cash",
    "version": 1,
    "typology": "large_value",
    "jurisdiction": "CN",
    "source": TEXT,
    "valid_from": date(2020, 1, 1),
    "status": "in_force",
}


def read(*rules, **fields):
    document = {"id": "option-a", "name": TEXT, "note": TEXT, "rules": list(rules) or [RULE], **fields}
    return option_from(document, "a.toml")


def problems_of(*rules, **fields):
    option, problems = read(*rules, **fields)
    assert (option is None) == bool(problems)
    return list(problems)


def bent(**fields):
    return problems_of({**RULE, **fields})


def test_an_option_is_read_with_every_parameter_of_its_typologies():
    option, problems = read(
        {**RULE, "parameters": {"linked": 1}, "scope": {"kinds": ["cash_in"], "holders": ["natural"]}}
    )
    assert problems == ()
    (rule,) = option.rules
    assert rule.parameters == {"threshold_fen": 5_000_000, "linked": 1}
    assert rule.scope == {"kinds": ("cash_in",), "holders": ("natural",)}
    assert (rule.valid_to, rule.to_confirm) == (None, None)


@pytest.mark.parametrize("name", ["id", "name", "note", "rules"])
def test_a_missing_field_of_an_option_is_named(name):
    assert Problem("supervision.option.field", "a.toml", {"field": name}) in problems_of(**{name: None})


@pytest.mark.parametrize("rules", [[], 5, "x", [5], {}])
def test_rules_are_a_list_of_tables(rules):
    assert problems_of(rules=rules) == [Problem("supervision.option.field", "a.toml", {"field": "rules"})]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Not An Id"),
        ("version", 0),
        ("version", True),
        ("version", "1"),
        ("jurisdiction", ""),
        ("source", {"zh": "中"}),
        ("valid_from", "2020-01-01"),
        ("valid_from", datetime(2020, 1, 1, tzinfo=UTC)),
        ("valid_to", 5),
        ("status", "abolished"),
        ("to_confirm", "?"),
        ("parameters", 5),
        ("scope", 5),
    ],
)
def test_a_field_of_a_rule_that_is_not_right_is_named(field, value):
    where = f"a.toml#{value if field == 'id' else 'cash'}"
    assert bent(**{field: value}) == [Problem("supervision.option.field", where, {"field": field})]


@pytest.mark.parametrize(
    "scope",
    [{"holders": ["alien"]}, {"kinds": []}, {"kinds": "pay"}, {"kinds": [5]}, {"kinds": [""]}, {"colours": ["red"]}],
)
def test_a_scope_that_would_look_at_nothing_is_named(scope):
    (name,) = scope
    assert bent(scope=scope) == [Problem("supervision.option.field", "a.toml#cash", {"field": f"scope.{name}"})]


def test_a_field_that_nobody_reads_is_named():
    """A mistyped valid_to would leave the rule in force for ever."""
    unknown = Problem("supervision.option.field_unknown", "a.toml#cash", {"field": "valid_till"})
    assert bent(valid_till=date(2021, 1, 1)) == [unknown]
    assert problems_of(author="x") == [Problem("supervision.option.field_unknown", "a.toml", {"field": "author"})]


def test_a_rule_that_ends_before_it_begins():
    days = {"valid_from": "2020-01-01", "valid_to": "2019-12-31"}
    assert bent(valid_to=date(2019, 12, 31)) == [Problem("supervision.rule.dates", "a.toml#cash", days)]
    assert bent(valid_to=date(2020, 1, 1)) == []


def test_a_typology_that_is_not_here():
    unknown = Problem("supervision.rule.typology_unknown", "a.toml#cash", {"typology": "tarot"})
    assert bent(typology="tarot") == [unknown]
    assert unknown.code in {problem.code for problem in bent(typology=5)}


def test_a_parameter_that_the_typology_does_not_know():
    values = {"parameter": "length_max", "typology": "large_value"}
    assert bent(parameters={"length_max": 3}) == [Problem("supervision.rule.parameter_unknown", "a.toml#cash", values)]


@pytest.mark.parametrize(
    ("typology", "name"), [(name, one) for name, typology in get_typologies().items() for one in typology.PARAMETERS]
)
def test_every_parameter_has_bounds_and_its_default_lies_within(typology, name):
    least, most = get_bounds(name)
    others = {"length_min": 1} if name == "length_max" else {}
    assert least <= get_typologies()[typology].PARAMETERS[name] <= most
    assert bent(typology=typology, parameters={**others, name: least}) == []
    for value in (least - 1, most + 1, str(least), float(least), None):
        codes = [problem.code for problem in bent(typology=typology, parameters={name: value})]
        assert "supervision.rule.parameter_range" in codes


def test_a_lower_bound_above_its_upper_one_would_look_in_vain():
    refused = bent(typology="temporal_cycle", parameters={"length_min": 5, "length_max": 4})
    values = {"parameter": "length_min", "least": 1, "most": 4}
    assert refused == [Problem("supervision.rule.parameter_range", "a.toml#cash", values)]


def test_a_parameter_without_a_unit_is_a_switch():
    assert get_bounds("linked") == (0, 1)


def test_two_versions_of_a_rule_are_not_in_force_on_one_day():
    first = {**RULE, "valid_to": date(2025, 11, 30)}
    second = {**RULE, "version": 2, "valid_from": date(2025, 12, 1)}
    assert problems_of(first, second) == problems_of(second, first) == []
    late = {**second, "valid_from": date(2025, 11, 30)}
    overlap = Problem("supervision.rule.overlap", "a.toml#cash", {"version": 1, "other": 2})
    assert problems_of(first, late) == problems_of(RULE, late) == [overlap]


def test_one_version_of_a_rule_stands_once():
    assert problems_of(RULE, RULE) == [Problem("supervision.rule.duplicate", "a.toml#cash", {"version": 1})]
    assert problems_of(RULE, {**RULE, "id": "other"}) == []


def test_everything_that_is_wrong_is_told_at_once():
    problems = problems_of({**RULE, "status": "x", "version": 0}, {"id": "empty"}, id="A B", name=None)
    assert len(problems) > 8
    assert {problem.where for problem in problems} == {"a.toml", "a.toml#cash", "a.toml#empty"}
