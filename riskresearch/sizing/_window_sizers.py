"""Sizers that solve for weights on the last rows and hold them in between, by the functions of the optimisers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from riskresearch.core._arguments import named_numbers
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError, RiskResearchError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import NAN_POLICIES
from riskresearch.kernels._moments import covariance
from riskresearch.sizing._arguments import OTHER_NAMES, check_leverage, check_rebalance
from riskresearch.sizing._cap_reasons import CapReason
from riskresearch.sizing._capped_weights import CappedWeights
from riskresearch.sizing._protocol import StepSizer
from riskresearch.sizing._run import WindowRun
from riskresearch.sizing.optimise._constraints import Constraints, by_position
from riskresearch.sizing.optimise._kelly import solved_bet
from riskresearch.sizing.optimise._kelly_programme import Method
from riskresearch.sizing.optimise._kelly_scenarios import Uncertainty
from riskresearch.sizing.optimise._leverage import binding, with_leverage
from riskresearch.sizing.optimise._mean_cvar import TOTAL, mean_cvar, minimum_cvar
from riskresearch.sizing.optimise._risk_parity import risk_parity

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._calendar_periods import Period
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Labelled, NanPolicy, OverTime

    Solved = tuple[FloatVector, npt.NDArray[np.longlong]]

FEWEST_ROWS, ROWS_A_MONTH = 2, 21
NO_INTERVAL = "Weights of a sizer have no interval; those of `kelly_weights(returns, confidence=0.9)` have."


class WindowSizer(StepSizer):
    """Base of the sizers here: a subclass says which weights it takes on the rows of a window."""

    __slots__ = ()

    window: int
    rebalance_every: int | None
    rebalance: Period | None
    constraints: Constraints | None
    max_leverage: float | None
    nan_policy: NanPolicy

    def __post_init__(self) -> None:
        """Check the parameters that all share; the others are checked by the function that solves."""
        check_count(self.window, name="window", minimum=FEWEST_ROWS)
        if self.rebalance_every is not None:
            check_count(self.rebalance_every, name="rebalance_every", minimum=1)
        check_rebalance(self.rebalance)
        if self.rebalance is not None and self.rebalance_every is not None:
            raise InvalidInputError(
                f"rebalance and rebalance_every must not both be given, got {self.rebalance!r} and "
                f"{self.rebalance_every!r}: one is calendar periods, the other rows."
            )
        if self.max_leverage is not None and self.max_leverage != np.inf:
            check_leverage(self.max_leverage)
        check_choice(self.nan_policy, NAN_POLICIES, name="nan_policy")

    if TYPE_CHECKING:

        def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> Solved: ...

    def _start(self, columns: int, periods: float) -> WindowRun:
        return self._start_named(tuple(map(str, range(columns))), periods)

    def _start_named(self, names: tuple[str, ...], periods: float) -> WindowRun:
        constraints = by_position(self.constraints, names)

        def solve(window: FloatMatrix) -> Solved:
            return self._solve(_complete(window), names, constraints)

        return WindowRun(len(names), window=self.window, every=self.rebalance_every or ROWS_A_MONTH, solve=solve)

    @overload
    def weights(self, returns: Labelled) -> Labelled: ...
    @overload
    def weights(self, returns: Data) -> OverTime: ...
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
        return self._explained(returns, {}).weights

    def explain(self, returns: Data) -> CappedWeights:
        """Return the same weights with the constraints that bind them.

        Parameters
        ----------
        returns : Series, DataFrame or array
            As in `weights`.

        Returns
        -------
        CappedWeights
            Its targets are the weights, for constraints are part of what is solved; its reasons name bounds, groups,
            the total and the leverage, and the limit on drawdowns.
        """
        return self._explained(returns, {})

    def _failed(self, error: RiskResearchError, row_name: object) -> InvalidInputError:
        end = "end at" if self.rebalance is None else "end before or at"
        where = f"the {self.window} rows that {end} {row_name}"
        return InvalidInputError(f"returns must have a solution in every window, but {where}: {error}")


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


def _places(rows: FloatMatrix) -> tuple[str, ...]:
    """Return the names of columns that have lost theirs."""
    return tuple(map(str, range(rows.shape[1])))


def _reasons(constraints: Constraints | None, weights: FloatVector) -> npt.NDArray[np.longlong]:
    """Return the bits of the caps that bind."""
    names = tuple(map(str, range(weights.shape[0])))
    return binding(Constraints() if constraints is None else constraints, names, weights)[1]


@answers_other_names({**OTHER_NAMES, **dict.fromkeys(("confidence", "interval"), NO_INTERVAL)})
@dataclass(frozen=True, slots=True)
class KellyPositionSizer(WindowSizer):
    """Hold the weights of greatest expected log growth over the last rows: see `kelly_weights`.

    Weights are decided after row t and in force from row t + 1 on: first after `window` rows, then every
    `rebalance_every` rows or after each period of `rebalance`, and held in between. A window without a solution is an
    error.

    Parameters
    ----------
    window : int
        Rows to look back on.
    rebalance_every : int, optional
        Rows between decisions; None is 21, unless there is `rebalance`.
    rebalance : {"week", "month", "quarter", "year"}, optional
        Decide on the last row of each calendar period instead.
    method : {"exact", "quadratic"}
        E log(wealth) or its second-order expansion.
    constraints : Constraints, optional
        By default long positions only and no borrowing.
    max_leverage : float, optional
        Greatest sum of absolute weights; None is what the constraints allow, or else 1.
    fraction : float
        Fraction of the weights to hold, in (0, 1].
    uncertainty : {"predictive", "shrinkage", "ignore"}
        How the length of the window counts.
    drawdown, drawdown_probability : float, optional
        Keep the probability that wealth ever falls by `drawdown` to `drawdown_probability` at most.
    drawdown_periods : int
        Periods of the paths that keep to it under an unknown truth, unless `uncertainty` is "ignore".
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
    _: KW_ONLY
    rebalance_every: int | None = None
    rebalance: Period | None = None
    method: Method = "exact"
    constraints: Constraints | None = None
    max_leverage: float | None = None
    fraction: float = 1.0
    uncertainty: Uncertainty = "predictive"
    drawdown: float | None = None
    drawdown_probability: float | None = None
    drawdown_periods: int = 1000
    risk_free: float = 0.0
    nan_policy: NanPolicy = "raise"

    def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> Solved:
        return solved_bet(
            rows,
            method=self.method,
            constraints=constraints,
            max_leverage=self.max_leverage,
            fraction=self.fraction,
            uncertainty=self.uncertainty,
            drawdown=self.drawdown,
            drawdown_probability=self.drawdown_probability,
            drawdown_periods=self.drawdown_periods,
            risk_free=self.risk_free,
        )


