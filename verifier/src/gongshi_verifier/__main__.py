"""The command: `gongshi-verify FILE [--proof P] [--policy POLICY] [--json]`. Exit codes: 0 verified, 1 refused,

2 wrong use or unreadable, 3 consistent in itself but the signers are not pinned by a policy.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gongshi_verifier.report import NOT_PINNED, UNREADABLE, VERIFIED, Report
from gongshi_verifier.sentences import describe_finding, make_printable
from gongshi_verifier.verify import read_bounded, verify_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one file and print the answer, one finding a line; no traceback reaches a reader."""
    options = _read_arguments(arguments)
    try:
        proof = read_bounded(options.proof) if options.proof else None
        policy = read_bounded(options.policy) if options.policy else None
        report = verify_file(options.file, proof, policy)
    except OSError as error:
        return _fail(f"cannot read {error.filename}: {error.strerror} · 无法读取 {error.filename}")
    _print(json.dumps(report.as_json(), indent=1) if options.json else describe(report))
    return report.exit_code


def describe(report: Report) -> str:
    """Give the answer as people read it: the verdict, each finding with its place, who signed, what was established."""
    lines = [_verdict(report), *(describe_finding(finding) for finding in report.findings)]
    for signer in report.signers:
        pin = "pinned · 已锚定" if signer.pinned else "not pinned · 未锚定"
        lines.append(f"  {make_printable(signer.organisation)}  {signer.fingerprint}  {pin}")
    if report.ok:
        lines += _describe_facts(report)
    return "\n".join(lines)


def _describe_facts(report: Report) -> Iterator[str]:
    facts = report.as_json()["facts"]
    assert isinstance(facts, Mapping)
    for name, value in facts.items():
        yield f"  {make_printable(name)}: {make_printable(value)}"


def _verdict(report: Report) -> str:
    verdicts = {
        VERIFIED: "verified · 验证通过",
        UNREADABLE: "cannot be checked · 无法检查",
        NOT_PINNED: "consistent in itself; signers not pinned (give --policy) · 自身一致；签名方未锚定（请用 --policy）",
    }
    return f"{report.kind}: {verdicts.get(report.exit_code, 'refused · 未通过')}"


def _read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="gongshi-verify",
        description="Check a publication, ballot bundle, alert or receipt offline. 离线验证出版物、投票包、警报或回执。",
        epilog="exit codes · 退出码: 0 verified · 通过, 1 refused · 未通过, 2 wrong use or unreadable · 用法有误或无法读取, "
        "3 consistent but signers not pinned · 自身一致但签名方未锚定",
    )
    parser.add_argument("file", type=Path, help="the file to check · 待验证的文件")
    parser.add_argument("--proof", type=Path, help="its proof; FILE.tlog-proof where that lies beside it · 证明文件")
    parser.add_argument("--policy", type=Path, help="whom you trust (C2SP tlog-policy) · 信任策略")
    parser.add_argument("--json", action="store_true", help="print one JSON object · 输出 JSON")
    return parser.parse_args(arguments)


def _print(text: str) -> None:
    """Print to whatever the terminal's encoding is: what it cannot show is escaped, never an error."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))  # noqa: T201 - printing is this file's work


def _fail(sentence: str) -> int:
    print(make_printable(sentence), file=sys.stderr)  # noqa: T201 - printing is this file's work
    return UNREADABLE


if __name__ == "__main__":
    raise SystemExit(main())
