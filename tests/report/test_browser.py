"""The page in a browser: its order, first screen and sheets, and that nothing is fetched, cut off or too wide."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.report import build_bundled_report, build_report
from riskresearch.report._order import PAGE
from tests.report.browser import measured, needs_browser, printed_pages

pytestmark = [needs_browser, pytest.mark.usefixtures("few_draws")]

STORY = [
    "growth", "underwater", "periods", "monthly", "now", "distribution", "exceedances", "rolling", "drawdowns",
    "stress", "assets", "contributions", "correlation", "limits", "sizing", "trading", "breaker",
    "headline",
]  # fmt: skip


def test_the_order_of_the_page_is_that_of_a_story():
    assert [section.name for section in PAGE] == STORY


@pytest.fixture(scope="module")
def bundled():
    return build_bundled_report().html


@pytest.fixture(scope="module")
def crowded(stocks, index):
    """A title of 150 characters, five long notes, amounts, long names and everything lost but a hundredth of it."""
    fund = stocks["AAA"].rename("F" * 200)
    falling = fund.where(fund.index < fund.index[300], -0.012)
    return build_report(
        falling,
        benchmark=index.rename("A benchmark whose name is that of a long index with all its qualifications"),
        capital=12_345_678.0,
        title=("A title of many words, " * 7)[:150],
        notes=[f"Note {number}: {'what was done with the data, and why it matters to whoever reads. ' * 5}"
               for number in range(5)],
    ).html  # fmt: skip


@pytest.fixture(scope="module")
def years_of_one():
    """Thirty-three years of one fund beside a benchmark: the longest calendar."""
    dates = pd.bdate_range("1990-01-01", "2022-12-30")
    draws = np.random.default_rng(4).standard_t(4, (len(dates), 2)) * 0.008 + 0.0003
    both = pd.DataFrame(draws, index=dates, columns=["Fund", "Index"])
    return build_report(both["Fund"], benchmark=both["Index"], capital=1e6).html


@pytest.fixture(scope="module")
def many():
    """Sixty assets of long names over thirty-three years, beside a benchmark, with amounts."""
    dates = pd.bdate_range("1990-01-01", "2022-12-30")
    generator = np.random.default_rng(3)
    market = generator.standard_t(4, len(dates)) * 0.007 + 0.0003
    own = market[:, None] * generator.uniform(0.5, 1.5, 60) + generator.standard_t(4, (len(dates), 60)) * 0.01
    names = [f"A fund with the long name of its house, share class {number} (hedged)" for number in range(60)]
    return build_report(
        pd.DataFrame(own, dates, names), benchmark=pd.Series(market, dates, name="Index"), capital=12_345_678.0
    ).html


@pytest.fixture(scope="module")
def pages(bundled, stocks, index, crowded, years_of_one, many):
    alone = stocks["AAA"].rename("Fund")
    months = (1.0 + alone).groupby(alone.index.to_period("M")).prod() - 1.0
    weights = dict(zip(stocks.columns, (0.5, 0.3, 0.2), strict=True))
    return {
        "bundled": bundled,
        "crowded": crowded,
        "years": years_of_one,
        "many": many,
        "one": build_report(alone, title="One equity curve").html,
        "months": build_report(pd.Series(months.to_numpy(), index=months.index, name="Fund")).html,
        "three": build_report(stocks, weights=weights, benchmark=index, title="Three stocks").html,
    }


PAGES = ("bundled", "one", "months", "three", "crowded", "years", "many")
MOST_SHEETS = {"one": 6, "months": 6, "crowded": 6, "years": 6, "bundled": 9, "three": 9, "many": 9}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_fetched_cut_off_or_wider_than_the_screen(pages, tmp_path, name, width):
    found = measured(pages[name], tmp_path, width=width)
    assert found["fetched"] == []
    assert found["beyond"] == []
    assert found["cut"] == []
    assert found["width"] <= width


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_no_words_of_a_figure_overlap(pages, tmp_path, name, width):
    assert measured(pages[name], tmp_path, width=width)["overlapping"] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_first_figure_is_on_the_first_screen(pages, tmp_path, name):
    top, bottom = measured(pages[name], tmp_path, width=1280)["figure"]
    assert 0 < top < bottom <= 900


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_six_sheets_for_one_asset_and_nine_with_everything(pages, tmp_path, name):
    assert 1 < printed_pages(pages[name], tmp_path) <= MOST_SHEETS[name]


def test_head_cards_notes_and_contents_come_before_the_sections(pages, tmp_path):
    order = measured(pages["bundled"], tmp_path, width=1280)["order"]
    assert order == ["header", "cards", "aside", "nav", *STORY, "conventions"]


def test_tables_that_scroll_on_a_phone_keep_their_first_column(pages, tmp_path):
    found = measured(pages["bundled"], tmp_path, width=390)
    assert found["scrolling"] > 0
    assert set(found["sticky"]) == {"sticky"}
