"""One call from fills to every table whose inputs are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._other_names import answers_other_names
from riskresearch.core.importing._optional import optional_import
from riskresearch.files.tables._columns import check_rename, read_columns
from riskresearch.files.tables._trades import Duplicates
from riskresearch.posttrade._post_trade_report import PostTradeReport
from riskresearch.posttrade.attribution._brinson import brinson
from riskresearch.posttrade.attribution._factor_attribution import factor_attribution
from riskresearch.posttrade.attribution._risk_attribution import risk_attribution
from riskresearch.posttrade.breaches._compliance import compliance
from riskresearch.posttrade.costs._markouts import markouts
from riskresearch.posttrade.costs._transaction_costs import transaction_costs
from riskresearch.posttrade.ledger._ledger import BASE, Ledger, Matching
from riskresearch.posttrade.ledger._profit import whole_returns
from riskresearch.posttrade.trips._rules import RULES, Rule

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import Data
    from riskresearch.pretrade.checker._checker import UnifiedLimitChecker
    from riskresearch.pretrade.limits._limit import Limit

Linking = Literal["carino", "menchero", "grap", "frongello", "davies_laker", "geometric"]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is made of the fills of one account, or of all."""

    rule: Rule
    ledger: dict[str, Any]
    """Arguments of the ledger but fills and cash flows."""
    benchmark_weights: Any
    groups: Any
    factors: Any
    linking: Any
    limits: Any


@answers_other_names()
def analyze(
    fills: Any,
    *,
    prices: Data,
    rule: Rule = "flat_to_flat",
    matching: Matching = "fifo",
    cash_flows: pd.DataFrame | None = None,
    corporate_actions: pd.DataFrame | None = None,
    rates: Data | None = None,
    multipliers: Mapping[str, float] | None = None,
    rename: Mapping[str, str] | None = None,
    base_currency: str = BASE,
    duplicates: Duplicates = "raise",
    benchmark_weights: Any = None,
    groups: Any = None,
    linking: Linking = "carino",
    factors: Data | None = None,
    limits: Sequence[Limit] | UnifiedLimitChecker | None = None,
    orders: Any = None,
    market: Any = None,
    horizons: Sequence[Any] | None = None,
    n_jobs: int | None = None,
) -> PostTradeReport:
    """Return every table of post-trade analysis whose inputs are given, of all accounts and of each.

    Parameters
    ----------
    fills : DataFrame, or a file of fills that `riskresearch.read` read
        See `Ledger.from_fills`, as of all arguments up to `duplicates`.
    prices : Series, DataFrame or array, shape (bars, assets)
        Prices of the bars.
    rule : {"flat_to_flat", "flat_to_reduced", "per_close", "per_lot"}
        What a round trip is: see `Ledger.round_trips`.
    matching : {"fifo", "lifo", "hifo", "average", "specific"}
        Which lot a closing fill closes.
    cash_flows, corporate_actions : DataFrame, optional
        Deposits, withdrawals and other money; splits, dividends and their kin.
    rates : DataFrame, shape (rows, currencies), optional
        Money of the base currency for one unit of each other currency.
    multipliers : mapping of asset to float, optional
        Money for one point of the price and one unit.
    rename : mapping of str, optional
        Our names of the columns of fills, by yours.
    base_currency : str
        Name of the currency of all sums.
    duplicates : {"raise", "keep"}
        What happens to a fill that equals an earlier one.
    benchmark_weights : Series, DataFrame or mapping, optional
        Weights of the benchmark at the beginning of each bar, for `brinson` and `risk_attribution`.
    groups : mapping, Series or DataFrame, optional
        The group of each asset.
    linking : {"carino", "menchero", "grap", "frongello", "davies_laker", "geometric"}
        How `brinson` links the effects of bars.
    factors : DataFrame, optional
        Returns of factors on the bars, for `factor_attribution`.
    limits : sequence of Limit, or UnifiedLimitChecker, optional
        Limits of `riskresearch.pretrade`, for `compliance`; a checker brings the data that it was bound to.
    orders, market : DataFrame, optional
        Orders, and bars or quotes, for `transaction_costs`; `market` may be left out where orders have their prices.
    horizons : sequence, optional
        Seconds after a fill, for `markouts`, which need a `market` too.
    n_jobs : int, optional
        Accounts are analysed by so many processes (-1: one a core), which changes no bit. None takes this process.

    Returns
    -------
    PostTradeReport
        Whose `summary` says what was left out, and why.

    Raises
    ------
    InvalidInputError
        If an input breaks a rule of the function that it is for.
    AccountingError
        If parts do not add up to their total.

    References
    ----------
    Bacon (2008), Practical Portfolio Performance Measurement and Attribution.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.posttrade import analyze
    >>> days = pd.date_range("2024-01-01", periods=3)
    >>> fills = pd.DataFrame({"asset": "A", "time": days[:2], "units": [10, -10], "price": [5.0, 6.0]})
    >>> report = analyze(fills, prices=pd.DataFrame({"A": [5.0, 6.0, 7.0]}, index=days))
    >>> report.round_trips.trips["net"].tolist(), report.skipped["brinson"]
    ([10.0], 'It needs benchmark_weights.')
    """
    check_choice(rule, RULES, name="rule")
    check_rename(rename, fills=fills)
    table = read_columns(fills, name="fills", rename=rename).frame
    asked = Asked(
        rule,
        {
            "prices": prices, "matching": matching, "corporate_actions": corporate_actions, "rates": rates,
            "multipliers": multipliers, "base_currency": base_currency, "duplicates": duplicates,
        },
        benchmark_weights, groups, factors, linking, limits,
    )  # fmt: skip
    whole = _analyze_one(table, cash_flows, asked)
    costs, after, skipped = _trading_tables(table, orders, market, horizons, multipliers, duplicates)
    accounts = _by_account(table, cash_flows, asked, whole["ledger"].books.accounts, n_jobs)
    return PostTradeReport(
        **{name: each for name, each in whole.items() if name != "skipped"}, transaction_costs=costs, markouts=after,
        skipped={**whole["skipped"], **skipped}, accounts=accounts,
    )  # fmt: skip


