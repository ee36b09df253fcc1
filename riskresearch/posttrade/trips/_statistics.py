"""Statistics of closed trips: win rate, profit factor, expectancy, streaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.kernels._ratios import omega
from riskresearch.kernels.inference._binomial import exact_bounds

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatVector

COUNTS = ("trips", "winners", "losers", "longest_winning_streak", "longest_losing_streak")
FRACTIONS = ("win_rate", "win_rate_lower", "win_rate_upper", "expectancy_return")
RATIOS = ("profit_factor", "profit_factor_of_returns", "payoff", "expectancy_r", "average_bars")


def trip_statistics(trips: pd.DataFrame, confidence: float) -> dict[str, Any]:
    """Return the statistics of closed trips by name, in the order in which they are shown."""
    net, returns = trips["net"].to_numpy(dtype=np.float64), trips["return"].to_numpy(dtype=np.float64)
    count, won, lost = len(net), net > 0.0, net < 0.0
    lower, upper = exact_bounds(np.array([won.sum()]), np.array([count]), confidence)
    average_win, average_loss = _mean(net[won]), -_mean(net[lost])
    multiples = trips["r_multiple"].to_numpy(dtype=np.float64)
    return {
        "trips": count,
        "winners": int(won.sum()),
        "losers": int(lost.sum()),
        "win_rate": float(won.sum() / count) if count else np.nan,
        "win_rate_lower": float(lower[0]),
        "win_rate_upper": float(upper[0]),
        "net": float(net.sum()),
        "gross": float(trips["gross"].sum()),
        "dividends": float(trips["dividends"].sum()),
        "costs": float(trips["costs"].sum()),
        "profit_factor": profit_factor(net),
        "profit_factor_of_returns": profit_factor(returns),
        "expectancy": _mean(net),
        "expectancy_return": _mean(returns),
        "expectancy_r": _mean(multiples[np.isfinite(multiples)]),
        "average_win": average_win,
        "average_loss": average_loss,
        "payoff": average_win / average_loss,
        "longest_winning_streak": longest_run(won),
        "longest_losing_streak": longest_run(lost),
        "average_bars": _mean(trips["bars"].to_numpy(dtype=np.float64)),
    }


def profit_factor(profits: FloatVector) -> float:
    """Return the sum of profits over the sum of losses: infinite without a loss, nan without either.

    It is the Omega ratio at a threshold of zero.
    """
    if not (profits < 0.0).any():
        return np.inf if (profits > 0.0).any() else np.nan
    return float(omega(np.ascontiguousarray(profits[:, None]), 0.0)[0])


def longest_run(flags: npt.NDArray[np.bool_]) -> int:
    """Return the length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _mean(values: FloatVector) -> float:
    return float(values.mean()) if len(values) else np.nan
