"""Breaks catalogue 21: the audit finds everything in order, whatever is in the store."""

from __future__ import annotations

from gongshi.lab.records import Result
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class AuditsNothing(Twin):
    """Nods."""

    catalogue = 21
    flaw = Text("审计从不发现改动", "the audit never finds a change")

    def audit(self) -> Result:
        """Accept without looking."""
        return Result(accepted=True)


BROKEN = AuditsNothing