def _analyze_one(fills: Any, cash_flows: Any, asked: Asked) -> dict[str, Any]:
    """Return the ledger, its round trips and attributions, and what was not made and why."""
    ledger = Ledger.from_fills(fills, cash_flows=cash_flows, **asked.ledger)
    made: dict[str, Any] = {
        "ledger": ledger, "round_trips": ledger.round_trips(rule=asked.rule), "brinson": None, "factors": None,
        "risk": None, "compliance": None if asked.limits is None else compliance(ledger, asked.limits),
    }  # fmt: skip
    lacks = ""
    if bool((ledger.books.profit.equity.sum(axis=1) <= 0.0).any()):
        lacks = "It needs equity above zero on each bar: give the capital as a deposit in cash_flows."
    total = _whole_returns(ledger).iloc[1:]
    skipped = {
        name: lacks if given is not None else f"It needs {what}."
        for name, given, what in (
            ("brinson", asked.benchmark_weights, "benchmark_weights"),
            ("risk", asked.benchmark_weights, "benchmark_weights"),
            ("factors", asked.factors, "factors"),
        )
        if lacks or given is None
    }
    if asked.limits is None:
        skipped["compliance"] = "It needs limits."
    if "brinson" not in skipped:
        active = (ledger.weights.iloc[1:], asked.benchmark_weights, ledger.asset_returns.iloc[1:])
        made["brinson"] = brinson(*active, groups=asked.groups, linking=asked.linking, portfolio_returns=total)
        made["risk"] = risk_attribution(*active, groups=asked.groups)
    if "factors" not in skipped:
        made["factors"] = factor_attribution(total, asked.factors)
    return {**made, "skipped": skipped}


def _whole_returns(ledger: Ledger) -> pd.Series:
    """Return the return of each bar over all accounts."""
    import pandas as pd  # noqa: PLC0415 (only where there are several accounts)

    return pd.Series(whole_returns(ledger.books.profit), index=ledger.books.bars.index)


def _trading_tables(
    fills: Any, orders: Any, market: Any, horizons: Any, multipliers: Any, duplicates: Any
) -> tuple[Any, Any, dict[str, str]]:
    """Return transaction costs and markouts, as far as their inputs are given, and why not."""
    skipped = {}
    costs, after = None, None
    if orders is None:
        skipped["transaction_costs"] = "It needs orders."
    else:
        costs = transaction_costs(orders, fills, market=market, multipliers=multipliers, duplicates=duplicates)
    if market is None or horizons is None:
        skipped["markouts"] = f"It needs {'market' if market is None else 'horizons'}."
    else:
        after = markouts(fills, market=market, horizons=horizons, duplicates=duplicates)
    return costs, after, skipped


def _by_account(
    fills: Any, cash_flows: Any, asked: Asked, accounts: tuple[str, ...], n_jobs: int | None
) -> dict[str, PostTradeReport]:
    """Return the report of each account where there are several."""
    if n_jobs is not None and n_jobs != -1:
        check_count(n_jobs, name="n_jobs", minimum=1)
    if len(accounts) < 2:
        return {}
    parts = []
    if cash_flows is not None:
        cash_flows = read_columns(cash_flows, name="cash_flows", rename=None, renamed=False).frame
    for account in accounts:
        own = fills[fills["account"].astype(str) == account] if "account" in fills.columns else fills.iloc[:0]
        flows = None if cash_flows is None else cash_flows[cash_flows["account"].astype(str) == account]
        parts.append((own, flows, asked))
    if n_jobs is None or n_jobs == 1:
        found = [_analyze_one(*part) for part in parts]
    else:
        joblib: Any = optional_import("joblib", extra="parallel", feature=f"n_jobs={n_jobs}", minimum_version="1.4")
        found = joblib.Parallel(n_jobs=n_jobs)(joblib.delayed(_analyze_one)(*part) for part in parts)
    whole = {"transaction_costs": "It is of all accounts.", "markouts": "It is of all accounts."}
    return {
        account: PostTradeReport(
            **{name: value for name, value in each.items() if name != "skipped"}, transaction_costs=None,
            markouts=None, skipped={**each["skipped"], **whole}, accounts={},
        )
        for account, each in zip(accounts, found, strict=True)
    }  # fmt: skip
