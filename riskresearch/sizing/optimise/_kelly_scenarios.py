"""The scenarios of a Kelly optimisation: as given, and as believed under parameter uncertainty."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from riskresearch.core._arguments import aligned_vector, row_probabilities
from riskresearch.core._checks import check_choice, check_number, is_single
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import check_rate
from riskresearch.kernels.optimise._growth_cones import Gamble
from riskresearch.sizing.optimise._parameter_uncertainty import Drawn

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatMatrix, FloatVector

Uncertainty = Literal["predictive", "shrinkage", "ignore"]
UNCERTAINTIES = ("predictive", "shrinkage", "ignore")
SMALLEST_PIVOT = 1e-7


class Scenarios(NamedTuple):
    """The scenarios as given, as believed, and the factor that made one from the other."""

    given: Gamble
    believed: Gamble
    factor: float
    uncertain: bool
    rows: int

    @property
    def drawn(self) -> Drawn:
        """The scenarios about the mean that is believed in, of which the truths of paths are drawn."""
        excess = self.given.returns - self.given.returns.mean(axis=0) + self.believed.returns.mean(axis=0)
        return Drawn(excess, self.given.log_cash)


def read_scenarios(panel: Panel, uncertainty: str, probabilities: Data | None, risk_free: float | Data) -> Scenarios:
    check_choice(uncertainty, UNCERTAINTIES, name="uncertainty")
    rates = cash_rates(risk_free, panel)
    known = ~(np.isnan(panel.values).any(axis=1) | np.isnan(rates))
    rows = int(known.sum())
    if rows == 0 or (rows < known.size and probabilities is not None):
        raise InvalidInputError(
            "returns and risk_free must be complete on every row with probabilities, and else on some, got "
            f"{rows} of {known.size}."
        )
    values, rates = panel.values[known], rates[known]
    chances = np.full(rows, 1.0 / rows)
    if probabilities is not None:
        if uncertainty != "ignore":
            raise InvalidInputError(
                f'uncertainty must be "ignore" with probabilities, got {uncertainty!r}: they say what is known.'
            )
        chances = row_probabilities(probabilities, panel, name="probabilities")
    possible = chances > 0.0
    excess = (values - rates[:, None]) / (1.0 + rates[:, None])
    given = Gamble(np.ascontiguousarray(excess[possible]), chances[possible], np.log1p(rates[possible]))
    if uncertainty == "ignore":
        return Scenarios(given, given, 1.0, False, rows)
    mean = given.returns.mean(axis=0)
    away = given.returns - mean
    factor = _predictive_factor(*away.shape) if uncertainty == "predictive" else _shrinkage(mean, away)
    believed = mean + factor * away if uncertainty == "predictive" else factor * mean + away
    return Scenarios(given, given._replace(returns=believed), factor, True, rows)


def _predictive_factor(rows: int, assets: int) -> float:
    """Return by how much the predictive Student-t under the diffuse prior is wider than the scenarios (divisor n)."""
    if rows <= assets + 2:
        raise InvalidInputError(
            f"returns needs more than {assets + 2} rows for {assets} columns with uncertainty='predictive', got "
            f'{rows}. Use fewer columns, or uncertainty="ignore" for outcomes that are known.'
        )
    return math.sqrt((rows + 1.0) / (rows - assets - 2.0))


def _shrinkage(mean: FloatVector, away: FloatMatrix) -> float:
    """Return 1 - assets / (n q), at least 0: Kan & Zhou's optimal multiple at the estimated q, covariance known."""
    rows, assets = away.shape
    root: Any = np.linalg.qr(away / math.sqrt(max(rows - 1, 1)), mode="r")
    pivots = np.abs(np.diag(root))
    if rows <= assets or pivots.min() <= SMALLEST_PIVOT * pivots.max():
        raise InvalidInputError(
            "returns must have a covariance that is not singular with uncertainty='shrinkage'. Leave out columns that "
            "others make up, or give more rows than columns."
        )
    standard = np.linalg.solve(root.T, mean)
    square = float(standard @ standard)
    return max(0.0, 1.0 - assets / (rows * square)) if square > 0.0 else 0.0


def cash_rates(risk_free: float | Data, panel: Panel) -> FloatVector:
    """Return the rate of each row, above -1."""
    if is_single(risk_free):
        rates = np.full(panel.values.shape[0], check_number(risk_free, name="risk_free"))
    else:
        rates = aligned_vector(risk_free, panel, name="risk_free", holds="rates", nan_policy=panel.nan_policy)
    known = rates[~np.isnan(rates)]
    if known.size == 0:
        raise InvalidInputError("risk_free must have a value on some row, got none.")
    check_rate(float(known.mean()), name="risk_free", dates=panel.labels.dates)
    if known.min() <= -1.0:
        raise InvalidInputError(f"risk_free must be above -1, got {known.min():g}.")
    return rates


def log_wealth(gamble: Gamble, weights: FloatVector) -> FloatVector:
    with np.errstate(divide="ignore", invalid="ignore"):  # a wealth of zero or less has no growth
        logs = gamble.log_cash + np.log(np.maximum(1.0 + gamble.returns @ weights, 0.0))
    return logs
