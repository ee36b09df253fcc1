"""The headline table: the measures of portfolio and benchmark, with intervals."""

from typing import Any

from riskresearch import metrics
from riskresearch.core.output._formats import MISSING, count, date, percent_of
from riskresearch.report import _html as html
from riskresearch.report._intervals import intervals
from riskresearch.report._measures import MEASURES, between, headline, words_of
from riskresearch.report._section import Context, ReportTables, Section, Tables


def compute(context: Context) -> Tables:
    """Return the headline table, the bounds of its numbers and the reservations about them."""
    inputs, own, settings = context.inputs, context.summary, context.settings
    beside = None
    if inputs.benchmark is not None:
        beside = metrics.summary(
            inputs.benchmark.to_frame(), level=own.level, risk_free=settings.risk_free,
            periods_per_year=own.periods_per_year,
        )  # fmt: skip
    bounds, doubts = intervals(inputs, own, settings.confidence)
    return {
        "headline": headline(own, beside), "intervals": bounds, "confidence": settings.confidence, "doubts": doubts,
        "returns": context.compared,
    }  # fmt: skip


def draw(tables: ReportTables, context: Context) -> str:
    words = words_of(context.summary)
    measures = {measure.label.format(**words): measure for measure in MEASURES}
    frame, index = tables.headline, tables.returns.index
    bounded = bool(tables.intervals.notna().to_numpy().any())
    rows, head = [], ["Measure", str(frame.columns[0])] + [f"{percent_of(tables.confidence)} interval"] * bounded
    for label, own, *others in frame.itertuples():
        write = measures[label].write
        interval = [between(write, tables.intervals, label) or MISSING] * bounded
        rows.append((label, write(own), *interval, *map(write, others), measures[label].how.format(**words)))
    head += [*map(str, frame.columns[1:]), "Unit and definition"]
    caption = f"{count(len(index))} returns, {date(index[0])} to {date(index[-1])}"
    if bounded:
        how: Any = tables.conventions.loc["Intervals", "Value"]
        caption += f". Intervals of {frame.columns[0]}: {how}"
    table = html.table(head, rows, caption=caption, text_columns=frozenset({len(head) - 1}))
    return html.section("headline", "Measures", table)


SECTION: Section = Section("headline", compute, draw, follows=None)
