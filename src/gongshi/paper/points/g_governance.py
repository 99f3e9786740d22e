"""Governance and security."""

from __future__ import annotations

from gongshi.paper.points.judging import Point, both, drawing, evidence, prints, rows, table
from gongshi.terms.text import Text

POINTS = (
    Point(32, Text("规则层次", "rule layers"), both(rows("rule-layers", 2, "layer", "what"), table("tab-layers", 2))),
    Point(33, Text("治理模式", "models"), both(rows("models", 3, "model", "limit"), table("tab-models", 3))),
    Point(
        34, Text("安全性质", "properties"), both(rows("properties", 3, "property", "means"), table("tab-properties", 3))
    ),
    Point(
        35,
        Text("挑战与对策", "challenges with counter-measures"),
        both(rows("challenges", 3, "challenge", "counter"), table("tab-challenges", 3)),
    ),
    Point(
        36,
        Text("安全体系", "security system"),
        both(rows("security-system", 5, "part", "content", "owner"), table("tab-security", 5)),
    ),
    Point(
        37,
        Text("现行公告与组件匹配", "live advisories matched to components"),
        both(evidence("exposures"), table("tab-exposures", 1)),
    ),
    Point(
        38,
        Text("监管方案运行并比较", "regulation options run and compared"),
        both(
            prints(
                "options",
                "thresholds.caught",
                "typologies.caught",
                "thresholds.accounts_burdened",
                "typologies.accounts_burdened",
            ),
            drawing("fig-options"),
        ),
    ),
    Point(
        39,
        Text("反洗钱与地下钱庄类型", "AML and underground-bank typologies"),
        both(rows("typologies", 4), evidence("options")),
    ),
    Point(
        40,
        Text("数字货币试点结果", "digital-currency pilot result"),
        both(prints("pilot", "issued", "held", "wallets", "payments"), table("tab-pilot", 3)),
    ),
)
