import pytest

from gongshi.watch.wording import canonical_url, get_aliases, get_links, guess_language


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://www.Example.org:80/a/?utm_source=x&b=2&a=1#part", "https://example.org/a?a=1&b=2"),
        ("https://m.example.org/a", "https://example.org/a"),
        ("https://example.org:8443/", "https://example.org:8443"),
        ("https://example.org/A?x=", "https://example.org/A?x="),
        ("ftp://example.org/a", ""),
        ("/relative", ""),
        ("https://[bad", ""),
        ("https://example.org:port/", ""),
    ],
)
def test_two_addresses_of_one_page_have_one_form(url, canonical):
    assert canonical_url(url) == canonical


def test_ids_are_found_in_both_languages_and_keep_their_databases_case():
    text = "修复cve-2024-12345、GHSA-HG58-RF2H-6RR7，CNVD-2021-12345；again CVE-2024-12345, not XCVE-2024-1111"
    assert get_aliases(text) == ("CVE-2024-12345", "GHSA-hg58-rf2h-6rr7", "CNVD-2021-12345")


def test_links_end_where_the_sentence_goes_on():
    text = "见（https://a.example/1），[x](https://b.example/2). <https://c.example/3>。https://a.example/1!"
    assert get_links(text) == ("https://a.example/1", "https://b.example/2", "https://c.example/3")


def test_language_by_its_characters():
    assert guess_language("区块链 consensus 跨链技术规范", "en") == "zh"
    assert guess_language("An English text with 共识", "zh") == "en"
    assert guess_language("v1.0", "zh") == "zh"
