"""Inference on a Sharpe ratio of which only the moments are known, as factsheets and papers print them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from riskresearch.core._checks import check_count, check_level, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._types import FloatVector
from riskresearch.kernels.inference import _sharpe_errors
from riskresearch.metrics.inference._sharpe_inference import best_of_luck, check_power

ROUNDED_MOMENTS = 0.01
"""Printed moments may miss the inequality between them by so much of its sides."""
OTHER_NAMES = {
    "kurtosis": "It is excess_kurtosis, the kurtosis less 3: that of normal returns is 0.",
    "skew": "skewness",
    **dict.fromkeys(("n", "observations", "n_obs"), "rows"),
    **dict.fromkeys(("benchmark", "sharpe_benchmark", "benchmark_sharpe"), "reference_sharpe"),
    **dict.fromkeys(("sharpe_ratio", "sr"), "sharpe"),
    **dict.fromkeys(("periods", "annualization"), "periods_per_year"),
}
"""What papers and other packages call the moments."""


@answers_other_names(OTHER_NAMES)
def probabilistic_sharpe_ratio_from_moments(
    sharpe: float,
    *,
    rows: int,
    skewness: float,
    excess_kurtosis: float,
    periods_per_year: float,
    reference_sharpe: float = 0.0,
) -> float:
    """Return the probability that the true Sharpe ratio exceeds a reference, from moments instead of returns.

    Parameters
    ----------
    sharpe : float
        Yearly Sharpe ratio of the sample.
    rows : int
        Number of returns that the ratio is of, at least 2.
    skewness : float
        Skewness of the returns per period, 0 for the normal.
    excess_kurtosis : float
        Kurtosis of the returns per period less 3, 0 for the normal. The papers and PerformanceAnalytics write the
        kurtosis, 3 for the normal.
    periods_per_year : float
        Rows that make a year; 1 takes the ratios per period.
    reference_sharpe : float
        Yearly Sharpe ratio to beat.

    Returns
    -------
    float
        Probability in [0, 1].

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or no returns have such moments.

    See Also
    --------
    probabilistic_sharpe_ratio : The same from returns.

    References
    ----------
    Bailey & Lopez de Prado, J. Risk 15, 2012, whose example this is.

    Examples
    --------
    >>> from riskresearch import metrics
    >>> months = {"rows": 24, "skewness": -2.448, "excess_kurtosis": 7.164, "periods_per_year": 1}
    >>> round(metrics.probabilistic_sharpe_ratio_from_moments(0.458, **months), 3)
    0.913
    """
    sample = _sample(sharpe, skewness, excess_kurtosis, periods_per_year)
    return _above(sample, check_number(reference_sharpe, name="reference_sharpe"), rows)


@answers_other_names(OTHER_NAMES)
def deflated_sharpe_ratio_from_moments(
    sharpe: float,
    *,
    trials: int,
    trial_variance: float,
    rows: int,
    skewness: float,
    excess_kurtosis: float,
    periods_per_year: float,
) -> float:
    """Return the probability that the best of many trials has skill, from moments instead of returns.

    Parameters
    ----------
    sharpe : float
        Yearly Sharpe ratio of the chosen strategy.
    trials : int
        Number of independent trials that the strategy was chosen from, at least 1.
    trial_variance : float
        Variance of the yearly Sharpe ratios across the trials.
    rows : int
        Number of returns that the ratio is of, at least 2.
    skewness : float
        Skewness of the returns per period, 0 for the normal.
    excess_kurtosis : float
        Kurtosis of the returns per period less 3, 0 for the normal. The papers and PerformanceAnalytics write the
        kurtosis, 3 for the normal.
    periods_per_year : float
        Rows that make a year; 1 takes the ratios per period.

    Returns
    -------
    float
        Probability in [0, 1].

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or no returns have such moments.

    See Also
    --------
    deflated_sharpe_ratio : The same from returns.

    References
    ----------
    Bailey & Lopez de Prado, J. Portfolio Management 40, 2014, whose example this is.

    Examples
    --------
    >>> from riskresearch import metrics
    >>> days = {"rows": 1250, "skewness": -3.0, "excess_kurtosis": 7.0, "periods_per_year": 250}
    >>> round(metrics.deflated_sharpe_ratio_from_moments(2.5, trials=100, trial_variance=0.5, **days), 4)
    0.9004
    """
    sample = _sample(sharpe, skewness, excess_kurtosis, periods_per_year)
    return _above(sample, best_of_luck(trials, trial_variance), rows)


@answers_other_names(OTHER_NAMES)
def minimum_track_record_length_from_moments(
    sharpe: float,
    *,
    skewness: float,
    excess_kurtosis: float,
    periods_per_year: float,
    reference_sharpe: float = 0.0,
    level: float = 0.95,
    power: float = 0.5,
) -> float:
    """Return the number of rows after which a Sharpe ratio is significantly above a reference, from moments.

    Parameters
    ----------
    sharpe : float
        Yearly Sharpe ratio of the sample.
    skewness : float
        Skewness of the returns per period, 0 for the normal.
    excess_kurtosis : float
        Kurtosis of the returns per period less 3, 0 for the normal. The papers and PerformanceAnalytics write the
        kurtosis, 3 for the normal.
    periods_per_year : float
        Rows that make a year; 1 takes the ratios per period.
    reference_sharpe : float
        Yearly Sharpe ratio to beat.
    level : float
        Probability in (0.5, 1) that `probabilistic_sharpe_ratio_from_moments` has to reach.
    power : float
        Share in [0.5, 1) of records of that length which reach it, if the ratio is the true one; the published
        length has one half.

    Returns
    -------
    float
        Rows, not rounded; infinite where the Sharpe ratio is not above the reference.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or no returns have such moments.

    See Also
    --------
    minimum_track_record_length : The same from returns.

    References
    ----------
    Bailey & Lopez de Prado, J. Risk 15, 2012, whose example this is: 4.99 years.

    Examples
    --------
    >>> from riskresearch import metrics
    >>> months = {"skewness": -0.72, "excess_kurtosis": 2.78, "periods_per_year": 12}
    >>> round(metrics.minimum_track_record_length_from_moments(2.0, reference_sharpe=1.0, **months) / 12, 2)
    4.99
    """
    sample = _sample(sharpe, skewness, excess_kurtosis, periods_per_year)
    reference = check_number(reference_sharpe, name="reference_sharpe") / sample.periods**0.5
    return _number(_sharpe_errors.track_record_rows(*sample.moments, reference, check_level(level), check_power(power)))


class _Sample(NamedTuple):
    moments: tuple[FloatVector, FloatVector, FloatVector]
    """Ratio per period, skewness and excess kurtosis."""
    periods: float


def _sample(sharpe: float, skewness: float, excess_kurtosis: float, periods_per_year: float) -> _Sample:
    """Return the checked moments; the kurtosis of any returns is at least 1 more than their squared skewness."""
    ratio, skew = check_number(sharpe, name="sharpe"), check_number(skewness, name="skewness")
    kurtosis = check_number(excess_kurtosis, name="excess_kurtosis")
    least = skew * skew - 2.0
    if kurtosis < least - ROUNDED_MOMENTS * (skew * skew + 2.0):
        raise InvalidInputError(
            f"excess_kurtosis must be at least skewness ** 2 - 2 = {least:g}, as that of any returns is, got "
            f"{excess_kurtosis!r}. It is the kurtosis less 3."
        )
    periods = resolve_periods_per_year(check_number(periods_per_year, name="periods_per_year"), None)
    return _Sample((np.array([ratio / periods**0.5]), np.array([skew]), np.array([kurtosis])), periods)


def _above(sample: _Sample, reference: float, rows: int) -> float:
    count = check_count(rows, name="rows", minimum=2)
    return _number(_sharpe_errors.probabilistic_sharpe(*sample.moments, count, reference / sample.periods**0.5))


def _number(found: FloatVector) -> float:
    return float(found[0])
