"""The desk in a real browser: every page in both languages and at two widths, a comment, a vote, and a proof that verifies.

Pictures are kept under out/web/. The server runs as the program that a person starts.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gongshi_verifier.verify import verify_file
from tests.doors.test_web_server import free_port, run
from tests.doors.worlds import AS_OF

pytestmark = pytest.mark.slow
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OUT = Path(__file__).parents[2] / "out" / "web"
WIDTHS = (1400, 400)
PASSWORD = "a-rather-long-phrase"
DRAFT = "/group/drafts/ledger-requirements/"
PAGES = {
    "home": "/",
    "watch": "/watch/",
    "assessments": "/watch/assessments/",
    "lab": "/lab/",
    "pilots": "/pilots/",
    "supervision": "/supervision/",
    "group": "/group/",
    "draft": DRAFT,
    "papers": "/papers/",
    "ledger": "/ledger/",
    "sign-in": "/sign-in/",
}
MEMBER_PAGES = {"waiting": "/group/waiting/", "exchange": "/group/exchange/", "exposures": "/watch/exposures/"}


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        if os.environ.get("STRICT"):
            pytest.fail("the walk needs Chromium: make system installs it")
        pytest.skip("the walk needs Chromium: make system installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(played, tmp_path_factory, browser):
    """The address of a server on a copy of the played home, and its one-time passwords."""
    home = tmp_path_factory.mktemp("walked") / "home"
    shutil.copytree(played, home, ignore=shutil.ignore_patterns("accounts.sqlite*", "web.secret", "lock"))
    made = run("accounts", "--home", str(home), "--as-of", AS_OF, "--json")
    passwords = {row["account"]: row["password"] for row in json.loads(made.stdout)}
    port = free_port()
    command = [sys.executable, "-m", "gongshi.web", "serve", "--home", str(home), "--port", str(port), "--as-of", AS_OF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert str(port) in server.stdout.readline()
            yield f"http://127.0.0.1:{port}", passwords
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                server.kill()
                raise


def visit(browser, base, language, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "gongshi_language", "value": language, "url": base}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith(base) else wrong.append(request.url))
    return context, page, wrong


def look(page, base, name, address, language, width):
    answer = page.goto(base + address)
    assert answer.status == 200, address
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        f"{address} is wider than {width} pixels in {language}"
    )
    OUT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=OUT / f"{name}-{language}-{width}.png", full_page=True)


def sign_in(page, base, mandate, password, new=""):
    page.goto(f"{base}/sign-in/")
    page.fill("#mandate", mandate)
    page.fill("#password", password)
    page.click("main button")
    if new:
        page.fill("#old", password)
        page.fill("#new", new)
        page.fill("#again", new)
        page.click("main button")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_that_is_published_is_read_without_an_account(browser, served, language, width):
    base, _ = served
    context, page, wrong = visit(browser, base, language, width)
    for name, address in PAGES.items():
        look(page, base, name, address, language, width)
    follow = {
        "evidence": ("/", ".figures a.value"),
        "item": ("/group/", "table a"),
        "ballot": ("/group/", 'a[href*="/ballots/"]'),
        "signal": ("/watch/", ".stories a"),
        "block": ("/ledger/", "table a"),
        "trace": ("/watch/assessments/", "article a"),
    }
    for name, (start, selector) in follow.items():
        page.goto(base + start)
        address = page.locator(selector).first.get_attribute("href")
        look(page, base, name, address, language, width)
    context.close()
    assert not wrong


def test_the_keyboard_leads_to_the_content_and_its_focus_is_seen(browser, served):
    base, _ = served
    context, page, _ = visit(browser, base, "zh", 1400)
    page.goto(base)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    context.close()


def test_a_member_comments_votes_and_takes_a_proof_home(browser, served, tmp_path):
    base, passwords = served
    context, page, wrong = visit(browser, base, "zh", 1400)
    sign_in(page, base, "consortium-b-expert", passwords["consortium-b-expert"], PASSWORD)
    page.goto(base + DRAFT)
    clause = page.locator("#conservation")
    clause.locator("summary").click()
    clause.locator("textarea[name=text]").fill("建议写明核对总量的时点。")
    clause.locator("form button").click()
    page.wait_for_url("**/#conservation")
    assert "建议写明核对总量的时点。" in page.locator("#conservation").inner_text()
    page.goto(base)
    page.locator('a[href*="/group/ballots/"]').first.click()
    page.locator("a.button").click()
    page.locator("input[name=position][value=approve]").check()
    page.fill("#statement", "同意发布。")
    page.click("main form button")
    page.screenshot(path=OUT / "vote-zh-1400.png", full_page=True)
    page.click("main form button")
    assert page.locator("[role=status]").count() == 1
    with page.expect_download() as download:
        page.locator("a.button").click()
    receipt = tmp_path / "vote.receipt"
    download.value.save_as(receipt)
    with page.expect_download() as download:
        page.evaluate("location.href = '/ledger/policy.txt'")
    policy = tmp_path / "policy.txt"
    download.value.save_as(policy)
    report = verify_file(receipt, policy_text=policy.read_text(encoding="utf-8"))
    assert (report.exit_code, report.facts["kinds"]) == (0, ["group.vote.cast/1"])
    context.close()
    assert not wrong


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_kept_for_members(browser, served, width):
    base, passwords = served
    mandate = {1400: "bank-expert", 400: "payment-expert"}[width]
    context, page, wrong = visit(browser, base, "zh", width)
    sign_in(page, base, mandate, passwords[mandate], PASSWORD)
    for language in ("zh", "en"):
        page.goto(f"{base}/language/{language}/")
        for name, address in {**MEMBER_PAGES, "home-member": "/", "draft-member": DRAFT}.items():
            look(page, base, name, address, language, width)
    context.close()
    assert not wrong


def test_a_supervisor_opens_an_alert(browser, served):
    base, passwords = served
    context, page, wrong = visit(browser, base, "en", 1400)
    sign_in(page, base, "ministry-supervisor", passwords["ministry-supervisor"], PASSWORD)
    look(page, base, "alerts", "/supervision/alerts/?option=typologies", "en", 1400)
    page.locator("table a").first.click()
    page.screenshot(path=OUT / "alert-en-1400.png", full_page=True)
    assert page.locator("table tbody tr").count() > 2
    context.close()
    assert not wrong
