"""Every address answers in both languages, every template is used, and every word on a page has its sentence."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gongshi.wiring import get_catalogue

WEB = Path(__file__).parents[2] / "src" / "gongshi" / "web"
MEMBER, SUPERVISOR = "bank-expert", "ministry-supervisor"
# address (ids filled in), the name of its pattern, and under which mandate it is read ("" for nobody)
PAGES = [
    ("/", "home", ""),
    ("/", "home", MEMBER),
    ("/sign-in/", "sign-in", ""),
    ("/password/", "password", MEMBER),
    ("/static/desk.css", "static", ""),
    ("/static/mark.svg", "static", ""),
    ("/watch/", "watch", ""),
    ("/watch/?q=eip&region=overseas&technology=contracts&page=1", "watch", ""),
    ("/watch/signals/{signal}/", "watch-signal", ""),
    ("/watch/assessments/", "watch-assessments", ""),
    ("/watch/assessments/{assessment}/", "watch-assessment", ""),
    ("/watch/exposures/", "watch-exposures", MEMBER),
    ("/watch/exposures/", "watch-exposures", "insurer-expert"),
    ("/lab/", "lab", ""),
    ("/pilots/", "pilots", ""),
    ("/supervision/", "supervision", ""),
    ("/supervision/alerts/", "supervision-alerts", SUPERVISOR),
    ("/supervision/alerts/?option=typologies&page=2", "supervision-alerts", SUPERVISOR),
    ("/supervision/alerts/{alert}/", "supervision-alert", SUPERVISOR),
    ("/group/", "group", ""),
    ("/group/items/{item}/", "group-item", ""),
    ("/group/drafts/ledger-requirements/", "group-draft", ""),
    ("/group/drafts/ledger-requirements/?revision=1", "group-draft", MEMBER),
    ("/group/drafts/ledger-requirements/", "group-draft", MEMBER),
    ("/group/ballots/{closed}/", "group-ballot", ""),
    ("/group/ballots/{open}/", "group-ballot", ""),
    ("/group/ballots/{open}/", "group-ballot", MEMBER),
    ("/group/ballots/{open}/vote/", "group-vote", MEMBER),
    ("/group/waiting/", "group-waiting", "institute-secretary"),
    ("/group/exchange/", "group-exchange", MEMBER),
    ("/group/exchange/", "group-exchange", "insurer-expert"),
    ("/papers/", "papers", ""),
    ("/papers/policy.txt", "papers-file", ""),
    ("/evidence/{run}/", "evidence", ""),
    ("/evidence/{count}/", "evidence", ""),
    ("/evidence/{exposure}/", "evidence", "lab-analyst"),
    ("/evidence/{run}/document.json", "evidence-document", ""),
    ("/trace/{item}/", "trace", ""),
    ("/trace/{assessment}/", "trace", "bank-expert"),
    ("/ledger/", "ledger", ""),
    ("/ledger/?kind=group.vote.cast&page=2", "ledger", ""),
    ("/ledger/policy.txt", "ledger-policy", ""),
    ("/ledger/blocks/1/", "ledger-block", ""),
    ("/ledger/blocks/40/", "ledger-block", ""),
    ("/ledger/entries/{entry}/", "ledger-entry", ""),
    ("/ledger/entries/{entry}/receipt", "ledger-receipt", ""),
    ("/api/status", "api:status", ""),
    ("/api/signals?region=home&limit=3", "api:signals", ""),
    ("/api/entries?kind=group.vote.cast", "api:entries", ""),
    ("/api/evidence/{run}", "api:evidence", ""),
    ("/api/openapi.json", "api:openapi-json", ""),
]
# Addresses that are acts or lead elsewhere have tests of their own, by these names.
ELSEWHERE = {
    "language": "test_web_accounts.test_the_language_stays",
    "sign-out": "test_web_accounts.test_signing_out_ends_the_session",
    "group-comment": "test_web_acts.test_a_comment_is_signed_and_stands_beside_its_clause",
    "api:api-root": "the address under which the API's own are named",
}


class Page(HTMLParser):
    """What a page is made of, as far as the house has rules for it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.labels: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def read(desks, address, mandate, language):
    client = desks.member(mandate, language) if mandate else desks.anonymous(language)
    entry = desks.find_entry("group.draft.post")
    return client.get(address.format(**desks.ids, entry=entry))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("address", "name", "mandate"), PAGES, ids=[f"{a}-{m or 'nobody'}" for a, _, m in PAGES])
