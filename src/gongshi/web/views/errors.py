"""What cannot be shown, said in the reader's language with what to do."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongshi.web.middleware import get_language
from gongshi.web.pages import page
from gongshi.wiring import get_catalogue


def refuse(request: HttpRequest, code: str, status: int) -> HttpResponse:
    """Give a page that says why not."""
    return page(request, "refused.html", status, code=code)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the page on which a member signs in, and back."""
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing has this address."""
    del exception
    return refuse(request, "web.refused.not_found", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this reader."""
    del exception
    return refuse(request, "web.refused.role", 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of this desk, or an old one."""
    del reason
    return refuse(request, "web.refused.forged", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that names another host, or cannot be read; the answer uses nothing of it."""
    del exception
    return _plain(request, "web.refused.bad_request", 400)


def failed(request: HttpRequest) -> HttpResponse:
    """We are wrong: nothing of the failure is shown."""
    return _plain(request, "web.refused.failed", 500)


def _plain(request: HttpRequest, code: str, status: int) -> HttpResponse:
    sentence = get_catalogue(get_language(request)).say(code)
    return HttpResponse(f"{sentence} [{code}]\n", content_type="text/plain; charset=utf-8", status=status)
