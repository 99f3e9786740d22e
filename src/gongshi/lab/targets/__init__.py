"""Systems under test: each folder or file translates one real ledger into the machine that suites speak to."""
