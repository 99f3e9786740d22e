"""The words of a template: sentences by code, texts in the reader's language, names, days, numbers and links to evidence."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongshi.terms.instant import ALLIANCE_ZONE
from gongshi.terms.quantity import Quantity
from gongshi.terms.sentence import Catalogue
from gongshi.terms.text import Text
from gongshi.web.chain import get_traced
from gongshi.web.seat import get_seat
from gongshi.wiring import get_catalogue

register = template.Library()
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _catalogue(context: Any) -> Catalogue:
    return get_catalogue(context.get("language", "zh"))


@register.simple_tag(takes_context=True)
def say(context: Any, code: str, **values: object) -> str:
    """Give a sentence of the catalogue."""
    return _catalogue(context).say(code, **values)


@register.simple_tag(takes_context=True)
def name(context: Any, prefix: str, word: object) -> str:
    """Give the sentence of a word of a fixed set, or the word itself where the set has grown."""
    return _catalogue(context).sentences.get(f"{prefix}.{word}", str(word))


# What the group writes as a word of a fixed set is said in the reader's language.
_WORDS = {"reasons": "web.interest", "reason": "web.void", "test": "web.test"}


@register.simple_tag(takes_context=True)
def explain(context: Any, problem: Any) -> str:
    """Give the sentence of a problem or of a step of a count, without its code; evidence carries a step as a mapping."""
    is_mapping = isinstance(problem, dict)
    code = problem["code"] if is_mapping else problem.code
    values = problem["values"] if is_mapping else problem.values
    return _catalogue(context).say(code, **{key: _say_value(context, key, value) for key, value in values.items()})


def _say_value(context: Any, key: str, value: object) -> object:
    if key == "organisation":
        return member(context, str(value))
    if key in _WORDS:
        return ", ".join(name(context, _WORDS[key], part) for part in str(value).split(", "))
    return value


@register.simple_tag(takes_context=True)
def word(context: Any, text: Text | dict[str, str] | str | None) -> str:
    """Give a text in the reader's language; what was written in one language stays in it."""
    if isinstance(text, dict):
        return text[context.get("language", "zh")]
    return text.in_(context.get("language", "zh")) if isinstance(text, Text) else (text or "")


@register.simple_tag(takes_context=True)
def member(context: Any, organisation: str) -> str:
    """Give a member's name."""
    found = context["names"].get(organisation)
    return found.in_(context["language"]) if found else organisation


@register.simple_tag(takes_context=True)
def day(context: Any, instant: int | None) -> SafeString | str:
    """Give an instant's calendar day in the alliance's zone."""
    if instant is None:
        return "–"
    moment = _moment(instant)
    return format_html('<time datetime="{}">{}</time>', moment.date().isoformat(), _say_day(context, moment))


@register.simple_tag(takes_context=True)
def moment(context: Any, instant: int) -> SafeString:
    """Give an instant to the minute in the alliance's zone."""
    at = _moment(instant)
    text = f"{_say_day(context, at)} {at:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), text)


def _moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(ALLIANCE_ZONE))


def _say_day(context: Any, moment: datetime) -> str:
    if context.get("language") == "en":
        return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return f"{moment.year}年{moment.month}月{moment.day}日"


@register.filter
def grouped(number: int) -> str:
    """Give a number grouped by thousands."""
    return f"{number:,}"


@register.simple_tag(takes_context=True)
def figure(context: Any, quantity: Quantity) -> SafeString:
    """Give a figure with its unit."""
    unit = _catalogue(context).sentences.get(f"web.unit.{quantity.unit}", quantity.unit)
    return format_html('<span class="figure">{}</span> <span class="unit">{}</span>', quantity.printed(), unit)


@register.filter
def printed(quantity: Quantity) -> str:
    """Give a figure without its unit."""
    return quantity.printed()


@register.filter
def is_traced(id_: str) -> bool:
    """Ask whether something stands in the chain from signal to number."""
    return id_ in get_traced(get_seat())


@register.filter
def hexed(data: bytes) -> str:
    """Give bytes in hex digits."""
    return data.hex()


@register.filter
def get(mapping: Any, key: object) -> object:
    """Give a mapping's value."""
    return mapping.get(key)


@register.filter
def as_json(value: object) -> str:
    """Give a value as indented JSON."""
    return json.dumps(
        value, ensure_ascii=False, indent=2, default=lambda item: item.hex() if isinstance(item, bytes) else str(item)
    )
