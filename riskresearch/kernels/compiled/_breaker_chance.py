"""What an account makes of the same returns with its halts at other times: final equity, worst drawdown, and timing.

The formulas are `net_return` and the drawdown of `_breaker`, bit for bit: the halts where they were give the equity of
the backtest. They stand here again because a loop over many draws side by side, which hides the latency of the
recursion, needs them inside it.
"""

import cython
import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._threads import over_columns

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined._formulas import drawdown
else:
    from riskresearch.kernels.inlined._formulas import drawdown

TOGETHER = 64  # draws that go down the rows side by side: enough to hide latency, few enough to stay in the cache


@cython.ccall
def _draws(
    returns: cython.const[cython.double][::1], source: cython.const[cython.double][::1],
    offsets: cython.const[cython.longlong][::1], cost: cython.double, mean: cython.double,
    first: cython.Py_ssize_t, last: cython.Py_ssize_t, held: cython.double[::1], before: cython.double[::1],
    equity: cython.double[::1], top: cython.double[::1], worst: cython.double[::1], gain: cython.double[::1],
    noise: cython.double[::1], results: cython.double[:, ::1],
) -> None:  # fmt: skip
    """Fill rows `first` to `last` of `results`; a draw holds source[offset + row] on each row."""
    draw: cython.Py_ssize_t
    row: cython.Py_ssize_t
    k: cython.Py_ssize_t
    width: cython.Py_ssize_t
    ret: cython.double
    lost: cython.double
    with cython.nogil:
        for draw in range(first, last, 64):  # TOGETHER; a step must be a constant
            width = held.shape[0] if last - draw > held.shape[0] else last - draw
            for k in range(width):
                before[k] = 1.0
                equity[k] = 1.0
                top[k] = 1.0
                worst[k] = 0.0
                gain[k] = 0.0
                noise[k] = 0.0
            for row in range(returns.shape[0]):
                ret = returns[row]
                for k in range(width):
                    held[k] = source[offsets[draw + k] + row]
                for k in range(width):
                    lost = held[k] - before[k]
                    lost = lost if lost > 0.0 else -lost
                    equity[k] = equity[k] * (1.0 + (held[k] * ret - cost * lost))
                    equity[k] = equity[k] if equity[k] > 0.0 else 0.0  # closed where it is lost, as in `_breaker`
                    before[k] = held[k]
                    top[k] = equity[k] if equity[k] > top[k] else top[k]
                    lost = drawdown(top[k], equity[k])
                    worst[k] = lost if lost > worst[k] else worst[k]
                for k in range(width):
                    lost = (held[k] - 1.0) * (ret - mean)
                    gain[k] = gain[k] + lost
                    noise[k] = noise[k] + lost * lost
            for k in range(width):
                results[draw + k, 0] = equity[k]
                results[draw + k, 1] = worst[k]
                results[draw + k, 2] = gain[k]
                results[draw + k, 3] = noise[k]


def outcomes(
    returns: FloatVector, source: FloatVector, offsets: "np.typing.NDArray[np.int64]", cost: float
) -> FloatMatrix:
    """Return final equity, worst drawdown and timing of each draw, shape (draws, 3).

    Timing is what the halts gained over the same mean exposure held throughout, before costs, over the root of the sum
    of the squares of its rows: where returns have no mean to be timed, it is about standard normal however volatile the
    bars are that were halted. It is 0 where nothing was.
    """
    results = np.empty((offsets.shape[0], 4))
    if results.size:
        mean = float(returns.mean())
        over_columns(
            lambda first, last: _draws(
                returns, source, offsets, cost, mean, first, last, *(np.empty(TOGETHER) for _ in range(7)), results
            ),
            (returns.shape[0], offsets.shape[0]),
            heavy=True,
        )
    noise = np.sqrt(results[:, 3])
    timing = np.divide(results[:, 2], noise, out=np.zeros(len(results)), where=noise > 0.0)
    return np.column_stack([results[:, :2], timing])
