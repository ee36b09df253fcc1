"""Inference on the Sharpe ratio: its interval, the probabilistic and deflated ratio, and the minimum track record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._arguments import risk_free_vector
from riskresearch.core._checks import check_choice, check_count, check_level, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels import _moments, _ratios
from riskresearch.kernels.inference import _sharpe_errors
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._bootstrap import AnalyticInterval
from riskresearch.metrics.inference._estimand import Analytic
from riskresearch.metrics.inference._estimate import estimate, normal_bounds

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, NumberPerColumn
    from riskresearch.metrics.inference._interval import Interval

MOST_TRIALS = 10**300
TRIAL_VARIANCE = (
    "It is the variance of the yearly Sharpe ratios across the trials: `sharpe_ratio(trials).var()` of returns with a "
    "column for each. Trials without skill that nobody kept had about one divided by the years: trial_variance=0.1 for "
    "ten years."
)
REFERENCE = "Write reference_sharpe=, a yearly Sharpe ratio: that of a benchmark is sharpe_ratio(benchmark)."
ERRORS = {
    "mertens": (
        _sharpe_errors.mertens_error,
        "normal approximation, standard error of Mertens (2002), independent rows",
    ),
    "iid": (_sharpe_errors.iid_error, "normal approximation, standard error of Lo (2002), independent normal rows"),
    "hac": (_sharpe_errors.hac_error, "normal approximation, Newey-West standard error, lag floor(4 (n/100)^(2/9))"),
}


@answers_other_names()
def sharpe_ratio_interval(
    returns: Data,
    *,
    confidence: float = 0.95,
    method: Literal["mertens", "iid", "hac"] = "mertens",
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> Interval:
    """Return the yearly Sharpe ratio with its standard error and interval, by one of three analytic errors.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    confidence : float
        Coverage probability of the interval, in (0, 1).
    method : {"mertens", "iid", "hac"}
        "iid" is Lo's error for independent normal returns; "mertens" allows for skewness and kurtosis; "hac" also for
        autocorrelation, by Bartlett weights and the automatic lag floor(4 (n / 100)^(2/9)).
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the ratio per period.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    Interval
        Estimate plus and minus the normal quantile times the standard error; nan where the returns are all equal.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Lo, FAJ 58, 2002; Mertens, 2002; Opdyke, J. Asset Management 8, 2007; Newey & West, REStud 61, 1994.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.sharpe_ratio_interval([0.01, 0.03, -0.01, 0.02], periods_per_year=1, method="iid")
    Interval(sharpe_ratio=0.731925, 0.95 in [-0.371526, 1.83538])
    """
    check_choice(method, tuple(ERRORS), name="method")
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=2)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    found: Interval = estimate(
        panel,
        lambda values, free: _ratios.sharpe(values, free, periods),
        rates,
        measure="sharpe_ratio",
        interval=AnalyticInterval(confidence),
        analytic=analytic_sharpe(method, periods),
    )
    return found


def analytic_sharpe(method: str, periods: float) -> Analytic:
    """Return the interval of a yearly Sharpe ratio by one of the errors."""
    error, words = ERRORS[method]

    def bounds(
        confidence: float, estimates: FloatVector, values: FloatMatrix, free: FloatVector
    ) -> tuple[FloatVector, FloatVector, FloatVector]:
        errors = np.where(np.isnan(estimates), np.nan, error(_ratios.excess(values, free)) * periods**0.5)
        return normal_bounds(confidence, estimates, errors)

    return Analytic(words, bounds, autocorrelated=method == "hac", clustered=True)


@answers_other_names(dict.fromkeys(("benchmark", "sr_star"), REFERENCE), second="reference_sharpe")
def probabilistic_sharpe_ratio(
    returns: Data,
    *,
    reference_sharpe: float = 0.0,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> NumberPerColumn:
    """Return the probability that the true Sharpe ratio exceeds a reference, given length and shape of the sample.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    reference_sharpe : float
        Yearly Sharpe ratio to beat.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 takes `reference_sharpe` per period.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Probability in [0, 1]; nan where the returns are all equal.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Bailey & Lopez de Prado, J. Risk 15, 2012.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.probabilistic_sharpe_ratio([0.01, 0.03, -0.01, 0.02], periods_per_year=1), 6)
    0.85534
    """
    reference = check_number(reference_sharpe, name="reference_sharpe")
    return _above(returns, reference, risk_free, periods_per_year, nan_policy)


@answers_other_names(
    dict.fromkeys(("variance", "var", "sharpe_variance", "variance_of_trials"), "trial_variance"),
    second="trials",
    needs={"trial_variance": TRIAL_VARIANCE},
)
def deflated_sharpe_ratio(
    returns: Data,
    *,
    trials: int,
    trial_variance: float,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> NumberPerColumn:
    """Return the probability that the best of many trials has skill: PSR against the best that luck would give.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period of the chosen strategy, one column per asset.
    trials : int
        Number of independent trials that the strategy was chosen from, at least 1.
    trial_variance : float
        Variance of the yearly Sharpe ratios across the trials.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 takes `trial_variance` per period.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Probability in [0, 1]; at most `probabilistic_sharpe_ratio`, equal to it for one trial.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Bailey & Lopez de Prado, J. Portfolio Management 40, 2014.

    Examples
    --------
    >>> import riskresearch
    >>> returns = [0.01, 0.03, -0.01, 0.02]
    >>> dsr = riskresearch.metrics.deflated_sharpe_ratio(returns, trials=5, trial_variance=0.1, periods_per_year=1)
    >>> round(dsr, 6)
    0.696247
    """
    return _above(returns, best_of_luck(trials, trial_variance), risk_free, periods_per_year, nan_policy)


@answers_other_names()
def minimum_track_record_length(
    returns: Data,
    *,
    reference_sharpe: float = 0.0,
    level: float = 0.95,
    power: float = 0.5,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> NumberPerColumn:
    """Return the number of rows after which the Sharpe ratio is significantly above a reference.

    If the estimate is the truth, another record of that length is significant with the probability `power`: as the
    length was published, with one half. To plan a record, ask for 0.8.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    reference_sharpe : float
        Yearly Sharpe ratio to beat.
    level : float
        Probability in (0.5, 1) that `probabilistic_sharpe_ratio` has to reach.
    power : float
        Share in [0.5, 1) of records of that length which reach it.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 takes `reference_sharpe` per period.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Rows, not rounded; infinite where the Sharpe ratio is not above the reference, nan where it is undefined.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Bailey & Lopez de Prado, J. Risk 15, 2012.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.minimum_track_record_length([0.01, 0.03, -0.01, 0.02], periods_per_year=1), 3)
    8.229
    """
    reference, probability = check_number(reference_sharpe, name="reference_sharpe"), check_level(level)
    share = check_power(power)
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=2)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)

    def rows(values: FloatMatrix, free: FloatVector) -> FloatVector:
        moments = _ratio_and_shape(values, free)
        return _sharpe_errors.track_record_rows(*moments, reference / periods**0.5, probability, share)

    return panel.reduce(rows, rates)


def best_of_luck(trials: int, trial_variance: float) -> float:
    """Return the yearly Sharpe ratio to expect of the best of so many trials without skill."""
    count = check_count(trials, name="trials", minimum=1)
    if count > MOST_TRIALS:
        raise InvalidInputError(f"trials must be at most {MOST_TRIALS:.0e}, got a number of {len(str(count))} digits.")
    variance = check_number(trial_variance, name="trial_variance")
    if variance < 0.0:
        raise InvalidInputError(f"trial_variance must be zero or more, got {trial_variance!r}.")
    return _sharpe_errors.expected_best(count, variance)


def check_power(power: float) -> float:
    """Return the share of records that are significant, in [0.5, 1)."""
    share = check_number(power, name="power")
    if not 0.5 <= share < 1.0:
        raise InvalidInputError(f"power must be in [0.5, 1), got {power!r}. Four records in five is 0.8.")
    return share


def _above(
    returns: Data, reference: float, risk_free: float | Data, periods_per_year: float | None, nan_policy: NanPolicy
) -> NumberPerColumn:
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=2)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)

    def probability(values: FloatMatrix, free: FloatVector) -> FloatVector:
        moments = _ratio_and_shape(values, free)
        return _sharpe_errors.probabilistic_sharpe(*moments, values.shape[0], reference / periods**0.5)

    return panel.reduce(probability, rates)


def _ratio_and_shape(values: FloatMatrix, free: FloatVector) -> tuple[FloatVector, FloatVector, FloatVector]:
    return _ratios.sharpe(values, free, 1.0), *_moments.standardized_moments(_ratios.excess(values, free))


MEASURES = (
    Measure(sharpe_ratio_interval, takes=("risk_free", "periods_per_year"), min_rows=2, answer="record"),
    Measure(probabilistic_sharpe_ratio, takes=("risk_free", "periods_per_year"), min_rows=2, has_interval=False),
    Measure(
        deflated_sharpe_ratio,
        takes=("risk_free", "periods_per_year"),
        min_rows=2,
        needs=("trials", "trial_variance"),
        has_interval=False,
    ),
    Measure(
        minimum_track_record_length, takes=("level", "risk_free", "periods_per_year"), min_rows=2, has_interval=False
    ),
)
