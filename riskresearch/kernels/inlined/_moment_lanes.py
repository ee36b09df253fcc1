"""The state of `MomentWindow` and its arithmetic: 16 columns at a time, in loops of constant length.

Compilers make vector instructions of such loops over one array of constant layout. Kernels inline what stands here; see
`_formulas`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.kernels.inlined._formulas import difference_error, sum_error

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector

# A group of LANES columns has FIELDS fields of LANES numbers. First the fields that are kept, ...
LANES = 16
FIELDS = 16
GROUP = 256
CENTER = 0
COUNT = 16
SUM = 32
SUM_ERROR = 48
SQUARES = 64
SQUARES_ERROR = 80
LARGEST = 96  # sum of squares since the window was last summed; of a window without end its first value
FLAT = 112  # 1e308 where the values differ by rounding alone, else 0
# ... then room to work in.
COMES = 128
GOES = 144
ONE_OVER_COUNT = 160
FACTOR = 176  # of the answer
SPREAD = 192  # sum of squares about the mean
DOUBT = 208  # 1 where the column must be looked at
AVERAGE = 224
ANSWER = 240


def exchange_rows(lanes: FloatVector, first: int, downside: bool) -> None:
    """Add what comes to the sums of a group, and take off what goes; AVERAGE and SPREAD are then the two sums."""
    lane: int
    at: int
    for lane in range(16):
        at = first + lane
        before = lanes[at + SUM]
        error = difference_error(before, lanes[at + GOES])
        before = before - lanes[at + GOES]
        error += sum_error(before, lanes[at + COMES])
        error += lanes[at + SUM_ERROR]
        total = before + lanes[at + COMES]
        lanes[at + SUM] = total
        lanes[at + SUM_ERROR] = error
        lanes[at + AVERAGE] = total + error
    if downside:
        for lane in range(32):  # what comes, and what goes behind it
            at = first + lane
            value = lanes[at + COMES]
            lanes[at + COMES] = value if value < 0.0 else 0.0
    for lane in range(16):
        at = first + lane
        comes = lanes[at + COMES] * lanes[at + COMES]
        goes = lanes[at + GOES] * lanes[at + GOES]
        before = lanes[at + SQUARES]
        rest = before - goes
        error = (before - rest) - goes
        large = rest if rest > comes else comes
        small = comes if rest > comes else rest
        total = large + small
        error += small - (total - large)
        error += lanes[at + SQUARES_ERROR]
        lanes[at + SQUARES] = total
        lanes[at + SQUARES_ERROR] = error
        lanes[at + SPREAD] = total + error
        lanes[at + DOUBT] = goes


def write_spreads(lanes: FloatVector, first: int, near: float, square: float, expanding: bool, downside: bool) -> float:
    """Write means and spreads of a group after `exchange_rows`; return how many of its columns must be looked at.

    `near` times the sum of `square`, which is 1 and the square of the largest rate, and the square of the mean is at
    least four times the spread of a flat window.
    """
    lane: int
    at: int
    weight = 0.0 if downside else 1.0
    if not expanding:
        for lane in range(16):
            at = first + lane
            total = lanes[at + SPREAD]
            lanes[at + LARGEST] = total if total > lanes[at + LARGEST] else lanes[at + LARGEST]
            lanes[at + DOUBT] = lanes[at + LARGEST]
    for lane in range(16):
        at = first + lane
        total = lanes[at + AVERAGE]
        mean = total * lanes[at + ONE_OVER_COUNT]
        total = weight * total * mean
        mean += lanes[at + CENTER]
        spread = lanes[at + SPREAD] - total
        strain = total + 1e-12 * lanes[at + DOUBT]
        strain += (weight * mean * mean + square) * near + lanes[at + FLAT] - 4.0 * spread
        lanes[at + SPREAD] = spread
        lanes[at + DOUBT] = 0.0 if strain < 0.0 else 1.0
        lanes[at + AVERAGE] = mean
    for lane in range(8):
        at = first + lane
        lanes[at + COMES] = lanes[at + DOUBT] + lanes[at + DOUBT + 8]
    for lane in range(4):
        at = first + lane
        lanes[at + COMES] += lanes[at + COMES + 4]
    doubts: int = first + COMES
    return lanes[doubts] + lanes[doubts + 1] + lanes[doubts + 2] + lanes[doubts + 3]
