"""Gives pages and files as answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongshi.terms.problem import Problem
from gongshi.wiring import get_catalogue


def page(request: HttpRequest, template: str, status: int = 200, **values: Any) -> HttpResponse:
    """Give a page."""
    return render(request, template, values, status=status)


def file_answer(data: bytes | str, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """Give a file to be kept under a name."""
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def explain(request: HttpRequest, problem: Problem) -> str:
    """Give a problem's sentence in the reader's language."""
    return get_catalogue(getattr(request, "language", "zh")).explain(problem)
