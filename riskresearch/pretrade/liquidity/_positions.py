"""The positions of a book as arrays, and what each of them lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.pretrade.checker._plan import known_fields

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.pretrade.book._book import Book


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Signed units and values, volumes and volatilities a day of each asset, nan where not known."""

    assets: tuple[str, ...]
    units: FloatVector
    values: FloatVector
    """In the money of the book; 0 where nothing is held."""
    volumes: FloatVector
    volatilities: FloatVector
    scenarios: FloatMatrix | None
    """Returns by scenario and asset."""
    nav: float | None
    """Net asset value, None if it is not known or not positive."""

    @property
    def held(self) -> npt.NDArray[np.bool_]:
        """Whether anything is held."""
        return np.asarray(self.units != 0.0)

    def by_asset(self, given: float | Mapping[str, float]) -> FloatVector:
        """Return a number for each asset, that of "*" where a mapping does not name it, else nan."""
        if isinstance(given, Mapping):
            rest = given.get("*", np.nan)
            return np.array([given.get(asset, rest) for asset in self.assets], dtype=np.float64)
        return np.full(len(self.assets), float(given))

    def lacking(self, needed: Mapping[str, FloatVector]) -> tuple[tuple[str, ...], ...]:
        """Return the names of what each position lacks, nothing where none is held."""
        unknown = {name: self.held & ~np.isfinite(numbers) for name, numbers in needed.items()}
        return tuple(
            tuple(name for name, where in unknown.items() if where[place]) for place in range(len(self.assets))
        )


def read_positions(book: Book, max_age: Mapping[str, float]) -> Positions:
    """Return the positions of a book; numbers that are older than allowed are not known."""
    known = known_fields(book, max_age, len(book.assets))
    units = np.asarray(known["units"])
    with np.errstate(invalid="ignore", over="ignore"):
        money = known["prices"] * known["factor"]
        values = units * np.where(money > 0.0, money, np.nan)
    values[values == 0.0] = np.nan  # a price below a double
    values[units == 0.0] = 0.0
    nav = float(known["nav"]) if 0.0 < known["nav"] < np.inf else None
    return Positions(book.assets, units, values, known["average_volume"], known["volatility"], known["scenarios"], nav)
