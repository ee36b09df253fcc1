"""Returns of the portfolio in past crises: its own where its dates reach, else through a factor that is named."""

import warnings
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from riskresearch import datasets, metrics, portfolio
from riskresearch.core import ConventionWarning, InvalidInputError, align
from riskresearch.core.output._formats import count, date, number, percent_1
from riskresearch.report._blocks import Drawn, Paragraph, Table
from riskresearch.report._inputs import Inputs, days_per_row
from riskresearch.report._intervals import MIN_RETURNS
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables

MAX_DAYS_PER_ROW = 4
LITTLE_EXPLAINED = 0.05
"""Share of the variance below which a beta is no account of a crisis."""
INDEX = "index_sp500"
INDEX_NAME = "the bundled S&P 500"


def compute(context: Context) -> Tables:
    """Return the episodes with the returns of portfolio and benchmark, and what the bundled index explains."""
    frame = past_crises(context.inputs)
    fit: dict[str, float] = {}
    if frame["portfolio"].isna().any():
        index = bundled_index()
        pair = on_index(context.inputs.portfolio, index)
        if pair is not None:
            own, market = pair.iloc[:, 0], pair.iloc[:, 1]
            fit = {
                "observations": float(len(pair)),
                "beta": float(metrics.beta(own, market)),
                "explained": float(own.corr(market)) ** 2,
            }
            frame = _through_index(frame, context.inputs, index, fit["beta"])
    return {"stress": frame, "stress_index": pd.Series(fit, dtype=float)}


def past_crises(inputs: Inputs) -> pd.DataFrame:
    """Return the episodes with dates, the returns of portfolio and benchmark, and the sources of these returns.

    The portfolio's is nan where neither its own returns nor those of the benchmark reach.
    """
    frame = portfolio.stress_episodes()[["start", "end", "event"]]
    frame["portfolio"], frame["benchmark"], frame["factor"] = np.nan, np.nan, ""
    for source in ("returns", "betas", "unknown"):
        frame[source] = 0
    if not _is_daily(inputs.portfolio.index):
        return frame
    held, shares = _held(inputs)
    history = None if inputs.benchmark_history is None else inputs.benchmark_history.to_frame()
    found = portfolio.historical_stress(held, weights=shares, factors=history)
    frame["portfolio"] = found.portfolio_returns
    if history is not None and inputs.benchmark is not None:
        frame["benchmark"] = portfolio.historical_stress(history, weights=[1.0]).portfolio_returns
        frame.loc[[("betas" in row) for row in found.sources], "factor"] = str(inputs.benchmark.name)
    for source in ("returns", "betas", "unknown"):
        frame[source] = [row.count(source) for row in found.sources]
    return frame


def _held(inputs: Inputs) -> tuple[pd.DataFrame, pd.Series]:
    if inputs.assets is None or inputs.weights is None:
        return inputs.portfolio.to_frame(), pd.Series([1.0], index=[str(inputs.portfolio.name)])
    return inputs.assets, inputs.weights


def _is_daily(index: pd.Index) -> bool:
    return days_per_row(index) <= MAX_DAYS_PER_ROW


def bundled_index() -> pd.Series:
    """Return the daily returns of the bundled S&P 500."""
    returns: pd.Series = metrics.simple_returns(datasets.load(INDEX)["close"]).rename(INDEX_NAME)
    return returns


