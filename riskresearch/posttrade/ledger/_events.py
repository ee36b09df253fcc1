"""What a running ledger is told beside fills, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

NAN = float("nan")


class Prices(NamedTuple):
    """Prices at the end of a bar.

    Attributes
    ----------
    prices : sequence or mapping of float
        One for each asset in the order of the start, or by name; nan, or none, where there is none: the last one holds.
    """

    prices: Sequence[float] | Mapping[str, float]


class CorporateAction(NamedTuple):
    """A corporate action, before the fills of its bar: see the table of `Ledger.from_fills`.

    Attributes
    ----------
    symbol : str
        The asset.
    kind : {"split", "cash_dividend", "spin_off", "delisting", "symbol_change"}
        What happens.
    value : float
        Old shares for one new, money for one share, new shares for one old, or the money that a delisting pays.
    new_symbol : str
        Of a spin-off or a change of symbol.
    basis : float
        The share of the cost that a spin-off moves.
    """

    symbol: str
    kind: str
    value: float = NAN
    new_symbol: str = ""
    basis: float = NAN


class CashFlow(NamedTuple):
    """Money that comes or goes, from the account's view: see the table of `Ledger.from_fills`.

    Attributes
    ----------
    amount : float
        What the account pays is negative.
    kind : str
        "deposit", "withdrawal" and "transfer" are no profit, "dividend", "interest", "borrow", "fee", "tax" and
        "written_off" are.
    account, currency : str
        Empty for the first account, and for the base currency.
    """

    amount: float
    kind: str
    account: str = ""
    currency: str = ""


class ExchangeRates(NamedTuple):
    """Rates that hold from now on.

    Attributes
    ----------
    rates : mapping of str to float
        Money of the base currency for one unit of each currency.
    """

    rates: Mapping[str, float]


class LedgerBar(NamedTuple):
    """What a running ledger holds after a bar, in the base currency, one entry an account.

    Attributes
    ----------
    equity, cash : tuple of float
        Cash and value, and cash alone.
    realised, unrealised : tuple of float
        Profit of lots, before costs: of those closed so far, and of those open.
    flows : tuple of float
        Deposits, withdrawals and transfers since the bar before.
    """

    equity: tuple[float, ...]
    cash: tuple[float, ...]
    realised: tuple[float, ...]
    unrealised: tuple[float, ...]
    flows: tuple[float, ...]


LedgerEvent = Any
"""A `Fill`, `Prices`, `CorporateAction`, `CashFlow` or `ExchangeRates`."""
