import pytest

from gongshi.watch.records import Hit
from tests.watch.worlds import classify


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("A Cross\nChain transfer", [Hit("interoperability", "cross-chain")]),
        ("采用ＩＢＣ协议", [Hit("interoperability", "IBC")]),
        ("跨\n  链与共识", [Hit("interoperability", "跨链"), Hit("consensus", "共识")]),
        ("the cribc of geosciences, Theos", []),
        ("EOS, a switch maker's system", [Hit("consensus", "EOS")]),
        ("", []),
    ],
)
def test_latin_terms_are_whole_words_and_chinese_terms_are_found_anywhere(text, hits):
    assert list(classify(text)) == hits
