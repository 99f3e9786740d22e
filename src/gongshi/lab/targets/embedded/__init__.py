"""The alliance's own ledger with the digital-currency pilot."""

from gongshi.lab.targets.embedded.target import EmbeddedTarget

__all__ = ["EmbeddedTarget"]
