"""The room's entry kinds, a family of acts a file; `entries.py` collects them."""
