"""Liquidation of the positions of a book in numbers, and of a part of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.kernels._contributions import portfolio_series
from riskresearch.kernels._quantiles import loss_quantile
from riskresearch.kernels.liquidity._liquidation import (
    days_to_liquidate,
    impact_by_day,
    impact_of_positions,
    liquidated_after,
    share_of_value,
    whole_days,
)
from riskresearch.pretrade.liquidity._book_liquidity import LiquidityTotals

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector
    from riskresearch.pretrade.liquidity._positions import Positions


@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """What each position is and takes; days and costs are infinite where `known` is False, zero where none is held."""

    positions: Positions
    missing: tuple[tuple[str, ...], ...]
    """Names of the data that each position lacks."""
    known: npt.NDArray[np.bool_]
    """Held, with all the data that liquidating it needs."""
    caps: FloatVector
    """Units that are traded on a day at most; 0 if not known."""
    days: FloatVector
    whole: FloatVector

    @property
    def sizes(self) -> FloatVector:
        """Absolute units."""
        return np.abs(self.positions.units)

    def participation(self) -> FloatVector:
        """Return the units of each position over the average volume of a day."""
        return self.spread_out(self.sizes[self.known] / self.positions.volumes[self.known])

    def impact(self, coefficient: float, *, by_day: bool) -> FloatVector:
        """Return the impact in money."""
        each, known = self.positions, self.known
        if coefficient == 0.0:
            return self.spread_out(np.zeros(int(known.sum())))
        sizes, values = self.sizes[known], np.abs(each.values[known])
        volumes, volatilities = each.volumes[known], each.volatilities[known]
        if by_day:
            return self.spread_out(impact_by_day(sizes, values, volumes, volatilities, coefficient, self.caps[known]))
        return self.spread_out(impact_of_positions(sizes, values, volumes, volatilities, coefficient))

    def in_money(self, fractions: FloatVector) -> FloatVector:
        """Return fractions of the values in money."""
        return self.spread_out(fractions[self.known] * np.abs(self.positions.values[self.known]))

    def spread_out(self, numbers: FloatVector) -> FloatVector:
        """Return numbers of the known positions as those of all: infinite for the unknown, zero where none is held."""
        result = np.where(self.positions.held, np.inf, 0.0)
        result[self.known] = numbers
        return result

    def value_at_risk(self, level: float) -> FloatVector | None:
        """Return VaR of each position alone in money; infinite without its scenarios, None if there are none at all."""
        scenarios = self.positions.scenarios
        if scenarios is None:
            return None
        result = np.where(self.positions.held, np.inf, 0.0)
        covered = self.positions.held & self._covered()
        if covered.any():
            profits = scenarios[:, covered] * self.positions.values[covered]
            countable = np.isfinite(profits).all(axis=0)
            found = loss_quantile(np.where(countable, profits, 0.0), level, "inverted_cdf")
            result[covered] = np.where(countable, found, np.inf)
        return result

    def joint_value_at_risk(self, which: npt.NDArray[np.bool_], level: float) -> float | None:
        """Return VaR of these positions together in money."""
        scenarios = self.positions.scenarios
        if scenarios is None:
            return None
        if not which.any():
            return 0.0
        if not self._covered()[which].all():
            return float("inf")
        profits = portfolio_series(scenarios[:, which], self.positions.values[which])
        if not np.isfinite(profits).all():
            return float("inf")
        return float(loss_quantile(profits[:, None], level, "inverted_cdf")[0])

    def without_scenarios(self) -> tuple[str, ...]:
        """Return the positions without a return in every scenario; none if there are no scenarios at all."""
        if self.positions.scenarios is None:
            return ()
        lacking = self.positions.held & ~np.isfinite(self.positions.scenarios).all(axis=0)
        return tuple(self.positions.assets[place] for place in np.flatnonzero(lacking).tolist())

    def _covered(self) -> npt.NDArray[np.bool_]:
        assert self.positions.scenarios is not None
        finite = np.isfinite(self.positions.scenarios).all(axis=0)
        covered: npt.NDArray[np.bool_] = finite & np.isfinite(self.positions.values)
        return covered

    def joint_participation(self, which: npt.NDArray[np.bool_], value: float) -> float:
        """Return the value of these positions over that of the volume traded in their assets on a day."""
        if not which.any():
            return 0.0
        each = self.positions
        traded = float((each.volumes[which] * np.abs(each.values[which] / each.units[which])).sum())
        return value / traded if self.known[which].all() and 0.0 < traded < np.inf else float("inf")

    def totals(
        self,
        which: npt.NDArray[np.bool_],
        costs: Mapping[str, FloatVector],
        added: FloatVector,
        *,
        level: float,
        horizons: Sequence[int],
    ) -> LiquidityTotals:
        """Return the numbers of some of the positions together; costs are summed, and VaR is that of their sum."""
        values = np.abs(self.positions.values[which])
        value = float(values.sum())
        parts = [liquidated_after(day, self.sizes, self.caps, self.whole) for day in horizons]
        sums = {name: float(numbers[which].sum()) for name, numbers in costs.items()}
        at_risk = self.joint_value_at_risk(which, level)
        return LiquidityTotals(
            positions=int(which.sum()),
            value=value,
            participation=self.joint_participation(which, value),
            days=float(self.days[which].max(initial=0.0)),
            whole_days=float(self.whole[which].max(initial=0.0)),
            liquidated=tuple(share_of_value(each[which], values) for each in parts),
            impact=sums["impact"],
            impact_lower=sums.get("impact_lower"),
            impact_upper=sums.get("impact_upper"),
            spread_cost=sums.get("spread_cost"),
            spread_term=sums.get("spread_term"),
            value_at_risk=at_risk,
            liquidity_adjusted_var=None if at_risk is None else at_risk + float(added[which].sum()),
        )


def assess(positions: Positions, needed: Mapping[str, FloatVector], max_participation: FloatVector) -> Assessed:
    """Return the days of each position at the cap; one that lacks a number of what is `needed` is not known.

    Days beyond a double come of a volume that can only be wrong, which then is missing.
    """
    sizes = np.abs(positions.units)
    with np.errstate(all="ignore"):
        endless = np.isinf(days_to_liquidate(sizes, max_participation * positions.volumes))
    volumes = np.where(endless, np.nan, positions.volumes)
    needed = {"units": positions.units, "max_participation": max_participation, **needed, "average_volume": volumes}
    missing = positions.lacking(needed)
    known = positions.held & np.array([not names for names in missing], dtype=bool)
    caps = np.where(known, max_participation * volumes, 0.0)
    days = np.where(known, 0.0, np.where(positions.held, np.inf, 0.0))
    days[known] = days_to_liquidate(sizes[known], caps[known])
    return Assessed(positions, missing, known, caps, days, whole_days(days))
