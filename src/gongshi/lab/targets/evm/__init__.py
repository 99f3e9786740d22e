"""A real Ethereum virtual machine with the digital currency as a Vyper contract."""

from gongshi.lab.targets.evm.target import EvmTarget

__all__ = ["EvmTarget"]
