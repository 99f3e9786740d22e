"""The explorer: what it lists is what the ledger holds, and what it gives away verifies offline."""

from __future__ import annotations

import json

import pytest

from gongshi.flows.desk import EntryRefusedError
from gongshi.group.entries import cast_vote
from gongshi.terms.digest import compute_digest
from gongshi.terms.evidence import evidence_id
from gongshi_verifier.verify import verify_file


def test_the_listing_is_the_ledger(desks):
    from gongshi.web.entries import get_listing

    blocks = list(desks.house.desk.engine.blocks(1))
    listing = get_listing(desks.seat)
    assert [one.height for one in listing.blocks] == [block.height for block in blocks]
    entries = [one for block in blocks for one in block.entries]
    assert [one.digest for one in listing.entries.values()] == [one.entry.digest.hex() for one in entries]
    assert list(listing.entries) == [one.leaf for one in entries]


@pytest.mark.parametrize("kind", ["group.draft.post", "watch.signals", "pilots.pay", "ledger.key.certify"])
def test_a_receipt_verifies_offline_and_a_changed_one_does_not(desks, kind):
    client = desks.anonymous()
    digest = desks.find_entry(kind)
    answer = client.get(f"/ledger/entries/{digest}/receipt")
    assert f'filename="{digest[:16]}.receipt"' in answer.headers["Content-Disposition"]
    policy = client.get("/ledger/policy.txt").content.decode()
    report = verify_file(answer.content, policy_text=policy)
    assert (report.exit_code, report.findings) == (0, ())
    assert report.facts["digest"] == bytes.fromhex(digest)
    assert verify_file(answer.content).exit_code == 3
    changed = answer.content.replace(kind.encode(), kind.upper().encode(), 1)
    assert verify_file(changed, policy_text=policy).exit_code in (1, 2)


def test_a_block_that_refused_everything_says_why(desks):
    desk = desks.house.desk
    ticket = desk.submit("central-bank", cast_vote("bl-nothing", "approve", (), None), mandate="central-bank-observer")
    with pytest.raises(EntryRefusedError) as refused:
        desk.settle(ticket)
    answer = desks.anonymous().get(f"/ledger/blocks/{desk.engine.height}/")
    assert answer.status_code == 200
    assert refused.value.problem.code in answer.content.decode()
    assert desks.say("web.ledger.roots") not in answer.content.decode()


def test_the_entry_page_says_what_was_entered(desks):
    text = desks.anonymous().get(f"/ledger/entries/{desks.find_entry('watch.assessment')}/").content.decode()
    assert "interoperability" in text
    assert "lab-analyst" in text


def test_a_long_list_is_cut_and_says_so(desks):
    text = desks.anonymous().get(f"/ledger/entries/{desks.find_entry('pilots.wallets.open')}/").content.decode()
    assert "… +" in text


def test_the_document_is_the_very_bytes_that_were_signed(desks):
    id_ = desks.ids["run"]
    data = desks.anonymous().get(f"/evidence/{id_}/document.json").content
    assert evidence_id(compute_digest(data)) == id_
    assert json.loads(data)["kind"] == "lab.conformance"


def test_the_evidence_page_leads_to_its_signer_and_to_what_cites_it(desks):
    text = desks.anonymous().get(f"/evidence/{desks.ids['run']}/").content.decode()
    assert "Ledger research laboratory" in text
    assert "/group/drafts/ledger-requirements/" in text
    assert (
        f"/group/ballots/{desks.ids['closed']}/"
        in desks.anonymous().get(f"/evidence/{desks.ids['count']}/").content.decode()
    )


def test_the_bundle_that_lies_there_is_recounted(desks):
    client = desks.anonymous()
    bundle = client.get("/papers/ballot-enquiry.bundle").content
    assert verify_file(bundle, policy_text=client.get("/papers/policy.txt").content.decode()).exit_code == 0


def test_a_paper_is_shown_with_its_proof_and_opens_in_the_browser(desks):
    folder = desks.house.home.published_path
    paper, proof = folder / "white-paper-zh-1.pdf", folder / "white-paper-zh-1.pdf.tlog-proof"
    paper.write_bytes(b"%PDF-1.7 a page")
    proof.write_text("proof", encoding="utf-8")
    try:
        text = desks.anonymous().get("/papers/").content.decode()
        assert f'/papers/{proof.name}"' in text
        assert desks.say("web.language.zh") in text
        assert compute_digest(paper.read_bytes()).hex() in text
        answer = desks.anonymous().get(f"/papers/{paper.name}")
        assert (answer["Content-Type"], answer.content) == ("application/pdf", paper.read_bytes())
    finally:
        paper.unlink()
        proof.unlink()
