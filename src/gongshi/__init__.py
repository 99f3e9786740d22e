"""Gongshi (共识): the desk of a working group on distributed ledger technology."""

__version__ = "0.1.0"
