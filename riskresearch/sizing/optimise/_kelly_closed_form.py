"""Kelly's criterion for one bet, in closed form."""

from __future__ import annotations

from riskresearch.core._checks import check_count, check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import check_continuous_bet, check_rate

FEWEST_OBSERVATIONS = 4
EDGE_ROUNDING = 2.0**-50  # four roundings: 1/3 at odds of 2 has no edge


def kelly_fraction(probability: float, *, odds: float = 1.0, loss: float = 1.0, fraction: float = 1.0) -> float:
    """Return the fraction of wealth to stake on a bet with two outcomes.

    Parameters
    ----------
    probability : float
        Probability of winning, in [0, 1].
    odds : float
        Gain per unit staked, above zero: 1 is even money.
    loss : float
        Loss per unit staked, above zero: 1 loses the stake, 0.5 half of it.
    fraction : float
        Fraction of the Kelly stake, above 0; one half is "half Kelly".

    Returns
    -------
    float
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
    edge = chance / lost - (1.0 - chance) / gain
    part = check_positive(fraction, name="fraction")
    return part * edge if edge > EDGE_ROUNDING * chance / lost else 0.0


def continuous_kelly_fraction(
    mean: float, *, volatility: float, risk_free: float = 0.0, observations: int | None = None, fraction: float = 1.0
) -> float:
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
        How many rows `mean` and `volatility` (n - 1) were estimated from, at least 4. The variance is then that of the
        posterior predictive Student-t, (1 + 1/n) (n - 1) / (n - 3) as large, so that a short sample bets less. None
        takes both as known.
    fraction : float
        Fraction of the Kelly weight, above 0.

    Returns
    -------
    float
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
    wider = 1.0
    if observations is not None:
        n = check_count(observations, name="observations", minimum=FEWEST_OBSERVATIONS)
        wider = (1.0 + 1.0 / n) * (n - 1) / (n - 3)
    return check_positive(fraction, name="fraction") * excess / (spread * spread * wider)


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
