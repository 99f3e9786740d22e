"""The command: `gongshi-verify FILE [--proof P] [--policy POLICY] [--json]`. Exit codes: 0 verified, 1 refused,

2 wrong use or unreadable, 3 consistent in itself but the signers are not pinned by a policy.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from gongshi_verifier.report import NOT_PINNED, UNREADABLE, VERIFIED, Report
from gongshi_verifier.sentences import describe_finding
from gongshi_verifier.verify import verify_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one file and print the answer, one finding a line; no traceback reaches a reader."""
    options = _read_arguments(arguments)
    try:
        proof = options.proof.read_bytes() if options.proof else None
        policy = options.policy.read_text(encoding="utf-8") if options.policy else None
        report = verify_file(options.file, proof, policy)
    except OSError as error:
        return _fail(f"cannot read {error.filename}: {error.strerror} · 无法读取 {error.filename}")
    except UnicodeDecodeError:
        return _fail(f"{options.policy} is no text · {options.policy} 不是文本文件")
    print(json.dumps(report.as_json(), ensure_ascii=False, indent=1) if options.json else describe(report))  # noqa: T201 - printing is this file's work
    return report.exit_code


def describe(report: Report) -> str:
    """Give the answer as people read it: the verdict, each finding with its place, who signed, what was established."""
    lines = [_verdict(report), *(describe_finding(finding) for finding in report.findings)]
    for signer in report.signers:
        pin = "pinned · 已锚定" if signer.pinned else "not pinned · 未锚定"
        lines.append(f"  {signer.organisation}  {signer.fingerprint}  {pin}")
    if report.ok:
        lines += [f"  {name}: {value}" for name, value in report.as_json()["facts"].items()]  # type: ignore[attr-defined]
    return "\n".join(lines)


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
        epilog="exit codes: 0 verified, 1 refused, 2 wrong use or unreadable, 3 consistent but signers not pinned",
    )
    parser.add_argument("file", type=Path, help="the file to check · 待验证的文件")
    parser.add_argument("--proof", type=Path, help="its proof; FILE.tlog-proof where that lies beside it · 证明文件")
    parser.add_argument("--policy", type=Path, help="whom you trust (C2SP tlog-policy) · 信任策略")
    parser.add_argument("--json", action="store_true", help="print one JSON object · 输出 JSON")
    return parser.parse_args(arguments)


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - printing is this file's work
    return UNREADABLE


if __name__ == "__main__":
    raise SystemExit(main())
