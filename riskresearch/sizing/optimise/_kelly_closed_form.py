"""Kelly's criterion for one bet, in closed form."""

from __future__ import annotations

from typing import overload

import numpy as np

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import check_count, check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import check_continuous_bet, check_rate
from riskresearch.metrics.inference._interval import Interval

OTHER_NAMES_OF_A_BET = {
    **dict.fromkeys(("p", "prob", "win_prob", "win_rate", "win_probability"), "probability"),
    **dict.fromkeys(("b", "payoff", "payoff_ratio", "win_loss_ratio", "ratio"), "odds"),
    **dict.fromkeys(("n", "trades", "bets"), "observations"),
}
EDGE_ROUNDING = 2.0**-50  # four roundings: 1/3 at odds of 2 has no edge


NODES = 400
"""Of Gauss and Legendre, over the probabilities of the variance."""


@overload
def kelly_fraction(
    probability: float,
    *,
    odds: float = ...,
    loss: float = ...,
    observations: int | None = ...,
    fraction: float = ...,
    confidence: None = ...,
) -> float: ...
@overload
def kelly_fraction(
    probability: float,
    *,
    odds: float = ...,
    loss: float = ...,
    observations: int | None = ...,
    fraction: float = ...,
    confidence: float,
) -> Interval: ...
@answers_other_names(OTHER_NAMES_OF_A_BET, second="odds")
def kelly_fraction(
    probability: float,
    *,
    odds: float = 1.0,
    loss: float = 1.0,
    observations: int | None = None,
    fraction: float = 1.0,
    confidence: float | None = None,
) -> float | Interval:
    """Return the fraction of wealth to stake on a bet with two outcomes.

    Parameters
    ----------
    probability : float
        Probability of winning, in [0, 1].
    odds : float
        Gain per unit staked, above zero: 1 is even money.
    loss : float
        Loss per unit staked, above zero: 1 loses the stake, 0.5 half of it.
    observations : int, optional
        Of how many past bets `probability` is the share that won; needed by `confidence`.
    fraction : float
        Fraction of the Kelly stake, above 0; one half is "half Kelly".
    confidence : float, optional
        Return the `Interval` of this confidence instead, such as 0.95: that of Clopper and Pearson for `probability`.

    Returns
    -------
    float or Interval
        fraction * (p / loss - (1 - p) / odds), or 0.0 without an edge: a bet cannot be laid the other way. Above 1
        only where `loss` is below 1.

    Raises
    ------
    InvalidInputError
        If an argument is outside its range.

    References
    ----------
    Kelly, Bell System Technical Journal 35, 1956; Thorp, Handbook of Asset and Liability Management 1, 2006.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.sizing.kelly_fraction(0.53), 12)
    0.06
    """
    chance = check_number(probability, name="probability")
    if not 0.0 <= chance <= 1.0:
        raise InvalidInputError(f"probability must be in [0, 1], got {probability!r}.")
    gain, lost = check_positive(odds, name="odds"), check_positive(loss, name="loss")
    part = check_positive(fraction, name="fraction")
    count = None if observations is None else check_count(observations, name="observations", minimum=1)

    def stake(chance: float) -> float:
        edge = chance / lost - (1.0 - chance) / gain
        return part * edge if edge > EDGE_ROUNDING * chance / lost else 0.0

    if confidence is None:
        return stake(chance)
    if count is None:
        raise _without_observations(confidence, "bets the probability was")
    low, high = _clopper_pearson(chance, count, check_confidence(confidence))
    return _interval(
        "kelly_fraction", stake(chance), stake(low), stake(high), confidence, f"Clopper and Pearson, {count} bets"
    )


@overload
def continuous_kelly_fraction(
    mean: float,
    *,
    volatility: float,
    risk_free: float = ...,
    observations: int | None = ...,
    fraction: float = ...,
    confidence: None = ...,
) -> float: ...
@overload
def continuous_kelly_fraction(
    mean: float,
    *,
    volatility: float,
    risk_free: float = ...,
    observations: int | None = ...,
    fraction: float = ...,
    confidence: float,
) -> Interval: ...
@answers_other_names()
def continuous_kelly_fraction(
    mean: float,
    *,
    volatility: float,
    risk_free: float = 0.0,
    observations: int | None = None,
    fraction: float = 1.0,
    confidence: float | None = None,
) -> float | Interval:
    """Return the weight of one asset that trades continuously.

    Parameters
    ----------
    mean : float
        Expected return per period.
    volatility : float
        Deviation per period, above zero.
    risk_free : float
        Rate at which the rest of wealth is lent or borrowed, per period.
    observations : int, optional
        How many rows of this period `mean` and `volatility` (n - 1) were estimated from, at least 4: with daily rows
        both are per day, not per year. The variance is then that of the
        posterior predictive Student-t, (1 + 1/n) (n - 1) / (n - 3) as large, so that a short sample bets less. None
        takes both as known.
    fraction : float
        Fraction of the Kelly weight, above 0.
    confidence : float, optional
        Return the `Interval` of this confidence instead, such as 0.95: what the weight would be if mean and volatility
        were known, under the diffuse prior; needs `observations`.

    Returns
    -------
    float or Interval
        fraction * (mean - risk_free) / variance: above 1 with borrowing, negative for a short position.

    Raises
    ------
    InvalidInputError
        If an argument is outside its range.

    References
    ----------
    Thorp, Handbook of Asset and Liability Management 1, 2006, section 7; Zellner & Chetty, JASA 60, 1965.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.sizing.continuous_kelly_fraction(0.11, volatility=0.15, risk_free=0.06), 2)
    2.22
    """
    spread = check_positive(volatility, name="volatility")
    excess = check_number(mean, name="mean") - check_number(risk_free, name="risk_free")
    check_rate(check_number(risk_free, name="risk_free"), name="risk_free", dates=None, periods=1.0)
    check_continuous_bet(excess, spread)
    wider = 1.0 if observations is None else predictive_variance(observations, 1)
    part = check_positive(fraction, name="fraction")
    weight = part * excess / (spread * spread * wider)
    if confidence is None:
        return weight
    if observations is None:
        raise _without_observations(confidence, "rows mean and volatility were")
    low, high = _posterior_ends(excess, spread, observations, check_confidence(confidence))
    method = f"mean and variance under the diffuse prior, {observations} independent rows"
    return _interval("continuous_kelly_fraction", weight, part * low, part * high, confidence, method)


