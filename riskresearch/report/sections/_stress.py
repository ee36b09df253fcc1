"""Returns of the portfolio in past crises."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from riskresearch import portfolio
from riskresearch.core.output._formats import MISSING, count, date, percent_1
from riskresearch.report._blocks import Drawn, Paragraph, Table
from riskresearch.report._inputs import Inputs
from riskresearch.report._section import Context, ReportTables, Section, Tables

SIDES = ("portfolio", "benchmark")
MAX_DAYS_PER_ROW = 4


def compute(context: Context) -> Tables:
    """Return the episodes with the returns of portfolio and benchmark."""
    return {"stress": past_crises(context.inputs)}


def draw(tables: ReportTables, context: Context) -> Drawn:
    frame = tables.stress
    if frame.empty:
        return [Paragraph("No past crisis lies within these dates.")]
    names = [str(name) for name in tables.returns.columns]
    rows = [
        (
            str(name),
            date(row["start"]),
            date(row["end"]),
            *(percent_1(row[side]) for side in SIDES[: len(names)]),
            _by_beta(row),
            str(row["event"]),
        )
        for name, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    head = ["Episode", "From", "To", *names, "By beta", "What happened"]
    table = Table(
        head,
        rows,
        caption="Compound returns from the first to the last day, of today’s weights bought before and held. By beta: "
        "assets without returns at that time, which move by their beta times the benchmark’s return",
        text_columns=frozenset({len(head) - 1}),
    )
    return [table]


def _by_beta(row: dict[Hashable, Any]) -> str:
    assets = row["returns"] + row["betas"] + row["unknown"]
    return f"{count(row['betas'])} of {count(assets)}" if np.isfinite(row["portfolio"]) else MISSING


def past_crises(inputs: Inputs) -> pd.DataFrame:
    """Return the episodes with dates, the returns of portfolio and benchmark, and the sources of these returns.

    Empty where the dates are not daily or no episode has a return.
    """
    held, shares = inputs.assets, inputs.weights
    if held is None or shares is None:
        held, shares = inputs.portfolio.to_frame(), pd.Series([1.0], index=[str(inputs.portfolio.name)])
    days = float(np.median(np.diff(held.index.to_numpy()) / np.timedelta64(1, "D")))
    if days > MAX_DAYS_PER_ROW:
        return pd.DataFrame()
    history = None if inputs.benchmark_history is None else inputs.benchmark_history.to_frame()
    found = portfolio.historical_stress(held, weights=shares, factors=history)
    frame = portfolio.stress_episodes()[["start", "end", "event"]]
    frame["portfolio"] = found.portfolio_returns
    frame["benchmark"] = np.nan
    if history is not None:
        frame["benchmark"] = portfolio.historical_stress(history, weights=[1.0]).portfolio_returns
    for source in ("returns", "betas", "unknown"):
        frame[source] = [row.count(source) for row in found.sources]
    return frame if frame["portfolio"].notna().any() else pd.DataFrame()


SECTION: Section = Section("stress", "Past crises", compute, draw, tables=("stress",), follows="drawdowns")
