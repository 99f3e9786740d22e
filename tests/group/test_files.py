"""What is read from files: the founding file, the rules, a draft's folder, the rehearsed papers."""

import copy
import tomllib
from datetime import date
from pathlib import Path

import pytest

from gongshi.group.adapters.alliance_file import load_founding
from gongshi.group.adapters.draft_folder import load_draft
from gongshi.group.adapters.files import GroupFileError
from gongshi.group.adapters.position_folder import load_comments, load_votes
from gongshi.group.adapters.rule_folder import load_rules
from gongshi.group.count import count
from gongshi.group.founding import group_parameters, read_founding, stage_of
from gongshi.group.records import BallotRule, Draft, Founding, Vote, Voter
from gongshi.group.rules import read_rule
from gongshi.group.stages import check_move
from gongshi.terms.instant import day_of, instant_to_iso

ALLIANCE = Path(__file__).parents[2] / "examples" / "alliance"
AS_OF = date(2016, 9, 20)


@pytest.fixture
def table():
    return tomllib.loads((ALLIANCE / "alliance.toml").read_text(encoding="utf-8"))


def places(table) -> list[tuple[str, str]]:
    found = read_founding(table, AS_OF)
    assert isinstance(found, list)
    return [(problem.code, problem.where) for problem in found]


def test_the_example_is_laid_out_from_the_as_of_day():
    founding = load_founding(ALLIANCE / "alliance.toml", AS_OF)
    assert isinstance(founding, Founding)
    days = {milestone.kind: (milestone.day - AS_OF).days for milestone in founding.milestones}
    assert days == {"due": 21, "summit": 35}
    first, second = founding.ballots
    assert instant_to_iso(first.closes_at) == "2016-09-10T15:59:59.999Z"
    assert (day_of(second.closes_at) - AS_OF).days == 14
    assert [o.id for o in founding.organisations if not o.voting] == ["central-bank"]
    assert group_parameters(founding) == {"secretariat": "institute", "zone": "Asia/Shanghai"}
    assert load_founding(ALLIANCE / "alliance.toml", date(2026, 1, 1)).founded_at > founding.founded_at


def test_the_examples_stages_are_moves_of_the_matrix():
    founding = load_founding(ALLIANCE / "alliance.toml", AS_OF)
    (item,) = founding.items
    for (before, _), (after, _) in zip(item.stages, item.stages[1:], strict=False):
        is_decided = before.sub == 99
        skipped = {r: w for r, w in item.skipped.items() if is_decided and before.major < r < after.major}
        assert check_move(before, after, skipped) is None, (before, after)
    assert stage_of("40.20").code == "40.20"


def test_every_problem_names_its_place(table):
    wrong = copy.deepcopy(table)
    del wrong["organisation"][2]["kind"]
    wrong["mandate"][0]["roles"] = ["king"]
    wrong["item"][0]["stages"][0] = ["41.00", 3]
    wrong["organisation"][1]["id"] = "ministry"
    assert places(wrong) == [
        ("group.founding.twice", "organisation.1"),
        ("group.founding.form", "organisation.2.kind"),
        ("group.founding.form", "mandate.0.roles"),
        ("group.founding.form", "item.0.stages"),
    ]
    assert places({**table, "zone": "Nowhere/City"}) == [("group.founding.form", "zone")]
    assert places([]) == [("group.founding.form", "")]


def test_every_name_and_order_is_looked_up(table):
    table["secretariat"] = "nobody"
    table["committee"][0]["members"].append(["stranger", "P"])
    table["item"][0]["stages"].reverse()
    table["ballot"][0]["closes_day"] = -40
    table["ballot"][1]["marks"] = {"stranger": ["drafter"]}
    assert places(table) == [
        ("group.founding.unknown", "secretariat"),
        ("group.founding.unknown", "committee.0.members"),
        ("group.founding.unknown", "ballot.1.marks"),
        ("group.founding.days", "ballot.0"),
        ("group.founding.days", "item.0"),
    ]


def test_the_rehearsed_papers_fit_the_founding():
    founding = load_founding(ALLIANCE / "alliance.toml", AS_OF)
    votes, comments = load_votes(ALLIANCE / "votes"), load_comments(ALLIANCE / "comments")
    keys = {comment.key: comment for comment in comments}
    mandates = {mandate.id: mandate for mandate in founding.mandates}
    for paper in (*votes, *comments):
        assert mandates[paper.mandate].organisation == paper.organisation
        assert {"expert", "secretariat"} & set(mandates[paper.mandate].roles)
    for vote in votes:
        assert all(keys[key].organisation == vote.organisation and keys[key].type == "te" for key in vote.technical)
    assert {vote.ballot for vote in votes} == {ballot.id for ballot in founding.ballots}
    enquiry = [vote.position for vote in votes if vote.ballot == "enquiry"]
    assert (len(enquiry), enquiry.count("disapprove"), enquiry.count("abstain")) == (8, 1, 1)
    assert {"rejected", "partly"} <= {comment.resolution for comment in comments}