@answers_other_names(OTHER_NAMES)
@dataclass(frozen=True, slots=True)
class RiskParitySizer(WindowSizer):
    """Hold the weights whose shares of the variance over the last rows are the budgets: see `risk_parity`.

    Weights are decided after row t and in force from row t + 1 on: first after `window` rows, then every
    `rebalance_every` rows or after each period of `rebalance`, and held in between. A window whose sample covariance
    lets long positions be combined without risk is an error; more rows than columns avoid it.

    Parameters
    ----------
    window : int
        Rows to look back on.
    rebalance_every : int, optional
        Rows between decisions; None is 21, unless there is `rebalance`.
    rebalance : {"week", "month", "quarter", "year"}, optional
        Decide on the last row of each calendar period instead.
    budgets : mapping, Series or array, optional
        Positive shares of risk with sum 1; equal ones by default.
    constraints : Constraints, optional
        By default long positions with sum 1.
    max_leverage : float, optional
        Sum of the weights, at most 1; None is 1. Risk parity is long only, so that they cannot be levered here.
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
    _: KW_ONLY
    rebalance_every: int | None = None
    rebalance: Period | None = None
    budgets: Mapping[str, float] | pd.Series | FloatVector | tuple[float, ...] | None = None
    constraints: Constraints | None = None
    max_leverage: float | None = None
    nan_policy: NanPolicy = "raise"

    def __post_init__(self) -> None:
        """Check the parameters."""
        WindowSizer.__post_init__(self)
        if self.max_leverage is not None and self.max_leverage > 1.0:
            raise InvalidInputError(
                f"max_leverage must be at most 1 for risk parity, whose long positions sum to 1, got "
                f"{self.max_leverage!r}. Multiply the weights instead."
            )

    def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> Solved:
        shares = self.budgets
        if shares is not None:
            shares = named_numbers(shares, names, len(names), name="budgets", owner="returns", what="column")
        found = np.array(risk_parity(covariance(rows), budgets=shares, constraints=constraints).weights)
        scale = 1.0 if self.max_leverage is None else self.max_leverage
        reasons = _reasons(constraints, found)
        if scale < 1.0:
            return found * scale, reasons | CapReason.LEVERAGE
        return found, reasons


@answers_other_names(OTHER_NAMES)
@dataclass(frozen=True, slots=True)
class MinimumCVaRSizer(WindowSizer):
    """Hold the weights of least historical CVaR over the last rows: see `minimum_cvar`.

    Weights are decided after row t and in force from row t + 1 on: first after `window` rows, then every
    `rebalance_every` rows or after each period of `rebalance`, and held in between.

    Parameters
    ----------
    window : int
        Rows to look back on.
    rebalance_every : int, optional
        Rows between decisions; None is 21, unless there is `rebalance`.
    rebalance : {"week", "month", "quarter", "year"}, optional
        Decide on the last row of each calendar period instead.
    level : float
        Confidence level in (0.5, 1).
    required_return : float, optional
        Least mean return per period; a window that cannot give it is an error.
    constraints : Constraints, optional
        By default long positions with sum 1.
    max_leverage : float, optional
        Greatest sum of absolute weights; None is what the constraints allow, or else 1.
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
    _: KW_ONLY
    rebalance_every: int | None = None
    rebalance: Period | None = None
    level: float = 0.95
    required_return: float | None = None
    constraints: Constraints | None = None
    max_leverage: float | None = None
    nan_policy: NanPolicy = "raise"

    def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> Solved:
        limited = with_leverage(constraints, _places(rows), self.max_leverage, total=TOTAL)
        optimum = minimum_cvar(rows, level=self.level, required_return=self.required_return, constraints=limited)
        found = np.array(optimum.weights)
        return found, _reasons(limited, found)


