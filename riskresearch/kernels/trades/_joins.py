"""Joins of trades to the rows of a market."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._threads import over_columns
from riskresearch.kernels.compiled.trades._asof import NEVER, Codes, Instants, write_prices_as_of


def prices_as_of(
    asset: Codes,
    time: Instants,
    bid: FloatVector,
    ask: FloatVector,
    wanted: Codes,
    moment: Instants,
    offsets: Instants,
    *,
    assets: int,
    strict: bool = False,
    oldest: int = NEVER,
) -> FloatMatrix:
    """Return mids as of each moment plus each offset, shape (offsets, moments); see `write_prices_as_of`."""
    found = np.full((offsets.size, moment.size), np.nan)

    def task(first: int, last: int) -> None:
        write_prices_as_of(
            asset, time, bid, ask, wanted, moment, offsets[first:last], assets, strict, oldest, found[first:last]
        )  # fmt: skip

    if offsets.size:
        over_columns(task, (asset.size, offsets.size))
    return found