@pytest.mark.skipif(not (ALLIANCE / "drafts").exists(), reason="the example's draft is not part of this tree")
def test_the_rehearsed_comments_are_on_clauses_of_the_draft():
    draft = load_draft(ALLIANCE / "drafts" / "ledger-requirements")
    assert isinstance(draft, Draft)
    clauses = {clause.id for clause in draft.clauses}
    assert {comment.clause for comment in load_comments(ALLIANCE / "comments")} <= clauses


def test_wrong_papers_are_told_with_their_key(tmp_path):
    (tmp_path / "one.toml").write_text('ballot = "enquiry"\nposition = "perhaps"\n')
    problems = load_votes(tmp_path)
    assert ("group.vote.file", "one.position") in [(p.code, p.where) for p in problems]
    problems = load_comments(tmp_path)
    assert ("group.comment.file", "one.ballot") in [(p.code, p.where) for p in problems]
    (tmp_path / "one.toml").write_text("= nothing")
    with pytest.raises(GroupFileError) as malformed:
        load_votes(tmp_path)
    assert (malformed.value.reason, malformed.value.path) == ("malformed", tmp_path / "one.toml")
    with pytest.raises(GroupFileError) as missing:
        load_votes(tmp_path / "none")
    assert missing.value.reason == "missing"


def test_every_rule_file_is_a_rule_and_reads_back():
    rules = load_rules()
    assert isinstance(rules, dict)
    assert {"iso-dis", "iso-ts", "jtc1", "gbt-tc", "gbt-letter", "group-standard"} <= set(rules)
    for rule in rules.values():
        assert read_rule(rule.as_body()) == rule


def test_a_wrong_rule_is_told(tmp_path):
    good = load_rules()["jtc1"].as_body()
    wrong = {**good, "tests": [{"name": "x", "left": {"z": 1}, "relation": "ge", "right": {"y": 1}}]}
    assert [(p.code, p.where) for p in read_rule(wrong, "r.toml")] == [("group.rule.form", "r.toml.tests")]
    assert [p.where for p in read_rule({**good, "tie": "toss", "period_days": -1}, "")] == ["tie", "period_days"]
    assert not isinstance(read_rule(7), BallotRule)
    source = Path(load_rules.__defaults__[0]) / "jtc1.toml"
    (tmp_path / "other.toml").write_text(source.read_text(encoding="utf-8"))
    assert [(p.code, p.where) for p in load_rules(tmp_path)] == [("group.rule.file_name", "other.toml")]


HEAD = 'id = "d"\nbasis = "own"\ntitle = { zh = "题", en = "Title" }\n'
CLAUSE = 'id = "{id}"\nnumber = "{number}"\ntitle = {{ zh = "题", en = "Title" }}\nstatement = {{ zh = "应", en = "It shall." }}\n'


def test_a_draft_is_read_in_the_order_of_its_numbers(tmp_path):
    (tmp_path / "draft.toml").write_text(HEAD, encoding="utf-8")
    assert [p.code for p in load_draft(tmp_path)] == ["group.clause.none"]
    for name, number in (("b", "5.10"), ("a", "5.2"), ("annex", "A.1")):
        (tmp_path / f"{name}.toml").write_text(CLAUSE.format(id=name, number=number), encoding="utf-8")
    draft = load_draft(tmp_path, 3)
    assert isinstance(draft, Draft)
    assert ([clause.id for clause in draft.clauses], draft.revision) == (["a", "b", "annex"], 3)
    assert draft.digest() != load_draft(tmp_path, 4).digest()
    (tmp_path / "c.toml").write_text(CLAUSE.format(id="a", number="5.10"), encoding="utf-8")
    assert [p.values["id"] for p in load_draft(tmp_path)] == ["5.10", "a"]
    (tmp_path / "c.toml").write_text('id = "c"\n', encoding="utf-8")
    (tmp_path / "draft.toml").write_text('id = "d"\n', encoding="utf-8")
    codes = {p.code for p in load_draft(tmp_path)}
    assert codes == {"group.draft.file", "group.clause.form"}


def test_the_rehearsed_enquiry_passes_under_the_charter_and_would_fail_as_a_group_standard():
    """Eight papers of nine: the drafter's is barred, one disapproves with a comment, one abstains, one stays away."""
    founding, rules = load_founding(ALLIANCE / "alliance.toml", AS_OF), load_rules()
    plan = founding.ballots[0]
    members = [m for m in founding.committees[0].members if m.organisation.voting]
    voters = [Voter(m.organisation.id, m.member_class, plan.marks.get(m.organisation.id, ())) for m in members]
    papers = [p for p in load_votes(ALLIANCE / "votes") if p.ballot == plan.id]
    votes = [Vote(paper.organisation, paper.position, paper.technical) for paper in papers]
    tally = count(rules[plan.rule], voters, votes)
    assert (tally.entitled, tally.yes, tally.no, tally.abstain, tally.not_returned) == (8, 5, 1, 1, 1)
    assert (tally.verdict, tally.barred) == ("approved", (("research-lab", ("drafter",)),))
    assert count(rules["group-standard"], voters, votes).verdict == "not_approved"
