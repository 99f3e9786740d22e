"""A clause and the digest that changes with it."""

from gongshi.terms.clause import Clause
from gongshi.terms.text import Text

NAME = Text("共识", "Consensus")


def test_a_changed_clause_has_another_digest():
    clause = Clause("clause-016", "5.1", NAME, Text("应拒绝", "It shall refuse."), 16, "catalogue")
    assert (
        clause.digest()
        == Clause("clause-016", "5.1", NAME, Text("应拒绝", "It shall refuse."), 16, "catalogue").digest()
    )
    others = {
        Clause("clause-016", "5.2", NAME, clause.statement, 16, "catalogue").digest(),
        Clause("clause-016", "5.1", NAME, Text("宜拒绝", "It should refuse."), 16, "catalogue").digest(),
        Clause("clause-016", "5.1", NAME, clause.statement, None, "catalogue").digest(),
        Clause("clause-016", "5.1", NAME, clause.statement, 16).digest(),
    }
    assert len(others | {clause.digest()}) == 5
