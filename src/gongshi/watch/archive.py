"""Zip archives from outside: members are read within limits, so that no archive can fill memory or name a place outside.

Handbook R12: count, summed size, ratio, no links, no absolute or parent paths.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

from gongshi.terms.problem import Problem

MEMBERS_MAX = 50_000
MEMBER_BYTES_MAX = 16 * 2**20
TOTAL_BYTES_MAX = 512 * 2**20
RATIO_MAX = 100
# Small texts of one repeated line compress beyond any ratio without being a bomb.
RATIO_FROM_BYTES = 2**20


def read_archive(raw: bytes, where: str) -> tuple[dict[str, bytes], list[Problem]]:
    """Read all members in order of name, and a problem for each that is refused; a broken archive gives one problem."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _read_members(archive, where)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError) as error:
        return {}, [Problem("watch.archive.unreadable", where, {"reason": str(error)})]


def _read_members(archive: zipfile.ZipFile, where: str) -> tuple[dict[str, bytes], list[Problem]]:
    infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
    if len(infos) > MEMBERS_MAX:
        return {}, [Problem("watch.archive.too_many_members", where, {"count": len(infos), "limit": MEMBERS_MAX})]
    if sum(info.file_size for info in infos) > TOTAL_BYTES_MAX:
        return {}, [Problem("watch.archive.too_large", where, {"limit": TOTAL_BYTES_MAX})]
    members: dict[str, bytes] = {}
    problems: list[Problem] = []
    for info in infos:
        reason = _refusal(info, members)
        content = None if reason else _read_member(archive, info)
        if content is None:
            problems.append(
                Problem("watch.archive.member_refused", f"{where}:{info.filename}", {"reason": reason or "damaged"})
            )
        else:
            members[info.filename] = content
    return members, problems


def _refusal(info: zipfile.ZipInfo, members: dict[str, bytes]) -> str:
    name = info.filename.replace("\\", "/")
    refusals = {
        "path": name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0],
        "twice": info.filename in members,
        "link": stat.S_ISLNK(info.external_attr >> 16),
        "encrypted": bool(info.flag_bits & 1),
        "size": info.file_size > MEMBER_BYTES_MAX,
        "ratio": info.file_size > max(RATIO_FROM_BYTES, info.compress_size * RATIO_MAX),
    }
    return next((reason for reason, holds in refusals.items() if holds), "")


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """Read at most what the directory promised: the directory may lie, the checksum then says so."""
    try:
        with archive.open(info) as member:
            return member.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return None


def write_archive(members: dict[str, bytes]) -> bytes:
    """Give a zip of the members whose bytes depend on them alone, so that a folder has a digest as an archive has."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name), members[name], zipfile.ZIP_STORED)
    return buffer.getvalue()
