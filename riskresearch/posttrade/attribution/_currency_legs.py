"""Currencies beside the markets of an attribution: net weights, returns, local cash and forward premia."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.core._other_names import answers_other_names

if TYPE_CHECKING:
    from riskresearch.core._types import Data


@answers_other_names()
@dataclass(frozen=True, slots=True, eq=False)
class CurrencyLegs:
    """What `brinson(currency=...)` needs to know about currencies; all by period, or constant by name.

    Parameters
    ----------
    returns : DataFrame, Series or mapping
        A column per currency. For Karnosky and Singer the return of the currency's cash in the base currency, for
        Ankrim and Hensel that of the exchange rate alone.
    weights, benchmark_weights : DataFrame, Series or mapping, optional
        Net weight of each currency, markets plus forwards, which sum to 1. None takes the weights of the markets: there
        are no forwards.
    benchmark_returns : DataFrame, Series or mapping, optional
        The currencies' returns that the benchmark earned; None takes `returns`.
    currencies : mapping or Series, optional
        The currency of each market; None takes the market's own name.
    local_cash_returns : DataFrame, Series or mapping, optional
        Return of cash in each market's currency, a column per market: for Karnosky and Singer.
    forward_premia : DataFrame, Series or mapping, optional
        Forward rate over spot rate at the beginning of the row, minus 1, a column per currency: for Ankrim and Hensel.

    Examples
    --------
    >>> from riskresearch import posttrade
    >>> posttrade.CurrencyLegs({"EUR": 0.02, "USD": 0.0}, weights={"EUR": 0.3, "USD": 0.7}).weights
    {'EUR': 0.3, 'USD': 0.7}
    """

    returns: Data | Mapping[str, float]
    weights: Data | Mapping[str, float] | None = None
    benchmark_weights: Data | Mapping[str, float] | None = None
    benchmark_returns: Data | Mapping[str, float] | None = None
    currencies: Mapping[str, str] | Any = None
    local_cash_returns: Data | Mapping[str, float] | None = None
    forward_premia: Data | Mapping[str, float] | None = None
