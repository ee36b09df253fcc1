"""The page that compares several portfolios."""

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd

from riskresearch.core import progress_bar
from riskresearch.core._checks import check_choice, check_level, check_number
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import TOPICS_OF_DATA, each_topic_once, overheard
from riskresearch.core.alignment._deciding import Asked
from riskresearch.core.output._formats import count, date, ratio
from riskresearch.core.output._text import readable
from riskresearch.metrics import summary
from riskresearch.report._arguments import check_sections, refuse_yearly_rate, rolling_window
from riskresearch.report._conventions import conventions
from riskresearch.report._inputs import NanPolicy
from riskresearch.report._intervals import MIN_RETURNS, bootstrap_settings
from riskresearch.report._logo import logo_uri
from riskresearch.report._measures import period_name
from riskresearch.report._page import Page, foot, for_readers, make_parts, notes_above
from riskresearch.report._report import SECTIONS, Report, report_of
from riskresearch.report._section import ReportTables, Section, Settings
from riskresearch.report._verdict import head_name
from riskresearch.report.comparison._portfolios import ComparisonContext, Portfolios, Together, gather_together
from riskresearch.report.comparison._sections import DIFFERENCES, DRAWDOWNS, MEASURED, YEARS, told_apart

PAGE: tuple[Section, ...] = (
    SECTIONS["growth"], SECTIONS["underwater"], MEASURED, DIFFERENCES, YEARS, SECTIONS["correlation"],
    SECTIONS["rolling"], DRAWDOWNS,
)  # fmt: skip
NAMES = tuple(section.name for section in PAGE)


@answers_other_names()
def build_comparison(
    portfolios: Portfolios,
    *,
    benchmark: pd.Series | None = None,
    benchmark_how: Asked = "auto",
    level: float = 0.95,
    risk_free: float = 0.0,
    periods_per_year: float | None = None,
    window: int | None = None,
    confidence: float = 0.95,
    nan_policy: NanPolicy = "raise",
    title: str = "Comparison",
    sections: Sequence[str] | None = None,
    notes: Sequence[str] = (),
    source: str = "",
    logo: str | Path | None = None,
    settings_from: str = "",
) -> Report:
    """Compare two or more portfolios on one page, over the dates that all of them have.

    Parameters
    ----------
    portfolios : mapping of str to Series or DataFrame, or DataFrame
        Simple returns by date of each portfolio, by its name; a DataFrame in a mapping holds the assets of one, in
        equal weights. A DataFrame by itself has a portfolio in each column. Sharpe ratios are compared with the first.
    benchmark : Series, optional
        Simple returns.
    benchmark_how : {"auto", "exact", "day", "week", "month", "quarter", "year"}
        How the dates of all are matched, as by `riskresearch.align`.
    level, risk_free, periods_per_year, window, confidence, nan_policy, title : optional
        As in `build_report`.
    sections : sequence of str, optional
        Names of sections, such as "headline", "differences" and "years", in the order wanted. By default all.
    notes, source, logo, settings_from : optional
        As in `build_report`.

    Returns
    -------
    Report
        The table `headline` has a column for each portfolio, `differences` the tests of Sharpe ratios.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the portfolios share fewer than two dates.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.report import build_comparison
    >>> dates = pd.bdate_range("2024-01-01", periods=4)
    >>> funds = pd.DataFrame({"A": [0.01, -0.02, 0.03, 0.01], "B": [0.02, -0.01, 0.0, 0.01]}, index=dates)
    >>> report = build_comparison(funds, periods_per_year=1, sections=["headline"])
    >>> report.to_frame().loc["Worst return"].tolist()
    [-0.02, -0.01]
    """
    level, risk_free = check_level(level), check_number(risk_free, name="risk_free")
    confidence = bootstrap_settings(confidence).confidence
    picture = "" if logo is None else logo_uri(logo)
    title, policy = readable(title), check_choice(nan_policy, ("raise", "omit"), name="nan_policy")
    by_name = {section.name: section for section in PAGE}
    chosen = [by_name[name] for name in check_sections(NAMES if sections is None else sections, NAMES)]
    with each_topic_once():
        with overheard() as warned, each_topic_once("rates"):
            together = gather_together(portfolios, benchmark=benchmark, nan_policy=policy, how=benchmark_how)
            with each_topic_once("units"):  # each portfolio was warned of by its name
                summaries = {
                    str(name): summary(
                        together.returns[[name]], together.benchmark, level=level, risk_free=risk_free,
                        periods_per_year=periods_per_year,
                    )
                    for name in together.returns
                }  # fmt: skip
        periods = next(iter(summaries.values())).periods_per_year
        refuse_yearly_rate(risk_free, together.inputs.portfolio, periods)
        settings = Settings(
            level=level, risk_free=risk_free, periods_per_year=periods_per_year,
            window=rolling_window(window, periods, len(together.returns)), confidence=confidence, nan_policy=policy,
            source=readable(source), settings_from=readable(settings_from),
        )  # fmt: skip
        with each_topic_once(*TOPICS_OF_DATA):
            context = ComparisonContext(together, settings, summaries)
            notes = tuple(dict.fromkeys((*together.inputs.notes, *notes, *map(for_readers, warned))))
            page = _page(title, context, _tables(context, chosen), notes, chosen, asked=sections is not None)
    compared = {"sections": [section.name for section in chosen], "portfolios": list(together.returns.columns)}
    return report_of(page, picture, context.parameters() | compared)