def test_every_address_answers_in_both_languages(desks, address, name, mandate, language):
    answer = read(desks, address, mandate, language)
    assert answer.status_code == 200
    if not answer["Content-Type"].startswith("text/html"):
        return
    text = answer.content.decode()
    page = Page(text)
    assert page.all("html")[0]["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert len(page.all("h1")) == 1
    assert desks.say("group.rehearsal", language) not in text
    assert {"zh": "演练：成员以角色命名", "en": "Rehearsal: members are named by role"}[language] in text
    unsaid = re.findall(r">\s*(web\.[a-z_.]+)\s*<", text)
    assert not unsaid
    assert "None" not in re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(("address", "name", "mandate"), PAGES, ids=[f"{a}-{m or 'nobody'}" for a, _, m in PAGES])
def test_a_page_needs_nothing_from_elsewhere_and_can_be_used_without_a_mouse(desks, address, name, mandate):
    answer = read(desks, address, mandate, "en")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if not answer["Content-Type"].startswith("text/html"):
        return
    page = Page(answer.content.decode())
    assert not page.all("script")
    assert not page.all("style")
    assert not [name for name, attributes in page.tags if "style" in attributes or "onclick" in attributes]
    assert all(str(one.get("href", "/")).startswith("/") for one in page.all("link"))
    assert all("alt" in one for one in page.all("img"))
    labelled = {one.get("for") for one in page.all("label")}
    loose = [
        one
        for tag in ("input", "select", "textarea")
        for one in page.all(tag)
        if one.get("type") not in ("hidden", "radio", "checkbox") and one.get("id") not in labelled
    ]
    assert not loose
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))


def list_names():
    from django.urls import get_resolver
    from django.urls.resolvers import URLResolver

    names = set()
    for one in get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            names |= {f"{one.namespace}:{inner.name}" for inner in one.url_patterns}
        else:
            names.add(one.name)
    return names


def test_every_address_has_a_test(desks):
    assert {name for _, name, _ in PAGES} | set(ELSEWHERE) == list_names()


def test_every_sentence_of_a_template_stands_in_both_languages():
    said = {
        (path.name, code)
        for path in WEB.rglob("*.html")
        for code in re.findall(r"{%-?\s*say\s+[\"']([a-z_.]+)[\"']", path.read_text(encoding="utf-8"))
    }
    assert len(said) > 200
    for language in ("zh", "en"):
        known = get_catalogue(language).sentences
        assert not sorted(one for one in said if one[1] not in known)


def test_every_set_of_words_of_a_template_has_sentences():
    sets = {
        prefix
        for path in WEB.rglob("*.html")
        for prefix in re.findall(r"{%\s*name\s+[\"']([a-z_.]+)[\"']", path.read_text(encoding="utf-8"))
    }
    known = get_catalogue("zh").sentences
    assert sets
    assert not sorted(one for one in sets if not any(code.startswith(f"{one}.") for code in known))


def test_the_front_page_counts_the_days_and_shows_the_stage(desks):
    text = read(desks, "/", "", "en").content.decode()
    assert re.findall(r'<span class="days">(\d+)</span>', text) == ["21", "35"]
    assert "50.20" in text
    assert f"/evidence/{desks.ids['count']}/" in text


def test_the_front_page_says_what_waits_only_to_members(desks):
    waiting = "Incident note: please check your nodes."
    assert waiting not in read(desks, "/", "", "en").content.decode()
    assert waiting in read(desks, "/", "consortium-a-expert", "en").content.decode()


def test_the_filter_finds_by_word_region_and_technology(desks):
    def count(query):
        text = desks.anonymous().get(f"/watch/?{query}").content.decode()
        found = re.search(r"in (\d+) signals: (\d+) at home, (\d+) overseas", text)
        return tuple(int(number) for number in found.groups())

    everything, home, overseas = count("")
    assert everything == home + overseas > 20
    assert count("region=home") == (home, home, 0)
    assert 0 < count("technology=interoperability")[0] < everything
    assert 0 < count("q=wecross")[0] < everything
    assert count("q=nothing-like-it") == (0, 0, 0)


def test_the_matrix_shows_the_failing_step(desks):
    text = read(desks, "/lab/", "", "en").content.decode()
    assert desks.say("web.verdict.fail") in text
    assert desks.say("web.lab.failing_step") in text
    assert desks.say("web.verdict.stale") in text


def test_a_changed_clause_shows_what_changed(desks):
    text = read(desks, "/group/drafts/ledger-requirements/", "", "en").content.decode()
    assert "<ins>" in text
    assert "<ins>" not in read(desks, "/group/drafts/ledger-requirements/?revision=1", "", "en").content.decode()


def test_the_pilot_is_conserved_and_says_so_from_the_root(desks):
    text = read(desks, "/pilots/", "", "en").content.decode()
    issued, held = re.findall(r'<b><span class="figure">([\d,.]+)</span>', text)[:2]
    assert issued == held
    assert "sha256:" in text


def test_the_count_is_explained_in_the_readers_language(desks):
    chinese = read(desks, "/group/ballots/{closed}/", "", "zh").content.decode()
    assert "起草单位" in chinese
    assert "drafter" not in chinese.split('class="working"')[1].split("</ol>")[0]


def test_programs_read_the_same_figures(desks):
    status = json.loads(read(desks, "/api/status", "", "en").content)
    assert status["ledger"]["height"] == desks.house.desk.engine.height
    assert status["ballots"][desks.ids["closed"]] == "approved"
    rows = json.loads(read(desks, "/api/entries?limit=2&offset=1", "", "en").content)
    assert [row["leaf"] for row in rows["rows"]] == sorted(row["leaf"] for row in rows["rows"])
    assert len(rows["rows"]) == 2
    assert desks.anonymous().get("/api/evidence/ev-nothing").status_code == 404
    assert desks.anonymous().get(f"/api/evidence/{desks.ids['exposure']}").status_code == 404
