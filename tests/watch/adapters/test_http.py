import gzip
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gongshi.watch.adapters.http import HttpFetcher, get_retry_after_s, is_public
from gongshi.watch.ports import FetchError, Validators

ETAG = '"v1"'


class Hostile(BaseHTTPRequestHandler):
    """One path for each way in which a server is met."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = self.path.strip("/")
        self.server.seen.append((name, self.headers.get("User-Agent"), self.headers.get("If-None-Match")))
        getattr(self, f"on_{name}")()

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def on_page(self):
        if self.headers.get("If-None-Match") == ETAG:
            self.answer(304, Last_Modified="Tue, 01 Oct 2024 00:00:00 GMT")
        else:
            self.answer(200, gzip.compress(b"page"), ETag=ETAG, Content_Encoding="gzip")

    def on_moved(self):
        self.answer(302, Location="/page")

    def on_loop(self):
        self.answer(302, Location="/loop")

    def on_file(self):
        self.answer(302, Location="file:///etc/passwd")

    def on_busy(self):
        self.answer(429, Retry_After="120")

    def on_gone(self):
        self.answer(410)

    def on_bomb(self):
        self.answer(200, gzip.compress(b"0" * 2**20), Content_Encoding="gzip")

    def on_damaged(self):
        self.answer(200, b"not gzip at all", Content_Encoding="gzip")

    def on_slow(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(20):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    made.seen = []
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def fetch(server):
    fetcher = HttpFetcher("gongshi/0 (test)", bytes_max=10_000, seconds_max=0.6, allow_private=True)
    base = f"http://127.0.0.1:{server.server_address[1]}"

    def fetch(name, known=Validators()):  # noqa: B008 - a frozen record is no shared state
        return fetcher.fetch(f"{base}/{name}", known)

    return fetch


def test_a_page_is_asked_for_once_and_then_by_its_validators(server, fetch):
    first = fetch("moved")
    assert (first.body, first.validators.etag) == (b"page", ETAG)
    assert first.url.endswith("/page")
    again = fetch("page", first.validators)
    assert again.body is None
    assert again.validators == Validators(ETAG, "Tue, 01 Oct 2024 00:00:00 GMT")
    assert server.seen[-1] == ("page", "gongshi/0 (test)", ETAG)


@pytest.mark.parametrize(
    ("name", "reason", "status"),
    [
        ("busy", "too_many_requests", 429),
        ("gone", "gone", 410),
        ("bomb", "too_large", 200),
        ("damaged", "damaged", 0),
        ("loop", "too_many_redirects", 0),
        ("file", "redirect_refused", 0),
    ],
)
def test_each_refusal_has_its_reason(fetch, name, reason, status):
    with pytest.raises(FetchError) as caught:
        fetch(name)
    assert (caught.value.reason, caught.value.status) == (reason, status)
    assert caught.value.retry_after_s == (120 if name == "busy" else None)


def test_a_server_that_drips_is_left(fetch):
    began = time.monotonic()
    with pytest.raises(FetchError) as caught:
        fetch("slow")
    assert caught.value.reason in {"too_slow", "unreachable"}
    assert time.monotonic() - began < 1.8


def test_an_own_network_is_not_read_for_a_source(server):
    fetcher = HttpFetcher("gongshi/0 (test)")
    seen = len(server.seen)
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(f"http://localhost:{server.server_address[1]}/page", Validators())
    assert caught.value.reason == "private_address"
    assert len(server.seen) == seen


def test_nobody_there():
    with pytest.raises(FetchError) as caught:
        HttpFetcher("gongshi/0 (test)", allow_private=True).fetch("http://127.0.0.1:9/", Validators())
    assert caught.value.reason == "unreachable"


def test_public_addresses_are_judged_after_unwrapping():
    private = [
        "127.0.0.1",
        "10.0.0.1",
        "100.64.0.1",
        "::1",
        "::ffff:192.168.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "fe80::1%eth0",
        "224.0.0.1",
    ]
    assert [address for address in private if is_public(address)] == []
    assert is_public("8.8.8.8")
    assert is_public("64:ff9b::808:808")


def test_retry_after_in_both_forms():
    assert get_retry_after_s("120", 0) == 120
    assert get_retry_after_s("Thu, 01 Jan 1970 00:02:00 GMT", 60.0) == 60
    assert get_retry_after_s("Thu, 01 Jan 1970 00:02:00 GMT", 600.0) == 0
    assert get_retry_after_s("soon", 0) is None
