"""The portfolio's weights as an account that trades: where its profit came from, and its trades by four rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskresearch.core.output._formats import count, date, percent, percent_1, percent_of, ratio
from riskresearch.posttrade import Ledger
from riskresearch.report._blocks import Definitions, Drawn, Inapplicable, Paragraph, Table
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables
from riskresearch.report._simulation import COST

RULES = {
    "flat_to_flat": "From flat to flat",
    "flat_to_reduced": "From flat to each reduction",
    "per_close": "Each closing fill",
    "per_lot": "Each lot",
}
MOST_ASSETS = 6
"""So many assets are shown, those with the largest profits and losses; the rest as one row."""
FEWEST_TRADES = 20
"""A rule with fewer closed trades is not compared."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TradingOutcome:
    """The numbers of the section on trading, as fractions of the money at the start.

    Attributes
    ----------
    profit : DataFrame, shape (n_assets, 4)
        Realised and unrealised profit, costs, and their sum, of each asset.
    trades : DataFrame, shape (4, 6)
        Closed trades, win rate with its interval, profit factor and mean length in rows, by rule.
    first, last : Timestamp
        The first and last date of the account.
    reason : str
        Why nothing is shown; otherwise empty.
    """

    profit: pd.DataFrame
    trades: pd.DataFrame
    first: Any
    last: Any
    reason: str

    def __repr__(self) -> str:
        return f"TradingOutcome({len(self.profit)} assets, {len(self.trades)} rules)"


def no_outcome(reason: str) -> TradingOutcome:
    """Return an empty outcome with its reason."""
    return TradingOutcome(pd.DataFrame(), pd.DataFrame(), None, None, reason)


def trade(account: tuple[Ledger | None, str], confidence: float) -> TradingOutcome:
    """Count the profit and the trades of the account that holds the portfolio's weights."""
    ledger, reason = account
    if ledger is None:
        return no_outcome(reason)
    dates = ledger.returns.index
    return TradingOutcome(_profit(ledger), _trades(ledger, confidence), dates[0], dates[-1], "")


def _profit(ledger: Ledger) -> pd.DataFrame:
    frame = ledger.to_frame().droplevel("account")[["realised", "unrealised", "costs"]]
    frame["costs"] = -frame["costs"]
    return frame.assign(profit=frame.sum(axis=1)).rename_axis("asset")


def _trades(ledger: Ledger, confidence: float) -> pd.DataFrame:
    rows = {}
    for rule in RULES:
        trips: Any = ledger.round_trips(rule=rule)  # type: ignore[arg-type]
        found = trips.statistics(confidence=confidence)
        names = ("trips", "win_rate", "win_rate_lower", "win_rate_upper", "profit_factor", "average_bars")
        rows[rule] = {name: float(found[name]) for name in names}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("rule")


def compute(context: Context) -> Tables:
    """Return the outcome."""
    return {"trading": trade(context.account, context.settings.confidence)}


def draw(tables: ReportTables, context: Context) -> Drawn:
    found = tables.trading
    if context.inputs.assets is None:
        return Inapplicable("there is one series only")
    if found.reason:
        return [Paragraph(found.reason)]
    period = period_name(context.summary.periods_per_year)
    trades = found.trades
    rows = [(name, *(percent_1(value) for value in row)) for name, row in _largest(found.profit)]
    money = Table(
        ["Asset", "Realised", "Unrealised", "Costs", "Profit"],
        rows,
        caption=f"Of the money at the start, {date(found.first)} to {date(found.last)}. Realised: of units sold",
    )
    listed = [
        (
            RULES[str(rule)],
            count(row["trips"]),
            percent_1(row["win_rate"]),
            f"{percent_1(row['win_rate_lower'])} to {percent_1(row['win_rate_upper'])}" if row["trips"] else "–",
            ratio(row["profit_factor"]),
            count(round(row["average_bars"])) if row["trips"] else "–",
        )
        for rule, row in zip(trades.index, trades.to_dict("records"), strict=True)
    ]
    rates = Table(
        ["A trade is", "Closed", "Win rate", f"{percent_of(context.settings.confidence)} interval", "Profit factor",
         f"Mean length, {period}s"],
        listed,
        caption=f"Lots first in, first out; profit after costs of {COST * 1e4:g} basis points of what is traded",
    )  # fmt: skip
    words = Definitions(
        [
            (
                "Account",
                "the weights of this page, bought after the first row and brought back to them at the first close of "
                "each month; cash earns nothing",
            ),
            (
                "Check",
                "cash counted from fills and profit counted from lots agree on each row within a billionth of the "
                "account",
            ),
        ]
    )
    return [Paragraph(_in_words(found)), money, rates, words]


def _largest(profit: pd.DataFrame) -> list[tuple[str, list[float]]]:
    """Return the assets with the largest profits and losses, the others as one, and all."""
    kept = profit if len(profit) <= MOST_ASSETS else profit.loc[profit["profit"].abs().nlargest(MOST_ASSETS).index]
    rows = [(str(name), row) for name, row in zip(kept.index, kept.to_numpy().tolist(), strict=True)]
    others = profit.drop(index=kept.index)
    if len(others):
        rows.append((f"{len(others)} others", others.sum().tolist()))
    return [*rows, ("All", profit.sum().tolist())]


def _in_words(found: TradingOutcome) -> str:
    """Return what the account earned, and what its win rate depends on."""
    whole = found.profit.sum()
    parts = [
        f"The account {'gained' if whole['profit'] >= 0.0 else 'lost'} {percent(abs(float(whole['profit'])))} of the "
        f"money at the start: {percent(float(whole['realised']))} realised by sales, "
        f"{percent(float(whole['unrealised']))} not realised, {percent(float(-whole['costs']))} paid for trading."
    ]
    told = found.trades[found.trades["trips"] >= FEWEST_TRADES]
    if len(told) < 2:
        parts.append("Closed trades are too few to say what they win.")
    else:
        low, high = float(told["win_rate"].min()), float(told["win_rate"].max())
        parts.append(
            f"The same fills have a win rate of {percent_1(low)} to {percent_1(high)}, by what is called a trade."
            if percent_1(low) != percent_1(high)
            else f"Their win rate is {percent_1(low)} by each rule."
        )
        parts.append("Bringing assets back to their weights sells what rose, so it wins often without any skill.")
    return " ".join(parts)


SECTION: Section = Section(
    "trading",
    "Trades and their profit",
    compute,
    draw,
    tables=("trading",),
    follows="sizing",
)
