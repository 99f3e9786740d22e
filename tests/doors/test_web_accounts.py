"""Accounts: one for each mandate, a one-time password that is worth one visit, and the language that stays."""

from __future__ import annotations

import re
import stat

import pytest

NEW = "a-rather-long-phrase"


def token(client, address):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode()).group(1)


def sign_in(client, mandate, password, **more):
    form = {"mandate": mandate, "password": password, "csrfmiddlewaretoken": token(client, "/sign-in/"), **more}
    return client.post("/sign-in/", form)


@pytest.fixture
def fresh(desks):
    """An account as it was made, with its one-time password."""
    from gongshi.web.models import Account

    mandate = "payment-operator"
    account = Account.objects.get(mandate=mandate)
    account.set_password(desks.passwords[mandate])
    account.is_one_time, account.failures, account.barred_until = True, 0, 0
    account.save()
    return mandate, desks.passwords[mandate]


def test_every_mandate_has_an_account_of_its_own_password(desks):
    from gongshi.web.models import Account

    assert len(desks.passwords) == len(set(desks.passwords.values())) == 15
    assert all(re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", one) for one in desks.passwords.values())
    assert set(Account.objects.values_list("mandate", flat=True)) == set(desks.passwords)
    stored = Account.objects.values_list("password", flat=True)
    assert not [one for one in stored if one in desks.passwords.values()]


def test_repeating_makes_only_what_is_missing(desks):
    from gongshi.group.queries import get_mandates
    from gongshi.web.accounts import make_accounts
    from gongshi.web.models import Account

    with desks.house.desk.read() as connection:
        mandates = get_mandates(connection)
    assert list(make_accounts(mandates)) == []
    Account.objects.filter(mandate="bank-operator").delete()
    (made,) = make_accounts(mandates)
    assert made.mandate.id == "bank-operator"
    assert made.password != desks.passwords["bank-operator"]


def test_the_files_are_their_owners_alone(desks):
    for name in ("accounts.sqlite", "web.secret"):
        path = desks.house.home.path / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_one_time_password_leads_to_its_replacement_and_nowhere_else(desks, fresh):
    mandate, password = fresh
    client = desks.anonymous(enforce_csrf_checks=True)
    answer = sign_in(client, mandate, password, next="/group/waiting/")
    assert answer.headers["Location"] == "/password/"
    for address in ("/", "/group/exchange/", "/api/status"):
        assert client.get(address).headers["Location"] == "/password/"
    form = {"old": password, "new": NEW, "again": NEW, "csrfmiddlewaretoken": token(client, "/password/")}
    assert client.post("/password/", form).headers["Location"] == "/"
    assert client.get("/group/exchange/").status_code == 200
    other = desks.anonymous()
    assert sign_in(other, mandate, password).status_code == 403
    assert sign_in(other, mandate, NEW, next="/group/waiting/").headers["Location"] == "/group/waiting/"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"old": "something-else-1"}, "web.password.old"),
        ({"again": "another-long-phrase"}, "web.password.differ"),
        ({"new": "short-one", "again": "short-one"}, "web.password.password_too_short"),
        ({"new": "918273645546372819", "again": "918273645546372819"}, "web.password.password_entirely_numeric"),
        ({"new": "1qaz2wsx3edc", "again": "1qaz2wsx3edc"}, "web.password.password_too_common"),
    ],
)
def test_a_new_password_that_is_none_is_refused(desks, fresh, changes, code):
    from gongshi.web.models import Account

    mandate, password = fresh
    client = desks.anonymous()
    sign_in(client, mandate, password)
    answer = client.post("/password/", {"old": password, "new": NEW, "again": NEW, **changes})
    assert answer.status_code == 400
    assert desks.say(code) in answer.content.decode()
    assert Account.objects.get(mandate=mandate).is_one_time


def test_the_one_time_password_cannot_be_kept(desks, fresh):
    mandate, password = fresh
    client = desks.anonymous()
    sign_in(client, mandate, password)
    answer = client.post("/password/", {"old": password, "new": password, "again": password})
    assert desks.say("web.password.same") in answer.content.decode()


def test_the_page_that_changes_a_password_asks_who_it_is(desks):
    assert desks.anonymous().get("/password/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("mandate", ["payment-operator", "nobody-at-all", ""])
def test_a_wrong_name_and_a_wrong_password_are_one_answer(desks, fresh, mandate, language):
    answer = sign_in(desks.anonymous(language), mandate, "wrong")
    assert answer.status_code == 403
    assert desks.say("web.sign_in.wrong", language) in answer.content.decode()


def test_five_failures_bar_the_account_for_a_minute(desks, fresh):
    from gongshi.web.accounts import BAR_S, check_password
    from gongshi.web.models import Account

    mandate, password = fresh
    for _ in range(5):
        assert check_password(mandate, "wrong", 1_000) == "web.sign_in.wrong"
    assert check_password(mandate, password, 1_000 + BAR_S - 1) == "web.sign_in.barred"
    assert isinstance(check_password(mandate, password, 1_000 + BAR_S), Account)
    assert check_password(mandate, "wrong", 2_000) == "web.sign_in.wrong"
    assert isinstance(check_password(mandate, password, 2_000), Account)


def test_a_mandate_that_has_ended_signs_in_no_more(desks, fresh, monkeypatch):
    from gongshi.web.views import account

    mandate, password = fresh
    monkeypatch.setattr(account, "find_reader", lambda seat, name: None)
    answer = sign_in(desks.anonymous(), mandate, password)
    assert answer.status_code == 403
    assert desks.say("web.sign_in.ended") in answer.content.decode()


def test_a_reader_is_found_only_while_the_mandate_lives(desks):
    from gongshi.web.readers import find_reader

    clock = desks.house.desk.clock
    now, mandate = clock.instant, "bank-expert"
    try:
        assert find_reader(desks.seat, mandate).organisation == "internet-bank"
        assert find_reader(desks.seat, "nobody") is None
        clock.instant = now + 500 * 86_400_000
        assert find_reader(desks.seat, mandate) is None
    finally:
        clock.instant = now


def test_signing_out_ends_the_session(desks):
    client = desks.member("holding-expert")
    assert client.get("/group/waiting/").status_code == 200
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/group/waiting/").status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://gongshi.example/", "//gongshi.example/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(desks, fresh, elsewhere):
    from gongshi.web.models import Account

    mandate, password = fresh
    Account.objects.filter(mandate=mandate).update(is_one_time=False)
    assert sign_in(desks.anonymous(), mandate, password, next=elsewhere).headers["Location"] == "/"
    answer = desks.anonymous().get("/language/zh/", {"next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_the_language_stays(desks):
    client = desks.anonymous("zh")
    answer = client.get("/language/en/?next=/lab/%3Fa=b")
    assert answer.headers["Location"] == "/lab/?a=b"
    cookie = answer.cookies["gongshi_language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")
    assert '<html lang="en">' in client.get("/lab/").content.decode()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en;q=0.4, zh;q=0.6", "zh-CN"),
        ("fr, de;q=0.5", "zh-CN"),
        ("fr, en;q=0.1", "en"),
        ("en;q=0", "zh-CN"),
        ("en;q=nonsense", "zh-CN"),
    ],
)
def test_a_browser_says_which_language_and_chinese_is_the_houses(desks, header, language):
    client = desks.anonymous()
    del client.cookies["gongshi_language"]
    text = client.get("/", HTTP_ACCEPT_LANGUAGE=header).content.decode()
    assert f'<html lang="{language}">' in text
