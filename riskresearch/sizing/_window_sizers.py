"""Sizers that solve for weights anew on the last rows and hold them in between: one definition with the functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError, RiskResearchError
from riskresearch.core._panel import NAN_POLICIES, as_panel
from riskresearch.metrics._arguments import asset_names, named_numbers
from riskresearch.sizing._constraints import Constraints, by_position
from riskresearch.sizing._kelly import Method, Uncertainty, kelly_weights
from riskresearch.sizing._mean_cvar import mean_cvar, minimum_cvar
from riskresearch.sizing._protocol import StepSizer, WindowRun
from riskresearch.sizing._risk_parity import risk_parity

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, OverTime

FEWEST_ROWS = 2


class WindowSizer(StepSizer):
    """Base of the sizers here: a subclass says which weights it takes on the rows of a window."""

    __slots__ = ()

    window: int
    rebalance_every: int
    constraints: Constraints | None
    nan_policy: NanPolicy

    def __post_init__(self) -> None:
        """Check the parameters that all share; the others are checked by the function that solves."""
        check_count(self.window, name="window", minimum=FEWEST_ROWS)
        check_count(self.rebalance_every, name="rebalance_every", minimum=1)
        check_choice(self.nan_policy, NAN_POLICIES, name="nan_policy")

    def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> FloatVector:
        raise TypeError(f"{type(self).__name__} must say which weights it takes.")

    def _start(self, columns: int, periods: float) -> WindowRun:
        return self._start_named(tuple(map(str, range(columns))), periods)

    def _start_named(self, names: tuple[str, ...], periods: float) -> WindowRun:
        constraints = by_position(self.constraints, names)

        def solve(window: FloatMatrix) -> FloatVector:
            return self._solve(_complete(window), names, constraints)

        return WindowRun(len(names), window=self.window, rebalance_every=self.rebalance_every, solve=solve)

    def weights(self, returns: Data) -> OverTime:
        """Return the weights decided after each row, in force from the next row on.

        Parameters
        ----------
        returns : Series, DataFrame or array
            Simple returns per period, one column per asset.

        Returns
        -------
        same type as `returns`
            Fractions of net asset value; 0 before the first decision, never nan.
        """
        panel = as_panel(returns, nan_policy=self.nan_policy)
        values = np.ascontiguousarray(panel.values)
        run, decided = self._start_named(asset_names(panel), 1.0), np.empty(values.shape)
        for row in range(values.shape[0]):
            try:
                decided[row] = run.step(values[row], {})
            except RiskResearchError as error:
                where = f"the {self.window} rows that end at {panel.labels.row_names[row]}"
                raise InvalidInputError(
                    f"returns must have a solution in every window, but {where}: {error}"
                ) from error
        return panel.labels.over_time(decided)


def _complete(window: FloatMatrix) -> FloatMatrix:
    """Return the rows on which every column has a value."""
    missing = np.isnan(window).any(axis=1)
    if not missing.any():
        return window
    if int((~missing).sum()) < FEWEST_ROWS:
        raise InvalidInputError(
            f"returns needs at least {FEWEST_ROWS} rows in each window on which every column has a value. Leave out "
            "columns that start late or end early."
        )
    return window[~missing]


@dataclass(frozen=True, slots=True)
class KellyPositionSizer(WindowSizer):
    """Hold the weights of greatest expected log growth over the last rows: see `kelly_weights`.

    Weights are decided after row t and in force from row t + 1 on: first after `window` rows, then every
    `rebalance_every` rows, and held in between. A window without a solution is an error.

    Parameters
    ----------
    window, rebalance_every : int
        Rows to look back on, and rows between decisions.
    method : {"exact", "quadratic"}
        E log(wealth) or its second-order expansion.
    constraints : Constraints, optional
        By default long positions only and no borrowing.
    fraction : float
        Fraction of the weights to hold, in (0, 1].
    uncertainty : {"predictive", "shrinkage", "ignore"}
        How the length of the window counts.
    drawdown, drawdown_probability : float, optional
        Keep the probability that wealth ever falls by `drawdown` to `drawdown_probability` at most.
    risk_free : float
        Rate per period of cash and of borrowing.
    nan_policy : {"raise", "omit"}
        "omit" leaves out the rows of a window on which a column is missing.

    Examples
    --------
    >>> import riskresearch
    >>> sizer = riskresearch.sizing.KellyPositionSizer(window=3, uncertainty="ignore")
    >>> sizer.weights([1.0, 1.0, -1.0, 0.5]).round(4)
    array([0.    , 0.    , 0.3333, 0.3333])
    """

    window: int = 252
    rebalance_every: int = 21
    method: Method = "exact"
    constraints: Constraints | None = None
    fraction: float = 1.0
    uncertainty: Uncertainty = "predictive"
    drawdown: float | None = None
    drawdown_probability: float | None = None
    risk_free: float = 0.0
    nan_policy: NanPolicy = "raise"

    def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> FloatVector:
        bet = kelly_weights(
            rows,
            method=self.method,
            constraints=constraints,
            fraction=self.fraction,
            uncertainty=self.uncertainty,
            drawdown=self.drawdown,
            drawdown_probability=self.drawdown_probability,
            risk_free=self.risk_free,
        )
        return np.array(bet.weights)


@dataclass(frozen=True, slots=True)
class RiskParitySizer(WindowSizer):
    """Hold the weights whose shares of the variance over the last rows are the budgets: see `risk_parity`.

    Weights are decided after row t and in force from row t + 1 on: first after `window` rows, then every
    `rebalance_every` rows, and held in between. A window whose sample covariance lets long positions be combined
    without risk is an error; more rows than columns avoid it.

    Parameters
    ----------
    window, rebalance_every : int
        Rows to look back on, and rows between decisions.
    budgets : mapping, Series or array, optional
        Positive shares of risk with sum 1; equal ones by default.
    constraints : Constraints, optional
        By default long positions with sum 1.
    nan_policy : {"raise", "omit"}
        "omit" leaves out the rows of a window on which a column is missing.

    Examples
    --------
    >>> import riskresearch
    >>> sizer = riskresearch.sizing.RiskParitySizer(window=4)
    >>> sizer.weights([[0.01, 0.02], [-0.01, 0.02], [0.01, -0.02], [-0.01, -0.02]])[-1].round(4)
    array([0.6667, 0.3333])
    """

    window: int = 252
    rebalance_every: int = 21
    budgets: Mapping[str, float] | pd.Series | FloatVector | tuple[float, ...] | None = None
    constraints: Constraints | None = None
    nan_policy: NanPolicy = "raise"

    def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> FloatVector:
        shares = self.budgets
        if shares is not None:
            shares = named_numbers(shares, names, len(names), name="budgets", owner="returns", what="column")
        found: FloatVector = risk_parity(
            np.atleast_2d(np.cov(rows, rowvar=False)), budgets=shares, constraints=constraints
        )
        return found


@dataclass(frozen=True, slots=True)
class MinimumCVaRSizer(WindowSizer):
    """Hold the weights of least historical CVaR over the last rows: see `minimum_cvar`.

    Weights are decided after row t and in force from row t + 1 on: first after `window` rows, then every
    `rebalance_every` rows, and held in between.

    Parameters
    ----------
    window, rebalance_every : int
        Rows to look back on, and rows between decisions.
    level : float
        Confidence level in (0.5, 1).
    required_return : float, optional
        Least mean return per period; a window that cannot give it is an error.
    constraints : Constraints, optional
        By default long positions with sum 1.
    nan_policy : {"raise", "omit"}
        "omit" leaves out the rows of a window on which a column is missing.

    Examples
    --------
    >>> import riskresearch
    >>> sizer = riskresearch.sizing.MinimumCVaRSizer(window=2, level=0.75)
    >>> sizer.weights([[-0.1, 0.02], [0.1, -0.02]])[-1].round(4)
    array([0.1667, 0.8333])
    """

    window: int = 252
    rebalance_every: int = 21
    level: float = 0.95
    required_return: float | None = None
    constraints: Constraints | None = None
    nan_policy: NanPolicy = "raise"

    def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> FloatVector:
        found: FloatVector = minimum_cvar(
            rows, level=self.level, required_return=self.required_return, constraints=constraints
        )
        return found


@dataclass(frozen=True, slots=True)
class MeanCVaRSizer(WindowSizer):
    """Hold the weights of the best mean and CVaR over the last rows: see `mean_cvar`.

    Weights are decided after row t and in force from row t + 1 on: first after `window` rows, then every
    `rebalance_every` rows, and held in between.

    Parameters
    ----------
    window, rebalance_every : int
        Rows to look back on, and rows between decisions.
    level : float
        Confidence level in (0.5, 1).
    risk_aversion, max_cvar : float, optional
        Price of CVaR in units of the mean, or the greatest CVaR; give one of them.
    constraints : Constraints, optional
        By default long positions with sum 1; `total=(0.0, 1.0)` lets it hold cash.
    nan_policy : {"raise", "omit"}
        "omit" leaves out the rows of a window on which a column is missing.

    Examples
    --------
    >>> import riskresearch
    >>> sizer = riskresearch.sizing.MeanCVaRSizer(window=2, max_cvar=0.06)
    >>> sizer.weights([[-0.1, -0.02], [0.2, 0.03]])[-1].round(4)
    array([0.5, 0.5])
    """

    window: int = 252
    rebalance_every: int = 21
    level: float = 0.95
    risk_aversion: float | None = None
    max_cvar: float | None = None
    constraints: Constraints | None = None
    nan_policy: NanPolicy = "raise"

    def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> FloatVector:
        found: FloatVector = mean_cvar(
            rows,
            level=self.level,
            risk_aversion=self.risk_aversion,
            max_cvar=self.max_cvar,
            constraints=constraints,
        )
        return found