def _tables(context: ComparisonContext, chosen: Sequence[Section]) -> ReportTables:
    """Return the tables of the chosen sections; measures and differences are those of every comparison."""
    found: dict[str, Any] = {"returns": context.compared, **MEASURED.compute(context), **DIFFERENCES.compute(context)}
    for section in progress_bar(chosen, description="comparison", total=len(chosen), stage=attrgetter("name")):
        if section not in (MEASURED, DIFFERENCES):
            found |= section.compute(context)
    return ReportTables({"conventions": _conventions(context), **found}, {})


def _conventions(context: ComparisonContext) -> pd.DataFrame:
    found = conventions(context)
    benchmark = context.together.benchmark
    if benchmark is not None:
        found.loc["Benchmark", "Value"] = str(benchmark.name)
    return found.rename(index={"Portfolio": "Portfolios"})


def _page(
    title: str,
    context: ComparisonContext,
    tables: ReportTables,
    notes: Sequence[str],
    chosen: Sequence[Section],
    *,
    asked: bool,
) -> Page:
    index = tables.returns.index
    sentence = _verdict(context.together, tables)
    span = (
        f"{_names(context.together)}: {count(len(index))} common returns, one per "
        f"{period_name(context.summary.periods_per_year)}, {date(index[0])} to {date(index[-1])}"
    )
    above = notes_above(notes, title + span + sentence)
    tables, parts = make_parts(context, tables, notes[above:], chosen, asked=asked)
    return Page(
        title=title,
        span=span,
        verdict=sentence,
        cards=(),
        notes=notes,
        parts=parts,
        foot=foot(tables),
        tables=tables,
        above=above,
    )


def _names(together: Together) -> str:
    *most, last = (head_name(name) for name in together.returns.columns)
    against = "" if together.benchmark is None else f" against {head_name(together.benchmark.name)}"
    return f"{', '.join(most)} and {last}{against}"


def _verdict(together: Together, tables: ReportTables) -> str:
    ratios = tables.headline.loc["Sharpe ratio", list(together.returns.columns)].astype(float)
    told = told_apart(tables)
    if ratios.isna().all():
        return "No Sharpe ratio is defined over these dates."
    *others, last = (head_name(name) for name in ratios.index[ratios == ratios.max()])
    best = f"{', '.join(others)} and {last} share" if others else f"{last} has"
    sentence = f"{best} the highest Sharpe ratio, {ratio(ratios.max())}"
    few = len(tables.returns) < MIN_RETURNS
    untold = "there are too few returns to tell them apart" if few else "their differences cannot be tested"
    return f"{sentence}; {told or untold}."
