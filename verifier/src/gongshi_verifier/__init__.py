"""Checks Gongshi's proofs offline: files in, findings out; no network, no home folder, one signature library."""
