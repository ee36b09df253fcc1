"""Wash sales of a ledger: which losses are deferred, and to which lots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.accounts._corporate_actions import KINDS
from riskresearch.core._checks import check_count, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels.trades._wash_sales import LotClosings, Lots, wash_sales as match_losses
from riskresearch.posttrade.ledger._ledger import Ledger
from riskresearch.posttrade.wash._wash_sales_result import WashSales, washed_tables

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector, IntVector
    from riskresearch.posttrade.ledger._closings import Closings

FEWEST_OPENED = 1e-9
"""Share of a fill below which what it opened is a rounding of what it closed."""
FOLLOWED = ("split", "cash_dividend", "delisting")


@answers_other_names({"days": "window_days", "window": "window_days"})
def wash_sales(ledger: Ledger, *, window_days: int = 30, pooled: bool = True) -> WashSales:
    """Return the losses of a ledger that are deferred because the same asset was bought again around the closing.

    A closing at a loss, net of costs, is matched with the lots of the asset that were opened at most `window_days`
    before or after it, in the order of their opening, each unit once. The matched share of the loss is deferred: it
    is added to the cost of the lot that replaces, and brought along when that is closed, which may be at a loss that
    is washed again. Of earlier lots only units that are still held after the closing replace. For short positions,
    shorts that are opened again replace. No tax advice: the rule is that of the United States as Publication 550 has
    it, for lots of the same asset; assets that are substantially identical, options and holding periods are not
    looked at.

    Parameters
    ----------
    ledger : Ledger
        Matched by lots, so not at average cost, and without spin-offs and changes of symbol.
    window_days : int
        Calendar days before and after a closing, on the clock of the prices; the ends count.
    pooled : bool
        Whether a purchase in one account replaces a sale in another, as the rule has it for accounts of one taxpayer.

    Returns
    -------
    WashSales
        Each closing with what was deferred and what is reported, the matches, and what open lots carry.

    Raises
    ------
    InvalidInputError
        If the ledger has no lots, no dates, or corporate actions that turn one asset into another.

    References
    ----------
    Internal Revenue Service, Publication 550, chapter 4, "Wash Sales".

    Examples
    --------
    A hundred shares bought for 1,000, sold for 750, and bought again for 800: the loss of 250 is added to the 800.

    >>> import pandas as pd
    >>> from riskresearch import posttrade
    >>> days = pd.to_datetime(["2024-01-02", "2024-03-01", "2024-03-15"])
    >>> fills = pd.DataFrame({"asset": "X", "time": days, "units": [100, -100, 100], "price": [10.0, 7.5, 8.0]})
    >>> ledger = posttrade.Ledger.from_fills(fills, prices=pd.DataFrame({"X": [10.0, 7.5, 8.0]}, index=days))
    >>> washed = posttrade.wash_sales(ledger)
    >>> washed.deferred, washed.lots["adjustment"].tolist()
    (250.0, [250.0])
    """
    check_count(window_days, name="window_days", minimum=0)
    if not isinstance(pooled, bool):
        raise InvalidInputError(f"pooled must be True or False, got {pooled!r}.")
    _check_ledger(ledger)
    closings, opened, factor = ledger.closing_arrays, opened_units(ledger), _split_factors(ledger)
    lot_fills = np.flatnonzero(opened > 0.0)
    days, pool = _days(ledger), _pools(ledger, pooled)
    lots = Lots(pool[lot_fills], lot_fills, days[lot_fills], opened[lot_fills] * factor[lot_fills])
    sold = closings.close_fill
    found = match_losses(
        lots,
        LotClosings(
            np.searchsorted(lot_fills, closings.open_fill), sold, days[sold], np.abs(closings.units) * factor[sold],
            net_profit(closings),
        ),
        window_days,
    )  # fmt: skip
    return washed_tables(
        ledger,
        found,
        lot_fills,
        fill_times(ledger),
        factor,
        net_profit(closings),
        window_days=window_days,
        pooled=pooled,
    )


def _check_ledger(ledger: Ledger) -> None:
    if not isinstance(ledger, Ledger):
        raise InvalidInputError(
            f"ledger must be a Ledger, got {shown(ledger)}. Make one with posttrade.Ledger.from_fills(fills, "
            "prices=prices), or with the ledger() of a backtest."
        )
    books = ledger.books
    if books.matching == "average":
        raise InvalidInputError(
            'ledger must be matched by lots, got matching="average": replacements are lots. Pass matching="fifo".'
        )
    if not books.bars.dated:
        raise InvalidInputError("ledger must have dates, got prices without them: the window is one of calendar days.")
    kinds = {KINDS[kind] for kind in books.events.kind.tolist()} - set(FOLLOWED)
    if kinds:
        raise InvalidInputError(
            f"ledger must be without events of the kind {sorted(kinds)[0]!r}, which turn one asset into another: their "
            "lots are not followed here."
        )


def net_profit(closings: Closings) -> FloatVector:
    """Return the profit of each closing net of the costs of opening and closing, in the money of the position."""
    return closings.profit - closings.open_costs - closings.close_costs


def opened_units(ledger: Ledger) -> FloatVector:
    """Return the units that each fill opened, positive, zero for a fill that only closed."""
    history, closings = ledger.books.history, ledger.closing_arrays
    size = np.abs(history.fill_units)
    closed = np.bincount(closings.close_fill, weights=np.abs(closings.units), minlength=len(size))
    left = size - closed
    opened = np.where(left > FEWEST_OPENED * size, left, 0.0)
    dust = closings.open_fill[opened[closings.open_fill] == 0.0]  # a lot that is as small as rounding, and was closed
    opened[dust] = np.maximum(left[dust], np.finfo(float).tiny)
    return opened


def _split_factors(ledger: Ledger) -> FloatVector:
    """Return what one unit of each fill became by the end, through later splits."""
    history, events = ledger.books.history, ledger.books.events.splits()
    asset = history.positions.asset[history.fill_position]
    factor = np.ones(len(history.fill_units))
    for row, column, value in zip(events.row, events.column, events.value, strict=True):
        factor[(asset == column) & (history.fill_bar < row)] /= value
    return factor


def _pools(ledger: Ledger, pooled: bool) -> npt.NDArray[np.int64]:
    """Return the number of the pool of each fill: its asset and the side that it opens, and its account."""
    history, places = ledger.books.history, ledger.books.history.positions
    asset = places.asset[history.fill_position].astype(np.int64)
    account = np.zeros_like(asset) if pooled else places.account[history.fill_position].astype(np.int64)
    side = (history.fill_units < 0.0).astype(np.int64)
    return np.asarray((account * (int(asset.max(initial=0)) + 1) + asset) * 2 + side)


def fill_times(ledger: Ledger) -> npt.NDArray[np.datetime64]:
    """Return the time of each fill on the clock of the prices; of a delisting that of its bar."""
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    books = ledger.books
    given = np.ones(len(books.history.fill_units), dtype=bool)
    given[books.history.delisted] = False
    times = books.bars.starts[books.history.fill_bar].copy()
    times[given] = books.table.times
    zone = getattr(books.bars.index, "tz", None)
    if zone is None or books.bars.days:
        return np.asarray(times)
    return pd.DatetimeIndex(times).tz_localize("UTC").tz_convert(zone).tz_localize(None).to_numpy()


def _days(ledger: Ledger) -> IntVector:
    return fill_times(ledger).astype("datetime64[D]").astype(np.int64)
