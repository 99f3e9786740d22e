"""Financial applications on the ledger; the first is a central bank's digital currency in two tiers."""
