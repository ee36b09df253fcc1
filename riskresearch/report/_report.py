"""The report: its tables and its page, and `build_report`, which makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from riskresearch.core import progress_bar
from riskresearch.core._checks import check_choice, check_level, check_number
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import TOPICS_OF_DATA, each_topic_once, overheard
from riskresearch.core.alignment._deciding import Asked
from riskresearch.core.frames._as_pandas import as_dated_pandas
from riskresearch.core.output._text import readable
from riskresearch.core.output._visible_text import visible_text
from riskresearch.core.output._whole_file import write_whole
from riskresearch.files import DataFile
from riskresearch.metrics import summary, wealth_index
from riskresearch.report._arguments import check_sections, refuse_yearly_rate, rolling_window
from riskresearch.report._conventions import conventions
from riskresearch.report._export import as_json, document
from riskresearch.report._inputs import NanPolicy, Weights, gather
from riskresearch.report._intervals import bootstrap_settings
from riskresearch.report._logo import logo_uri
from riskresearch.report._measures import CARD_FIELDS, amounts, headline
from riskresearch.report._money import capital_of
from riskresearch.report._order import PAGE
from riskresearch.report._page import Page, for_readers, make_page
from riskresearch.report._section import Context, ReportTables, Section, Settings, Tables
from riskresearch.report._templates import render, style_sheet
from riskresearch.report._workbook import workbook

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SECTIONS = {section.name: section for section in PAGE}
SECTION_NAMES = tuple(SECTIONS)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Report:
    """Represent a finished report, as `build_report` returns it.

    Attributes
    ----------
    title : str
    html : str
        The page, self-contained: no script, no font, picture or style from elsewhere.
    tables : ReportTables
        Every number on the page, as frames; those of other sections are computed when they are asked for.
    files : tuple of DataFile
        The files that were read for it.
    verdict : str
        The sentence below the title.
    notes : tuple of str
        The remarks on the page.
    parameters : mapping
        The parameters by name, with the values that were decided.
    """

    title: str
    html: str
    tables: ReportTables
    files: tuple[DataFile, ...] = ()
    verdict: str = ""
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """Return the headline table: measures as rows, portfolio and benchmark as columns, fractions."""
        frame: pd.DataFrame = self.tables.headline
        return frame

    def summary(self) -> str:
        """Return title, conventions and headline table as text."""
        conventions = "\n".join(f"{name}: {value}" for name, value in self.tables.conventions["Value"].items())
        return f"{self.title}\n\n{conventions}\n\n{self.tables.headline.to_string(float_format='{:.4f}'.format)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the tables with conventions, parameters, notes, verdict, versions and checksums.

        Returns
        -------
        dict
            Of text, numbers, booleans, None, lists and such mappings only, as `docs/report_schema.json` describes it.
        """
        return document(self)

    def to_json(self, path: str | Path | None = None) -> str:
        """Return `to_dict()` as strict JSON, and write it to a file, completely or not at all.

        Parameters
        ----------
        path : str or path, optional
            The file, in an existing folder; without one nothing is written.

        Returns
        -------
        str
            JSON without NaN or infinities; dates as in ISO 8601.
        """
        text = as_json(document(self))
        if path is not None:
            write_whole(path, text.encode(), name="path")
        return text

    def to_excel(self, path: str | Path) -> Path:
        """Write the tables to an Excel workbook, completely or not at all: conventions first, then a sheet for each.

        Parameters
        ----------
        path : str or path
            The file, in an existing folder.

        Returns
        -------
        pathlib.Path
            The path of the file.

        Raises
        ------
        OptionalDependencyError
            Without the extra `excel`.
        InvalidInputError
            If the path is not a regular file, or a table has more rows than a sheet.
        """
        write_whole(path, workbook(self.title, self.tables), name="path")
        return Path(path)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the growth of portfolio and benchmark."""
        from riskresearch.plots import plot_growth  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        return plot_growth(wealth_index(self.tables.returns), title="Growth of 1 invested", ax=ax)

    def save(self, path: str | Path) -> Path:
        """Write the page to a file, completely or not at all.

        Parameters
        ----------
        path : str or path
            The file, in an existing folder. An existing file is replaced and keeps its mode; a link is followed.

        Returns
        -------
        pathlib.Path
            The path of the file.

        Raises
        ------
        InvalidInputError
            If the path is not a regular file, or may not be written.
        OSError
            If the disk is full, or the folder may not be written. An existing file is then left as it was.
        """
        write_whole(path, self.html.encode(), name="path")
        return Path(path)

    def with_files(self, files: Sequence[DataFile]) -> "Report":
        """Return the report with the files that were read for it."""
        return replace(self, files=tuple(files))

    def __repr__(self) -> str:
        return f"Report({self.title!r}: {len(self.tables.returns):,} dates)"

    def _repr_html_(self) -> str:
        table = self.tables.headline.to_html(float_format="{:.4f}".format, border=0)
        return f"<b>{escape(visible_text(self.title))}</b>{table}<p>Write the page with <code>.save(path)</code>.</p>"


@answers_other_names()
def build_report(
    returns: pd.Series | pd.DataFrame,
    *,
    benchmark: pd.Series | None = None,
    benchmark_how: Asked = "auto",
    weights: Weights | None = None,
    level: float = 0.95,
    risk_free: float = 0.0,
    periods_per_year: float | None = None,
    window: int | None = None,
    confidence: float = 0.95,
    capital: float | pd.Series | None = None,
    nan_policy: NanPolicy = "raise",
    title: str = "Risk report",
    sections: Sequence[str] | None = None,
    notes: Sequence[str] = (),
    source: str = "",
    logo: str | Path | None = None,
    settings_from: str = "",
) -> Report:
    """Report the risk of a portfolio on one page.

    Parameters
    ----------
    returns : Series or DataFrame, shape (n_dates,) or (n_dates, n_assets)
        Simple returns by date, of the portfolio or of its assets.
    benchmark : Series, optional
        Simple returns; both are put on their common rows as by `riskresearch.align`, and the page states how.
    benchmark_how : {"auto", "exact", "day", "week", "month", "quarter", "year"}
        How the dates of both are matched.
    weights : mapping or Series, optional
        Weight of each asset, summing to 1, rebalanced each period. By default equal. A column without a weight leaves
        the portfolio; the page names it.
    level : float
        Confidence level of VaR and CVaR, in (0.5, 1).
    risk_free : float
        Simple rate per period, not per year. A rate of more than 50 % a year is refused.
    periods_per_year : float, optional
        By default read off the dates.
    window : int, optional
        Returns in a rolling window. By default one year and at least 12, or half of the dates if they are fewer than
        two years.
    confidence : float
        Confidence, in (0, 1), of the bootstrap interval of each headline number.
    capital : float or Series, optional
        Money held after the last return, or the equity by date, whose value there counts. VaR, CVaR, drawdowns and
        returns in crises are then shown as amounts of it as well, in its currency.
    nan_policy : {"raise", "omit"}
        "omit" shares the weight of an asset without a return among the others.
    title : str
        Heading of the page.
    sections : sequence of str, optional
        Names of sections, such as "headline", "drawdowns" and "sizing", in the order wanted; a wrong name is answered
        with all of them. By default all.
    notes : sequence of str
        Remarks shown above the numbers.
    source : str
        Origin of the data, printed with the conventions.
    logo : str or path, optional
        A PNG, JPEG or plain SVG file of at most 500 kB for the head of the page, which it becomes part of.
    settings_from : str
        Origin of the parameters, such as a settings file, printed with the conventions.

    Returns
    -------
    Report

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.report import build_report
    >>> dates = pd.bdate_range("2024-01-01", periods=4)
    >>> fund = pd.Series([0.01, -0.02, 0.03, 0.01], index=dates, name="Fund")
    >>> build_report(fund, periods_per_year=1, sections=["headline"]).to_frame().loc["Worst return", "Fund"]
    np.float64(-0.02)
    """
    level, risk_free = check_level(level), check_number(risk_free, name="risk_free")
    confidence = bootstrap_settings(confidence).confidence
    picture = "" if logo is None else logo_uri(logo)
    title, policy = readable(title), check_choice(nan_policy, ("raise", "omit"), name="nan_policy")
    chosen = [SECTIONS[name] for name in check_sections(SECTION_NAMES if sections is None else sections, SECTION_NAMES)]
    with each_topic_once():
        with overheard() as warned, each_topic_once("rates"):  # the page shows what is doubtful; a rate is refused
            inputs = gather(
                as_dated_pandas(returns, name="returns"),
                benchmark=None if benchmark is None else _one_series(benchmark),
                weights=weights,
                nan_policy=policy,
                benchmark_how=benchmark_how,
            )
            own = summary(
                inputs.portfolio.to_frame(), inputs.benchmark, level=level, risk_free=risk_free,
                periods_per_year=periods_per_year,
            )  # fmt: skip
        refuse_yearly_rate(risk_free, inputs.portfolio, own.periods_per_year)
        settings = Settings(
            level=level,
            risk_free=risk_free,
            periods_per_year=periods_per_year,
            window=rolling_window(window, own.periods_per_year, len(inputs.compared)),
            confidence=confidence,
            nan_policy=policy,
            source=readable(source),
            settings_from=readable(settings_from),
            capital=capital_of(capital, inputs.portfolio.index[-1]),
        )
        with each_topic_once(*TOPICS_OF_DATA):  # all of them were warned of above
            context = Context(inputs, settings, own)
            tables = _tables(context, chosen)
            notes = tuple(dict.fromkeys((*inputs.notes, *notes, *map(for_readers, warned))))
            page = make_page(title, context, tables, notes, chosen, asked=sections is not None)
    return report_of(page, picture, context.parameters() | {"sections": [section.name for section in chosen]})


def report_of(page: Page, logo: str, parameters: dict[str, Any]) -> Report:
    """Return the report that a page of one or several portfolios is."""
    return Report(
        page.title,
        render("page.html", page=page, logo=logo, style=style_sheet()),
        page.tables,
        verdict=page.verdict,
        notes=tuple(page.notes),
        parameters=parameters,
    )


def _tables(context: Context, wanted: Sequence[Section]) -> ReportTables:
    """Return the tables of every report and those of the wanted sections."""
    found: dict[str, Any] = {
        "returns": context.compared,
        "headline": headline(context.summary, context.beside),
        "intervals": context.intervals.to_frame(CARD_FIELDS),
        **amounts(context.summary, context.settings.capital),
    }
    for section in progress_bar(wanted, description="report", total=len(wanted), stage=attrgetter("name")):
        found |= section.compute(context)
    later = {
        name: partial(_compute_later, section, context)
        for section in SECTIONS.values()
        for name in section.tables
        if name not in found
    }
    return ReportTables({"conventions": conventions(context), **found}, later)


def _compute_later(section: Section, context: Context) -> Tables:
    """Compute a section that the page does not show; the page has said what is doubtful about the dates."""
    with each_topic_once(*TOPICS_OF_DATA):
        return section.compute(context)


def _one_series(benchmark: Any) -> Any:
    """Return a benchmark as pandas; a frame of polars or Arrow is one series with its dates."""
    made = as_dated_pandas(benchmark, name="benchmark")
    if isinstance(made, pd.DataFrame) and made.shape[1] == 1 and not isinstance(benchmark, pd.DataFrame):
        return made.iloc[:, 0]
    return made
