"""The sections of a comparison that a report does not have."""

import math
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from riskresearch import metrics, plots
from riskresearch.core import DependentRowsWarning
from riskresearch.core.output._formats import MISSING, count, date, p_value, percent, percent_1, percent_of, ratio
from riskresearch.report._blocks import Drawn, Figure, Inapplicable, Paragraph, Table
from riskresearch.report._intervals import MIN_RETURNS, bootstrap_settings
from riskresearch.report._measures import CARD_FIELDS, MEASURES, shown_measures, words_of
from riskresearch.report._section import ReportTables, Section, Tables, figure
from riskresearch.report._verdict import SIGNIFICANCE, head_name

BOUNDED_FIELDS = (*CARD_FIELDS, "sortino_ratio")
"""Measures that have an interval for each portfolio."""
N_DRAWDOWNS = 3
LEDOIT_WOLF = (
    "Ledoit and Wolf, Robust performance hypothesis testing with the Sharpe ratio, J. Empirical Finance 15, 2008"
)
HOLM = "Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statistics 6, 1979"


def _measure(context: Any) -> Tables:
    """Return the measures and their intervals, portfolios as columns."""
    words, summaries = words_of(context.summary), dict(context.summaries)
    if context.of_benchmark is not None:
        summaries[str(context.together.benchmark.name)] = context.of_benchmark
    shown = shown_measures(context.summary)
    labels = pd.Index([measure.label.format(**words) for measure in shown], name="Measure")
    values = {
        name: [float((getattr(own, measure.field) or (np.nan,))[0]) for measure in shown]
        for name, own in summaries.items()
    }
    bounds: dict[str, list[float]] = {}
    bounded = [measure for measure in shown if measure.field in BOUNDED_FIELDS]
    for name, intervals in context.intervals.of_each.items():
        found = [intervals.of(measure.field) for measure in bounded]
        bounds |= {
            f"{name} {side}": [float(pair[end]) for pair in found] for end, side in enumerate(("lower", "upper"))
        }
    index = pd.Index([measure.label.format(**words) for measure in bounded], name="Measure")
    return {"headline": pd.DataFrame(values, index=labels), "intervals": pd.DataFrame(bounds, index=index)}


def _draw_measures(tables: ReportTables, context: Any) -> Drawn:
    words = words_of(context.summary)
    measures = {measure.label.format(**words): measure for measure in MEASURES}
    rows = []
    for label, *values in tables.headline.itertuples():
        measure = measures[label]
        cells = [
            _with_interval(measure.write, value, tables.intervals, label, str(name))
            for name, value in zip(tables.headline.columns, values, strict=True)
        ]
        rows.append((label, *cells, measure.how.format(**words)))
    head = ["Measure", *map(str, tables.headline.columns), "Unit and definition"]
    caption = f"Each over the same {count(len(tables.returns))} returns"
    if tables.intervals.notna().to_numpy().any():
        caption += f"; below a number its {percent_of(context.settings.confidence)} interval"
    return [Table(head, rows, caption, css="two-lines", text_columns=frozenset({len(head) - 1}))]


def _with_interval(write: Any, value: float, intervals: pd.DataFrame, label: str, name: str) -> str:
    if label not in intervals.index or f"{name} lower" not in intervals:
        return str(write(value))
    lower, upper = (float(intervals.at[label, f"{name} {side}"]) for side in ("lower", "upper"))  # type: ignore[arg-type]
    return str(write(value)) if math.isnan(lower) else f"{write(value)}\n{write(lower)} to {write(upper)}"


def _differ(context: Any) -> Tables:
    """Return the differences of Sharpe ratios from the first portfolio's, with p-values for one test and for all."""
    returns, settings = context.together.returns, context.settings
    base, *others = returns.columns
    rows = {}
    how = replace(bootstrap_settings(settings.confidence), resampling="circular")
    for name in others if len(returns) >= MIN_RETURNS else ():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DependentRowsWarning)  # the conventions name the intervals that it concerns
            found = metrics.sharpe_ratio_difference(
                returns[name], returns[base], interval=how, risk_free=settings.risk_free,
                periods_per_year=context.summary.periods_per_year,
            )  # fmt: skip
        rows[name] = (found.estimate, found.lower, found.upper, found.p_value)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["difference", "lower", "upper", "p_value"])
    frame["p_adjusted"] = holm(frame["p_value"].to_numpy(dtype=float))
    return {"differences": frame.rename_axis("Portfolio")}


def holm(p_values: "np.ndarray[Any, np.dtype[np.float64]]") -> list[float]:
    """Return p-values adjusted for their number by Holm's procedure; nan stays and counts for nothing.

    Examples
    --------
    >>> from riskresearch.report.comparison._sections import holm
    >>> import numpy as np
    >>> [round(p, 3) for p in holm(np.array([0.01, 0.04, 0.03]))]
    [0.03, 0.06, 0.06]
    """
    known = np.flatnonzero(~np.isnan(p_values))
    adjusted = np.full(len(p_values), np.nan)
    largest = 0.0
    for rank, place in enumerate(known[np.argsort(p_values[known], kind="stable")]):
        largest = max(largest, min(1.0, (len(known) - rank) * float(p_values[place])))
        adjusted[place] = largest
    return [float(value) for value in adjusted]


