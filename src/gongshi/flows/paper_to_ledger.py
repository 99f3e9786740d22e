"""From the paper to the ledger: both languages are set from evidence, entered as publications, and laid out with their proofs.

1. evidence is collected and the content checked;  2. both languages are set;  3. each file is cut into parts and entered;
4. members cosign the checkpoint, and the proofs and the policy are written beside the files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.desk import Actor, Desk
from gongshi.flows.group_decisions import get_roots, read_history
from gongshi.flows.rooms_to_paper import collect_materials
from gongshi.group.queries import get_organisations, get_rehearsal
from gongshi.paper.entries import publish as publish_op
from gongshi.paper.manifest import make_manifest
from gongshi.paper.ports import Typesetter, TypesettingError
from gongshi.paper.proof import make_publication_proof
from gongshi.paper.records import Content, Edition, Material, Paper, Publication
from gongshi.paper.rules import check_content, read_structure
from gongshi.paper.source import Wording, get_cutoff, make_files
from gongshi.paper.store import get_file_name, list_publications
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.problem import Problem
from gongshi.terms.text import LANGUAGES, Language, Text
from gongshi_verifier.publication import Part, compute_manifest_digest

PROOF_SUFFIX, POLICY_FILE = ".tlog-proof", "policy.txt"
Says = Callable[[Language], Callable[[str], str]]


def build(desk: Desk, content: Content, setter: Typesetter, says: Says) -> Edition | list[Problem]:
    """Set the paper in both languages from what is signed on this ledger; every problem where it cannot be."""
    materials = collect_materials(desk)  # 1
    problems = check_content(content, materials)
    if problems:
        return problems
    with desk.read() as connection:
        names = {one.id: one.name for one in get_organisations(connection)}
        rehearsal = get_rehearsal(connection) or Text("—", "—")
    papers: dict[Language, Paper] = {}
    for language in LANGUAGES:  # 2
        files = make_files(content, materials, Wording(language, says(language), names, rehearsal))
        try:
            pdf, found = setter.set(files, get_cutoff(materials) // 1000)
        except TypesettingError as error:
            return [error.problem]
        papers[language] = Paper(language, pdf, read_structure(found))
    return Edition(content, materials, papers)


def publish(desk: Desk, secretary: Actor, edition: Edition, folder: Path) -> list[Path]:
    """Enter both files as publications and write them with their proofs; what was published before under these bytes stays."""
    entered: dict[Language, tuple[Path, tuple[Part, ...]]] = {}
    for language, paper in edition.papers.items():  # 3
        manifest = make_manifest(paper.pdf)
        revision = _enter(desk, secretary, edition, paper, manifest)
        path = folder / get_file_name(edition.content.id, language, revision)
        if not path.exists() or path.read_bytes() != paper.pdf:
            path.write_bytes(paper.pdf)
        entered[language] = (path, manifest)
    missing = [path for path, _ in entered.values() if not _proof_path(path).exists()]
    if missing:  # 4
        _write_proofs(desk, edition.materials, entered)
    (folder / POLICY_FILE).write_text(make_policy(desk), encoding="utf-8")
    return [path for path, _ in entered.values()]


def _enter(desk: Desk, secretary: Actor, edition: Edition, paper: Paper, manifest: tuple[Part, ...]) -> int:
    file = compute_digest(paper.pdf)
    with desk.read() as connection:
        known = [
            row
            for row in list_publications(connection)
            if (row["id"], row["language"]) == (edition.content.id, paper.language)
        ]
    for row in known:
        if row["file"] == file:
            return int(row["revision"])
    publication = Publication(
        id=edition.content.id,
        language=paper.language,
        revision=len(known) + 1,
        title=edition.content.title,
        file=file,
        manifest=Digest(compute_manifest_digest(manifest)),
        evidence=tuple(sorted(material.digest for material in edition.materials.values())),
        cutoff=get_cutoff(edition.materials),
    )
    desk.act(secretary.organisation, publish_op(publication), mandate=secretary.mandate)
    return publication.revision


def _write_proofs(
    desk: Desk, materials: Mapping[str, Material], entered: Mapping[Language, tuple[Path, tuple[Part, ...]]]
) -> None:
    history, roots, checkpoint = read_history(desk), get_roots(desk), cosigned(desk)
    evidence = {material.digest for material in materials.values()}
    for path, manifest in entered.values():
        file = compute_digest(path.read_bytes())
        published = next(
            logged
            for logged in history
            if any(op.kind == "paper.publication" and op.body["file"] == file for op in logged.entry.ops)
        )
        proof = make_publication_proof(
            published, history, evidence, manifest, roots, checkpoint, desk.engine.prove_leaf
        )
        _proof_path(path).write_text(proof, encoding="utf-8")


def _proof_path(path: Path) -> Path:
    return path.with_name(path.name + PROOF_SUFFIX)
