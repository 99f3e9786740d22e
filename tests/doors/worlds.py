"""A founded home with a short thread in it, played through the flows: enough of everything for every page of the desk to have content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gongshi import __version__
from gongshi.flows.alliance_to_ledger import found_alliance, get_parameters, make_genesis
from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.desk import Actor
from gongshi.flows.group_decisions import Period, bundle, call_ballot, close, comment_on, move, post, resolve, sign_vote
from gongshi.flows.group_exchange import Note, receive_note, send_note
from gongshi.flows.group_to_lab import attach_measurement, attach_run, get_tested, run_clauses
from gongshi.flows.inventories_to_watch import match_inventories
from gongshi.flows.pilots_evidence import sign_supply
from gongshi.flows.pilots_to_lab import get_currency
from gongshi.flows.pilots_to_supervision import compare, mine, read_past
from gongshi.flows.sources_to_watch import look_at_sources
from gongshi.flows.supervision_to_pilots import execute_population
from gongshi.flows.watch_to_group import Asked, assess, open_item
from gongshi.flows.watch_to_paper import sign_coverage
from gongshi.group.adapters.alliance_file import load_founding
from gongshi.group.adapters.draft_folder import load_draft
from gongshi.group.adapters.position_folder import load_comments, load_votes
from gongshi.group.adapters.rule_folder import load_rules
from gongshi.group.queries import get_comments, get_drafts, get_item
from gongshi.group.records import Founding, Stage
from gongshi.lab.adapters.embedded_bench import EmbeddedBench
from gongshi.lab.adapters.machine import get_machine, read_stopwatch_ns
from gongshi.lab.measure import measure_throughput
from gongshi.lab.rules import conformance_evidence, run_suite
from gongshi.lab.suites import get_cases
from gongshi.lab.targets.embedded import EmbeddedTarget
from gongshi.lab.twins import get_twin
from gongshi.ledger.adapters.home import Settings
from gongshi.seal.adapters.key_folder import new_secrets
from gongshi.supervision.adapters.option_files import read_options
from gongshi.supervision.population import Size, Tier, draw_population
from gongshi.terms.instant import MS_PER_DAY, Instant, day_of, end_of_day, start_of_day
from gongshi.terms.text import Text
from gongshi.watch.adapters.files import FolderLibrary
from gongshi.watch.classify import get_classifier
from gongshi.watch.declare import read_assessments, read_inventories, read_sources, read_taxonomy
from gongshi.wiring import KINDS, NAMESPACES, House, SetClock, found_house, get_tool, open_house

ALLIANCE = Path(__file__).parents[2] / "examples" / "alliance"
DAY = date(2026, 11, 20)
AS_OF = DAY.isoformat()
SIZE = Size(
    wallets=600,
    payments=2_500,
    mirror_pools=2,
    clients_per_pool=4,
    structurers=4,
    cycles=4,
    unordered_cycles=2,
    payrolls=3,
    families=8,
    stalls=6,
    traders=8,
    remitters=20,
)
SECRETARY = Actor("institute", "institute-secretary")
RESEARCHER = Actor("research-lab", "lab-researcher")
ANALYST = Actor("research-lab", "lab-analyst")
SUPERVISOR = Actor("ministry", "ministry-supervisor")
_STAGES = {
    "start": ((0, 20, -128), (0, 60, -120), (0, 99, -119), (20, 0, -118), (20, 20, -116)),
    "enquiry": ((20, 60, -100), (20, 99, -99), (40, 0, -60), (40, 20, -40)),
    "final": ((40, 60, -9), (40, 99, -7), (50, 0, -6)),
    "decide": ((50, 20, -5),),
}


@dataclass
class World:
    """A home that is open while the thread is played; `day` moves its clock."""

    house: House
    founding: Founding
    item: str = ""

    @property
    def desk(self):
        return self.house.desk

    def day(self, offset: int, minute: int = 0) -> None:
        clock = self.desk.clock
        assert isinstance(clock, SetClock)
        clock.instant = start_of_day(DAY) + offset * MS_PER_DAY + MS_PER_DAY // 2 + minute * 60_000


def play(path: Path) -> None:
    """Found the example alliance in a home and play the thread up to the open ballot on the final text."""
    founding = load_founding(ALLIANCE / "alliance.toml", DAY)
    assert isinstance(founding, Founding), founding
    settings = Settings(organisation="institute", rehearsal=True, as_of=AS_OF, seed=2016, alliance=str(ALLIANCE))
    genesis = make_genesis(founding, KINDS, NAMESPACES)
    found_house(path, settings, founding.organisations, genesis, [one.id for one in founding.organisations])
    with open_house(path, "2016-01-01") as house:
        world = World(house, founding)
        found_alliance(house.desk, founding)
        _watch(world)
        _start(world)
        _test(world)
        _enquire(world)
        _pilot(world)
        _exchange(world)
        _decide(world)


def _watch(world: World) -> None:
    world.day(-140)
    raw = (ALLIANCE / "sources.toml").read_bytes()
    sources, _ = read_sources(raw, "sources.toml")
    inventories, _ = read_inventories(raw, "sources.toml")
    technologies, _ = read_taxonomy((ALLIANCE / "taxonomy.toml").read_bytes(), "taxonomy.toml")
    library = FolderLibrary(ALLIANCE)
    look_at_sources(world.desk, *ANALYST, sources, library, get_classifier(technologies), lambda _: None)
    sign_coverage(world.desk, ANALYST, get_tool(), {"sources": "sources.toml"})
    match_inventories(world.desk, ANALYST, sources, inventories, library, get_tool())
    world.day(-135)
    path = ALLIANCE / "assessments" / "interoperability.toml"
    (declared,), _ = read_assessments(path.read_bytes(), path.name)
    assessed = assess(world.desk, *ANALYST, declared, [one.id for one in technologies], get_tool())
    plan = world.founding.items[0]
    asked = Asked(plan.committee, assessed.assessment.work_item, plan.due, world.founding.milestones)
    world.day(-130)
    world.item = open_item(world.desk, SECRETARY, asked, assessed)


def _move(world: World, part: str) -> None:
    skips = {(20, 0): 10, (40, 0): 30}
    for major, sub, day in _STAGES[part]:
        world.day(day)
        with world.desk.read() as connection:
            item = get_item(connection, world.item)
        row = skips.get((major, sub))
        skipped = {} if row is None else {row: world.founding.items[0].skipped[row]}
        reason = Text("评审认为内容完整。", "The review found it complete.") if sub == 99 else None
        move(world.desk, SECRETARY, item, Stage(major, sub), reason, skipped)


def _start(world: World) -> None:
    _move(world, "start")
    world.day(-115)
    post(world.desk, RESEARCHER, world.item, load_draft(ALLIANCE / "drafts" / "ledger-requirements"))


def _test(world: World) -> None:
    """The embedded ledger as it is, and two clauses on one that leaks money, so that a failing step has something to show."""
    world.day(-110)
    target = EmbeddedTarget(EmbeddedBench(KINDS), get_currency(), get_parameters(KINDS, NAMESPACES))
    tested = get_tested(world.desk, "ledger-requirements")
    attach_run(world.desk, RESEARCHER, tested, run_clauses(tested, target, 2016)[1])
    cases = [case for case in get_cases() if case.catalogue in (18, 26)]
    attach_run(
        world.desk,
        RESEARCHER,
        tested,
        conformance_evidence(run_suite(get_twin(26, target), cases, 2016), tested.clauses),
    )
    measured = measure_throughput(
        target, read_stopwatch_ns, 40, machine=get_machine(), taken=world.desk.now(), seed=2016
    )
    attach_measurement(world.desk, RESEARCHER, tested, measured)


def _enquire(world: World) -> None:
    _move(world, "enquiry")
    world.day(-40, 5)
    ballot = _call(world, 0)
    world.day(-30)
    papers = load_comments(ALLIANCE / "comments")
    for paper in papers:
        actor = Actor(paper.organisation, paper.mandate)
        comment_on(world.desk, actor, "ledger-requirements", paper.clause, paper.type, paper.comment, paper.proposed)
    with world.desk.read() as connection:
        comments = {(one.organisation, one.clause): one for one in get_comments(connection)}
    known = {paper.key: comments[paper.organisation, paper.clause] for paper in papers}
    world.day(-20)
    _vote(world, ballot, "enquiry", {key: one.id for key, one in known.items()})
    world.day(-9)
    closed = close(world.desk, SECRETARY, ballot, __version__)
    assert isinstance(closed, tuple), closed
    for paper in papers:
        if (
            paper.key != papers[-1].key
        ):  # one comment is left without resolution, so that something waits for the secretariat
            resolve(world.desk, SECRETARY, known[paper.key], paper.resolution, paper.reason, None)
    data = bundle(world.desk, ballot, cosigned(world.desk))
    assert isinstance(data, bytes), data
    (world.house.home.published_path / "ballot-enquiry.bundle").write_bytes(data)
    (world.house.home.published_path / "policy.txt").write_text(make_policy(world.desk), encoding="utf-8")


def _call(world: World, place: int) -> str:
    plan = world.founding.ballots[place]
    rules = load_rules()
    assert isinstance(rules, dict), rules
    period = Period(plan.opens_at, plan.closes_at, dict(plan.marks))
    ballot = call_ballot(world.desk, SECRETARY, world.item, rules[plan.rule], period)
    assert isinstance(ballot, str), ballot
    return ballot


def _vote(world: World, ballot: str, plan: str, comments: dict[str, str], most: int = 99) -> None:
    papers = [paper for paper in load_votes(ALLIANCE / "votes") if paper.ballot == plan]
    for paper in papers[:most]:
        voter = Actor(paper.organisation, paper.mandate)
        technical = [comments[key] for key in paper.technical]
        data = sign_vote(world.desk, voter, ballot, paper.position, technical, paper.statement)
        world.desk.settle(world.desk.engine.submit(data))


def _pilot(world: World) -> None:
    world.day(-15)
    parameters = world.desk.engine.genesis.params["pilot"]
    tiers = {name: Tier(*limits) for name, limits in sorted(parameters["tiers"].items(), reverse=True)}
    start = Instant(start_of_day(day_of(world.desk.now())) - SIZE.days * MS_PER_DAY)
    population, problems = draw_population(2016, start, parameters["operators"], tiers, SIZE)
    assert not problems, problems
    execute_population(world.desk, population, parameters["issuer"], parameters["operators"], lambda _: None)
    sign_supply(world.desk, ("central-bank", "central-bank-issuer"), get_tool())
    world.day(-12)
    options, wrong = read_options(ALLIANCE / "options")
    assert not wrong, wrong
    past = read_past(world.desk)
    runs = mine(world.desk, SUPERVISOR, past, options, lambda _: None)
    compare(world.desk, SUPERVISOR, past, runs, population.manifest, get_tool())


def _exchange(world: World) -> None:
    world.day(-8)
    retain = Instant(end_of_day(day_of(world.desk.now() + 180 * MS_PER_DAY)))
    purpose = Text("安全事件通报：请核对本机构节点。", "Incident note: please check your nodes.")
    body = (ALLIANCE / "notes" / "incident.md").read_bytes()
    note = Note(body, ["consortium-a", "internet-bank"], purpose, "TLP:AMBER", retain)
    sent = send_note(world.desk, "payment-company", note, new_secrets())
    receive_note(world.desk, "internet-bank", sent.envelope)


def _decide(world: World) -> None:
    _move(world, "final")
    world.day(-6, 5)
    post(world.desk, RESEARCHER, world.item, load_draft(ALLIANCE / "drafts" / "ledger-requirements", 2))
    with world.desk.read() as connection:
        assert get_drafts(connection)[-1]["revision"] == 2
    _move(world, "decide")
    world.day(-5, 5)
    ballot = _call(world, 1)
    world.day(-2)
    _vote(world, ballot, "final", {}, most=2)
