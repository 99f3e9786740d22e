"""A published white paper in a stranger's hands: every way of bending it is refused by name, and a validator reads the file."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from gongshi.cli.alliance import get_founding
from gongshi.cli.paper import FOLDER
from gongshi.cli.rehearse import ALLIANCE
from gongshi.flows import paper_to_ledger
from gongshi.flows.alliance_to_ledger import get_mandate
from gongshi.flows.desk import Actor
from gongshi.flows.evidence import sign
from gongshi.paper.adapters.content_folder import load_content
from gongshi.paper.adapters.typst_setter import TypstSetter
from gongshi.terms.evidence import evidence_from
from gongshi.terms.text import LANGUAGES
from gongshi.wiring import get_catalogue, open_house
from gongshi_verifier import cbor
from gongshi_verifier.publication import parse_extra
from gongshi_verifier.tlog_proof import parse_proof
from gongshi_verifier.verify import verify_file
from tests.doors.printed import edit_number, find_pages
from tests.doors.rehearsals import AS_OF, SEED, Rehearsal, absent, copy_rehearsed

pytestmark = pytest.mark.slow
FLAVOURS = ("3a", "ua1")
VERAPDF = Path(__file__).parents[2] / ".cache" / "verapdf" / "greenfield-apps-1.28.2.jar"
SIGNALS = ("watch.coverage", "signals")


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    return copy_rehearsed(tmp_path_factory)


@pytest.fixture(scope="module")
def policy(rehearsal):
    return (rehearsal.published / "policy.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=LANGUAGES)
def paper(request, rehearsal):
    return rehearsal.published / f"white-paper-{request.param}.pdf"


def verify(file: Path, pdf: bytes, policy: str):
    proof = file.with_name(f"{file.name}.tlog-proof").read_bytes()
    report = verify_file(pdf, proof, policy)
    return report.exit_code, [(finding.code, finding.place) for finding in report.findings]


def attachments(file: Path):
    """Give the attached documents by name, as any reader of PDF finds them."""
    return {name: contents[0] for name, contents in PdfReader(file).attachments.items()}


def printed(file: Path, kind: str, figure: str) -> str:
    """Give a number as it has to be printed: out of the evidence that is attached to the file."""
    documents = [evidence_from(json.loads(data)) for data in attachments(file).values()]
    return next(one.figures[figure].printed() for one in documents if one.kind == kind)


def test_one_byte_of_an_attached_evidence_names_the_attachment(paper, policy):
    pdf = paper.read_bytes()
    extra = parse_extra(parse_proof(paper.with_name(f"{paper.name}.tlog-proof").read_text(encoding="utf-8")).extra)
    parts = [part for part in extra.manifest if part.name.startswith("attachment ")]
    assert {part.name for part in parts} == {f"attachment {name}" for name in attachments(paper)}
    for part in parts:
        changed = bytearray(pdf)
        changed[part.offset + part.length // 2] ^= 1
        assert verify(paper, bytes(changed), policy) == (1, [("verify.part.altered", part.name)])


def test_an_edited_number_names_its_page(paper, policy):
    """What is printed is another number, every attachment is as it was, and the page is named."""
    number = printed(paper, *SIGNALS)
    pages = find_pages(paper.read_bytes(), number)
    assert len(pages) > 1, "the summary and the body print it"
    for page in pages:
        edited, shown = edit_number(paper.read_bytes(), page, number)
        reader = PdfReader(io.BytesIO(edited))
        before, after = PdfReader(paper).pages[page - 1].extract_text(), reader.pages[page - 1].extract_text()
        assert before != after
        assert shown in after
        assert {name: data[0] for name, data in reader.attachments.items()} == attachments(paper)
        assert verify(paper, edited, policy) == (1, [("verify.part.altered", f"page {page}")])


def test_the_command_says_it_and_gives_its_code(rehearsal, paper, tmp_path):
    number = printed(paper, *SIGNALS)
    page = find_pages(paper.read_bytes(), number)[0]
    bent = tmp_path / paper.name
    bent.write_bytes(edit_number(paper.read_bytes(), page, number)[0])
    proof = ("--proof", str(paper.with_name(f"{paper.name}.tlog-proof")))
    pinned = ("--policy", str(rehearsal.published / "policy.txt"))
    stranger = Rehearsal(tmp_path / "no-home")
    answer = stranger.gongshi("verify", str(bent), *proof, *pinned)
    assert (answer.code, f"page {page}" in answer.out) == (1, True)
    assert stranger.gongshi("verify", str(paper), *proof, *pinned).code == 0
    assert stranger.gongshi("verify", str(paper), *proof).code == 3


def test_a_longer_or_shorter_file_is_refused(paper, policy):
    pdf = paper.read_bytes()
    for changed in (pdf + b"\n", pdf[:-1], b"%" + pdf):
        code, findings = verify(paper, changed, policy)
        assert code == 1
        assert "verify.file.length" in {name for name, _ in findings}


@pytest.fixture(scope="module")
def remade(rehearsal, tmp_path_factory):
    """The same content and evidence, published by an alliance of the same names, seed and day under keys of its own."""
    other = Rehearsal(tmp_path_factory.mktemp("other") / "home")
    founding = ("init", "--alliance", str(ALLIANCE), "--rehearsal", "--seed", str(SEED))
    assert other.gongshi(*founding).code == 0
    with open_house(rehearsal.home, AS_OF) as house:
        content = load_content(ALLIANCE / FOLDER)
        edition = paper_to_ledger.build(house.desk, content, TypstSetter(), lambda one: get_catalogue(one).say)
    with open_house(other.home, AS_OF) as house:
        for material in edition.materials.values():
            for signer in material.signers:
                sign(house.desk, signer, material.evidence)
        secretariat = get_founding(house).secretariat
        secretary = Actor(secretariat, get_mandate(get_founding(house), secretariat, "secretariat"))
        paper_to_ledger.publish(house.desk, secretary, edition, other.published)
    return other


def test_a_publication_remade_with_fresh_keys_is_refused(rehearsal, remade, paper, policy):
    """Its files are the same to the byte and consistent in themselves; only whom the reader trusts tells them apart."""
    made = remade.published / paper.name
    assert made.read_bytes() == paper.read_bytes()
    own = (remade.published / "policy.txt").read_text(encoding="utf-8")
    assert verify(made, made.read_bytes(), own) == (0, [])
    code, findings = verify(made, made.read_bytes(), policy)
    assert code == 1
    assert findings[0][0] == "verify.log.signature"
    foreign = {place for name, place in findings if name == "verify.root.other"}
    signers = {signer.organisation for signer in verify_file(made, None, own).signers}
    assert foreign == signers
    assert {name for name, _ in findings} == {"verify.log.signature", "verify.root.other"}
    answer = rehearsal.gongshi("verify", str(made), "--policy", str(rehearsal.published / "policy.txt"))
    assert answer.code == 1


def test_each_vote_that_is_taken_out_is_named(rehearsal, policy, tmp_path):
    """The bundle is written anew without one vote: the count's entry still names it."""
    (file,) = rehearsal.published.glob("*.bundle")
    bundle = cbor.decode(file.read_bytes())
    entries = bundle["entries"]
    kinds = [cbor.decode(cbor.decode(data)[2])[4][0][0] for data, _, _ in entries]
    votes = [place for place, kind in enumerate(kinds) if kind == "group.vote.cast"]
    assert len(votes) > 6
    for place in votes:
        bent = cbor.encode({**bundle, "entries": entries[:place] + entries[place + 1 :]})
        report = verify_file(bent, None, policy)
        assert (report.exit_code, report.findings[0].code) == (1, "verify.ballot.vote_missing")
        assert report.findings[0].place
    (tmp_path / "bent.bundle").write_bytes(bent)
    pinned = ("--policy", str(rehearsal.published / "policy.txt"))
    assert Rehearsal(tmp_path / "no-home").gongshi("verify", str(tmp_path / "bent.bundle"), *pinned).code == 1


def need(is_there: bool, what: str) -> None:
    if not is_there:
        absent(f"{what} is not installed: make system")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_validator_accepts_the_file(paper, flavour):
    jar = VERAPDF
    need(shutil.which("java") is not None and jar.exists(), "veraPDF")
    judge = ["java", "-cp", str(jar), "org.verapdf.apps.GreenfieldCliWrapper", "--flavour", flavour, "--format", "text"]
    found = subprocess.run([*judge, str(paper)], capture_output=True, text=True, check=False)
    assert found.stdout.split()[0] == "PASS", found.stdout[:2000]


def test_a_printed_number_is_that_of_its_evidence(paper):
    need(shutil.which("pdftotext") is not None, "poppler")
    number = printed(paper, *SIGNALS)
    page = find_pages(paper.read_bytes(), number)[0]
    text = subprocess.run(
        ["pdftotext", "-f", str(page), "-l", str(page), str(paper), "-"], capture_output=True, text=True, check=True
    ).stdout
    word = {"zh": f"信号 {number} 条", "en": f"{number} signals"}[paper.stem[-2:]]
    assert word in " ".join(text.split()), text
