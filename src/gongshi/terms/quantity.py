"""A figure as evidence carries it: integer, scale and unit, so that no float is ever signed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

SCALE_MAX = 12


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` times ten to the minus `scale`, in `unit` (UCUM where it has one; otherwise a plain word such as `payment`)."""

    value: int
    scale: int
    unit: str

    def __post_init__(self) -> None:
        assert type(self.value) is int
        assert type(self.scale) is int
        assert 0 <= self.scale <= SCALE_MAX

    def as_json(self) -> dict[str, object]:
        """Give the form that evidence carries."""
        return {"value": self.value, "scale": self.scale, "unit": self.unit}

    def as_decimal(self) -> Decimal:
        """Give the number itself."""
        return Decimal(self.value).scaleb(-self.scale)

    def printed(self) -> str:
        """Give the number as a page prints it: grouped by thousands, all digits of its scale, without the unit."""
        return f"{self.as_decimal():,.{self.scale}f}"


def count_of(number: int, unit: str) -> Quantity:
    """Give a count as a quantity."""
    return Quantity(number, 0, unit)


def quantity_of(number: float | Decimal, scale: int, unit: str) -> Quantity:
    """Round a measured number half to even at a scale."""
    return Quantity(round(Decimal(number).scaleb(scale)), scale, unit)


def quantity_from(value: object) -> Quantity:
    """Read {value, scale, unit}; ValueError when it is anything else."""
    if not isinstance(value, dict) or set(value) != {"value", "scale", "unit"}:
        raise ValueError(f"not a quantity: {value!r}")
    if type(value["value"]) is not int or type(value["scale"]) is not int or not isinstance(value["unit"], str):
        raise ValueError(f"not a quantity: {value!r}")
    if not 0 <= value["scale"] <= SCALE_MAX:
        raise ValueError(f"not a quantity: {value!r}")
    return Quantity(value["value"], value["scale"], value["unit"])