@answers_other_names(OTHER_NAMES)
@dataclass(frozen=True, slots=True)
class MeanCVaRSizer(WindowSizer):
    """Hold the weights of the best mean and CVaR over the last rows: see `mean_cvar`.

    Weights are decided after row t and in force from row t + 1 on: first after `window` rows, then every
    `rebalance_every` rows or after each period of `rebalance`, and held in between.

    Parameters
    ----------
    window : int
        Rows to look back on.
    rebalance_every : int, optional
        Rows between decisions; None is 21, unless there is `rebalance`.
    rebalance : {"week", "month", "quarter", "year"}, optional
        Decide on the last row of each calendar period instead.
    level : float
        Confidence level in (0.5, 1).
    risk_aversion, max_cvar : float, optional
        Price of CVaR in units of the mean, or the greatest CVaR; give one of them.
    constraints : Constraints, optional
        By default long positions with sum 1; `total=(0.0, 1.0)` lets it hold cash.
    max_leverage : float, optional
        Greatest sum of absolute weights; None is what the constraints allow, or else 1.
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
    _: KW_ONLY
    rebalance_every: int | None = None
    rebalance: Period | None = None
    level: float = 0.95
    risk_aversion: float | None = None
    max_cvar: float | None = None
    constraints: Constraints | None = None
    max_leverage: float | None = None
    nan_policy: NanPolicy = "raise"

    def _solve(self, rows: FloatMatrix, names: tuple[str, ...], constraints: Constraints | None) -> Solved:
        limited = with_leverage(constraints, _places(rows), self.max_leverage, total=TOTAL)
        optimum = mean_cvar(
            rows,
            level=self.level,
            risk_aversion=self.risk_aversion,
            max_cvar=self.max_cvar,
            constraints=limited,
        )
        found = np.array(optimum.weights)
        return found, _reasons(limited, found)
