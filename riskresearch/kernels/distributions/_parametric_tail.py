"""VaR and CVaR of a fitted distribution, column by column: normal, Student-t, and the Cornish-Fisher expansion."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation, mean, standardized_moments
from riskresearch.kernels.distributions._student_t import fit_student_t
from riskresearch.kernels.inlined._formulas import cornish_fisher, edgeworth_terms

ROOT_TWO_PI = np.sqrt(2.0 * np.pi)
MAX_Z = 4.0  # beyond four deviations nobody reads a quantile off this expansion


def density(z: Any) -> Any:
    """Return the standard normal density."""
    return np.exp(-0.5 * z * z) / ROOT_TWO_PI


def normal_tail(values: FloatMatrix, level: float) -> tuple[FloatVector, FloatVector]:
    """Return VaR and CVaR of the normal with the sample's mean and (n - 1) deviation."""
    z = special.ndtri(level)
    location, scale = mean(values), deviation(values)
    return scale * z - location, scale * density(z) / (1.0 - level) - location


def cornish_fisher_tail(values: FloatMatrix, level: float) -> tuple[FloatVector, FloatVector]:
    """Return modified VaR and modified CVaR from the population moments (Boudt, Peterson & Croux 2008, eq. 15-17)."""
    location, scale = mean(values), deviation(values, 0)
    skew, kurtosis = (np.nan_to_num(moment) for moment in standardized_moments(values))
    quantile = cornish_fisher_quantile(1.0 - level, skew, kurtosis)
    shortfall = edgeworth_lower_mean(quantile, skew, kurtosis) / (1.0 - level)
    return -location - scale * quantile, -location - scale * np.minimum(shortfall, quantile)


def cornish_fisher_quantile(probability: float, skew: FloatVector, kurtosis: FloatVector) -> FloatVector:
    """Return the second-order Cornish-Fisher quantile of a standardised variable, shape (columns,)."""
    return cornish_fisher(float(special.ndtri(probability)), skew, kurtosis)


def edgeworth_lower_mean(h: FloatVector, skew: FloatVector, kurtosis: FloatVector) -> FloatVector:
    """Return the integral of z g(z) up to `h`, where g is the second-order Edgeworth density, shape (columns,)."""
    mean_below: FloatVector = -density(h) * edgeworth_terms(h, skew, kurtosis)
    return mean_below


def cornish_fisher_rises(values: FloatMatrix) -> npt.NDArray[np.bool_]:
    """Return for each column whether the expansion's quantiles rise with probability within four deviations.

    The derivative in z is (kurtosis/8 - skew^2/6) z^2 + skew/3 z + 1 - kurtosis/8 + 5 skew^2/36 (Maillard 2012 asks for
    it to be positive everywhere, which no negative kurtosis is).
    """
    skew, kurtosis = (np.nan_to_num(moment) for moment in standardized_moments(values))
    square, linear, constant = kurtosis / 8 - skew**2 / 6, skew / 3, 1 - kurtosis / 8 + 5 * skew**2 / 36
    vertex = np.divide(-linear, 2 * square, out=np.zeros_like(skew), where=square != 0.0)
    points = np.stack([np.full_like(skew, -MAX_Z), np.clip(vertex, -MAX_Z, MAX_Z), np.full_like(skew, MAX_Z)])
    rising: npt.NDArray[np.bool_] = ((square * points + linear) * points + constant > 0.0).all(axis=0)
    return rising


def student_t_tail(values: FloatMatrix, level: float) -> tuple[FloatVector, FloatVector, FloatVector]:
    """Return VaR, CVaR (infinite for one degree of freedom or less) and the degrees of freedom; nan without a fit."""
    location, scale, dof = student_t_fits(values).T
    z, shortfall = student_t_multiples(dof, level)
    return scale * z - location, scale * shortfall - location, dof


@shared
def student_t_fits(values: FloatMatrix) -> FloatMatrix:
    """Return location, scale and degrees of freedom of each column, one row each."""
    return np.array([fit_student_t(column) for column in values.T])


def student_t_multiples(dof: FloatVector, level: float) -> tuple[FloatVector, FloatVector]:
    """Return how many scales VaR and CVaR lie beyond the location; the latter infinite for one degree of freedom."""
    z = np.asarray(special.stdtrit(dof, level), dtype=np.float64)
    log_density = (
        special.gammaln((dof + 1) / 2)
        - special.gammaln(dof / 2)
        - 0.5 * np.log(dof * np.pi)
        - (dof + 1) / 2 * np.log1p(z * z / dof)
    )
    excess_dof = np.where(dof > 1.0, dof - 1.0, np.nan)
    shortfall = np.exp(log_density) * (dof + z * z) / excess_dof / (1.0 - level)
    mean_beyond: FloatVector = np.where(dof > 1.0, shortfall, np.inf)
    return z, mean_beyond
