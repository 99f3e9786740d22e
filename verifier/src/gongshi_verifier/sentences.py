"""One sentence per finding, in English and Chinese; `{place}` and the finding's values fill it."""

from __future__ import annotations

from gongshi_verifier.report import Finding

# code: (Chinese, English)
SENTENCES: dict[str, tuple[str, str]] = {
    "verify.alert.customers": (
        "警报未说明账户 {place} 属于谁",
        "the alert does not say who stands behind the account {place}",
    ),
    "verify.alert.form": (
        "警报内容的字段有误（{field}）",
        "the alert's content is not of the known form ({field})",
    ),
    "verify.alert.id": (
        "警报编号与规则和记录不符",
        "the alert's id does not belong to its rule and rows",
    ),
    "verify.alert.not_held": (
        "按规则 {rule} 复核，条件“{condition}”不成立",
        "run again by rule {rule}, the condition “{condition}” does not hold",
    ),
    "verify.alert.option": (
        "没有监管方把规则 {rule} 所属的方案记入账本",
        "no supervisor entered an option on the ledger that holds the rule {rule}",
    ),
    "verify.alert.party": (
        "警报所列账户或时间与其记录不符",
        "the accounts or the time that the alert states are not those of its rows",
    ),
    "verify.alert.rate": (
        "{place} 的折算所用的汇率表未经发行方记入账本",
        "the rate by which {place} is converted is in no table that the issuer entered on the ledger",
    ),
    "verify.alert.row_missing": (
        "{place} 的记录不在所附条目中",
        "the row at {place} is not in the entries given",
    ),
    "verify.alert.rows_differ": (
        "警报列出的记录与账本中的记录不一致",
        "the rows that the alert lists are not those on the ledger",
    ),
    "verify.alert.rule_differs": (
        "所附规则 {rule} 不是警报所依据的规则",
        "the rule given, {rule}, is not the one that the alert claims",
    ),
    "verify.alert.typology": (
        "此验证程序不认识类型 {typology}",
        "this verifier does not know the typology {typology}",
    ),
    "verify.ballot.closer": (
        "投票由 {opened_by} 开启，却由 {place} 关闭",
        "the ballot was opened by {opened_by} and closed by {place}",
    ),
    "verify.ballot.closing": (
        "投票 {place} 应有一次关闭，实有 {found} 次",
        "the ballot {place} has {found} closings and not one",
    ),
    "verify.ballot.count_differs": (
        "{place}：声明为 {stated}，重新计票为 {counted}",
        "{place}: stated {stated}, recounted {counted}",
    ),
    "verify.ballot.form": (
        "投票包内容的字段有误",
        "the ballot bundle's content is not of the known form",
    ),
    "verify.ballot.opening": (
        "投票 {place} 应有一次开启，实有 {found} 次",
        "the ballot {place} has {found} openings and not one",
    ),
    "verify.ballot.order": (
        "{organisation} 的选票（{place}）不在投票期之内",
        "the paper of {organisation} at {place} is not between the opening and the closing",
    ),
    "verify.ballot.unreadable": (
        "投票 {place} 的规则、名单或选票无法读取",
        "the rule, the list or a paper of the ballot {place} does not read",
    ),
    "verify.ballot.vote_missing": (
        "缺少 {organisation} 的选票 {digest}",
        "the paper of {organisation} is missing: {digest}",
    ),
    "verify.ballot.vote_order": (
        "{place} 的关闭条目所列选票的顺序与日志不同",
        "the closing at {place} names the papers in another order than the log",
    ),
    "verify.ballot.vote_unnamed": (
        "关闭条目没有列出 {organisation} 的选票 {digest}",
        "the closing does not name the paper of {organisation}: {digest}",
    ),
    "verify.entry.chain": (
        "{place} 的条目属于另一条链 {chain}",
        "the entry at {place} belongs to another chain, {chain}",
    ),
    "verify.entry.inclusion": (
        "{place} 的条目不在检查点所承诺的日志中",
        "the entry at {place} is not in the log under this checkpoint",
    ),
    "verify.entry.malformed": (
        "{place} 的条目无法读取（{reason}）",
        "the entry at {place} does not read ({reason})",
    ),
    "verify.entry.signature": (
        "{place} 的条目：{organisation} 的签名不成立",
        "the entry at {place}: the signature of {organisation} does not hold",
    ),
    "verify.entry.signer": (
        "{place} 的条目：签名密钥 {key} 未经任何成员根密钥认证",
        "the entry at {place}: no member's root certifies the key {key}",
    ),
    "verify.entry.suite": (
        "{place} 的条目标明密码套件 {suite}，其密钥被认证的套件是 {certified}",
        "the entry at {place} names the suite {suite}, its key is certified for {certified}",
    ),
    "verify.entry.twice": (
        "{place} 的条目出现了两次",
        "the entry at {place} is given twice",
    ),
    "verify.evidence.unknown": (
        "{place} 不是本出版物所引用的证据",
        "{place} is no evidence that the publication names",
    ),
    "verify.evidence.unsigned": (
        "证据 {place} 没有成员签名",
        "no member's signature stands behind the evidence {place}",
    ),
    "verify.file.digest": (
        "文件与所发布的不一致",
        "the file is not the one that was published",
    ),
    "verify.file.length": (
        "文件长度为 {size} 字节，应为 {expected}；差异始于 {place}",
        "the file has {size} bytes and not {expected}; it differs from {place} on",
    ),
    "verify.file.oversized": (
        "文件超过 {limit} 字节，本程序不作检查",
        "the file has more than {limit} bytes and is not looked at",
    ),
    "verify.file.purpose": (
        "此验证程序不认识用途 {purpose}",
        "this verifier does not know the purpose {purpose}",
    ),
    "verify.file.unreadable": (
        "文件既不是可验证的卷宗，旁边也没有证明文件（{reason}）",
        "the file is no dossier, and no proof lies beside it ({reason})",
    ),
    "verify.key.possession": (
        "{place} 的条目：{organisation} 的根密钥认证了一把密钥，但没有该密钥持有者的持有证明",
        "the entry at {place}: the root of {organisation} certifies a key without a proof that its owner holds it",
    ),
    "verify.log.chain": (
        "检查点属于日志 {place}，而不是链 {chain}",
        "the checkpoint is of the log {place}, not of the chain {chain}",
    ),
    "verify.log.quorum": (
        "日志 {place} 的检查点联署不足（已联署：{cosigned}）",
        "too few members cosigned the checkpoint of {place} (cosigned: {cosigned})",
    ),
    "verify.log.signature": (
        "检查点没有策略所认可的日志 {place} 的签名",
        "the checkpoint is not signed by the policy's log {place}",
    ),
    "verify.manifest.digest": (
        "各部分的清单不是发布条目所承诺的清单",
        "the manifest of parts is not the one that the publication entry commits to",
    ),
    "verify.manifest.gap": (
        "清单在 {place} 处不连续：偏移 {offset}，应为 {expected}",
        "the manifest has a gap at {place}: offset {offset}, expected {expected}",
    ),
    "verify.part.altered": (
        "{place} 被改动过",
        "{place} was altered",
    ),
    "verify.policy.unreadable": (
        "信任策略无法读取：{place}（{reason}）",
        "the policy does not read: {place} ({reason})",
    ),
    "verify.proof.unreadable": (
        "证明文件无法读取（{reason}）",
        "the proof does not read ({reason})",
    ),
    "verify.publication.entry": (
        "{place} 的条目不是一份出版物的发布条目",
        "the entry at {place} does not publish one file",
    ),
    "verify.receipt.form": (
        "回执内容的字段有误",
        "the receipt's content is not of the known form",
    ),
    "verify.receipt.missing": (
        "回执所指的条目 {place} 不在卷宗中",
        "the entry {place} that the receipt names is not in the dossier",
    ),
    "verify.root.other": (
        "{place} 的根密钥与策略不符（指纹 {fingerprint}）",
        "the root of {place} is not the policy's (fingerprint {fingerprint})",
    ),
    "verify.root.unknown": (
        "策略中没有成员 {place}",
        "the policy names no member {place}",
    ),
    "verify.suite.unavailable": (
        "{place} 的签名属于密码套件 {suite}，本机未安装其检验程序，无法判定",
        "the signature at {place} is of the suite {suite}, which cannot be checked in this installation",
    ),
}


def describe_finding(finding: Finding) -> str:
    """Give the finding's line: English, Chinese, and the code that a reader can look up."""
    plain = finding.as_json()["values"]
    assert isinstance(plain, dict)
    values = {"place": finding.place, **plain}
    shown = {name: make_printable(value) for name, value in values.items()}
    chinese, english = SENTENCES[finding.code]
    return f"  {english.format_map(shown)} · {chinese.format_map(shown)} [{finding.code}]"


def make_printable(value: object) -> str:
    """Give a value on one line of characters that show: a file under check must not write to the reader's terminal."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in str(value))
