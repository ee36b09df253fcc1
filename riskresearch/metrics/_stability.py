"""The stability of compounded growth over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.core._arguments import compounding_panel
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels import _stability
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap


@answers_other_names()
def stability(
    returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return R squared of a straight line through the cumulative log returns, over the number of the row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Between 0 and 1, which is growth or decline at a constant rate: the sign is not part of it. nan where wealth
        never changes, and after a total loss. A random walk without drift has 0.44 on average.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer than three rows: a line through two points always fits.

    References
    ----------
    `stability_of_timeseries` of empyrical, whose first point is the first return as well. Nelson & Kang, J. Business
    & Economic Statistics 2, 1984 (random walks).

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.stability([0.01, 0.02, -0.01, 0.03]), 6)
    0.687071
    """
    panel = compounding_panel(returns, nan_policy=nan_policy, min_rows=3)
    return estimate(panel, _stability.stability, measure="stability", kind="path", interval=interval)


MEASURES = (Measure(stability, min_rows=3, compounds=True),)
