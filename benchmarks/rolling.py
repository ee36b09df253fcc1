"""Rolling measures of a panel against pandas, vectorbt, bottleneck and numbagg."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.compare import Case
from benchmarks.data import panel
from benchmarks.peers import peer
from riskresearch import metrics

Matrix = NDArray[np.float64]

WINDOW = 250
TAIL_TARGETS = ((250, 0.99, 0.05), (1000, 0.95, 0.3))
VECTORBT_TARGET = 1 / 300
SHARPE_TARGET = 0.1
FASTER = 1.0
TAILS_EQUAL = "VaR and CVaR equal those of each window; pandas' VaR not compared"
SHARPE_EQUAL = "equal to 1e-7"


def rolling_cases() -> list[Case]:
    """Return the cases of rolling tails and of the rolling Sharpe ratio, whose peer is installed."""
    return [*tail_cases(), *sharpe_cases()]


# --- VaR and CVaR


def tail_cases() -> list[Case]:
    """Return the cases of rolling VaR and CVaR together, from an array and from a DataFrame."""
    returns = panel()
    frame = pd.DataFrame(returns)
    cases = []
    for window, level, target in TAIL_TARGETS:
        quantile = partial(frame.rolling(window).quantile, round(1.0 - level, 6), interpolation="lower")
        check = partial(check_tails, returns, window, level)
        work = f"rolling VaR and CVaR, {returns.shape[0]} x {returns.shape[1]}, window {window}, level {level}"
        for kind, data in (("array", returns), ("DataFrame", frame)):
            ours = partial(metrics.rolling_tail_risk, data, window=window, level=level)
            name = "pandas rolling.quantile, VaR alone"
            cases.append(Case(f"{work}, {kind}", name, ours, quantile, check, TAILS_EQUAL, target, 5))
    return [*cases, *_vectorbt_case(frame)]


def check_tails(returns: Matrix, window: int, level: float) -> None:
    """Require our measures of a window on some of the rows, to the last bit."""
    ours = metrics.rolling_tail_risk(returns, window=window, level=level)
    for row in range(window - 1, len(returns), 997):
        both = metrics.tail_risk(returns[row - window + 1 : row + 1], level=level)
        np.testing.assert_array_equal(ours.value_at_risk[row], both.value_at_risk)
        np.testing.assert_array_equal(ours.conditional_value_at_risk[row], both.conditional_value_at_risk)


def _vectorbt_case(frame: pd.DataFrame) -> list[Case]:
    if peer("vectorbt") is None:
        return []
    level, frame = 0.99, frame.iloc[:, :50]  # theirs takes seconds, in proportion to the columns
    ours = partial(metrics.rolling_tail_risk, frame, window=WINDOW, level=level)

    def theirs() -> pd.DataFrame:
        return frame.vbt.returns.rolling_cond_value_at_risk(window=WINDOW, cutoff=round(1.0 - level, 6))

    def check() -> None:
        """Theirs is the mean of the int(0.01 x 249) + 1 = 3 worst returns."""
        worst = np.sort(frame.iloc[-WINDOW:].to_numpy(), axis=0)[:3].mean(axis=0)
        np.testing.assert_allclose(theirs().iloc[-1], worst, rtol=1e-10)
        check_tails(frame.to_numpy(), WINDOW, level)

    work = f"rolling VaR and CVaR, {len(frame)} x {frame.shape[1]}, window {WINDOW}, level {level}, DataFrame"
    agreement = "theirs averages the 3 worst of 250, ours the worst 2.5"
    name = "vectorbt returns.rolling_cond_value_at_risk, CVaR alone"
    return [Case(work, name, ours, theirs, check, agreement, VECTORBT_TARGET, 3)]


# --- Sharpe ratio


def sharpe_cases() -> list[Case]:
    """Return the cases of the rolling Sharpe ratio; bottleneck and numbagg also in the layout that suits them."""
    returns = panel()
    frame = pd.DataFrame(returns)
    by_asset = np.ascontiguousarray(returns.T)
    windows = frame.rolling(WINDOW)
    found: list[tuple[str, str, object, Callable[[], object], float]] = [
        ("array", "pandas", returns, lambda: windows.mean() / windows.std() * 252**0.5, SHARPE_TARGET),
        ("DataFrame", "pandas", frame, lambda: windows.mean() / windows.std() * 252**0.5, SHARPE_TARGET),
    ]
    bottleneck, numbagg = peer("bottleneck"), peer("numbagg")
    for values, axis, layout in ((returns, 0, "the same array"), (by_asset, 1, "an array of assets x days")):
        if bottleneck is not None:

            def moved(values: Matrix = values, axis: int = axis) -> Matrix:
                deviation = bottleneck.move_std(values, WINDOW, axis=axis, ddof=1)
                return bottleneck.move_mean(values, WINDOW, axis=axis) / deviation * 252**0.5

            found.append(("array", f"bottleneck, {layout}", returns, moved, FASTER))
        if numbagg is not None:

            def bagged(values: Matrix = values, axis: int = axis) -> Matrix:
                deviation = numbagg.move_std(values, window=WINDOW, axis=axis)
                return numbagg.move_mean(values, window=WINDOW, axis=axis) / deviation * 252**0.5

            found.append(("array", f"numbagg (all its threads), {layout}", returns, bagged, FASTER))
    work = f"rolling Sharpe ratio, {returns.shape[0]} x {returns.shape[1]}, window {WINDOW}"
    return [_sharpe_case(f"{work}, {kind}", name, data, theirs, limit) for kind, name, data, theirs, limit in found]


def _sharpe_case(work: str, name: str, data: object, theirs: Callable[[], object], target: float) -> Case:
    ours = partial(metrics.rolling, data, "sharpe_ratio", window=WINDOW)

    def check() -> None:
        expected = np.asarray(theirs())
        expected = expected if expected.shape == np.shape(data) else expected.T
        np.testing.assert_allclose(np.asarray(ours()), expected, rtol=1e-7, atol=1e-9)

    return Case(work, name, ours, theirs, check, SHARPE_EQUAL, target, 9)
