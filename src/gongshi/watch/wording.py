"""What texts of both languages share: one normal form for matching, and the identities that stand in running text."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import nh3

from gongshi.terms.text import Language

_ALIAS = re.compile(
    r"(?<![A-Z0-9])(CVE-\d{4}-\d{4,7}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|CNVD-\d{4}-\d{4,7}|CNNVD-\d{6}-\d{3,6}"
    r"|GO-\d{4}-\d{4}|RUSTSEC-\d{4}-\d{4}|PYSEC-\d{4}-\d{1,5}|GCVE-\d+-\d{4}-\d+)(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[^\s<>\"'`()\[\]{}，。；、）】》]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_NOT_LATIN = re.compile(r"[^0-9a-z]+")
_TRACKING = ("utm_", "spm", "fbclid", "gclid", "mc_cid", "mc_eid", "share_token")
_MOBILE = ("m.", "mobile.", "wap.", "amp.", "www.")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalise(text: str) -> str:
    """Give the form that matching compares: NFKC, case folded. The original is what people see."""
    return unicodedata.normalize("NFKC", text).casefold()


def latin_words(normal: str) -> str:
    """Give the Latin words of a normal text with one space around each, so that ` term ` is found as whole words only."""
    return f" {_NOT_LATIN.sub(' ', normal).strip()} "


def without_spaces(normal: str) -> str:
    """Give a normal text without white space: Chinese terms may be broken over lines."""
    return "".join(normal.split())


def guess_language(text: str, declared: Language) -> Language:
    """Tell Chinese from the share of its characters; short texts are what the source declares."""
    if len(text) < 8:
        return declared
    return "zh" if len(_HAN.findall(text)) * 10 >= len(text) else "en"


def get_aliases(text: str) -> tuple[str, ...]:
    """Give the vulnerability ids that a text names, once each, in the databases' own case."""
    return tuple(dict.fromkeys(_alias_case(found) for found in _ALIAS.findall(text)))


def _alias_case(found: str) -> str:
    return f"GHSA{found[4:].lower()}" if found[:4].upper() == "GHSA" else found.upper()


def get_links(text: str) -> tuple[str, ...]:
    """Give the absolute links of a text or of markup, once each, in order."""
    return tuple(dict.fromkeys(link.rstrip(".,;:!?*_") for link in _LINK.findall(text)))


def strip_tags(markup: str) -> str:
    """Give the text of markup, entities still escaped; scripts and styles go with their content."""
    return nh3.clean(markup, tags=set())


def canonical_url(url: str) -> str:
    """Give the form under which two addresses are one: no fragment, tracking, default port, mobile host or final slash.

    Empty when the address has no host or cannot be read.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if not parts.hostname or parts.scheme not in _DEFAULT_PORTS:
        return ""
    host = next(
        (parts.hostname.removeprefix(prefix) for prefix in _MOBILE if parts.hostname.startswith(prefix)), parts.hostname
    )
    shown = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    query = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].lower().startswith(_TRACKING)
    ]
    # http and https are one address: sites move from the first to the second and keep their pages.
    return urlunsplit(("https", shown, parts.path.rstrip("/"), urlencode(sorted(query)), ""))
