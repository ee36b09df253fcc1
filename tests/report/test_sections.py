"""Each file of report/sections is one section of the page, and the page holds every one of them."""

import pickle
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from riskresearch.metrics import summary
from riskresearch.report import build_report, sections
from riskresearch.report._inputs import gather
from riskresearch.report._order import PAGE, in_order
from riskresearch.report._report import SECTIONS
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
    assert names[names.index("monthly") :][:3] == ["monthly", "years", "now"]
    assert [name for name in names if name != "years"] == [section.name for section in PAGE]


def test_the_page_shows_its_sections_in_their_order(report):
    places = [report.html.index(f'<section id="{section.name}"') for section in PAGE]
    assert places == sorted(places)


def test_no_two_sections_compute_a_table_of_the_same_name(context):
    names = Counter(name for section in PAGE for name in section.compute(context))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("name", [section.name for section in PAGE])
def test_a_page_computes_its_own_sections_and_no_others(stocks, index, monkeypatch, name):
    computed = []
    for section in PAGE:
        monkeypatch.setitem(SECTIONS, section.name, replace(section, compute=_noted(section, computed)))
    page = build_report(stocks.iloc[:60], benchmark=index.iloc[:60], sections=[name])
    assert computed == [name]
    assert {"returns", "headline", "intervals", "conventions"} <= set(page.tables)


def _noted(section, computed):
    def compute(context):
        computed.append(section.name)
        return section.compute(context)

    return compute


def test_each_section_names_its_tables(context):
    for section in PAGE:
        assert sorted(section.tables) == sorted(section.compute(context)), section.name


@pytest.mark.usefixtures("few_draws")
def test_a_table_of_another_section_is_computed_when_it_is_asked_for(stocks):
    first, both = (build_report(stocks.iloc[:60], sections=names) for names in (["now"], ["now", "assets"]))
    assert "assets" not in first.tables
    pd.testing.assert_frame_equal(first.tables.assets, both.tables["assets"])
    assert "assets" not in first.tables
    again = pickle.loads(pickle.dumps(first.tables))
    pd.testing.assert_frame_equal(again.assets, both.tables["assets"])


def test_a_table_that_is_not_there_is_named_with_those_that_are(report):
    assert {"headline", "growth"} <= set(dir(report.tables))
    with pytest.raises(
        AttributeError, match=r"a report has no table 'headlin'\. It has: assets, breaker, .*, headline"
    ):
        report.tables.headlin  # noqa: B018
