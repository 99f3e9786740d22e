"""Every finding has its sentence in both languages, and nothing in a file writes to the reader's terminal."""

import re
from pathlib import Path
from string import Formatter

import gongshi_verifier
from gongshi_verifier.report import _NOT_READ, Finding
from gongshi_verifier.sentences import SENTENCES, describe_finding, make_printable

SOURCES = sorted(Path(gongshi_verifier.__file__).parent.glob("*.py"))


def codes_in_sources() -> set[str]:
    texts = [source.read_text() for source in SOURCES if source.name != "sentences.py"]
    return {code for text in texts for code in re.findall(r'"(verify\.[a-z_]+\.[a-z_]+)"', text)}


def test_every_code_has_a_sentence_and_every_sentence_a_code():
    assert codes_in_sources() == set(SENTENCES)
    assert set(SENTENCES) >= _NOT_READ
    assert list(SENTENCES) == sorted(SENTENCES)


def test_both_languages_say_the_same_values():
    for code, sentences in SENTENCES.items():
        chinese, english = ({name for _, name, _, _ in Formatter().parse(one) if name} for one in sentences)
        # A code with both a place and the same place as a value may name either.
        assert chinese | {"place", "organisation"} == english | {"place", "organisation"}, code
        assert re.search(r"[\u4e00-\u9fff]", sentences[0]), code
        assert not re.search(r"[\u4e00-\u9fff]", sentences[1]), code


def test_a_line_has_both_languages_and_the_code():
    line = describe_finding(Finding("verify.part.altered", "page 7"))
    assert line == "  page 7 was altered · page 7 被改动过 [verify.part.altered]"


def test_what_a_file_says_stays_on_its_line_and_moves_no_cursor():
    line = describe_finding(Finding("verify.part.altered", "\x1b[2Jok\nverified\u202e\x9b"))
    assert "\n" not in line
    assert line.startswith(r"  \u001b[2Jok\u000averified\u202e\u009b was altered")
    assert make_printable("共识 7 & é") == "共识 7 & é"
