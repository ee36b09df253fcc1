"""Amounts of money: fractions of the equity after the last return of a report."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import check_positive
from riskresearch.core.frames._as_pandas import as_dated_pandas
from riskresearch.core.output._formats import date, number

DIGITS = 5
"""Amounts have the decimals that give the equity at least this many digits."""
MOST_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Capital:
    """The money that a report converts fractions to, and what it is in words."""

    amount: float
    words: str

    def share(self, fraction: float) -> str:
        """Format a fraction of the equity as "15,800 of 1,000,000"; empty for what is no number."""
        return f"{self.part(fraction)} of {self.whole}" if math.isfinite(fraction) else ""

    def part(self, fraction: float) -> str:
        """Format a fraction of the equity as an amount."""
        return self._written(fraction * self.amount)

    @property
    def whole(self) -> str:
        """The equity as text."""
        return self._written(self.amount)

    def _written(self, amount: float) -> str:
        wanted = DIGITS - 1 - math.floor(math.log10(self.amount))
        written = number(amount, decimals=0 if wanted <= 0 else min(MOST_DECIMALS, max(2, wanted)))
        return written.rstrip("0").rstrip(".") if "." in written else written


def capital_of(given: float | pd.Series | None, last: pd.Timestamp) -> Capital | None:
    """Return the equity after the last return of a report, on `last`; None where none was given.

    Raises
    ------
    InvalidInputError
        If it is not positive, or no equity is known on or before that date.
    """
    if given is None:
        return None
    if isinstance(given, pd.Series):
        return _from_equity(given, last)
    amount = check_positive(given, name="capital (--capital)")
    return Capital(amount, f"of {_plain(amount)} held {_held(last)}, as given (capital=, --capital)")


def _from_equity(given: pd.Series, last: pd.Timestamp) -> Capital:
    equity: Any = as_dated_pandas(given, name="capital")
    index = equity.index.to_timestamp() if isinstance(equity.index, pd.PeriodIndex) else equity.index
    if not isinstance(index, pd.DatetimeIndex):
        raise InvalidInputError("capital must be a number, or a Series of the equity by date.")
    known = equity.set_axis(index.tz_localize(None)).dropna()
    known = known[known.index <= last]
    if known.empty:
        raise InvalidInputError(f"capital must have a value on or before the last return, {date(last)}.")
    amount = check_positive(known.iloc[-1], name="capital")
    return Capital(amount, f"of {_plain(amount)}, the equity {_held(last)}{_origin(equity)}")


def _origin(equity: pd.Series) -> str:
    return f": {equity.name}" if equity.name else ""


def _held(last: pd.Timestamp) -> str:
    return f"after the last return on {date(last)}"


def _plain(amount: float) -> str:
    return Capital(amount, "").whole
