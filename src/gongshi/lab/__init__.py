"""The lab: systems under test, suites of clauses, and what came of running them."""
