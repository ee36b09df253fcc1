"""The check of a bar: the numbers that cannot be are refused, and nan is one that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import NAN, SIDES, Account, Bar, ClosedTrade, Decision

BEYOND = 1e100
"""No number of a bar is as large: the squares and sums of such numbers are beyond what a double holds."""
SMALLEST_PRICE = 1.0 / BEYOND
NUMBERS = Bar._fields[1 : Bar._fields.index("asset_returns")]
PRICES = ("price", "open", "high", "low", "bid", "ask", "reference_price", "other_price")
SIZES = ("volume", "volatility", "gross_exposure", "turnover", "orders", "rejects", "data_age")
RETURNS = ("strategy_return", "asset_returns")
LEAST = {
    **dict.fromkeys(NUMBERS, -BEYOND), **dict.fromkeys(PRICES, SMALLEST_PRICE), **dict.fromkeys(SIZES, 0.0),
    **dict.fromkeys(RETURNS, -1.0),
}  # fmt: skip
"""The least that a number of a bar may be, by field; an account may be at zero or below."""
_LEAST_BY_PLACE = (0.0, *(LEAST[name] for name in NUMBERS))
_NO_ASSETS = Bar().asset_returns
_COUNT = len(NUMBERS)


def _remedy(given: Any) -> str:
    """Return how a number becomes a bar, as a sentence."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        return ""
    return f" A price is Bar(price={given!r}), the equity of an account Bar(equity={given!r}), of riskresearch.core."


def check_bar(bar: Any, within: str = "", given: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Refuse a bar with a number that cannot be; return the places of the numbers that are known.

    Bars are mostly alike: where `given`, the places of the bar before, are those of this one too, only they are read.
    """
    if not isinstance(bar, Bar):
        raise InvalidInputError(f"{within or 'bar'} must be a Bar, got {bar!r}.{_remedy(bar)}")
    name = f"{within}." if within else ""
    try:
        unknown = bar.count(NAN)
    except ValueError:  # a row of asset_returns that is an array
        unknown = -1
    if unknown != _COUNT - len(given):
        given = tuple(place for place in range(1, _COUNT + 1) if bar[place] is not NAN)
    for place in given:
        value = bar[place]
        if type(value) is float and _LEAST_BY_PLACE[place] <= value < BEYOND:
            continue
        if value is NAN:
            return check_bar(bar, within)
        check_bar_number(value, NUMBERS[place - 1], within=name)
    if bar[0] is not None:
        _check_time(bar.time, f"{name}time")
    if bar.asset_returns is not _NO_ASSETS:
        _check_asset_returns(bar.asset_returns, name)
    if bar.closed_trades is not None:
        check_closed_trades(bar.closed_trades, name)
    if bar.units:
        _check_units(bar.units, name)
    if bar.account is not None:
        _check_origin(bar, name)
    return given


def check_bar_number(value: Any, field: str, *, within: str = "", where: str = "") -> None:
    """Refuse one number of a bar if it cannot be one of `field`; `where` ends the message."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InvalidInputError(f"{within}{field} must be a number, nan where it is not known, got {value!r}{where}.")
    number: Any = value  # int, float, Fraction: all are compared with a float
    if number != number or LEAST[field] <= number < BEYOND:
        return
    if not -BEYOND < number < BEYOND:
        rule, remedy = "be finite and below 1e100 in size", "A number that is not known is nan."
    elif field in PRICES:
        rule, remedy = "be positive", "A price that is not known is nan, not zero."
    elif field in RETURNS:
        rule, remedy = "be -1 or more", "A loss of everything or more is -1.0, with `equity` at zero or below."
    else:
        rule, remedy = "not be negative", "A number that is not known is nan."
    raise InvalidInputError(f"{within}{field} must {rule}, got {value!r}{where}. {remedy}")


def _check_units(units: Any, within: str) -> None:
    if not isinstance(units, Mapping):
        raise InvalidInputError(f"{within}units must be a mapping of names to Bar, got {units!r}.")
    for unit, own in units.items():
        check_bar(own, f"{within}units[{unit!r}]")


def _check_asset_returns(row: Any, within: str) -> None:
    try:
        values = list(row) if not isinstance(row, str | bytes | Mapping) else None
    except TypeError:
        values = None
    if values is None:
        raise InvalidInputError(f"{within}asset_returns must be a sequence of numbers, one an asset, got {row!r}.")
    for value in values:
        if not (type(value) is float and -1.0 <= value < BEYOND):
            check_bar_number(value, "asset_returns", within=within)


def check_closed_trades(trades: Any, within: str) -> None:
    """Refuse what is no sequence of closed trades, and trades whose profit or side cannot be."""
    if isinstance(trades, ClosedTrade) or not isinstance(trades, tuple | list):
        raise InvalidInputError(
            f"{within}closed_trades must be a tuple or list of ClosedTrade, () where none closed and None where that "
            f"is not known, got {trades!r}."
        )
    for place, trade in enumerate(trades):
        name = f"{within}closed_trades[{place}]"
        if not isinstance(trade, ClosedTrade):
            raise InvalidInputError(f"{name} must be a ClosedTrade, got {trade!r}.")
        profit: Any = trade.profit
        if isinstance(profit, bool) or not isinstance(profit, Real) or not -BEYOND < float(profit) < BEYOND:
            raise InvalidInputError(f"{name}.profit must be finite and below 1e100 in size, got {trade.profit!r}.")
        if not isinstance(trade.asset, str):
            raise InvalidInputError(f"{name}.asset must be text, got {trade.asset!r}.")
        if trade.side not in (*SIDES, ""):
            raise InvalidInputError(
                f"{name}.side must be 'long' or 'short', or '' where it is not known, got {trade.side!r}."
            )


def _check_time(given: Any, name: str) -> None:
    """Refuse what is no moment: text, a bool, an infinite number. NaT is a time that is not known, as None is."""
    time: Any = given
    kind = type(given).__name__
    if isinstance(given, bool) or not (hasattr(time, "toordinal") or kind == "datetime64" or isinstance(given, Real)):
        raise InvalidInputError(f"{name} must be a datetime, a date, a datetime64, seconds or None, got {time!r}.")
    if isinstance(given, Real) and not -BEYOND < time < BEYOND and time == time:
        raise InvalidInputError(f"{name} must be a moment, got {time!r}. A time that is not known is None.")


def _check_origin(bar: Bar, within: str) -> None:
    if not isinstance(bar.account, Account):
        raise InvalidInputError(f"{within}account must be an Account or None, got {bar.account!r}.")
    if bar.decision is not None and not isinstance(bar.decision, Decision):
        raise InvalidInputError(f"{within}decision must be a Decision or None, got {bar.decision!r}.")
    row: Any = bar.row
    if row is not None and (isinstance(row, bool) or not isinstance(row, Integral)):
        raise InvalidInputError(f"{within}row must be a whole number or None, got {row!r}.")
