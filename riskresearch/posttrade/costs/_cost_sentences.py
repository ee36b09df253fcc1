"""By which conventions the costs of orders were computed, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from riskresearch.core.output._formats import counted
from riskresearch.posttrade.costs._fills import shown_orders
from riskresearch.posttrade.costs._totals import FEWEST_CLUSTERS, clusters_of, orders_left_out

BASES = {
    "ordered": "The delay counts on all units ordered, the opportunity cost of the rest from the arrival on.",
    "executed": "The delay counts on the units filled, the opportunity cost of the rest from the decision on.",
}
OF_BENCHMARK = {
    "vwap": "VWAP from arrival to end{bars}, the order's own fills among them.",
    "vwap_ex_own": "VWAP without own fills: volume and value less those of the order.",
    "twap": "TWAP from arrival to end: {each}.",
    "open": "Open of the day on which the order arrived.",
    "close": "Close of the day on which it ended.",
    "previous_close": "Close before that day.",
    "mid": "Mid at the time of each fill, by units.",
}


@dataclass(frozen=True, slots=True)
class CostSettings:
    """What was asked of the costs of orders, and what of it could be had."""

    parts: tuple[str, ...]
    """Names of the parts of the shortfall."""
    benchmarks: tuple[str, ...]
    delay_basis: str
    skipped: dict[str, str]
    """What each benchmark would need that is not given."""
    odd: dict[str, int]
    """How many orders or fills are odd, by what is odd of them."""
    market: str
    """Kind of the market: "quotes", "bars", "days", or empty without one."""
    stamped: str
    strict: bool
    modelled: tuple[str, ...]
    """Costs that stand beside the price of the fills."""
    typical: bool
    """Whether the VWAP is made of bars without a VWAP of their own."""
    confidence: float
    draws: int
    seed: int


def cost_sentences(table: pd.DataFrame, costs: CostSettings, confidence: float) -> list[str]:
    """Return the conventions of a result, and what is odd or left out."""
    return [
        "Positive hurts. Basis points of the paper notional, all units at the decision's price; against benchmarks, of "
        "the filled units at the benchmark.",
        _parts(costs),
        *_benchmarks(costs),
        *_market(costs),
        _interval(table, costs, confidence),
        *_lost(table, costs),
    ]


def _parts(costs: CostSettings) -> str:
    if "delay" in costs.parts:
        said = BASES[costs.delay_basis]
    elif "execution" in costs.parts:
        said = "No arrivals are known: execution is delay and trading together, and there is no split of them."
    else:
        said = "No decisions are known: the paper portfolio trades at the arrival, and the delay before it is not in."
    beside = " and ".join(costs.modelled)
    if beside:
        said += f" {beside.capitalize()} beside the price are part of trading; of a simulation they are a model's."
    return said


def _benchmarks(costs: CostSettings) -> list[str]:
    bars = ", from bars at (high + low + close) / 3 or the close" if costs.typical else ""
    each = "each quote as long as it stood" if costs.market == "quotes" else "each bar the same"
    said = [OF_BENCHMARK[name].format(bars=bars, each=each) for name in costs.benchmarks if name in OF_BENCHMARK]
    lacks = [f"{name} was left out, for it needs {lack}." for name, lack in costs.skipped.items()]
    return [" ".join(said + lacks)] if said or lacks else []


def _market(costs: CostSettings) -> list[str]:
    if not costs.market:
        return []
    when = "before" if costs.strict else "at or before"
    if costs.market == "quotes":
        return [f"Market prices are mids of the last quote {when} each time."]
    known = "its time and the length of a bar" if costs.stamped == "start" else "its time"
    said = f"Market prices are the last close {when} each time, a close being known at {known}."
    if costs.market == "days":
        said += " A decision or end that is a day counts at that day's close, an arrival at its open."
    return [said]


def _interval(table: pd.DataFrame, costs: CostSettings, confidence: float) -> str:
    clusters, what = clusters_of(table)
    number = len(set(clusters.tolist()))
    if number < FEWEST_CLUSTERS:
        return f"No intervals: {counted(number, what)}, too few to say."
    how = f"a bootstrap of {counted(number, what)}, {costs.draws:,} draws, seed {costs.seed}"
    return f"Intervals of {confidence:.0%} by {how}."


def _lost(table: pd.DataFrame, costs: CostSettings) -> list[str]:
    lost = orders_left_out(table)
    said = [f"{what.capitalize()}: {number:,}." for what, number in costs.odd.items()]
    if len(lost):
        reasons = lost["missing"].value_counts()
        why = "; ".join(f"{number:,} without {reason}" for reason, number in reasons.items())
        said.insert(0, f"Not in the totals: {why} ({shown_orders(lost.index)}).")
    return [" ".join(said)] if said else []
