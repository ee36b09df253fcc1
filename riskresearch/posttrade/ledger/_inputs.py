"""Cash flows, rates of exchange and multipliers: checked and put on the bars and pools of a ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._inputs import read_prices
from riskresearch.core._checks import check_choice, check_positive, listed, name_remedy, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import comparable_dates
from riskresearch.posttrade.ledger._fills import read_table

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, IntVector
    from riskresearch.posttrade.ledger._timeline import Bars

EXTERNAL = ("deposit", "withdrawal", "transfer")
"""Kinds of cash flows that are no profit or loss."""
EARNED = ("dividend", "interest", "borrow", "fee", "tax", "written_off")
"""Kinds that are, each a cause of its own."""
KINDS = (*EXTERNAL, *EARNED)
SIGNS = {"deposit": 1.0, "withdrawal": -1.0}


@dataclass(frozen=True, slots=True, eq=False)
class CashFlows:
    """One entry a flow, in the order given; amounts are from the account's view: what it pays is negative."""

    bar: IntVector
    account: IntVector
    currency: IntVector
    kind: IntVector
    amount: FloatVector
    assets: tuple[str, ...]
    """What each belongs to; empty where it is the account's."""


def read_cash_flows(
    given: Any, bars: Bars, accounts: list[str], currencies: list[str], base_currency: str
) -> CashFlows:
    """Return checked cash flows; new accounts and currencies are added to the lists."""
    none = np.empty(0, dtype=np.intp)
    if given is None:
        return CashFlows(none, none, none, none, np.empty(0), ())
    columns = read_table(given, ("time", "amount", "kind"), name="cash_flows")
    table = columns.frame.reset_index(drop=True)
    if not len(table):
        return CashFlows(none, none, none, none, np.empty(0), ())
    times = bars.times(table["time"], name="cash_flows['time']")
    last = "Give prices up to the last flow."
    bar = bars.rows_of(times, name="cash_flows['time']", last=last)
    kind = np.array([_kind(each, row) for row, each in enumerate(table["kind"])], dtype=np.intp)
    amount = columns.needed_numbers("amount")
    _check_amounts(amount, kind)
    if "account" not in table.columns and len(accounts) > 1:
        raise InvalidInputError(
            f"cash_flows must have a column 'account' beside fills of several accounts, {listed(accounts)}."
        )
    account = _numbers(table, "account", accounts, accounts[0] if accounts else "portfolio")
    currency = _numbers(table, "currency", currencies, base_currency)
    assets: tuple[str, ...] = ()
    if "asset" in table.columns:
        assets = tuple(table["asset"].astype(object).where(table["asset"].notna(), "").map(str))
    return CashFlows(bar, account, currency, kind, amount, assets or ("",) * len(table))


def check_flow_assets(flows: CashFlows, assets: tuple[str, ...]) -> None:
    """Require that cash flows name assets that have prices, or none."""
    for row, asset in enumerate(flows.assets):
        if asset and asset not in assets:
            raise InvalidInputError(
                f"cash_flows['asset'] must name columns of prices, got {asset!r} on row {row}."
                f"{name_remedy(asset, assets, what='asset')} A flow that belongs to no asset has none there."
            )


def _kind(given: Any, row: int) -> int:
    """Return the number of a kind of cash flow."""
    return KINDS.index(check_choice(str(given), KINDS, name=f"cash_flows['kind'] on row {row}"))


def _check_amounts(amount: FloatVector, kind: IntVector) -> None:
    for row in range(len(amount)):
        if not np.isfinite(amount[row]):
            raise InvalidInputError(f"cash_flows['amount'] must be finite, got {amount[row]} on row {row}.")
        check_amount(float(amount[row]), KINDS[kind[row]], f"on row {row}")


def check_amount(amount: float, kind: str, where: str) -> None:
    """Require the sign of deposits and withdrawals."""
    sign = SIGNS.get(kind)
    if sign is not None and amount * sign < 0.0:
        rule = "positive" if sign > 0.0 else "negative"
        raise InvalidInputError(
            f"cash_flows must have a {rule} amount for a {kind}, got {amount:g} {where}: amounts are from the "
            "account's view."
        )


