"""Optimal execution of Almgren and Chriss (2000): one schedule, and the frontier of all of them."""

from __future__ import annotations

import numpy as np

from riskresearch.core._checks import check_count, check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.posttrade.impact._execution_result import ExecutionSchedule


@answers_other_names(
    {"eta": "temporary", "gamma": "permanent", "sigma": "volatility", "lam": "risk_aversion",
     "lambda_": "risk_aversion", "epsilon": "half_spread", "T": "horizon", "N": "steps", "shares": "units",
     "quantity": "units"}
)  # fmt: skip
def almgren_chriss(
    units: float,
    *,
    horizon: float,
    steps: int,
    volatility: float,
    temporary: float,
    permanent: float = 0.0,
    risk_aversion: float = 0.0,
    half_spread: float = 0.0,
) -> ExecutionSchedule:
    """Return the schedule that trades an order at the least expected cost plus risk aversion times its variance.

    A model: the price is an arithmetic random walk without drift, and impact is linear. Money is per unit, time in the
    unit of `horizon`, say days. Lots and limits of participation are not part of it: round and cap the trades after.

    Parameters
    ----------
    units : float
        What to trade, positive for a buy, negative for a sell.
    horizon : float
        Time until which everything is traded.
    steps : int
        Trades, at equal distances in time.
    volatility : float
        Deviation of the price over one unit of time, in money: the fraction times the price.
    temporary : float
        Eta: money per unit that a rate of one unit traded per unit of time costs.
    permanent : float
        Gamma: money per unit by which each unit traded moves the price for good.
    risk_aversion : float
        Lambda, per money: 0 trades even slices, a large one everything at once.
    half_spread : float
        Epsilon: money that each unit costs at any rate, half of the spread and fees.

    Returns
    -------
    ExecutionSchedule
        Times, what is left and the trades, expected cost, variance and half-life; its `frontier()` has the other
        risk aversions.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or permanent impact exceeds what so few steps allow.

    References
    ----------
    Almgren & Chriss, Optimal execution of portfolio transactions, J. Risk 3(2), 2000.

    Examples
    --------
    The parameters of the paper: a million shares in five days.

    >>> import riskresearch as rr
    >>> schedule = rr.posttrade.almgren_chriss(
    ...     -1e6, horizon=5, steps=5, volatility=0.95, temporary=2.5e-6, permanent=2.5e-7, risk_aversion=1e-6,
    ...     half_spread=0.0625,
    ... )
    >>> schedule.to_frame()["trade"].round().tolist()
    [0.0, -458044.0, -252101.0, -141957.0, -85756.0, -62142.0]
    """
    size = check_number(units, name="units")
    if size == 0.0:
        raise InvalidInputError("units must not be zero, got 0: there is nothing to trade.")
    check_positive(horizon, name="horizon")
    check_count(steps, name="steps", minimum=1)
    for name, value in (
        ("volatility", volatility), ("permanent", permanent), ("risk_aversion", risk_aversion),
        ("half_spread", half_spread),
    ):  # fmt: skip
        if check_number(value, name=name) < 0.0:
            raise InvalidInputError(f"{name} must not be negative, got {value!r}.")
    check_positive(temporary, name="temporary")
    most = 2.0 * temporary * steps / horizon
    if permanent >= most:
        raise InvalidInputError(
            f"permanent must be below 2 * temporary * steps / horizon = {most:.6g}, got {permanent!r}: with larger "
            "steps the permanent impact of a trade exceeds its temporary one. Use more steps."
        )
    schedule = ExecutionSchedule(
        units=size,
        horizon=float(horizon),
        steps=int(steps),
        volatility=float(volatility),
        temporary=float(temporary),
        permanent=float(permanent),
        risk_aversion=float(risk_aversion),
        half_spread=float(half_spread),
    )
    _check_held(schedule)
    return schedule


def _check_held(schedule: ExecutionSchedule) -> None:
    """Refuse sizes of which a double holds no cost or variance."""
    try:
        with np.errstate(all="ignore"):
            held = np.isfinite(schedule.expected_cost) and np.isfinite(schedule.variance)
    except OverflowError:
        held = False
    if not held:
        raise InvalidInputError(
            f"units, volatility and risk_aversion must have a cost and a variance that a double holds, got "
            f"{schedule.units:g}, {schedule.volatility:g} and {schedule.risk_aversion:g}. Count units in thousands or "
            "more, and money with them."
        )
