"""Minimum CVaR and mean-CVaR optimisation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._arguments import asset_names, required_rate, row_probabilities
from riskresearch.core._checks import check_level, check_number
from riskresearch.core._errors import InvalidInputError, RiskResearchError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels.optimise._cvar_program import INFEASIBLE, UNBOUNDED, TailProgram, tail_weights
from riskresearch.sizing.optimise._constraints import OTHER_NAMES, Constraints, bounds, polytope
from riskresearch.sizing.optimise._infeasible import contradiction
from riskresearch.sizing.optimise._leverage import binding, with_leverage
from riskresearch.sizing.optimise._optimal_weights import OptimalWeights

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatVector

TOTAL = (1.0, 1.0)
TAIL_DIGITS = 15


@answers_other_names(OTHER_NAMES)
def minimum_cvar(
    returns: Data,
    *,
    level: float = 0.95,
    required_return: float | None = None,
    constraints: Constraints | None = None,
    max_leverage: float | None = None,
    probabilities: Data | None = None,
) -> OptimalWeights:
    """Return the weights of least historical CVaR.

    Parameters
    ----------
    returns : Series, DataFrame or array, shape (rows, assets)
        Scenarios of simple returns per period.
    level : float
        Confidence level in (0.5, 1).
    required_return : float, optional
        Least mean return per period of the portfolio.
    constraints : Constraints, optional
        By default long positions with sum 1.
    max_leverage : float, optional
        Greatest sum of absolute weights; None is what the constraints allow, or else 1.
    probabilities : array, shape (rows,), optional
        Of the rows; equal ones by default.

    Returns
    -------
    OptimalWeights
        With `weights`, `binding` and `summary()`. The CVaR of the portfolio's returns is least at the weights; where
        several weights give the least, they are one of them.

    Raises
    ------
    InvalidInputError
        If the constraints cannot be met, or CVaR has no least value.

    References
    ----------
    Rockafellar & Uryasev, Journal of Risk 2(3), 2000: a linear programme, solved by HiGHS.

    Examples
    --------
    >>> import riskresearch
    >>> print(riskresearch.sizing.minimum_cvar([[-0.1, 0.02], [0.1, -0.02]], level=0.75).summary())
       weight
    0  16.67%
    1  83.33%
    no constraint binds
    least CVaR at level 0.75.
    """
    panel, program = _program(returns, level, probabilities)
    if required_return is not None:
        program = program._replace(least_mean=required_rate(required_return, panel))
    least = "" if required_return is None else f" with a mean return of at least {required_return:g}"
    return _optimum(panel, program, constraints, max_leverage, f"least CVaR at level {level:g}{least}")


@answers_other_names(OTHER_NAMES)
def mean_cvar(
    returns: Data,
    *,
    level: float = 0.95,
    risk_aversion: float | None = None,
    max_cvar: float | None = None,
    constraints: Constraints | None = None,
    max_leverage: float | None = None,
    probabilities: Data | None = None,
) -> OptimalWeights:
    """Return the weights of greatest mean return less a price for CVaR, or with CVaR at most a limit.

    Parameters
    ----------
    returns : Series, DataFrame or array, shape (rows, assets)
        Scenarios of simple returns per period.
    level : float
        Confidence level in (0.5, 1).
    risk_aversion : float, optional
        Maximise mean - risk_aversion * CVaR; zero or more. Give either this or `max_cvar`.
    max_cvar : float, optional
        Maximise the mean with CVaR per period at most this, a fraction.
    constraints : Constraints, optional
        By default long positions with sum 1.
    max_leverage : float, optional
        Greatest sum of absolute weights; None is what the constraints allow, or else 1.
    probabilities : array, shape (rows,), optional
        Of the rows; equal ones by default.

    Returns
    -------
    OptimalWeights
        With `weights`, `binding` and `summary()`.

    Raises
    ------
    InvalidInputError
        If the constraints and the limit cannot be met together, or the weights are not bounded.

    References
    ----------
    Rockafellar & Uryasev 2000; Krokhmal, Palmquist & Uryasev, Journal of Risk 4(2), 2002.

    Examples
    --------
    >>> import riskresearch
    >>> print(riskresearch.sizing.mean_cvar([[-0.1, -0.02], [0.2, 0.03]], max_cvar=0.06).summary())
       weight
    0  50.00%
    1  50.00%
    no constraint binds
    greatest mean with CVaR of at most 0.06 at level 0.95.
    """
    panel, program = _program(returns, level, probabilities)
    if (risk_aversion is None) == (max_cvar is None):
        raise InvalidInputError(
            f"risk_aversion or max_cvar must be given, not both, got {risk_aversion!r} and {max_cvar!r}."
        )
    if risk_aversion is not None:
        price = check_number(risk_aversion, name="risk_aversion")
        if price < 0.0:
            raise InvalidInputError(f"risk_aversion must be zero or more, got {risk_aversion!r}.")
        program = program._replace(cvar_price=price, mean_price=1.0)
    else:
        most = check_number(max_cvar, name="max_cvar")
        program = program._replace(cvar_price=0.0, mean_price=1.0, most_cvar=most)
    sought = f"mean - {risk_aversion:g} CVaR" if max_cvar is None else f"mean with CVaR of at most {max_cvar:g}"
    return _optimum(panel, program, constraints, max_leverage, f"greatest {sought} at level {level:g}")


def _optimum(
    panel: Panel, program: TailProgram, constraints: Constraints | None, max_leverage: float | None, objective: str
) -> OptimalWeights:
    """Return the optimum and the constraints that it stands at; the total counts where it is one of them."""
    assets = asset_names(panel)
    weights = best_tail(program, assets, constraints, max_leverage)
    limited = with_leverage(constraints, assets, max_leverage, total=TOTAL)
    given = replace(limited, total=None if constraints is None else constraints.total)
    return OptimalWeights(assets, tuple(map(float, weights)), binding(given, assets, weights)[0], objective)


def _program(returns: Data, level: float, probabilities: Data | None) -> tuple[Panel, TailProgram]:
    panel = as_panel(returns)
    if probabilities is None:
        return panel, sample_program(panel.values, level)
    chances = row_probabilities(probabilities, panel, name="probabilities")
    return panel, TailProgram(panel.values, chances, round(1.0 - check_level(level), TAIL_DIGITS))


def sample_program(values: FloatVector, level: float) -> TailProgram:
    """Return the programme of least CVaR for rows that are equally likely."""
    rows = values.shape[0]
    _, tail_mass = tail_rank(check_level(level), rows)
    return TailProgram(values, np.full(rows, 1.0 / rows), tail_mass / rows)


def best_tail(
    program: TailProgram, assets: tuple[str, ...], constraints: Constraints | None, max_leverage: float | None
) -> FloatVector:
    """Return the programme's weights, or say why there are none."""
    limited = with_leverage(constraints, assets, max_leverage, total=TOTAL)
    weights, status = tail_weights(program, polytope(limited, assets, total=TOTAL))
    if weights is not None:
        low, high = bounds(limited, assets)
        return np.clip(weights, low, high)
    if status == INFEASIBLE:
        which = contradiction(limited, assets, total=TOTAL)
        if which:
            raise InvalidInputError(f"constraints must be such that some weights meet them all, but none do: {which}.")
        raise InvalidInputError(
            "constraints must be such that some weights meet them together with required_return or max_cvar, but none "
            "do."
        )
    if status == UNBOUNDED:
        raise InvalidInputError("constraints must bound the weights. Give `upper` and `lower`, or `max_gross`.")
    raise RiskResearchError(f"the linear programme was not solved: HiGHS status {status}.")