def told_apart(tables: ReportTables) -> str:
    """Return how many Sharpe ratios differ from the first one, in words; empty where none was tested."""
    adjusted = tables.differences["p_adjusted"].dropna()
    if adjusted.empty:
        return ""
    base, tests = head_name(tables.headline.columns[0]), len(adjusted)
    found = int((adjusted <= SIGNIFICANCE).sum())
    if tests == 1:
        apart = "differ" if found else "cannot be told apart"
        return f"the Sharpe ratios of {base} and {head_name(adjusted.index[0])} {apart} (p {p_value(adjusted.iloc[0])})"
    many = found or "none"
    return f"{many} of the other {tests} Sharpe ratios can be told from that of {base}, all tests counted (Holm)"


def _draw_differences(tables: ReportTables, context: Any) -> Drawn:
    frame, base = tables.differences, tables.headline.columns[0]
    if frame.empty:
        return Inapplicable(f"fewer than {MIN_RETURNS} common returns")
    rows = [
        (
            str(name), ratio(row["difference"]), f"{ratio(row['lower'])} to {ratio(row['upper'])}",
            p_value(row["p_value"]) if np.isfinite(row["p_value"]) else MISSING,
            p_value(row["p_adjusted"]) if np.isfinite(row["p_adjusted"]) else MISSING,
        )
        for name, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]  # fmt: skip
    head = ["Portfolio", "Difference", f"{percent_of(context.settings.confidence)} interval", "p", "p of all tests"]
    tests = int(frame["p_value"].notna().sum())
    table = Table(
        head,
        rows,
        caption=f"Sharpe ratio less that of {base}, per year; p: of equal ratios, by a studentised block bootstrap of "
        f"both together; p of all tests: with Holm’s correction for {tests} test{'s' if tests > 1 else ''}",
    )
    text = "" if tests < 2 else (
        f"With {tests} comparisons one p-value below {percent_of(SIGNIFICANCE)} is no surprise: read the last column. "
    )  # fmt: skip
    return [Paragraph(f"{text}The order of the files decides what the others are compared with."), table]


def _years(context: Any) -> Tables:
    found: Any = metrics.aggregate_returns(context.compared, to="year")
    return {"years": found.set_axis(found.index.year).rename_axis("Year")}


def _draw_years(tables: ReportTables, context: Any) -> Drawn:
    frame = tables.years
    rows = [(str(year), *map(percent_1, values)) for year, *values in frame.itertuples()]
    table = Table(
        ["Year", *map(str, frame.columns)], rows, "Compound returns; the first and the last year may be incomplete"
    )
    if len(frame) < 2:
        return [table]
    svg = figure(
        "years", f"Bars of the returns of {len(frame)} calendar years, {frame.shape[1]} series side by side.",
        lambda ax: plots.plot_calendar_years(frame, ax=ax), height=200.0,
    )  # fmt: skip
    return [Figure(svg, "Return of each calendar year; the first and the last may be incomplete."), table]


def _drawdowns(context: Any) -> Tables:
    parts = []
    for name in context.compared:
        part = metrics.drawdown_table(context.compared[name], top=N_DRAWDOWNS).to_frame().reset_index()
        dates = {column: pd.to_datetime(part[column]) for column in ("peak", "start", "trough", "recovery")}
        parts.append(part.assign(portfolio=name, **dates))
    # Older versions of pandas warn of an empty part, that of a portfolio without a drawdown.
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return {"drawdowns": frame.set_index("portfolio")}


def _draw_drawdowns(tables: ReportTables, context: Any) -> Drawn:
    frame = tables.drawdowns
    if frame.empty:
        return [Paragraph("There was no drawdown.")]
    rows = [
        (
            str(name), count(row["rank"]), percent(row["depth"]),
            date(row["peak"]) if pd.notna(row["peak"]) else "start",
            date(row["trough"]),
            date(row["recovery"]) if pd.notna(row["recovery"]) else "not yet",
        )
        for name, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]  # fmt: skip
    head = ["Portfolio", "Rank", "Depth", "Peak", "Trough", "Recovery"]
    return [Table(head, rows, f"The {N_DRAWDOWNS} deepest losses of each from a peak")]


MEASURED: Section = Section(
    "headline", "Measures", _measure, _draw_measures, tables=("headline", "intervals"), follows=None
)
DIFFERENCES: Section = Section(
    "differences", "Differences of Sharpe ratios", _differ, _draw_differences,
    tables=("differences",), follows="headline", references=(LEDOIT_WOLF, HOLM),
)  # fmt: skip
YEARS: Section = Section("years", "Calendar years", _years, _draw_years, tables=("years",), follows="differences")
DRAWDOWNS: Section = Section(
    "drawdowns", "Worst drawdowns", _drawdowns, _draw_drawdowns, tables=("drawdowns",), follows="years"
)
