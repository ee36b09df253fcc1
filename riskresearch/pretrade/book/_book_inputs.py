"""What a book is made of, read from the mappings, Series and frames of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import values_by_name
from riskresearch.core._checks import check_choice, check_number, check_positive, name_remedy, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import group_where_known
from riskresearch.core._records import Decision, TradingState
from riskresearch.pretrade.limits._rule import ByName
from riskresearch.pretrade.orders._orders import number_of

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector

FIELDS_WITH_AGE = (
    "units", "prices", "nav", "cash", "average_volume", "volatility", "opening_prices", "locates", "betas", "factors",
    "groups", "scenarios", "traded", "decision",
)  # fmt: skip


def numbers(given: Any, *, name: str) -> dict[str, float]:
    """Return the numbers of a mapping or Series by asset; those that are no number are nan."""
    if given is None:
        return {}
    is_frame = getattr(given, "ndim", 0) == 2
    named = None if is_frame else values_by_name(given, name=name, owner="the book", what="asset")
    if named is None:
        raise InvalidInputError(
            f"{name} must be a mapping or a Series by asset, got {shown(given)}. Numbers go by name: "
            f"{name}=dict(zip(assets, numbers))."
        )
    return {asset: float("nan") if value is None else number_of(value, f"{name}[{asset!r}]")
            for asset, value in named.items()}  # fmt: skip


def by_asset(values: Mapping[str, float], assets: tuple[str, ...], *, missing: float) -> FloatVector:
    """Return one number for each asset, `missing` where it is not named."""
    return np.array([values.get(asset, missing) for asset in assets], dtype=np.float64)


def exposures(given: Any, *, name: str) -> dict[str, dict[str, float]]:
    """Return the numbers by asset of each column of a frame, or of each mapping of a mapping."""
    if given is None:
        return {}
    if getattr(given, "ndim", 0) == 2 and hasattr(given, "columns"):
        given = {column: given[column] for column in given.columns}
    return {str(key): numbers(values, name=f"{name}[{key!r}]") for key, values in text_keys(given, name=name).items()}


def group_names(given: Any, assets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the name of the group of each asset by kind of group, empty where it has none."""
    if given is None:
        return {}
    if getattr(given, "ndim", 0) == 2 and hasattr(given, "columns"):
        given = {column: given[column] for column in given.columns}
    if not hasattr(given, "items"):
        raise InvalidInputError(
            f'groups must be a mapping of kinds of groups, such as {{"sector": {{"A": "tech"}}}}, got {shown(given)}.'
        )
    kinds: dict[str, tuple[str, ...]] = {}
    for kind, groups in text_keys(given, name="groups").items():
        if isinstance(groups, str):
            raise InvalidInputError(
                f"groups must be a mapping of kinds of groups, got {kind!r}: {groups!r}. The groups of one kind are "
                'groups={"sector": {...}}.'
            )
        kinds[kind] = group_where_known(groups, assets)
    return kinds


def scenario_matrix(given: Any, assets: tuple[str, ...]) -> FloatMatrix | None:
    """Return scenarios x assets; nan in the column of an asset that has none."""
    if given is None:
        return None
    if not hasattr(given, "columns"):
        raise InvalidInputError(
            f"scenarios must be a DataFrame, scenarios x assets, got {shown(given)}. pd.DataFrame(values, "
            "columns=assets) names its columns."
        )
    names = [str(each) for each in given.columns]
    try:
        values = np.asarray(given.to_numpy(), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"scenarios must hold numbers, got {shown(given)}.") from error
    if not values.shape[0]:
        raise InvalidInputError("scenarios must have a row, got none.")
    place = {name: number for number, name in enumerate(names)}
    found = np.full((values.shape[0], len(assets)), np.nan, order="F")
    for column, asset in enumerate(assets):
        if asset in place:
            found[:, column] = values[:, place[asset]]
    return found


def unit_factors(assets: tuple[str, ...], currencies: Any, rates: Any, multipliers: Any) -> FloatVector:
    """Return base money for one point of the price of one unit of each asset."""
    each = _positive(by_asset(numbers(multipliers, name="multipliers"), assets, missing=1.0))
    if currencies is None:
        return each
    money = numbers(rates, name="rates")
    named = text_keys(currencies, name="currencies")
    unknown = [str(named[asset]) for asset in assets if asset in named and str(named[asset]) not in money]
    if unknown and rates is None:
        raise InvalidInputError(
            f"rates must be given with currencies, got none for {unknown[0]!r}: base money for one unit of it."
        )
    rate = [money.get(str(named[asset]), np.nan) if asset in named else 1.0 for asset in assets]
    return np.asarray(each * _positive(np.array(rate, dtype=np.float64)))


def _positive(values: FloatVector) -> FloatVector:
    """Return the numbers, nan where one is not positive and finite."""
    return np.where((values > 0.0) & np.isfinite(values), values, np.nan)


def money_traded(given: Any, assets: tuple[str, ...]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the money traded of the account, of strategies and of assets, each in two numbers."""
    named = text_keys(given, name="traded") if hasattr(given, "items") else {"": given}
    found = {}
    for name, money in named.items():
        kind = "account" if not name else "asset" if name in assets else "strategy"
        found[kind, name] = (check_number(money, name="traded"), 0.0)
        if found[kind, name][0] < 0.0:
            raise InvalidInputError(f"traded must be 0 or more, got {money!r}. Buys and sales both count.")
    return found


def check_decision(given: Any) -> Any:
    """Return what the circuit breakers decided."""
    if given is None or isinstance(given, Decision | TradingState):
        return given
    if isinstance(given, str) and given in list(TradingState):
        return TradingState(given)
    raise InvalidInputError(
        f"decision must be a Decision of circuit breakers or one of {', '.join(TradingState)}, got {shown(given)}."
    )


def read_ages(given: Any) -> dict[str, float | dict[str, float]]:
    """Return the age of each argument of a book in seconds, or that of each asset in it."""
    if given is None:
        return {}
    ages: dict[str, float | dict[str, float]] = {}
    for name, age in text_keys(given, name="ages").items():
        if name not in FIELDS_WITH_AGE:
            raise InvalidInputError(
                f"ages must name arguments of the book, got {name!r}."
                f"{name_remedy(name, FIELDS_WITH_AGE, what='argument')}"
            )
        ages[name] = numbers(age, name=f"ages[{name!r}]") if hasattr(age, "items") else number_of(age, "ages")
    return ages


def read_max_age(given: Any) -> ByName | None:
    """Return the seconds after which the numbers of an argument of a book count as not known; one is that of prices."""
    if given is None:
        return None
    named = text_keys(given, name="max_age") if hasattr(given, "items") else {"prices": given}
    for name, age in named.items():
        check_choice(name, FIELDS_WITH_AGE, name="max_age")
        check_positive(age, name=f"max_age[{name!r}]")
    return ByName(named)
