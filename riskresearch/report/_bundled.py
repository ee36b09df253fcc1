"""The report on the bundled data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from riskresearch import datasets, metrics
from riskresearch.core._other_names import answers_other_names
from riskresearch.core.output._formats import percent
from riskresearch.report._report import Report, build_report

STOCKS, INDEX = "equities_adj_close", "index_sp500"
INDEX_NAME = "S&P 500"
TITLE = "Twenty US stocks, equal weights"


@answers_other_names()
def build_bundled_report(
    *,
    level: float = 0.95,
    risk_free: float = 0.0,
    periods_per_year: float | None = None,
    window: int | None = None,
    capital: float | None = None,
    title: str = TITLE,
    sections: Sequence[str] | None = None,
    logo: str | Path | None = None,
    settings_from: str = "",
) -> Report:
    """Report on the 20 bundled stocks with equal weights and the S&P 500 index as benchmark, 1990 to 2022.

    Parameters
    ----------
    level, risk_free, periods_per_year, window, capital, title, sections, logo, settings_from : optional
        As in `build_report`.

    Returns
    -------
    Report
        On a day without a price of a stock, its weight is shared among the others.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> from riskresearch.report import build_bundled_report
    >>> build_bundled_report(sections=["headline"]).tables.returns.columns.tolist()
    ['Portfolio', 'S&P 500']
    """
    prices = datasets.load(STOCKS)
    closes = datasets.load(INDEX)["close"].rename(INDEX_NAME)
    returns: Any = metrics.simple_returns(prices, nan_policy="omit")
    benchmark: Any = metrics.simple_returns(closes)
    checksums = "; ".join(f"{name} (SHA-256 {datasets.describe(name).sha256})" for name in (STOCKS, INDEX))
    return build_report(
        returns,
        benchmark=benchmark,
        level=level,
        risk_free=risk_free,
        periods_per_year=periods_per_year,
        window=window,
        capital=capital,
        nan_policy="omit",
        title=title,
        sections=sections,
        notes=_notes(returns, benchmark.loc[returns.index]),
        source=f"bundled with riskresearch: {checksums}",
        logo=logo,
        settings_from=settings_from,
    )


def _notes(returns: Any, benchmark: Any) -> list[str]:
    weights = dict.fromkeys(returns.columns, 1.0 / returns.shape[1])
    portfolio = metrics.portfolio_returns(returns, weights=weights, nan_policy="omit")
    yearly: list[Any] = [metrics.annual_return(series) for series in (portfolio, benchmark)]
    own, index = yearly
    late = [column for column in returns if returns[column].isna().any()]
    notes = [
        f"Selection bias: the {returns.shape[1]} stocks are today’s winners, companies that were large and alive in "
        f"{returns.index[-1]:%Y}. In equal weights they earned {percent(own, decimals=1)} a year against "
        f"{percent(index, decimals=1)} for the index. Nobody could have picked them in {returns.index[0]:%Y}: read "
        "this page as a specimen, not as a result. What is simulated here trades the same winners.",
        f"The {INDEX_NAME} here is a price index, without dividends; the stocks’ adjusted closes include theirs. That "
        "alone tilts every comparison towards the stocks.",
    ]
    for column in late:
        first = returns[column].first_valid_index()
        notes.append(
            f"{column} has no return before {first:%Y-%m-%d}: until then its weight is shared equally among the other "
            f"{returns.shape[1] - 1} stocks."
        )
    return notes
