"""The room's entry kinds in one place: constructors for those who submit, `KINDS` and `NAMESPACES` for the wiring.

`kinds/work.py` holds committee, work item, stage, milestone, draft and evidence; `kinds/remarks.py` the comments;
`kinds/ballots.py` opening, votes and closing; `kinds/exchange.py` what is sealed and who holds it.
"""

from __future__ import annotations

from gongshi.group.kinds import ballots, exchange, remarks, work
from gongshi.group.kinds.ballots import ballot_id, cast_vote, close_ballot, open_ballot
from gongshi.group.kinds.common import BALLOTS, GROUPS
from gongshi.group.kinds.exchange import hold_envelope, send_envelope
from gongshi.group.kinds.remarks import comment_id, post_comment, reply_to_resolution, resolve_comment
from gongshi.group.kinds.work import (
    attach_evidence,
    found_committee,
    move_stage,
    open_workitem,
    post_draft,
    set_milestone,
    sign_evidence,
    workitem_id,
)

__all__ = [
    "BALLOTS",
    "GROUPS",
    "KINDS",
    "NAMESPACES",
    "attach_evidence",
    "ballot_id",
    "cast_vote",
    "close_ballot",
    "comment_id",
    "found_committee",
    "hold_envelope",
    "move_stage",
    "open_ballot",
    "open_workitem",
    "post_comment",
    "post_draft",
    "reply_to_resolution",
    "resolve_comment",
    "send_envelope",
    "set_milestone",
    "sign_evidence",
    "workitem_id",
]

KINDS = (*work.KINDS, *remarks.KINDS, *ballots.KINDS, *exchange.KINDS)
NAMESPACES = {GROUPS: "map", BALLOTS: "map"}
