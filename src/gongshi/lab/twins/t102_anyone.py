"""Breaks catalogue 102: anybody may issue."""

from __future__ import annotations

from gongshi.lab.records import Account, Result
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class LetsAnybodyIssue(Twin):
    """Does not ask who issues."""

    catalogue = 102
    flaw = Text("任何人都可以发行", "lets anybody issue")

    def issue(self, payee: Account, amount: int, by: Account | None = None) -> Result:
        """Issue as the issuer, whoever asked."""
        del by
        return super().issue(payee, amount)


BROKEN = LetsAnybodyIssue
