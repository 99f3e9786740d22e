"""Signs and verifies, seals to named members. Keys come in as values; files are the business of `adapters`."""
