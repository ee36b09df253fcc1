"""Gaps: the holes in the dates of returns or prices, by the calendar that the dates show or by that of an exchange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import read_numbers
from riskresearch.core.dates._exchange import exchange_sessions
from riskresearch.core.dates._gap_checks import count_of, largest_move, moves_over, show_day
from riskresearch.core.dates._holes import enough_rows, holes_in, make_holes
from riskresearch.core.dates._spacing import days_of, first_rows_of_days, read_spacing
from riskresearch.core.output._formats import count, percent
from riskresearch.core.output._tables import Block, as_html, as_text, table

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import Data
    from riskresearch.core.dates._holes import Dates, Holes


SHOWN = 10
"""Gaps in the summary."""


@dataclass(frozen=True, slots=True, repr=False)
class Gaps:
    """Represent the gaps in the dates of returns or prices, as `find_gaps` returns them.

    Attributes
    ----------
    before, after : tuple of datetime64
        Date of the last row before each gap and of the first one after it.
    missing : tuple of int
        Sessions, weeks or months without a row in each gap.
    moves : tuple of float
        Return of the first row after each gap, of the asset that moved most; nan where none is known.
    expected : int
        Sessions, weeks or months from the first row to the last.
    unit : str
        "session", "day" (of a week of seven), "week", "month", "quarter", "half year", "year" or "period".
    calendar : str
        The weekdays or periods that count, or the exchange.
    extraordinary : bool
        Whether more is missing than holidays explain: more than 13 sessions in a row, or 15 and 11 % of all; of days of
        seven-day weeks 5 and 5 %, of weeks 2 and 5 %, of months and longer periods, and of an exchange's sessions, any.
    """

    before: tuple[np.datetime64, ...]
    after: tuple[np.datetime64, ...]
    missing: tuple[int, ...]
    moves: tuple[float, ...]
    expected: int
    unit: str
    calendar: str
    extraordinary: bool

    @property
    def total(self) -> int:
        """The sessions, weeks or months without a row."""
        return sum(self.missing)

    @property
    def longest(self) -> int | None:
        """The number of the longest gap, None without gaps."""
        return self.missing.index(max(self.missing)) if self.missing else None

    @property
    def largest(self) -> int | None:
        """The number of the gap with the largest move, None without a known move."""
        return largest_move(np.array(self.moves))

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each gap: the dates before and after it, what is missing, and the move over it."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        dates = {name: np.array(getattr(self, name), dtype="datetime64[ns]") for name in ("before", "after")}
        return pd.DataFrame({**dates, "missing": self.missing, "move": np.array(self.moves, dtype=np.float64)})

    def summary(self) -> str:
        """Return what is missing, the longest gaps, the largest move over one, and the calendar that counts."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        longest = sorted(range(len(self.missing)), key=lambda gap: -self.missing[gap])[:SHOWN]
        rows = [
            (show_day(self.before[gap]), show_day(self.after[gap]), count(self.missing[gap]), percent(self.moves[gap]))
            for gap in longest
        ]
        shown = [table(["before", "after", f"{self.unit}s missing", "move"], rows)] if rows else []
        return [f"{self.words()}.", *shown, f"Calendar: {self.calendar}."]

    def words(self) -> str:
        """Return the gaps in one line, as the report prints them."""
        if self.longest is None:
            return f"none: each of {self.expected:,} {self.unit}s has a row"
        count = len(self.missing)
        text = (
            f"{self.total:,} of {self.expected:,} {self.unit}s without a row, in {count:,} gap{'s'[: count - 1]}; the "
            f"longest from {show_day(self.before[self.longest])} to {show_day(self.after[self.longest])} "
            f"({count_of(self.missing[self.longest], self.unit)})"
        )
        if self.largest is not None:
            text += (
                f"; the largest move over one {self.moves[self.largest]:.2%} on {show_day(self.after[self.largest])}"
            )
        return text

    def __repr__(self) -> str:
        count = len(self.missing)
        return f"Gaps({self.total:,} of {self.expected:,} {self.unit}s in {count:,} gap{'' if count == 1 else 's'})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def find_gaps(data: Data, *, kind: Literal["returns", "prices"] = "returns", calendar: str | None = None) -> Gaps:
    """Find the sessions, weeks or months that have no row between the first and the last.

    Parameters
    ----------
    data : Series or DataFrame
        Returns or prices with dates; a row without any value counts as missing.
    kind : {"returns", "prices"}
        What `data` holds, for the moves over the gaps.
    calendar : str, optional
        Name of an exchange, such as "XNYS", whose sessions are expected; needs exchange_calendars. By default the
        weekdays, weeks or months that the dates show, so that holidays count as missing.

    Returns
    -------
    Gaps

    Raises
    ------
    InvalidInputError
        If `data` has no dates, the dates are irregular, or the exchange is unknown.
    OptionalDependencyError
        If an exchange is named and exchange_calendars is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.core import find_gaps
    >>> dates = pd.bdate_range("2024-01-01", periods=60).delete(range(20, 40))
    >>> gaps = find_gaps(pd.Series(0.001, index=dates))
    >>> gaps.missing, gaps.extraordinary
    ((20,), True)
    """
    check_choice(kind, ("returns", "prices"), name="kind")
    values, labels = read_numbers(data, name="data")
    if labels.dates is None:
        raise InvalidInputError("data must have dates, got rows without. Give a Series or DataFrame of dates.")
    kept = ~np.isnan(values).all(axis=1)
    dates, values = labels.dates[kept], values[kept]
    holes, seen, doubtful = _by_dates(dates, labels.dates) if calendar is None else _by_exchange(dates, calendar)
    moves = moves_over(holes, values, prices=kind == "prices") if holes.missing.size else np.empty(0)
    return Gaps(
        before=tuple(dates[holes.after - 1]),
        after=tuple(dates[holes.after]),
        missing=tuple(map(int, holes.missing)),
        moves=tuple(map(float, moves)),
        expected=holes.expected,
        unit=holes.unit,
        calendar=seen,
        extraordinary=doubtful,
    )


def _by_dates(dates: Dates, whole: Dates) -> tuple[Holes, str, bool]:
    """Return the holes in the dates of rows with a value, by the calendar of all rows."""
    try:
        spacing = read_spacing(whole)
    except InvalidInputError as error:
        what = str(error).partition(":")[0].partition(" for ")[2]
        raise InvalidInputError(
            f"data must have regular dates, got {what}. Name an exchange, such as calendar='XNYS', or give daily data."
        ) from error
    if spacing is None or dates.size < 2:
        raise InvalidInputError(f"data must have at least 3 rows with a value to show a calendar, got {dates.size}.")
    holes = holes_in(dates, spacing)
    return holes, f"{spacing.seen}, read off the dates", holes.extraordinary and enough_rows(holes.rows, holes.unit)


def _by_exchange(dates: Dates, calendar: str) -> tuple[Holes, str, bool]:
    days = days_of(dates)
    first = first_rows_of_days(days)
    own = days[first]
    sessions = exchange_sessions(calendar, int(own[0]), int(own[-1]))
    between = np.searchsorted(sessions, own[1:], "left") - np.searchsorted(sessions, own[:-1], "right")
    beside = int(np.count_nonzero(~np.isin(own, sessions)))
    seen = f"sessions of {calendar}" + (f"; {beside:,} rows on days without one" if beside else "")
    holes = make_holes(between, first, "session", expected=sessions.size)
    return holes, seen, bool(holes.missing.size)
