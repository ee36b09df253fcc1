"""The years that rows make at so many a year, beside those from their first date to their last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskresearch.core.dates._spacing import DAYS_PER_YEAR, days_of

if TYPE_CHECKING:
    from riskresearch.core.dates._holes import Dates

MOST_APART = 1.2
LEAST_YEARS = 0.95
"""The sessions of a calendar year may be some fewer than 252."""


@dataclass(frozen=True, slots=True)
class Years:
    """How many years rows make, counted in two ways."""

    rows: int
    periods: float
    by_dates: float
    """From the first date to the last, and one period more, since a return ends a period."""

    @property
    def by_rows(self) -> float:
        """The number of rows over the periods of a year."""
        return self.rows / self.periods

    @property
    def apart(self) -> bool:
        """Whether the two differ by more than a fifth, over a year or more."""
        return self.by_dates >= 1.0 and not 1.0 / MOST_APART <= self.by_rows / self.by_dates <= MOST_APART

    @property
    def short(self) -> bool:
        """Whether the rows cover less than a year, so that a rate per year extrapolates."""
        return max(self.by_rows, self.by_dates) < LEAST_YEARS

    def words(self) -> str:
        """Return both counts."""
        return (
            f"{self.rows:,} rows at {self.periods:,.6g} a year are {self.by_rows:.2f} years, those from first to last "
            f"date {self.by_dates:.2f}"
        )


def years_of(dates: Dates, periods: float) -> Years:
    """Return the years of increasing `dates` at so many rows a year."""
    days = days_of(dates[[0, -1]])
    return Years(dates.size, periods, float(days[1] - days[0]) / DAYS_PER_YEAR + 1.0 / periods)
