"""The stage matrix and the moves in it (international harmonised codes, ISO Guide 69): process as data.

Only the 46 filled cells are legal. What a handbook leaves to confirm is read as follows: 90.93 rests until the next 90.20;
90.92 ends here and opens a linked revision; 90.99 leads to 95.20; 95.92 leads back to 60.60.
"""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.group.records import Stage
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

STAGES: Mapping[Stage, Text] = {
    Stage(0, 0): Text("收到建议", "proposal received"),
    Stage(0, 20): Text("建议评审中", "proposal under review"),
    Stage(0, 60): Text("评审结束", "review closed"),
    Stage(0, 98): Text("建议放弃", "proposal abandoned"),
    Stage(0, 99): Text("同意投票立项", "approved to ballot"),
    Stage(10, 0): Text("提案登记", "proposal registered"),
    Stage(10, 20): Text("提案投票开始", "proposal ballot started"),
    Stage(10, 60): Text("提案投票结束", "proposal voting closed"),
    Stage(10, 92): Text("提案退回提出者", "back to submitter"),
    Stage(10, 98): Text("提案未通过", "proposal rejected"),
    Stage(10, 99): Text("提案通过", "proposal approved"),
    Stage(20, 0): Text("列入工作计划", "in work programme"),
    Stage(20, 20): Text("工作草案研究开始", "working draft study started"),
    Stage(20, 60): Text("工作草案意见截止", "working draft comments closed"),
    Stage(20, 98): Text("项目取消", "project deleted"),
    Stage(20, 99): Text("工作草案成为委员会草案", "working draft becomes committee draft"),
    Stage(30, 0): Text("委员会草案登记", "committee draft registered"),
    Stage(30, 20): Text("委员会草案研究开始", "committee draft study started"),
    Stage(30, 60): Text("委员会草案意见截止", "committee draft comments closed"),
    Stage(30, 92): Text("退回工作组", "back to working group"),
    Stage(30, 98): Text("项目取消", "project deleted"),
    Stage(30, 99): Text("委员会草案进入征询", "committee draft goes to enquiry"),
    Stage(40, 0): Text("征询稿登记", "enquiry draft registered"),
    Stage(40, 20): Text("征询投票开始", "enquiry ballot started"),
    Stage(40, 60): Text("征询投票结束", "enquiry voting closed"),
    Stage(40, 92): Text("退回委员会", "back to committee"),
    Stage(40, 93): Text("决定重新征询", "new enquiry ballot decided"),
    Stage(40, 98): Text("项目取消", "project deleted"),
    Stage(40, 99): Text("征询稿通过", "enquiry draft approved"),
    Stage(50, 0): Text("最终稿登记", "final text registered"),
    Stage(50, 20): Text("最终投票开始", "approval ballot started"),
    Stage(50, 60): Text("最终投票结束", "approval voting closed"),
    Stage(50, 92): Text("退回委员会", "back to committee"),
    Stage(50, 98): Text("项目取消", "project deleted"),
    Stage(50, 99): Text("最终稿通过", "final text approved"),
    Stage(60, 0): Text("出版中", "under publication"),
    Stage(60, 60): Text("已发布", "published"),
    Stage(90, 20): Text("复审中", "under review"),
    Stage(90, 60): Text("复审结束", "review closed"),
    Stage(90, 92): Text("决定修订", "to be revised"),
    Stage(90, 93): Text("确认继续有效", "confirmed"),
    Stage(90, 99): Text("建议废止", "withdrawal proposed"),
    Stage(95, 20): Text("废止投票开始", "withdrawal ballot started"),
    Stage(95, 60): Text("废止投票结束", "withdrawal voting closed"),
    Stage(95, 92): Text("决定不废止", "not to be withdrawn"),
    Stage(95, 99): Text("已废止", "withdrawn"),
}
FIRST = Stage(0, 0)
ROWS = (0, 10, 20, 30, 40, 50, 60)
OPTIONAL_ROWS = frozenset({10, 30, 50})
BALLOT_ROWS = frozenset({10, 40, 50})
_DECISIONS = (92, 93, 98, 99)
_JUMPS: Mapping[Stage, tuple[Stage, ...]] = {
    Stage(40, 93): (Stage(40, 20),),
    Stage(60, 60): (Stage(90, 20),),
    Stage(90, 93): (Stage(90, 20),),
    Stage(90, 99): (Stage(95, 20),),
    Stage(95, 92): (Stage(60, 60),),
    Stage(90, 92): (),
    Stage(95, 99): (),
}


def get_moves(stage: Stage) -> tuple[Stage, ...]:
    """Give every cell that may follow, the ones behind skipped rows included."""
    assert stage in STAGES
    if stage in _JUMPS:
        return _JUMPS[stage]
    if stage.sub in (0, 20):
        following = next(Stage(stage.major, sub) for sub in (20, 60) if sub > stage.sub and _is_cell(stage.major, sub))
        return (following,)
    if stage.sub == 60:
        return tuple(Stage(stage.major, sub) for sub in _DECISIONS if _is_cell(stage.major, sub))
    if stage.sub == 92:
        return tuple(Stage(row, sub) for row in ROWS if row < stage.major for sub in (0, 20))
    if stage.sub == 99:
        return _proceed(stage.major)
    return ()


def check_move(stage: Stage, target: Stage, skipped: Mapping[int, str]) -> Problem | None:
    """Refuse a cell that is none, a move that the matrix has not, and a skipped row without its reason.

    `skipped` maps a row to the reason for which it is left out; it names exactly the rows between the two cells.
    """
    values = {"from": stage.code, "to": target.code}
    if target not in STAGES:
        return Problem("group.stage.unknown", values={"stage": target.code})
    if target not in get_moves(stage):
        return Problem("group.stage.move", values=values)
    passed = _passed(stage, target)
    if set(skipped) != set(passed) or not all(skipped.values()):
        return Problem("group.stage.skip_reason", values={**values, "rows": ", ".join(f"{row:02d}" for row in passed)})
    return None


def _is_cell(major: int, sub: int) -> bool:
    return Stage(major, sub) in STAGES


def _proceed(row: int) -> tuple[Stage, ...]:
    """Give the next row's registration, and those behind rows that may be skipped."""
    cells = []
    for following in ROWS[ROWS.index(row) + 1 :]:
        cells.append(Stage(following, 0))
        if following not in OPTIONAL_ROWS:
            break
    return tuple(cells)


def _passed(stage: Stage, target: Stage) -> tuple[int, ...]:
    if stage.sub != 99 or stage in _JUMPS:
        return ()
    return tuple(row for row in ROWS if stage.major < row < target.major)
