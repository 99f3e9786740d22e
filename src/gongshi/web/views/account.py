"""The way in: an account per mandate, a password that its holder chooses at the first visit, and the language."""

from __future__ import annotations

import time

from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from gongshi.terms.text import LANGUAGES
from gongshi.web.accounts import check_password
from gongshi.web.middleware import LANGUAGE_COOKIE
from gongshi.web.models import Account
from gongshi.web.pages import page
from gongshi.web.readers import find_reader
from gongshi.web.seat import get_seat
from gongshi.web.views.errors import ask_to_sign_in

YEAR_S = 365 * 86_400


def choose_language(request: HttpRequest, chosen: str) -> HttpResponse:
    """Remember the language and go back."""
    if chosen not in LANGUAGES:
        raise Http404
    answer = redirect(_next(request))
    answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR_S, httponly=True, samesite="Lax")
    return answer


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a mandate; a wrong name and a wrong password are one answer."""
    if request.method != "POST":
        return page(request, "sign-in.html", next=_next(request))
    name = request.POST.get("mandate", "").strip()
    account = check_password(name, request.POST.get("password", ""), int(time.time()))
    if isinstance(account, str):
        return page(request, "sign-in.html", 403, next=_next(request), problem=account, mandate=name)
    if find_reader(get_seat(), account.mandate) is None:
        return page(request, "sign-in.html", 403, next=_next(request), problem="web.sign_in.ended", mandate=name)
    login(request, account)
    return redirect(reverse("password") if account.is_one_time else _next(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("/")


@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Replace the password; the one-time password is worth nothing afterwards."""
    account = request.user
    if not isinstance(account, Account):
        return ask_to_sign_in(request)
    if request.method != "POST":
        return page(request, "password.html")
    new = request.POST.get("new", "")
    problems = _check_new(account, request.POST.get("old", ""), new, request.POST.get("again", ""))
    if problems:
        return page(request, "password.html", 400, problems=problems)
    account.set_password(new)
    account.is_one_time = False
    account.save()
    update_session_auth_hash(request, account)
    return redirect("/")


def _check_new(account: Account, old: str, new: str, again: str) -> list[str]:
    if not account.check_password(old):
        return ["web.password.old"]
    if new != again:
        return ["web.password.differ"]
    if new == old:
        return ["web.password.same"]
    try:
        validate_password(new, account)
    except ValidationError as error:
        return [f"web.password.{one.code}" for one in error.error_list]
    return []
