"""The table of measures of portfolio and benchmark, with intervals and definitions."""

from typing import Any

from riskresearch.core.output._formats import MISSING, count, date, percent_of
from riskresearch.report._blocks import Drawn, Table
from riskresearch.report._measures import MEASURES, between, shown_measures, words_of
from riskresearch.report._section import Context, ReportTables, Section, Tables


def compute(context: Context) -> Tables:
    """Return the bounds of all measures; the measures themselves are a table of every report."""
    return {"intervals": context.intervals.to_frame(measure.field for measure in shown_measures(context.summary))}


def draw(tables: ReportTables, context: Context) -> Drawn:
    words = words_of(context.summary)
    measures = {measure.label.format(**words): measure for measure in MEASURES}
    frame, index = tables.headline, tables.returns.index
    bounded = bool(tables.intervals.notna().to_numpy().any())
    confidence = percent_of(context.settings.confidence)
    capital = context.settings.capital
    rows, head = [], ["Measure", str(frame.columns[0])] + ([] if capital is None else [f"Of {capital.whole}"])
    head += [f"{confidence} interval"] * bounded
    for label, own, *others in frame.itertuples():
        write = measures[label].write
        interval = [between(write, tables.intervals, label) or MISSING] * bounded
        money = [] if capital is None else [capital.part(own) if measures[label].of_equity else MISSING]
        rows.append((label, write(own), *money, *interval, *map(write, others), measures[label].how.format(**words)))
    head += [*map(str, frame.columns[1:]), "Unit and definition"]
    caption = f"{count(len(index))} returns, {date(index[0])} to {date(index[-1])}"
    if bounded:
        how: Any = tables.conventions.loc["Intervals", "Value"]
        caption += f". Intervals of {frame.columns[0]}: {how}"
    return [Table(head, rows, caption, text_columns=frozenset({len(head) - 1}))]


SECTION: Section = Section(
    "headline",
    "Measures",
    compute,
    draw,
    tables=("intervals",),
    follows="breaker",
    references=(
        "Politis and Romano 1994 (stationary bootstrap)",
        "Barone-Adesi, Giannopoulos and Vosper 1999 (filtered histories)",
        "Mertens 2002 (error of the Sharpe ratio)",
    ),
)
