"""A page is the same whatever its returns come in, and says what to do with those that it cannot read."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.report import build_report

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")  # a few rows will do here

DAYS = pd.bdate_range("2023-01-02", periods=80, name="date")
FRAME = pd.DataFrame(np.random.default_rng(5).normal(0.0005, 0.01, (80, 2)), index=DAYS, columns=["A", "B"])
SECTIONS = ["headline"]


class OwnFrame(pd.DataFrame):
    """A user's frame."""


def headline(returns, **options):
    return build_report(returns, sections=SECTIONS, **options).tables.headline


def as_polars(frame):
    return pl.DataFrame({"date": frame.index.to_numpy(), **{name: frame[name].to_numpy() for name in frame.columns}})


@pytest.mark.parametrize(
    "given",
    [
        OwnFrame(FRAME),
        as_polars(FRAME),
        pa.Table.from_pandas(FRAME),
        pa.Table.from_pandas(FRAME.reset_index(), preserve_index=False),
        FRAME.set_axis(pd.array(DAYS, dtype=pd.ArrowDtype(pa.timestamp("us"))), axis=0),
    ],
    ids=["subclass", "polars", "arrow", "arrow column", "arrow index"],
)
def test_every_kind_of_frame_gives_the_same_page(given):
    right = headline(FRAME, benchmark=FRAME["B"])
    pd.testing.assert_frame_equal(headline(given, benchmark=FRAME["B"]), right)
    beside = given[["date", "B"]] if isinstance(given, pl.DataFrame) else FRAME["B"]
    pd.testing.assert_frame_equal(headline(given, benchmark=beside), right)


def test_the_night_of_a_clock_change_is_no_double_on_a_page():
    hours = pd.date_range("2024-10-26 12:00", periods=60, freq="h", tz="UTC").tz_convert("Europe/Berlin")
    assert not hours.tz_localize(None).is_unique
    local = pd.Series(np.resize([0.001, -0.002, 0.0005], 60), index=hours, name="fund")
    pages = [headline(each, periods_per_year=8760) for each in (local, local.tz_convert(None))]
    pd.testing.assert_frame_equal(*pages)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (FRAME.reset_index(), r"in column 'date'.*returns = returns\.set_index\('date'\)"),
        (FRAME.set_axis(DAYS.strftime("%Y-%m-%d"), axis=0), r"returns\.index = pd\.to_datetime\(returns\.index\)"),
        (FRAME.set_axis([int(f"{day:%Y%m%d}") for day in DAYS], axis=0), r"which read as days \(YYYYMMDD\)"),
        (FRAME.reset_index(drop=True), r"indexed by dates, got an index of int64 that numbers the rows"),
        (pl.DataFrame({"A": [0.1, 0.2]}).lazy(), r"returns\.collect\(\)"),
        (FRAME.assign(ticker="X"), r"returns\.drop\(columns=\['ticker'\]\)"),
        ("returns.csv", r"riskresearch\.read\('returns\.csv'\)"),
        ({"A": FRAME["A"]}, r"pd\.DataFrame\(returns\)"),
    ],
    ids=["column", "text", "numbers", "rows", "lazy", "words", "path", "mapping"],
)
def test_what_a_page_cannot_read_is_refused_with_the_line_that_helps(given, text):
    with pytest.raises(InvalidInputError, match=text):
        build_report(given, sections=SECTIONS)
