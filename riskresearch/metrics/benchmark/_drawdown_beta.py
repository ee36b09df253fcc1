"""The beta of drawdowns: what returns lose while a benchmark is in its worst drawdowns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from riskresearch.core._arguments import panel_and_benchmark
from riskresearch.core._checks import check_choice, check_level
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels.benchmark import _drawdown_beta
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap

COMPOUNDINGS = ("geometric", "arithmetic")


@answers_other_names()
def cdar_beta(
    returns: Data,
    benchmark: Data,
    *,
    level: float = 0.95,
    compounding: Literal["geometric", "arithmetic"] = "geometric",
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the CDaR beta: mean loss while the benchmark is in its worst drawdowns, over their mean.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    level : float
        Confidence level in (0.5, 1): 0.95 takes the 5 % of rows on which the benchmark is farthest below its peak. A
        level above 1 - 1 / rows takes the row of its maximum drawdown.
    compounding : {"geometric", "arithmetic"}
        As in `conditional_drawdown_at_risk`: fractions of the value at the benchmark's peak, or summed returns, as in
        the paper.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Losses since the benchmark's last peak, over its `conditional_drawdown_at_risk`: 1 for the benchmark itself,
        negative for what gained meanwhile; nan where the benchmark has no drawdown. Rows at the boundary share the
        weight that is left. PerformanceAnalytics averages over whole drawdowns instead of rows.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Zabarankin, Pavlikov & Uryasev, European J. Operational Research 234, 2014.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.1, -0.1, -0.1, 0.3], [0.1, -0.2, -0.25, 0.6]
    >>> round(riskresearch.metrics.cdar_beta(returns, market, level=0.75), 6)
    0.475
    """
    of_drawdowns = check_level(level)
    compounded = check_choice(compounding, COMPOUNDINGS, name="compounding") == "geometric"
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy, min_rows=1, compounded=compounded)
    return estimate(
        panel,
        lambda values, other: _drawdown_beta.cdar_beta(values, other, of_drawdowns, compounding),
        market,
        measure="cdar_beta",
        kind="path",
        interval=interval,
    )


MEASURES = (Measure(cdar_beta, takes=("level",), benchmark=True, compounds=True),)