def _without_observations(confidence: float, what: str) -> InvalidInputError:
    return InvalidInputError(
        f"observations must be given with confidence, got confidence={confidence!r} alone: an interval is of a sample. "
        f"Pass how many {what} estimated from."
    )


def _interval(measure: str, estimate: float, low: float, high: float, confidence: float, method: str) -> Interval:
    return Interval(measure, estimate, low, high, float("nan"), None, float(confidence), method, None)


def _clopper_pearson(share: float, count: int, confidence: float) -> tuple[float, float]:
    """Return the interval of a probability of which `share` is the share of `count` trials."""
    from scipy import special  # noqa: PLC0415 (SciPy, which most measures spare)

    tail, won = 0.5 * (1.0 - confidence), share * count
    low = float(special.betaincinv(won, count - won + 1.0, tail)) if won > 0.0 else 0.0
    return low, float(special.betaincinv(won + 1.0, count - won, 1.0 - tail)) if won < count else 1.0


def _posterior_ends(excess: float, spread: float, rows: int, confidence: float) -> tuple[float, float]:
    """Return quantiles of mean / variance under the diffuse prior: normal given the variance, which is averaged."""
    from scipy import optimize, special  # noqa: PLC0415 (SciPy, which most measures spare)

    points, sizes = np.polynomial.legendre.leggauss(NODES)
    variance = spread * spread * (rows - 1) / special.chdtri(rows - 1, 0.5 * (1.0 - points))

    def below(weight: float) -> float:
        return float(0.5 * sizes @ special.ndtr((weight * variance - excess) / np.sqrt(variance / rows)))

    tail = 0.5 * (1.0 - confidence)
    plain, reach = excess / spread**2, 1.0 / (spread * rows**0.5)
    low, high = plain - reach, plain + reach
    while below(low) > tail:
        low -= 2.0 * (plain - low)
    while below(high) < 1.0 - tail:
        high += 2.0 * (high - plain)
    low_end, high_end = (
        float(optimize.brentq(lambda weight, chance=chance: below(weight) - chance, low, high, rtol=1e-12))
        for chance in (tail, 1.0 - tail)
    )
    return low_end, high_end


def predictive_variance(observations: int, assets: int) -> float:
    """Return the variance of the predictive Student-t under the diffuse prior over that of the sample (n - 1)."""
    n = check_count(observations, name="observations", minimum=assets + 3)
    return (1.0 + 1.0 / n) * (n - 1) / (n - assets - 2)


@answers_other_names()
def kelly_drawdown_probability(drawdown: float, *, fraction: float = 1.0) -> float:
    """Return the probability that a continuous Kelly bettor ever loses a part of the starting wealth.

    Parameters
    ----------
    drawdown : float
        The part of the starting wealth that is lost, in (0, 1): 0.5 is a halving.
    fraction : float
        Fraction of the Kelly weight that is bet, above 0; at 2 and more growth is gone and the loss is certain.

    Returns
    -------
    float
        (1 - drawdown) ** (2 / fraction - 1), where growth over cash is what `fraction` leaves of it.

    Raises
    ------
    InvalidInputError
        If an argument is outside its range.

    References
    ----------
    Thorp, Handbook of Asset and Liability Management 1, 2006: half Kelly halves its wealth with probability 1/8.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.sizing.kelly_drawdown_probability(0.5, fraction=0.5)
    0.125
    """
    left = 1.0 - checked_drawdown(drawdown)
    power = 2.0 / check_positive(fraction, name="fraction") - 1.0
    return float(left**power) if power > 0.0 else 1.0


def checked_drawdown(drawdown: float) -> float:
    """Return a loss as a part of wealth, in (0, 1)."""
    depth = check_number(drawdown, name="drawdown")
    if not 0.0 < depth < 1.0:
        raise InvalidInputError(f"drawdown must be in (0, 1), got {drawdown!r}. A loss of 30 % is 0.3.")
    return depth
