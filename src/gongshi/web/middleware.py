"""Between the server and a view: the reader's language, the headers that keep a browser honest, and who reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from gongshi.terms.text import Language as LanguageCode
from gongshi.web.models import Account
from gongshi.web.readers import DeskRequest, find_reader
from gongshi.web.seat import get_seat

LANGUAGE_COOKIE = "gongshi_language"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {"password", "sign-out", "language", "static"}
Next = Callable[[HttpRequest], HttpResponseBase]


def get_language(request: HttpRequest) -> LanguageCode:
    """Give the language: what the reader chose, what his browser prefers, or Chinese."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if chosen in ("zh", "en"):
        return cast("LanguageCode", chosen)
    weighed = sorted(_accepted(request.headers.get("Accept-Language", "")), key=lambda pair: -pair[1])
    return next((cast("LanguageCode", name) for name, weight in weighed if name in ("zh", "en") and weight > 0), "zh")


def _accepted(header: str) -> list[tuple[str, float]]:
    pairs = [part.strip().partition(";q=") for part in header.split(",")]
    return [(name.strip()[:2].lower(), _weight(weight)) for name, _, weight in pairs]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


class Language:
    """Gives a request its language."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set the language before the view and say it after."""
        cast("DeskRequest", request).language = get_language(request)
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class Headers:
    """Adds what Django's own security middleware leaves to the site."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """No script, nothing from elsewhere, nothing kept by a cache in between."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if not response.headers.get("Content-Type", "").startswith("application/pdf"):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class Readers:
    """Finds the reader behind an account; a one-time password leads to the page that replaces it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the reader and pass on."""
        desk_request = cast("DeskRequest", request)
        account = request.user
        desk_request.reader = find_reader(get_seat(), account.mandate) if isinstance(account, Account) else None
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponseBase | None:
        """Send a person with a one-time password to change it before anything else."""
        del view, args, kwargs
        match = request.resolver_match
        is_one_time = isinstance(request.user, Account) and request.user.is_one_time
        if is_one_time and match and match.url_name not in _ALWAYS:
            return redirect(reverse("password"))
        return None
