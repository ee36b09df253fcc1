"""What prices did after fills, and the spreads that they paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._seeds import seed_of
from riskresearch.files.tables._columns import check_one_clock, check_rename
from riskresearch.files.tables._trades import Duplicates
from riskresearch.metrics.inference._bootstrap import FEWEST_DRAWS
from riskresearch.posttrade.costs._fills import FillTable, read_fills
from riskresearch.posttrade.costs._horizons import Unit, prices_after, read_horizons
from riskresearch.posttrade.costs._market import NAMELESS, Market, Stamped, read_market
from riskresearch.posttrade.costs._markouts_result import Markouts, MarkoutSettings

HORIZONS = (1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


@answers_other_names(second="market")
def markouts(
    fills: Any,
    *,
    market: Any,
    horizons: Sequence[Any] = HORIZONS,
    unit: Unit = "seconds",
    reference: Literal["price", "mid"] = "price",
    stamped: Stamped = "start",
    strict: bool = False,
    max_age: float | None = None,
    rename: Mapping[str, str] | None = None,
    duplicates: Duplicates = "raise",
    confidence: float = 0.95,
    draws: int = 2000,
    rng: int | np.random.Generator | None = 0,
) -> Markouts:
    """Return what prices did after fills, from the holder's side, and with quotes the spreads that the fills paid.

    A markout is side x (price after the horizon / reference - 1): positive if the price moved the holder's way.

    Parameters
    ----------
    fills : DataFrame
        `time`, `units` (signed, or positive beside a column `side`), `price`, and `asset` where the market has several.
        Further columns are kept for grouping.
    market : DataFrame
        Quotes or bars: see `transaction_costs`.
    horizons : sequence
        Positive and rising: numbers of `unit`, or lengths of time such as "5min".
    unit : {"seconds", "bars"}
        Unit of horizons that are numbers; bars are those of the fill's asset.
    reference : {"price", "mid"}
        Whether markouts begin at the price of the fill, so that they have the spread in them, or at the mid (the last
        close) at that time.
    stamped : {"start", "end"}
        Whether the time of a bar is its begin or its end, when its close is known.
    strict : bool
        Whether a quote or close at the time itself does not count, only an earlier one.
    max_age : float, optional
        Seconds after which a quote or close is too old to count.
    rename : mapping, optional
        The user's names of columns to those above, in both tables.
    duplicates : {"raise", "keep"}
        Whether fills that are equal in every column are an error.
    confidence : float
        Coverage probability of the intervals, in (0, 1).
    draws : int
        Draws of the bootstrap.
    rng : int, Generator or None
        Seed of the draws.

    Returns
    -------
    Markouts

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Huang & Stoll, J. Financial Economics 41, 1996 (effective and realised spread).

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch import posttrade
    >>> quotes = pd.DataFrame({"bid": [9.9, 10.0], "ask": [10.1, 10.2]})
    >>> quotes["time"] = pd.to_datetime(["2024-03-05 09:30:00", "2024-03-05 09:30:05"])
    >>> fills = pd.DataFrame({"time": quotes["time"].iloc[:1], "units": [100.0], "price": [10.1]})
    >>> posttrade.markouts(fills, market=quotes, horizons=[1, 5]).to_frame()["markout_bps"].round(2).tolist()
    [-99.01, 0.0]
    """
    steps = read_horizons(horizons, unit)
    check_choice(reference, ("price", "mid"), name="reference")
    check_confidence(confidence)
    check_count(draws, name="draws", minimum=FEWEST_DRAWS)
    check_rename(rename, fills=fills, market=market)
    traded = read_fills(fills, rename=rename, duplicates=duplicates)
    traded.columns.need("time", "the time of each fill")
    traded.time.check_known("fills")
    about = read_market(market, rename=rename, stamped=stamped, strict=strict, max_age=max_age)
    check_one_clock(traded.time, about.times)
    if unit == "bars" and about.kind != "bars":
        raise InvalidInputError('unit must be "seconds" beside quotes, got "bars": quotes have no bars.')
    if not len(traded.units):
        raise InvalidInputError("fills must have a row, got none.")
    now, later = prices_after(about, _assets(traded, about), traded.time.instants, steps)
    settings = MarkoutSettings(
        horizons=steps, reference=reference, market=about.kind, stamped=stamped, strict=strict,
        confidence=confidence, draws=draws, seed=seed_of(rng),
    )  # fmt: skip
    return Markouts(traded.columns.frame, traded.units, traded.paid, traded.time.instants, now, later, settings, about)


def _assets(fills: FillTable, market: Market) -> Any:
    """Return the number of the asset of each fill in the market."""
    if "asset" not in fills.columns:
        if len(market.assets) > 1:
            fills.columns.need("asset", "as market has")
        return np.zeros(len(fills.units), dtype=np.int32)
    series = fills.columns.frame["asset"]
    if market.assets is NAMELESS and series.nunique() > 1:
        raise InvalidInputError(
            f"market must name its assets, for fills has {series.nunique()} of them. Give it a column 'asset', or a "
            "column of closes for each asset."
        )
    if isinstance(series.dtype, pd.CategoricalDtype):
        by_category = market.numbers_of(series.cat.categories.to_numpy())
        return np.where(series.cat.codes < 0, len(market.assets), by_category[series.cat.codes]).astype(np.int32)
    return market.numbers_of(series.to_numpy())
