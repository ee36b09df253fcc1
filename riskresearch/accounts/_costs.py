"""Costs of trading and of holding."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, fields
from typing import TYPE_CHECKING

from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import check_impact, check_rate

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs of trading and of holding positions and cash; all are zero unless given.

    Attributes
    ----------
    commission : float
        Fraction of the notional of a fill: 0.0005 is 5 basis points.
    commission_per_unit : float
        Money for each unit traded, in addition to the fraction.
    commission_minimum : float
        Least commission of a fill, in money.
    half_spread : float
        Half of the bid-ask spread as a fraction of the fill price, paid on each side.
    impact : float
        Coefficient of the square-root impact: a fill pays impact * volatility * sqrt(units / average volume) of its
        notional. `simulate` then needs `volatility`, per bar, and `average_volume`, in units per bar.
    borrow_rate : float
        Fee per bar on the value of short positions at the bar before, a fraction.
    cash_rate : float
        Interest per bar on cash; proceeds of short sales are cash.
    debit_rate : float, optional
        Interest per bar on negative cash; by default `cash_rate`.

    Examples
    --------
    >>> from riskresearch.accounts import Costs
    >>> Costs(commission=0.0005, half_spread=0.0002).cash_rate
    0.0
    """

    commission: float = 0.0
    _: KW_ONLY
    commission_per_unit: float = 0.0
    commission_minimum: float = 0.0
    half_spread: float = 0.0
    impact: float = 0.0
    borrow_rate: float = 0.0
    cash_rate: float = 0.0
    debit_rate: float | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None and field.name == "debit_rate":
                continue
            check_number(value, name=field.name)
            if value < 0.0 and not field.name.endswith(("cash_rate", "debit_rate")):
                raise InvalidInputError(f"{field.name} must not be negative, got {value!r}.")
        for name in ("commission", "half_spread"):
            if getattr(self, name) >= 1.0:
                raise InvalidInputError(
                    f"{name} must be a fraction below 1, got {getattr(self, name)!r}. Five basis points are 0.0005."
                )
        check_impact(self.impact, name="impact")

    @property
    def rate_on_debit(self) -> float:
        """Return the rate on negative cash."""
        return self.cash_rate if self.debit_rate is None else self.debit_rate


def as_costs(costs: Costs | float) -> Costs:
    """Return `costs`, or a commission of that fraction."""
    if isinstance(costs, Costs):
        return costs
    return Costs(commission=check_number(costs, name="costs"))


def check_rates(costs: Costs, dates: npt.NDArray[np.datetime64] | None) -> None:
    """Warn of rates per bar that make more than 50 % a year, and so may be yearly ones."""
    for name in ("borrow_rate", "cash_rate", "debit_rate"):
        check_rate(getattr(costs, name) or 0.0, name=name, dates=dates)
