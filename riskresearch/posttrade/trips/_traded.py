"""What round trips are made of: closings, open lots, fills, positions and bars, as a ledger has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatMatrix, FloatVector, IntVector, Labels


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """Parts of lots, one entry each: those that were closed, in this order, or those that are open."""

    open_fill: IntVector
    """Number of the fill that opened it; -1 for a pool of average cost."""
    close_fill: IntVector
    """Number of the fill that closed it; that of the last fill for what is open."""
    episode: IntVector
    position: IntVector
    units: FloatVector
    """Signed as the lot: positive where it is long."""
    open_price: FloatVector
    close_price: FloatVector
    costs: FloatVector
    """Of opening and closing, in proportion to the units."""
    close_bar: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Corporate actions added up, each of shape (bars, columns).

    A unit bought on bar b is `units[b] / units[t]` units on bar t, each at `prices[t] / prices[b]` of its price. It
    was paid `units[b] * (paid[t] - paid[b])` from b to t.
    """

    units: FloatMatrix
    prices: FloatMatrix
    paid: FloatMatrix


@dataclass(frozen=True, slots=True, eq=False)
class Traded:
    """A ledger's fills, its closings and open lots, and the bars that they stand on."""

    matching: str
    base_currency: str
    closings: Lots
    open_lots: Lots
    episode_fill: IntVector
    """The first fill of each episode, in which a position goes from flat to flat."""
    fills: pd.DataFrame
    """All columns that the user gave, in the order of fills."""
    fill_bar: IntVector
    fill_position: IntVector
    fill_units: FloatVector
    fill_price: FloatVector
    assets: tuple[str, ...]
    """Of each position; likewise the others."""
    accounts: tuple[str, ...]
    currencies: tuple[str, ...]
    received: npt.NDArray[np.bool_]
    """Whether lots came into a position by a spin-off or a change of symbol, without a fill."""
    column: IntVector
    """Column of prices."""
    multiplier: FloatVector
    times: pd.Series
    """Of each fill, on the clock of the data: dates, or row numbers beside prices without dates."""
    labels: Labels
    """Of prices."""
    prices: FloatMatrix
    rates: FloatMatrix
    """Base money for one unit of a position's currency, shape (bars, positions)."""
    events: Events | None


def add_up_events(
    shape: tuple[int, int],
    *,
    bar: IntVector,
    column: IntVector,
    split: FloatVector,
    moved: FloatVector,
    paid: FloatVector,
) -> Events | None:
    """Return the events of columns added up over the bars; None without events.

    `split` is old units for one new one (1 for none), `moved` the share of the cost that leaves with a spin-off (0 for
    none), `paid` the dividend of a unit (0 for none). Events of a bar are in order.
    """
    if not len(bar):
        return None
    units, prices, dividends = np.ones(shape), np.ones(shape), np.zeros(shape)
    for place in np.argsort(bar, kind="stable"):
        row, asset = bar[place], column[place]
        units[row:, asset] *= split[place]
        prices[row:, asset] *= split[place] * (1.0 - moved[place])
        dividends[row:, asset] += paid[place] / units[row, asset]
    return Events(units, prices, dividends)