def on_index(own: pd.Series, index: pd.Series) -> pd.DataFrame | None:
    """Return the portfolio beside the bundled index on their common rows; None if there are too few for a beta."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)  # the page has said what is doubtful about the dates
        try:
            pair = align(own, index)
        except InvalidInputError:  # no common rows
            return None
    both = pd.concat([pair.data, pair.benchmark], axis=1).dropna()
    constant = both.nunique() < 2
    return None if len(both) < MIN_RETURNS or constant.any() else both


def _through_index(frame: pd.DataFrame, inputs: Inputs, index: pd.Series, beta: float) -> pd.DataFrame:
    """Return the episodes with the unknown ones through betas to the bundled index."""
    frame = frame.copy()
    unknown = frame.index[frame["portfolio"].isna().to_numpy()]
    moves = portfolio.historical_stress(index.to_frame(), weights=[1.0], episodes=list(unknown)).portfolio_returns
    held, shares = _held(inputs)
    frame.loc[unknown, "factor"] = INDEX_NAME
    if held.shape[1] == 1 or not _is_daily(held.index):  # one beta, that of the whole
        frame.loc[unknown, "portfolio"] = beta * np.array(moves)
        frame.loc[unknown, ["returns", "betas", "unknown"]] = (0, held.shape[1], 0)
        return frame
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)  # said where the own returns were asked for
        found = portfolio.historical_stress(held, weights=shares, factors=index.to_frame(), episodes=list(unknown))
    frame.loc[unknown, "portfolio"] = found.portfolio_returns
    for source in ("returns", "betas", "unknown"):
        frame.loc[unknown, source] = [row.count(source) for row in found.sources]
    return frame


def draw(tables: ReportTables, context: Context) -> Drawn:
    known = tables.stress[tables.stress["portfolio"].notna()]
    if known.empty:
        return [Paragraph(_why_empty(tables))]
    names = [str(name) for name in tables.returns.columns]
    sides = ("portfolio", "benchmark") if known["benchmark"].notna().any() else ("portfolio",)
    capital = context.settings.capital
    rows = [
        (
            str(name),
            date(row["start"]),
            date(row["end"]),
            *(percent_1(row[side]) for side in sides),
            *([] if capital is None else [capital.part(row["portfolio"])]),
            _source(row),
            str(row["event"]),
        )
        for name, row in zip(known.index, known.to_dict("records"), strict=True)
    ]
    money = [] if capital is None else [f"Of {capital.whole}"]
    head = ["Episode", "From", "To", *names[: len(sides)], *money, "Source", "What happened"]
    texts = frozenset({len(head) - 2, len(head) - 1})
    return [Table(head, rows, _caption(tables, known, context), css="stress", text_columns=texts)]


def _source(row: dict[Hashable, Any]) -> str:
    if not row["betas"]:
        return "its returns" if row["returns"] <= 1 else "their returns"
    assets = row["returns"] + row["betas"] + row["unknown"]
    of = "beta" if assets == 1 else f"beta of {count(row['betas'])} of {count(assets)}"
    return f"{of} to {row['factor']}"


def _caption(tables: ReportTables, known: pd.DataFrame, context: Context) -> str:
    words = "Compound returns from the first to the last day, of today’s weights bought before and held"
    if known["betas"].any():
        words += (
            ". Beta: what has no returns at that time moves by its beta times the factor’s return; what the factor "
            "does not explain is not in the number"
        )
    fit = tables.stress_index
    if not fit.empty and (known["factor"] == INDEX_NAME).any():
        period = period_name(context.summary.periods_per_year)
        words += (
            f". {INDEX_NAME[0].upper()}{INDEX_NAME[1:]} explains {percent_1(fit['explained'])} of the variance over "
            f"{count(fit['observations'])} common {period}s, beta {number(fit['beta'], decimals=2)}"
        )
        if fit["explained"] < LITTLE_EXPLAINED:
            words += ": so little that these rows say next to nothing"
    unknown = [str(name) for name in tables.stress.index if name not in known.index]
    return words + (f". Not known, {_why_no_beta(tables)}: {', '.join(unknown)}" if unknown else "")


def _why_no_beta(tables: ReportTables) -> str:
    """Return in words why there is no beta to the bundled index."""
    if not tables.returns.iloc[:, 0].nunique() > 1:
        return "as the returns never vary"
    index = bundled_index().index
    return (
        f"as these dates share fewer than {MIN_RETURNS} rows with {INDEX_NAME}, {date(index[0])} to {date(index[-1])}, "
        "which is too few for a beta"
    )


def _why_empty(tables: ReportTables) -> str:
    first, last = tables.returns.index[0], tables.returns.index[-1]
    return (
        f"No past crisis of the list lies within {date(first)} to {date(last)}, and the others are not known, "
        f"{_why_no_beta(tables)}. A benchmark with a longer history shows them."
    )


SECTION: Section = Section(
    "stress", "Past crises", compute, draw, tables=("stress", "stress_index"), follows="drawdowns"
)
