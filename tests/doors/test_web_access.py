"""What is refused, to whom, and how it is said: in the reader's language, with a code, and nothing of what was kept back."""

from __future__ import annotations

import pytest

MEMBERS_ONLY = ["/watch/exposures/", "/group/waiting/", "/group/exchange/", "/group/ballots/{open}/vote/"]
UNKNOWN = [
    "/nothing/",
    "/watch/signals/sg-nothing/",
    "/watch/assessments/as-nothing/",
    "/group/items/wi-nothing/",
    "/group/drafts/nothing/",
    "/group/drafts/ledger-requirements/?revision=9",
    "/group/ballots/bl-nothing/",
    "/papers/nothing.pdf",
    "/papers/..%2Fgongshi.toml",
    "/papers/%2e%2e%2fgongshi.toml",
    "/evidence/ev-nothing/",
    "/evidence/ev-nothing/document.json",
    "/trace/nothing/",
    "/ledger/blocks/0/",
    "/ledger/blocks/99999/",
    "/ledger/entries/00/",
    "/ledger/entries/00/receipt",
    "/language/fr/",
    "/static/settings.py",
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", UNKNOWN)
def test_what_is_not_there_is_said_in_the_readers_language(desks, address, language):
    answer = desks.anonymous(language).get(address)
    assert answer.status_code == 404
    assert desks.say("web.refused.not_found", language) in answer.content.decode()


@pytest.mark.parametrize("address", MEMBERS_ONLY)
def test_a_page_for_members_leads_others_to_sign_in_and_back(desks, address):
    asked = address.format(**desks.ids)
    answer = desks.anonymous().get(asked)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")
    assert "open" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/supervision/alerts/", "/supervision/alerts/{alert}/"])
def test_alerts_are_for_mandates_of_supervision(desks, address):
    asked = address.format(**desks.ids)
    assert desks.anonymous().get(asked).status_code == 302
    refused = desks.member("insurer-expert").get(asked)
    assert refused.status_code == 403
    assert desks.say("web.refused.role") in refused.content.decode()
    assert desks.member("ministry-supervisor").get(asked).status_code == 200


def test_an_unknown_alert_is_not_found(desks):
    assert desks.member("ministry-supervisor").get("/supervision/alerts/al-nothing/").status_code == 404


def test_another_members_exchange_is_not_shown(desks):
    purpose = "Incident note: please check your nodes."
    assert purpose in desks.member("bank-expert").get("/group/exchange/").content.decode()
    assert purpose in desks.member("payment-expert").get("/group/exchange/").content.decode()
    assert purpose not in desks.member("insurer-expert").get("/group/exchange/").content.decode()


def test_another_members_exposures_are_not_shown(desks):
    shown = desks.member("bank-expert").get("/watch/exposures/").content.decode()
    other = desks.member("insurer-expert").get("/watch/exposures/").content.decode()
    assert "pilot-node" in shown
    assert "pilot-node" not in other
    assert desks.say("web.exposure.none") in other


def test_evidence_of_exposures_is_for_its_signer_until_it_is_published(desks):
    for address in (f"/evidence/{desks.ids['exposure']}/", f"/evidence/{desks.ids['exposure']}/document.json"):
        assert desks.anonymous().get(address).status_code == 302
        assert desks.member("insurer-expert").get(address).status_code == 403
        assert desks.member("bank-expert").get(address).status_code == 403
        assert desks.member("lab-analyst").get(address).status_code == 200


def test_votes_in_progress_are_for_members(desks):
    address, statement = f"/group/ballots/{desks.ids['open']}/", "The final text answers the comments; we agree."
    anonymous = desks.anonymous().get(address).content.decode()
    assert desks.say("web.ballot.in_progress") in anonymous
    assert statement not in anonymous
    assert statement in desks.member("insurer-expert").get(address).content.decode()


@pytest.mark.parametrize("kind", ["group.vote.cast", "group.exchange.send"])
def test_the_explorer_keeps_for_members_what_the_pages_keep(desks, kind):
    digest = desks.find_entry(kind)
    page = desks.anonymous().get(f"/ledger/entries/{digest}/")
    assert page.status_code == 200
    assert desks.say("web.ledger.members_only") in page.content.decode()
    assert desks.anonymous().get(f"/ledger/entries/{digest}/receipt").status_code == 302
    member = desks.member("insurer-expert")
    assert desks.say("web.ledger.members_only") not in member.get(f"/ledger/entries/{digest}/").content.decode()
    assert member.get(f"/ledger/entries/{digest}/receipt").status_code == 200


def test_a_vote_in_a_closed_ballot_can_be_read_by_all(desks):
    from gongshi.web.entries import get_listing

    first = next(one for one in get_listing(desks.seat).entries.values() if "group.vote.cast" in one.kinds)
    page = desks.anonymous().get(f"/ledger/entries/{first.digest}/").content.decode()
    assert desks.say("web.ledger.members_only") not in page


@pytest.mark.parametrize("host", ["gongshi.example", "127.0.0.1.gongshi.example", "169.254.169.254"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_another_host_is_refused(desks, host, language):
    answer = desks.anonymous(language).get("/", HTTP_HOST=host)
    assert answer.status_code == 400
    assert desks.say("web.refused.bad_request", language) in answer.content.decode()


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:9", "[::1]:8000"])
def test_this_machines_own_names_are_answered(desks, host):
    assert desks.anonymous().get("/", HTTP_HOST=host).status_code == 200


@pytest.mark.parametrize("address", ["/sign-in/", "/sign-out/", "/password/", "/group/ballots/{open}/vote/"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_form_from_elsewhere_is_refused(desks, address, language):
    client = desks.member("holding-expert", language, enforce_csrf_checks=True)
    answer = client.post(address.format(**desks.ids), {"position": "approve", "step": "sign"})
    assert answer.status_code == 403
    assert desks.say("web.refused.forged", language) in answer.content.decode()


def test_a_comment_from_elsewhere_is_refused(desks):
    client = desks.member("holding-expert", enforce_csrf_checks=True)
    before = desks.house.desk.engine.height
    answer = client.post("/group/drafts/ledger-requirements/clauses/conservation/comment/", {"type": "te", "text": "x"})
    assert answer.status_code == 403
    assert desks.house.desk.engine.height == before


def test_a_failure_shows_nothing_of_itself(desks, monkeypatch):
    from gongshi.web.views import pilots

    def fail(seat):
        raise RuntimeError("the secret of the failure")

    monkeypatch.setattr(pilots, "_prove", fail)
    client = desks.anonymous("zh", raise_request_exception=False)
    answer = client.get("/pilots/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert desks.say("web.refused.failed", "zh") in answer.content.decode()


def test_money_that_is_not_conserved_is_said_and_nothing_is_shown_as_proved(desks, monkeypatch):
    from gongshi.flows.pilots_evidence import SupplyError
    from gongshi.web.views import pilots

    def refuse(desk, tool):
        raise SupplyError(10, 9, 4)

    monkeypatch.setattr(pilots, "prove_supply", refuse)
    text = desks.anonymous().get("/pilots/").content.decode()
    assert desks.say("web.pilots.broken", issued=10, held=9, height=4) in text
    assert desks.say("web.pilots.held") not in text


def test_there_is_no_administrator_and_no_page_for_one(desks):
    from django.conf import settings

    from gongshi.web.models import Account

    assert not settings.DEBUG
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert desks.anonymous().get("/admin/").status_code == 404
    assert not {field.name for field in Account._meta.get_fields()} & {"is_superuser", "is_staff"}
