"""Days to liquidate a book and what that costs: the result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_count, listed
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import (
    as_read,
    between,
    count,
    counted,
    money,
    percent_1,
    percent_of,
    plain,
    ratio,
)
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table, table
from riskresearch.kernels.liquidity._liquidation import daily_units, liquidated_after, share_of_value

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatVector

SHOWN_POSITIONS = 20
MOST_CELLS = 5_000_000
"""Of a schedule: days times assets."""
POINTS = 400
"""Days that are drawn."""
DATA = ("units", "price", "average_volume", "max_participation", "volatility", "half_spread", "half_spread_deviation")
OF_POSITIONS = ("value", "cap", "participation", "days", "whole_days")
OF_COSTS = ("impact", "impact_lower", "impact_upper", "spread_cost")
OF_RISK = ("value_at_risk", "spread_term", "liquidity_adjusted_var")


@dataclass(frozen=True, slots=True)
class LiquidityTotals:
    """The numbers of some positions together: of the whole book, or of what can be liquidated. Money is the book's."""

    positions: int
    value: float
    """Sum of the sizes of the values; nan if one has no price."""
    participation: float
    """Value over the value of the volume that is traded in these assets on an average day."""
    days: float
    """Of the position that takes longest."""
    whole_days: float
    liquidated: tuple[float, ...]
    """Share of the value that is liquidated after each of the horizons; 0 if the value is not known."""
    impact: float
    impact_lower: float | None
    """None without an error of the coefficient, as is `impact_upper`."""
    impact_upper: float | None
    spread_cost: float | None
    """None without a spread, as is `spread_term`."""
    spread_term: float | None
    value_at_risk: float | None
    """Of the positions together; None without scenarios, as is `liquidity_adjusted_var`."""
    liquidity_adjusted_var: float | None


