"""As-of join of trades to the rows of a market, at several times after each trade, in one pass through the market."""

import cython
import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector

Instants = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

NEVER = 2**63 - 1


@cython.ccall
def _sweep(
    asset: cython.const[cython.int][::1],
    time: cython.const[cython.longlong][::1],
    bid: cython.const[cython.double][::1],
    ask: cython.const[cython.double][::1],
    trades: cython.const[cython.longlong][:, ::1],
    offsets: cython.const[cython.longlong][::1],
    shift: cython.longlong,
    oldest: cython.longlong,
    last: cython.longlong[::1],
    place: cython.longlong[::1],
    due: cython.longlong[::1],
    found: cython.double[:, ::1],
    never: cython.longlong,
) -> None:
    """Go through the market once; `due` is the next moment of each offset, `shift` is 1 if rows at it do not count."""
    row: cython.Py_ssize_t
    step: cython.Py_ssize_t
    trade: cython.Py_ssize_t
    seen: cython.Py_ssize_t
    steps: cython.Py_ssize_t = offsets.shape[0]
    rows: cython.Py_ssize_t = asset.shape[0]
    count: cython.Py_ssize_t = trades.shape[0]
    limit: cython.longlong
    then: cython.longlong
    earliest: cython.longlong = never
    with cython.nogil:
        for step in range(steps):
            due[step] = trades[0, 0] + offsets[step] if count > 0 else never
            earliest = due[step] if due[step] < earliest else earliest
        for row in range(rows + 1):
            limit = time[row] + shift if row < rows else never
            if earliest < limit:
                earliest = never
                for step in range(steps):
                    then = due[step]
                    if then < limit:
                        trade = place[step]
                        while then < limit:
                            seen = last[trades[trade, 1]]
                            if seen >= 0 and then - time[seen] <= oldest:
                                found[step, trade] = 0.5 * (bid[seen] + ask[seen])
                            trade += 1
                            then = trades[trade, 0] + offsets[step] if trade < count else never
                        place[step], due[step] = trade, then
                    earliest = then if then < earliest else earliest
            if row < rows:
                last[asset[row]] = row


def write_prices_as_of(
    asset: Codes,
    time: Instants,
    bid: FloatVector,
    ask: FloatVector,
    wanted: Codes,
    moment: Instants,
    offsets: Instants,
    assets: int,
    strict: bool,
    oldest: int,
    found: FloatMatrix,
) -> None:
    """Write the mid of the last row of the wanted asset at or before each moment plus each offset.

    Parameters
    ----------
    asset, time, bid, ask : arrays, shape (rows,)
        Number of the asset, time and prices of each row of the market, in the order of time.
    wanted, moment : arrays, shape (trades,)
        Number of the asset and time of each trade, in the order of time; an asset that is not in the market has the
        number `assets`.
    offsets : array, shape (offsets,)
    assets : int
        Number of assets.
    strict : bool
        Whether a row at the moment itself does not count.
    oldest : int
        A row that is older than this is none.
    found : array, shape (offsets, trades)
        Where to write, filled with nan: of several rows at one time the last counts; nothing is written where there is
        none.
    """
    last = np.full(assets + 1, -1, dtype=np.int64)
    place, due = np.zeros((2, offsets.size), dtype=np.int64)
    trades = np.stack([moment, wanted], axis=1)  # side by side, so that a trade is one read
    _sweep(
        asset, time, bid, ask, trades, offsets, int(strict), oldest, last, place, due, found, NEVER
    )  # fmt: skip
