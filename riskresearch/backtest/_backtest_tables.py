"""The table of a backtest, for machines and for readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._book import COST_KINDS, INCOME_KINDS
from riskresearch.backtest import _account_risk as risk
from riskresearch.backtest._limit_verdicts import count_blocks
from riskresearch.backtest._simulated import Simulated
from riskresearch.core._calendar_periods import PERIODS
from riskresearch.core.output import _formats as formats
from riskresearch.core.output._tables import Block, table

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import FloatMatrix

ACCOUNT, HOLDING, BENCHMARK = "account", "holding", "benchmark"
ACCOUNTS_IN_SUMMARY = 10
ROWS: dict[str, tuple[str, str, Callable[[Any], str]]] = {
    "final_equity": ("Final equity", "Equity", formats.money),
    "total_return": ("Return", "Return", formats.percent),
    "annual_return": ("Return a year", "Return a year", formats.percent),
    "volatility": ("Volatility a year", "Volatility", formats.percent),
    "sharpe_ratio": ("Sharpe ratio", "Sharpe", formats.ratio),
    "interval": (f"  {risk.CONFIDENCE:.0%} interval", f"{risk.CONFIDENCE:.0%} interval", str),
    "max_drawdown": ("Worst drawdown", "Drawdown", formats.percent),
    "value_at_risk": (f"VaR {risk.LEVEL:.0%} a bar", f"VaR {risk.LEVEL:.0%}", formats.percent),
    "conditional_value_at_risk": (f"CVaR {risk.LEVEL:.0%} a bar", f"CVaR {risk.LEVEL:.0%}", formats.percent),
    "annual_turnover": ("Turnover a year", "Turnover a year", formats.percent),
    "annual_cost": ("Costs a year", "Costs a year", formats.percent),
    "costs": ("Costs in all, money", "Costs paid", formats.money),
    "gross_exposure": ("Mean gross exposure", "Gross", formats.percent),
    "p_value": ("p of the same Sharpe ratio", "p", formats.p_value),
}
"""The label of each measure beside one account and above several, and its format."""
HELD = (
    "Holding: on the bar of the first fill, the whole capital in what was bought then, in those proportions, long; "
    "never traded again, at the same costs, nothing borrowed."
)
TESTED = (
    "p: two-sided, of a Sharpe ratio equal to the account's, so at the same volatility; studentised block bootstrap "
    f"(Ledoit and Wolf 2008), {risk.DRAWS:,} draws, seed {risk.SEED}."
)


def risk_frame(done: Simulated) -> pd.DataFrame:
    """Return one row for each account, for holding what it first bought, and for the benchmark if there is one."""
    import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

    periods, _ = risk.bars_per_year(done.layout.labels.dates)
    held = done.holding()
    parts, rivals = {ACCOUNT: _columns(done, periods), HOLDING: _columns(held, periods)}, {HOLDING: held.returns}
    if done.benchmark is not None:
        rivals[BENCHMARK] = risk.benchmark_returns(done.benchmark.returns, done.first)
        parts[BENCHMARK] = _benchmark_columns(rivals[BENCHMARK], done, periods)
    parts[ACCOUNT]["p_value"] = np.nan
    for name, rival in rivals.items():
        parts[name]["p_value"] = risk.same_sharpe_p_values(
            done.returns, rival, done.first, periods, done.settings.costs.cash_rate
        )
    names = list(parts[ACCOUNT])
    keys = pd.MultiIndex.from_product([done.names, parts], names=["account", "series"])
    by_series = [pd.DataFrame(columns, index=range(len(done.names))) for columns in parts.values()]
    whole = pd.concat([frame.reindex(columns=names).astype(object) for frame in by_series]).sort_index(kind="stable")
    whole.index = keys
    return whole.astype({name: "float64" for name in names if name != "bankrupt"})


def _columns(done: Simulated, periods: float) -> dict[str, Any]:
    """Return the columns of the frame for accounts."""
    record = done.record
    columns: dict[str, Any] = {
        "final_equity": record.equity[-1],
        "total_return": record.equity[-1] / done.settings.capital - 1.0,
    }
    columns |= risk.account_measures(done, periods)
    for kind in (*COST_KINDS, *INCOME_KINDS):
        columns[kind] = record.flows[kind].sum(axis=0)
    columns["written_off"] = record.written_off
    stopped = done.on(record.stopped)
    columns["bankrupt"] = [stopped.get(name) for name in done.names]
    return columns


def _benchmark_columns(bought: FloatMatrix, done: Simulated, periods: float) -> dict[str, Any]:
    rate = done.settings.costs.cash_rate
    return risk.since_first_fill(
        bought,
        done.first,
        ("total_return", *risk.MEASURES),
        lambda returns: (
            {"total_return": np.prod(1.0 + returns, axis=0) - 1.0} | risk.return_measures(returns, periods, rate)
        ),
    )


def blocks(done: Simulated) -> list[Block]:
    """Return what text and HTML show: measures as rows of one account, accounts as rows of several."""
    shown = list(done.names[:ACCOUNTS_IN_SUMMARY])
    frame = risk_frame(done)
    frame["costs"] = frame[list(COST_KINDS)].sum(axis=1, min_count=1)
    frame["interval"] = [
        formats.between(formats.ratio, *bounds)
        for bounds in frame[["sharpe_lower", "sharpe_upper"]].itertuples(index=False)
    ]
    one = len(done.names) == 1
    found = [_one_account(frame)] if one else _several(frame, shown)
    if len(shown) < len(done.names):
        found.append(f"... and {len(done.names) - len(shown):,} more accounts")
    found += [f"BANKRUPT: {name} on {formats.cell(when)}" for name, when in done.on(done.record.stopped).items()]
    found += [
        f"{name}: {count:,} order{'s' * (count != 1)} without a price, left unfilled"
        for name, count in zip(done.names, done.record.unfilled.tolist(), strict=True)
        if count
    ]
    found += count_blocks(done.limit_records, done.index)
    return [*found, conventions(done)]


def _series(frame: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(frame.index.get_level_values("series")))


def _one_account(frame: pd.DataFrame) -> Block:
    series = _series(frame)
    names = [str(frame.index[0][0]), *series[1:]]
    rows = [(label, *map(write, frame[name])) for name, (label, _, write) in ROWS.items()]
    return table(["", *names], rows)


def _several(frame: pd.DataFrame, shown: list[str]) -> list[Block]:
    """Return a table of each series, with p-values beside the accounts; a benchmark that is one for all is a row."""
    parts: dict[str, Any] = {name: frame.xs(name, level="series").loc[shown] for name in _series(frame)}
    blocks = []
    for name, part in parts.items():
        one = name == BENCHMARK and len(part.drop(columns="p_value").drop_duplicates()) == 1
        against = {f"p, {rival}": parts[rival]["p_value"] for rival in list(parts)[1:]} if name == ACCOUNT else {}
        blocks.append(_table_of(name, part.head(1) if one else part, against))
    return blocks


def _table_of(series: str, part: pd.DataFrame, p_values: dict[str, pd.Series]) -> Block:
    kept = {name: how for name, how in ROWS.items() if name != "p_value" and part[name].notna().any()}
    cells = [list(map(write, part[name])) for name, (_, _, write) in kept.items()]
    tested = {head: values for head, values in p_values.items() if values.notna().any()}
    cells += [list(map(formats.p_value, values)) for values in tested.values()]
    names = ["all accounts"] if series == BENCHMARK and len(part) == 1 else list(map(str, part.index))
    return table([series, *(head for _, head, _ in kept.values()), *tested], list(zip(names, *cells, strict=True)))


def conventions(done: Simulated) -> str:
    """Return how the accounts were kept, how their risk was measured, and what holding and the benchmark are."""
    settings, market = done.settings, done.market
    fill = "prices" if market.fill_prices is market.prices else "fill_prices"
    rows = len(done.record.equity)
    kept = (
        f"{formats.counted(rows, 'bar')}, capital {settings.capital:,.10g} each; lag {settings.lag}, filled at "
        f"{fill}, rebalanced {_rebalanced(settings.rebalance)}; targets on equity at the fill before costs; borrowing "
        f"{'allowed' if settings.borrowing else 'not allowed'}; every bar balances."
    )
    if (done.first < 0).all():
        return f"{kept}\nNothing was ever bought, so that there is no risk to measure."
    lines = [kept, _risk_measured(done), HELD]
    if done.benchmark is not None:
        notes = "".join(f" {note}" for note in done.benchmark.notes)
        lines.append(f"Benchmark: {done.benchmark.name}, bought at the close of that bar, without costs.{notes}")
    return "\n".join([*lines, TESTED] if len(done.names) <= risk.MOST_TESTED else lines)


def _risk_measured(done: Simulated) -> str:
    periods, source = risk.bars_per_year(done.layout.labels.dates)
    filled = list(done.on(done.first).values())
    rows = len(done.record.equity) - done.first[done.first >= 0]
    since, bars = formats.cell(min(filled)), formats.count(rows.max())
    if rows.min() < rows.max():
        since, bars = f"{since} to {formats.cell(max(filled))}", f"{formats.count(rows.min())} to {bars}"
    bars += " bar" if rows.max() == 1 else " bars"
    years = rows.min() / periods
    short = f"; a return a year is extrapolated from {years:.2g} years" if years < risk.SHORT_YEARS else ""
    rate = formats.plain(done.settings.costs.cash_rate)
    return (
        f"Risk: {bars} from the first fill ({since}) on, {periods:.6g} a year {source}{short}; Sharpe ratio over "
        f"{rate} a bar, which cash earns, with its {risk.CONFIDENCE:.0%} interval by Newey and West's error; VaR and "
        f"CVaR historical, {risk.LEVEL:.0%}, a bar; turnover, buys and sales, and costs over the equity before."
    )


def _rebalanced(how: str | float) -> str:
    if isinstance(how, float):
        return f"within {how:g}"
    return f"after the last bar of each {how}" if how in PERIODS else how.replace("_", " ")
