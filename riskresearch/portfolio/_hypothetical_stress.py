"""Hypothetical stress tests of a portfolio: given moves of some assets or factors, one scenario or several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._arguments import column_labels, same_rows
from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import check_shock, check_shock_of_factor
from riskresearch.core._weights import ONE_SERIES, weighted_panel
from riskresearch.kernels._moments import covariance, deviation
from riskresearch.portfolio._shocks import read_scenarios
from riskresearch.portfolio._stress_result import StressTest

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy

PROPAGATIONS = ("covariance", "betas", "none")
FEWEST_ROWS = 2


@answers_other_names(
    {"scenarios": "shocks", "scenario": "shocks", "shock": "shocks"}, second="shocks", needs={"weights": ONE_SERIES}
)
def hypothetical_stress(
    returns: Data,
    weights: Mapping[str, float] | Data,
    *,
    shocks: Mapping[str, float] | Mapping[str, Mapping[str, float]] | pd.Series | pd.DataFrame,
    factors: Data | None = None,
    propagate: Literal["covariance", "betas", "none"] = "covariance",
    nan_policy: NanPolicy = "raise",
) -> StressTest:
    """Return the return of the portfolio for given moves of some assets or factors, in one scenario or several.

    Parameters
    ----------
    returns : DataFrame or 2-D array, shape (rows, assets)
        Simple returns per period, for covariance or betas; columns of arrays are named "0", "1" and so on.
    weights : mapping, Series or array, shape (assets,)
        Fractions of net asset value.
        A column that a mapping or Series does not name leaves the portfolio, with a warning.
    shocks : mapping, Series or DataFrame
        Move of each shocked asset or factor by name, -0.2 for minus 20 %; or such a mapping for each scenario by its
        name; or a table with a row or a column for each scenario, nan where something is not shocked.
    factors : Series, DataFrame or array, optional
        Factors over the same rows: returns, or changes of yields, whose shocks are in the same unit.
    propagate : {"covariance", "betas", "none"}
        The other assets move by their conditional expectation under the sample covariance with means of zero, by their
        betas on all factors with unshocked factors at zero, or not at all.
    nan_policy : {"raise", "omit"}
        "omit" leaves out rows on which any asset or factor is missing.

    Returns
    -------
    StressTest
        One row per scenario, called "hypothetical" if it has no name.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, a shock can only be in percent or basis points, or the shocked columns have a
        singular covariance.

    References
    ----------
    Kupiec, J. Derivatives 6(1), 1998: stress scenarios by conditional expectation.

    Examples
    --------
    >>> import riskresearch
    >>> returns = [[0.01, 0.02], [-0.01, -0.02], [0.02, 0.04]]
    >>> shocks = {"slump": {"0": -0.1}, "boom": {"0": 0.2}}
    >>> result = riskresearch.portfolio.hypothetical_stress(returns, weights=[0.5, 0.5], shocks=shocks)
    >>> result.to_frame()["portfolio_return"].round(6).to_dict()
    {'slump': -0.15, 'boom': 0.3}
    """
    check_choice(propagate, PROPAGATIONS, name="propagate")
    panel, vector = weighted_panel(returns, weights, min_rows=FEWEST_ROWS, nan_policy=nan_policy)
    names, values = column_labels(panel), panel.values
    market_names: tuple[str, ...] = ()
    if factors is not None:
        market = same_rows(factors, panel, name="factors", nan_policy=nan_policy)
        market_names = column_labels(market)
        values = np.column_stack([values, market.values])
    values = _complete(values, panel)
    scenarios = read_scenarios(shocks, names, market_names)
    _check_units(scenarios, values, names, market_names)
    answers = [_propagated(values, len(names), given, propagate) for given in scenarios.values()]
    everything = (*names, *market_names)
    return StressTest(
        scenarios=tuple(scenarios),
        assets=names,
        weights=tuple(vector.tolist()),
        asset_returns=tuple(tuple(moves.tolist()) for moves, _ in answers),
        sources=tuple(
            tuple("given" if number in given else how for number in range(len(names)))
            for given, (_, how) in zip(scenarios.values(), answers, strict=True)
        ),
        shocks=tuple({everything[number]: shock for number, shock in given.items()} for given in scenarios.values()),
    )


def _complete(values: FloatMatrix, panel: Panel) -> FloatMatrix:
    """Return the rows on which every asset and factor has a value."""
    keep = ~np.isnan(values).any(axis=1)
    if keep.sum() < FEWEST_ROWS:
        raise InvalidInputError(
            f"{panel.name} needs at least {FEWEST_ROWS} rows on which every asset and factor has a value, got "
            f"{int(keep.sum())}."
        )
    rows: FloatMatrix = values[keep]
    return rows


def _check_units(
    scenarios: Mapping[str, Mapping[int, float]],
    values: FloatMatrix,
    assets: tuple[str, ...],
    factors: tuple[str, ...],
) -> None:
    """Refuse or doubt shocks that the history of their column makes implausible as fractions."""
    names, deviations = (*assets, *factors), deviation(values)
    largest: dict[int, float] = {}
    for scenario, given in scenarios.items():
        for number, shock in given.items():
            place = f"[{names[number]!r}]" if len(scenarios) == 1 else f"[{scenario!r}][{names[number]!r}]"
            check_shock(
                shock,
                name=f"shocks{place}",
                largest_move=float(np.abs(values[:, number]).max()),
                of_asset=number < len(assets),
            )
            largest[number] = max(largest.get(number, 0.0), shock, key=abs)
    for number, shock in largest.items():
        if number >= len(assets):
            check_shock_of_factor(shock, factor=names[number], deviation=float(deviations[number]))


def _propagated(values: FloatMatrix, assets: int, given: dict[int, float], propagate: str) -> tuple[FloatVector, str]:
    """Return the move of each asset, and the source of the moves that are not given."""
    numbers, sizes = list(given), np.array(list(given.values()))
    moves = np.zeros(values.shape[1])
    how = "unmoved"
    if propagate == "covariance":
        covariances = covariance(values)
        inner = covariances[np.ix_(numbers, numbers)]
        if np.linalg.matrix_rank(inner, hermitian=True) < len(numbers):
            raise InvalidInputError("shocks must name linearly independent columns, but their covariance is singular.")
        moves, how = covariances[:, numbers] @ np.linalg.solve(inner, sizes), "covariance"
    elif propagate == "betas":
        if values.shape[1] == assets:
            raise InvalidInputError('factors must be given with propagate="betas".')
        design = np.column_stack([np.ones(values.shape[0]), values[:, assets:]])
        solution, _, rank, _ = np.linalg.lstsq(design, values[:, :assets], rcond=None)
        if rank < design.shape[1]:
            raise InvalidInputError("factors must be linearly independent and not constant. Leave one out.")
        factor_moves = np.array([given.get(number, 0.0) for number in range(assets, values.shape[1])])
        moves[:assets], how = factor_moves @ solution[1:], "betas"
    moves[numbers] = sizes
    result: FloatVector = moves[:assets]
    return result, how