@dataclass(frozen=True, slots=True)
class BookLiquidity:
    """Days to liquidate a book and its cost: `LiquidityChecker.check` makes it. One entry per asset of the book.

    Days and costs are infinite where `missing` names data that the position lacks.
    """

    assets: tuple[str, ...]
    units: tuple[float, ...]
    """Signed units held."""
    value: tuple[float, ...]
    """Signed value in the money of the book; nan without a price."""
    cap: tuple[float, ...]
    """Units that are traded on a day at most."""
    participation: tuple[float, ...]
    """Units over the average volume of a day."""
    days: tuple[float, ...]
    whole_days: tuple[float, ...]
    """Days on which something is traded."""
    impact: tuple[float, ...]
    """Expected impact in money."""
    impact_lower: tuple[float, ...] | None
    """None without an error of the coefficient, as is `impact_upper`."""
    impact_upper: tuple[float, ...] | None
    spread_cost: tuple[float, ...] | None
    """None without a spread, as is `spread_term`."""
    spread_term: tuple[float, ...] | None
    """What the spread adds to VaR."""
    value_at_risk: tuple[float, ...] | None
    """Of each position alone; None without scenarios, as is `liquidity_adjusted_var`."""
    liquidity_adjusted_var: tuple[float, ...] | None
    missing: tuple[tuple[str, ...], ...]
    """Names of the data that each position lacks."""
    book: LiquidityTotals
    liquidatable: LiquidityTotals
    """The part of the book that lacks no data."""
    nav: float | None
    """Net asset value in money, None if it is not known."""
    max_participation: float | None
    """None where it differs by asset."""
    impact_coefficient: float
    impact_error: float | None
    impact_of: str
    spread_multiple: float | None
    """None without deviations of the spread."""
    adjustment: str
    level: float
    confidence: float
    horizons: tuple[int, ...]
    max_age: tuple[tuple[str, float], ...]
    """Seconds after which the numbers of an argument of the book counted as missing."""
    scenarios: int
    """Number of scenarios of VaR."""
    without_scenarios: tuple[str, ...]
    """Positions without a return in every scenario, whose VaR is infinite."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per asset."""
        import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

        columns: dict[str, Any] = {"units": self.units}
        columns.update({name: getattr(self, name) for name in OF_POSITIONS})
        for day in self.horizons:
            columns[f"liquidated_{day}"] = self._share_of_each(day)
        for name in (*OF_COSTS, *OF_RISK):
            numbers = getattr(self, name)
            columns[name] = np.full(len(self.assets), np.nan) if numbers is None else numbers
        columns["missing"] = [", ".join(names) for names in self.missing]
        return pd.DataFrame(columns, index=pd.Index(self.assets, name="asset"))

    def schedule(self, days: int | None = None) -> pd.DataFrame:
        """Return the units of each position that are liquidated on each day: a row per day, a column per asset.

        Units have the sign of the position, so that they sum to it; the orders have the opposite sign. Each day has the
        cap, the last one the rest. Nothing is ever liquidated of a position that lacks data.

        Parameters
        ----------
        days : int, optional
            First days that are shown; by default all.

        Returns
        -------
        DataFrame
            Indexed by the day, from 1.

        Raises
        ------
        InvalidInputError
            If all days are too many to be shown.
        """
        import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

        last = self.liquidatable.whole_days if days is None else check_count(days, name="days", minimum=1)
        if last * len(self.assets) > MOST_CELLS:
            raise InvalidInputError(
                f"days must be given for a schedule of {last:,.0f} days and {counted(len(self.assets), 'asset')}, got "
                f"{days!r}. schedule(days=250) returns the first 250 days."
            )
        shown = int(last)
        units = daily_units(1, shown, *self._units_and_caps())
        columns = pd.Index(self.assets, name="asset")
        signed = np.copysign(units, np.array(self.units)[None, :]) * (units > 0.0)
        return pd.DataFrame(signed + 0.0, pd.RangeIndex(1, shown + 1, name="day"), columns)

    def _units_and_caps(self) -> tuple[FloatVector, FloatVector, FloatVector]:
        return np.abs(np.array(self.units)), np.array(self.cap), np.array(self.whole_days)

    def _share_of_each(self, day: float) -> FloatVector:
        return liquidated_after(day, *self._units_and_caps())

    def conventions(self) -> str:
        """Return how the numbers are defined, a few sentences in lines."""
        error = "" if self.impact_error is None else f" +- {plain(self.impact_error)}"
        order = "each position is one order" if self.impact_of == "position" else "each day's units are one order"
        cap = "the stated part" if self.max_participation is None else percent_of(self.max_participation)
        lines = [
            f"Days: at most {cap} of an asset's average volume is traded on a day; participation is units over that "
            "volume.",
            f"Impact: square-root law, coefficient {plain(self.impact_coefficient)}{error} x daily volatility x "
            f"sqrt(units / average volume) x value; {order}. {self._convention_of_interval()}",
            self._convention_of_spread(),
            self._convention_of_risk(),
        ]
        return "\n".join(lines)

    def _convention_of_interval(self) -> str:
        if self.impact_error is None:
            return "impact_error is not given, so it has no interval."
        return (
            f"{percent_of(self.confidence)} interval: normal quantiles; the error of the coefficient is common to all "
            "positions."
        )

    def _convention_of_spread(self) -> str:
        return (
            "half_spread is not given, so there is no spread cost."
            if self.spread_cost is None
            else "Spread cost: half of the mean spread times the value."
        )

    def _convention_of_risk(self) -> str:
        if self.scenarios == 0:
            return "The book has no scenarios, so there is no VaR."
        terms = []
        if self.adjustment != "endogenous" and self.spread_term is not None:
            wide = "" if self.spread_multiple is None else f" and {plain(self.spread_multiple)} deviations of it"
            terms.append(f"half of the mean spread{wide} (exogenous; Bangia and others, 1999)")
        if self.adjustment != "exogenous":
            terms.append("the expected impact (endogenous)")
        return (
            f"Liquidity-adjusted VaR (LVaR): historical VaR at {percent_of(self.level)} over "
            f"{counted(self.scenarios, 'scenario')} of one period, positions unchanged, plus {' plus '.join(terms)}."
        )

    def summary(self) -> str:
        """Return the book, its least liquid positions and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        more = self.book.positions - SHOWN_POSITIONS
        rest = f"{counted(more, 'more liquid position')} in to_frame().\n" if more > 0 else ""
        blocks: list[Block] = [self._table_of_book()]
        if self.book.positions:
            blocks += ["", self._table_of_positions()]
        return [*blocks, rest + self._what_is_missing() + self.conventions()]

    def _table_of_book(self) -> Block:
        both = [self.book]
        heads = ["", "book"]
        if any(self.missing):
            both, heads = [self.book, self.liquidatable], ["", "book", "liquidatable part"]
        rows: list[tuple[str, Callable[[LiquidityTotals], str]]] = [
            ("positions", lambda each: count(each.positions)),
            ("gross value", lambda each: money(each.value)),
            ("participation", lambda each: _percent(each.participation)),
            ("days to liquidate", lambda each: ratio(each.days)),
            ("whole days", lambda each: count(each.whole_days)),
            *(
                (f"liquidated after {counted(day, 'day')}", lambda each, place=place: _percent(each.liquidated[place]))
                for place, day in enumerate(self.horizons)
            ),
            ("expected impact", lambda each: money(each.impact)),
            (
                f"{percent_of(self.confidence)} interval",
                lambda each: between(money, _number(each.impact_lower), _number(each.impact_upper)),
            ),
            ("spread cost", lambda each: money(_number(each.spread_cost))),
            (f"VaR {percent_of(self.level)}", lambda each: money(_number(each.value_at_risk))),
            ("liquidity-adjusted VaR", lambda each: money(_number(each.liquidity_adjusted_var))),
        ]
        if self.nav is not None:
            nav = self.nav
            rows.append(("... of net asset value", lambda each: _percent(_number(each.liquidity_adjusted_var) / nav)))
        return table(heads, [(name, *(write(each) for each in both)) for name, write in rows])

    def _table_of_positions(self) -> Block:
        frame = self.to_frame()
        frame = frame[frame["units"] != 0.0].sort_values("days", ascending=False, kind="stable").head(SHOWN_POSITIONS)
        shares = [f"liquidated_{day}" for day in self.horizons]
        names = [
            "units",
            "value",
            "participation",
            "days",
            "whole_days",
            *shares,
            "impact",
            "spread_cost",
            "liquidity_adjusted_var",
        ]
        formats: dict[str, Callable[[Any], str]] = {
            "units": as_read,
            "participation": _percent,
            "days": ratio,
            "whole_days": count,
            **dict.fromkeys(shares, percent_1),
            **dict.fromkeys(("value", "impact", "spread_cost", "liquidity_adjusted_var"), money),
        }
        heads = {name: f"{day} d" for name, day in zip(shares, self.horizons, strict=True)}
        return frame_table(frame[names], formats, heads={**heads, "liquidity_adjusted_var": "LVaR"})

    def _what_is_missing(self) -> str:
        """Return which positions lack which data, as sentences; empty if none does."""
        sentences = []
        for name in (each for each in DATA if any(each in names for names in self.missing)):
            without = [asset for asset, names in zip(self.assets, self.missing, strict=True) if name in names]
            remedy = " impact_coefficient=0 needs none." if name == "volatility" else ""
            sentences.append(f"No {name} of {listed(without)}.{remedy}")
        if sentences:
            old = ", ".join(f"{name} after {counted(age, 'second')}" for name, age in self.max_age)
            sentences.append(
                f"A position that lacks data{f' (too old counts as missing: {old})' * bool(old)} counts as not "
                "liquidatable, with infinite days and costs."
            )
        if self.without_scenarios:
            sentences.append(f"No return of {listed(self.without_scenarios)} in some scenario: their VaR is infinite.")
        if not sentences:
            return ""
        return " ".join(sentences) + "\n"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the share of the value of the book that is liquidated over the days."""
        import pandas as pd  # noqa: PLC0415 (with matplotlib, only when a figure is wanted)

        from riskresearch.plots import plot_rolling  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        days = self._days_drawn()
        values = np.abs(np.array(self.value))
        line = pd.Series([share_of_value(self._share_of_each(day), values) for day in days], index=days)
        drawn = plot_rolling(line, label="Liquidated (% of the value)", percent=True, title="Liquidation", ax=ax)
        drawn.set_xlabel("Trading days")
        return drawn

    def _days_drawn(self) -> list[float]:
        last = max(self.liquidatable.whole_days, float(self.horizons[-1]))
        return [float(day) for day in np.unique(np.concatenate([[0.0], np.linspace(0.0, last, POINTS)]))]

    def __repr__(self) -> str:
        return (
            f"BookLiquidity({counted(self.book.positions, 'position')}, days={self.book.days:.4g}, "
            f"impact={self.book.impact:.6g})"
        )

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _percent(value: float) -> str:
    """Format with one decimal; an infinite one has no percent sign."""
    return percent_1(value) if math.isfinite(value) else ratio(value)