def _numbers(table: Any, name: str, known: list[str], default: str) -> IntVector:
    """Return the number of each row's name among those known, to which new ones are added."""
    given = [default] * len(table)
    if name in table.columns:
        missing = table[name].isna().to_numpy()
        if missing.any():
            row = int(missing.argmax())
            raise InvalidInputError(f"cash_flows[{name!r}] must have a value on each row, got none on row {row}.")
        given = [str(each) for each in table[name]]
    for each in given:
        if each not in known:
            known.append(each)
    return np.array([known.index(each) for each in given], dtype=np.intp)


def read_rates(rates: Data | None, bars: Bars, currencies: list[str], base: str) -> FloatMatrix:
    """Return the money of the base currency for one unit of each currency, shape (bars, currencies)."""
    found = np.ones((bars.rows, len(currencies)))
    if rates is None:
        if len(currencies) > 1 or (currencies and currencies[0] != base):
            other = next(each for each in currencies if each != base)
            raise InvalidInputError(
                f"rates must be given where fills are in another currency than {base!r}, got {other!r}: a frame with "
                f"the rows of prices and a column {other!r} of what one unit is worth in {base!r}."
            )
        return found
    values, labels = read_prices(rates, name="rates")
    if bars.dated:
        comparable_dates(labels, bars.labels, name="rates", beside="prices")
    place = rows_as_of(labels, bars, len(values), name="rates")
    for number, currency in enumerate(currencies):
        if currency == base and currency in labels.columns:
            wrong = values[:, labels.columns.index(base)]
            wrong = wrong[(wrong != 1.0) & ~np.isnan(wrong)]
            if len(wrong):
                raise InvalidInputError(
                    f"rates must be 1 for the base currency {base!r}, got {wrong[0]:g}. A rate is the money of the "
                    "base currency for one unit of another."
                )
        elif currency in labels.columns:
            column = values[:, labels.columns.index(currency)]
            seen = np.maximum.accumulate(np.where(np.isnan(column), -1, np.arange(len(column))))
            before = np.where(place >= 0, seen[np.maximum(place, 0)], -1)
            if (before < 0).any():
                row = int((before < 0).argmax())
                raise InvalidInputError(
                    f"rates must hold {currency!r} from the first bar on, got none by {bars.label(row)}."
                )
            found[:, number] = column[before]
        elif currency != base:
            raise InvalidInputError(
                f"rates must have a column for each currency but {base!r}, got none for {currency!r}."
                f"{name_remedy(currency, labels.columns, what='column')}"
            )
    return found


def rows_as_of(labels: Any, bars: Bars, rows: int, *, name: str) -> IntVector:
    """Return for each bar the last row of a panel at or before it, -1 where there is none."""
    if not bars.dated or labels.dates is None:
        if rows != bars.rows:
            raise InvalidInputError(f"{name} must have the rows of prices, got {rows} beside {bars.rows}.")
        return np.arange(bars.rows, dtype=np.intp)
    own = (labels.dates if bars.days else labels.instants).astype(bars.starts.dtype)
    return (np.searchsorted(own, bars.starts, side="right") - 1).astype(np.intp)


def read_multipliers(
    given: Mapping[str, float] | None, assets: tuple[str, ...], *, of: str = "columns of prices"
) -> FloatVector:
    """Return the money for one point of the price and one unit, of each asset; 1 where none is given."""
    found = np.ones(len(assets))
    if given is None:
        return found
    for asset, value in text_keys(given, name="multipliers").items():
        if asset not in assets:
            raise InvalidInputError(
                f"multipliers must name {of}, got {asset!r}.{name_remedy(asset, assets, what='asset')}"
            )
        found[assets.index(asset)] = check_positive(value, name=f"multipliers[{asset!r}]")
    return found
