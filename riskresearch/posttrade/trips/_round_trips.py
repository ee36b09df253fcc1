"""Round trips: closed trades by a named rule, with their statistics."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import check_choice, name_remedy, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import count, counted, money, percent, percent_of, ratio, significant
from riskresearch.core.output._tables import Block, as_html, as_text, pairs
from riskresearch.posttrade.trips._rules import MEANINGS
from riskresearch.posttrade.trips._statistics import COUNTS, FRACTIONS, trip_statistics

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLOCK = ("hour", "weekday", "month", "year")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MEASURED = frozenset(
    "opened closed units entry_price exit_price gross dividends costs net return holding bars mae mfe "
    "r_multiple".split()
)
"""Columns of trips that are results, not groups."""


@dataclass(frozen=True, slots=True, eq=False)
class RoundTrips:
    """Closed trades of a ledger by one rule: `ledger.round_trips(rule=...)` makes it.

    Money is in the base currency, at the rates of the bars on which units were closed.
    """

    trips: pd.DataFrame
    """One row a closed trip, in the order of their ends. `mae` and `mfe` are the largest loss and gain on the way,
    both at least zero, before costs and dividends."""
    open: pd.DataFrame
    """One row a trip that is open at the last bar, valued at the last price; in no statistic."""
    rule: str
    matching: str
    base_currency: str
    marks: Literal["closes", "highs and lows"]
    """What excursions were read from."""
    risk: Literal["not given", "of fills", "of assets"]
    """Where the initial risk came from, by which R multiples divide."""
    unpriced: int
    """Bars of closed trips without a price, at which excursions were not read."""

    def to_frame(self) -> pd.DataFrame:
        """Return the closed trips, one a row."""
        return self.trips.copy()

    def statistics(self, *, confidence: float = 0.95) -> pd.Series:
        """Return the statistics of the closed trips.

        Parameters
        ----------
        confidence : float
            Of the interval of the win rate, in (0, 1).

        Returns
        -------
        Series
            A trip without profit or loss counts, but is no winner and no loser, and ends a streak. Profit factors are
            infinite without a loser; they, averages and the payoff (average win over average loss) are nan without
            the trips that they are made of. `expectancy` is the mean profit of a trip, `expectancy_r` that of its R
            multiples.
        """
        return pd.Series(trip_statistics(self.trips, check_confidence(confidence)), dtype=object)

    def by(self, key: str, *, confidence: float = 0.95) -> pd.DataFrame:
        """Return the statistics of the closed trips by a group, one group a row.

        Parameters
        ----------
        key : str
            "asset", "account", "side", "currency", a column of the fills, such as "strategy", whose value on the fill
            with which a trip began counts, or "hour", "weekday", "month", "year", of the time at which it began, on
            the clock of the data.
        confidence : float
            Of the interval of the win rate, in (0, 1).

        Returns
        -------
        DataFrame
            The columns of `statistics`. Trips without a value of the column are a group of their own.
        """
        level = check_confidence(confidence)
        groups = self._groups(key)
        rows = {name: trip_statistics(part, level) for name, part in self.trips.groupby(groups, dropna=False)}
        if rows:
            table = pd.DataFrame.from_dict(rows, orient="index")
        else:
            table = pd.DataFrame(columns=list(trip_statistics(self.trips, level)))
        if key == "weekday":
            table.index = pd.Index([WEEKDAYS[int(day)] for day in table.index])
        return table.rename_axis(key)

    def _groups(self, key: str) -> Any:
        columns = [name for name in self.trips.columns if name not in MEASURED]
        if isinstance(key, str) and key in columns:
            values = self.trips[key].to_numpy(dtype=object)
            odd = next((each for each in values if not isinstance(each, Hashable)), None)
            if odd is not None:
                raise InvalidInputError(f"key must be a column of names or numbers, got {key!r} with {shown(odd)}.")
            return values
        if key not in CLOCK:
            given = key if isinstance(key, str) else shown(key)
            raise InvalidInputError(
                f"key must be a column of the trips or part of the time at which they began, got {given!r}."
                f"{name_remedy(str(given), [*columns, *CLOCK], what='key')} Any column of the fills "
                "becomes one of the trips."
            )
        opened = self.trips["opened"]
        if opened.dtype.kind != "M" and not isinstance(opened.dtype, pd.DatetimeTZDtype):
            raise InvalidInputError(f"key must not be {key!r} for trips without dates, got row numbers as their times.")
        if key == "hour" and len(opened) and bool((opened == opened.dt.normalize()).all()):
            raise InvalidInputError(
                "key must not be 'hour' where fills have dates without a time of day, got midnight for all of them. "
                'Group by "weekday" or "month", or give the fills their times.'
            )
        return getattr(opened.dt, "day_of_week" if key == "weekday" else key).to_numpy()

    def conventions(self) -> str:
        """Return what the numbers mean, in words."""
        lots = {"average": "average cost", "specific": "lots named by fills"}.get(self.matching, self.matching.upper())
        marks = "closes" if self.marks == "closes" else "highs and lows of bars without a fill of the trip, and closes"
        missing = f"; {counted(self.unpriced, 'bar')} without a price left out" if self.unpriced else ""
        risk = {
            "not given": "No initial risk was given, so there are no R multiples.",
            "of fills": "R multiples divide by the column 'risk' of the opening fills, a price distance for each unit.",
            "of assets": "R multiples divide by the given risk of each asset, a price distance for each unit.",
        }[self.risk]
        return (
            f'rule="{self.rule}": a trip is {MEANINGS[self.rule]}. Lots are matched by matching="{self.matching}" '
            f"({lots}); partial fills are not merged. Net profit is gross profit and dividends less costs, in "
            f"{self.base_currency}; returns divide it by the cost at entry. A trip without profit is neither winner "
            f"nor loser. Excursions run from entry to exit, by {marks}, before costs{missing}. {risk} Open trips are "
            "in no statistic."
        )

    def summary(self, *, confidence: float = 0.95) -> str:
        """Return statistics and conventions as text.

        Parameters
        ----------
        confidence : float
            Of the interval of the win rate, in (0, 1).

        Returns
        -------
        str
            A table and the conventions.
        """
        return as_text(*self._blocks(confidence))

    def _blocks(self, confidence: float = 0.95) -> list[Block]:
        found = self.statistics(confidence=confidence)
        rows = [(str(name).replace("_", " "), _written(str(name), value)) for name, value in found.items()]
        for place, (name, value) in enumerate(rows):
            if name in ("win rate lower", "win rate upper"):
                rows[place] = (f"{name}, {percent_of(confidence)} interval", value)
        rows.append(("open trips", count(len(self.open))))
        return [pairs(rows), self.conventions()]

    def plot(self, kind: Literal["profits", "excursions"] = "profits", *, ax: Axes | None = None) -> Axes:
        """Draw the distribution of net profits, or each trip's net profit against its largest loss on the way.

        Parameters
        ----------
        kind : {"profits", "excursions"}
            What is drawn.
        ax : matplotlib.axes.Axes, optional
            Where to draw. By default a new pyplot figure.

        Returns
        -------
        matplotlib.axes.Axes
            The Axes with the chart.
        """
        from riskresearch import plots  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        check_choice(kind, ("profits", "excursions"), name="kind")
        if self.trips.empty:
            raise InvalidInputError("a plot needs at least one closed trip, got none.")
        unit = f"({self.base_currency})" if self.base_currency else ""
        trips = counted(len(self.trips), "round trip")
        if kind == "profits":
            title = f"Net profit of {trips}, {self.rule}, {self.matching}"
            return plots.plot_histogram(
                self.trips["net"], label=f"Net profit {unit}".strip(), threshold=0.0, title=title, ax=ax
            )
        return plots.plot_excursions(
            self.trips[["mae", "net"]], unit=unit, title=f"Loss on the way and net profit, {trips}", ax=ax
        )

    def __repr__(self) -> str:
        return (
            f"RoundTrips({counted(len(self.trips), 'closed trip')}, {len(self.open)} open, {self.rule}, "
            f"{self.matching})"
        )

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def _written(name: str, value: Any) -> str:
    if name in COUNTS:
        return count(value)
    if name in FRACTIONS:
        return percent(value)
    if name.startswith(("profit_factor", "payoff", "expectancy_r", "average_bars")):
        return ratio(value) if np.isfinite(value) else significant(value)
    return money(value)
