"""Each file of report/sections is one section of the page, and the page holds every one of them."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from riskresearch.metrics import summary
from riskresearch.report import sections
from riskresearch.report._inputs import gather
from riskresearch.report._page import PAGE, in_order
from riskresearch.report._section import Context, Settings

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")  # a few rows will do here

FILES = [path for path in Path(sections.__file__).parent.glob("_*.py") if path.stem != "__init__"]


@pytest.fixture(scope="module")
def context(stocks) -> Context:
    inputs = gather(stocks.iloc[:40], benchmark=None, weights=None, nan_policy="raise")
    settings = Settings(
        level=0.95, risk_free=0.0, periods_per_year=None, window=20, confidence=0.95, nan_policy="raise", source=""
    )
    return Context(inputs, settings, summary(inputs.portfolio.to_frame()))


def test_the_page_holds_each_file_of_the_folder_once_under_its_name():
    assert sorted(section.name for section in PAGE) == sorted(path.stem[1:] for path in FILES)


def test_a_new_section_comes_right_after_the_one_that_it_follows():
    names = [section.name for section in in_order([*PAGE, replace(PAGE[0], name="years", follows="monthly")])]
    assert names[names.index("monthly") :][:3] == ["monthly", "years", "assets"]
    assert [name for name in names if name != "years"] == [section.name for section in PAGE]


def test_the_page_shows_its_sections_in_their_order(report):
    places = [report.html.index(f'<section id="{section.name}"') for section in PAGE]
    assert places == sorted(places)


def test_no_two_sections_compute_a_table_of_the_same_name(context):
    names = Counter(name for section in PAGE for name in section.compute(context))
    assert [name for name, count in names.items() if count > 1] == []


def test_a_section_that_is_not_shown_has_the_tables_of_one_that_is(context):
    costly = {section.name: section for section in PAGE if section.without}
    assert costly.keys() == {"sizing", "breaker"}
    for section in costly.values():
        assert section.without().keys() == section.compute(context).keys()


def test_a_table_that_is_not_there_is_named_with_those_that_are(report):
    assert {"headline", "growth"} <= set(dir(report.tables))
    with pytest.raises(AttributeError, match=r"a report has no table 'headlin'\. It has: conventions, headline"):
        report.tables.headlin  # noqa: B018
