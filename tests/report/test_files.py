"""Files of prices and returns: what is read, what is decided, and what is refused in which words."""

import gzip
import os
import threading
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.report import build_file_report, build_report
from riskresearch.report._files import read_data_file

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")  # a few rows will do here

PRICES = "date,AAA,BBB\n2020-01-01,100,50\n2020-01-02,110,49\n2020-01-03,99,51\n2020-01-06,101,52\n2020-01-07,102,51\n"
RETURNS = "date,AAA,BBB\n2020-01-01,0.01,-0.02\n2020-01-02,-0.03,0.01\n2020-01-03,0.02,0.0\n"


@pytest.fixture
def write(tmp_path):
    def write_file(content: str | bytes, name: str = "data.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def test_prices_are_recognised_and_turned_into_returns(write):
    data = read_data_file(write(PRICES))
    assert data.kind == "prices"
    np.testing.assert_allclose(data.returns()["AAA"], [0.1, -0.1, 101 / 99 - 1, 102 / 101 - 1])
    assert data.returns().index.equals(pd.DatetimeIndex(["2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07"]))


def test_returns_are_recognised_and_left_alone(write):
    data = read_data_file(write(RETURNS))
    assert data.kind == "returns"
    assert data.returns()["BBB"].tolist() == [-0.02, 0.01, 0.0]


def test_gzip_parquet_and_csv_give_the_same_numbers(write, tmp_path):
    plain = read_data_file(write(PRICES)).values
    packed = read_data_file(write(gzip.compress(PRICES.encode()), "data.csv.gz")).values
    frame = pd.DataFrame({"AAA": [100.0, 110, 99, 101, 102], "BBB": [50, 49, 51, 52, 51]}, index=plain.index)
    frame.to_parquet(tmp_path / "indexed.parquet")
    frame.reset_index().to_parquet(tmp_path / "column.pq")
    pd.testing.assert_frame_equal(packed, plain)
    for name in ("indexed.parquet", "column.pq"):
        pd.testing.assert_frame_equal(
            read_data_file(tmp_path / name).values, plain, check_dtype=False, check_freq=False
        )


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + PRICES,
        PRICES.replace("\n", "\r\n"),
        PRICES + "\n\n,,\n",
        PRICES.replace("date,AAA,BBB", ",AAA,BBB"),
        PRICES.replace("date,", "Date, ").replace("AAA,", '"AAA",'),
        "AAA,timestamp,BBB\n100,2020-01-01 00:00:00-05:00,50\n110,2020-01-02T00:00:00+01:00,49\n"
        "99,20200103,51\n101,2020-01-06,52\n102,2020-01-07,51\n",
    ],
    ids=["byte order mark", "carriage returns", "blank lines", "unnamed dates", "quotes and spaces", "zones"],
)
def test_harmless_differences_of_form_are_read(write, content):
    data = read_data_file(write(content))
    assert data.values["AAA"].tolist() == [100.0, 110.0, 99.0, 101.0, 102.0]
    assert [date.day for date in data.values.index] == [1, 2, 3, 6, 7]


@pytest.mark.filterwarnings("ignore:.* missing prices:riskresearch.core.ConventionWarning")
@pytest.mark.parametrize("word", ["", "nan", "NaN", "NA", "n/a", "null", "None", "#N/A"])
def test_missing_words_are_missing_and_refused_by_place_unless_omitted(write, word):
    data = read_data_file(write(PRICES.replace("2020-01-03,99", f"2020-01-03,{word}")))
    with pytest.raises(InvalidInputError, match=r"has 1 missing value, the first at 2020-01-03 in column 'AAA'"):
        data.returns()
    assert data.returns(nan_policy="omit")["AAA"].isna().tolist() == [False, True, False, False]


REFUSED = {
    "empty": ("", "data.csv is empty"),
    "blank": (" \n \n", "data.csv is empty"),
    "header only": ("date,AAA\n", "has a header but no rows"),
    "one column": ("date\n2020-01-01\n", "must have a date column and at least one more, separated by commas"),
    "semicolons": (PRICES.replace(",", ";"), "Its separator looks like ';'"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\xff\xfe" * 9, "is neither CSV text"),
    "broken gzip": (gzip.compress(PRICES.encode())[:-12], "is neither CSV text"),
    "broken parquet": (b"PAR1junkPAR1", "is no readable Parquet file"),
    "no dates": ("x,AAA\n0,1\n1,2\n", "must have dates such as 2020-03-16 in its column 'x', got '0' on line 2"),
    "day first": (PRICES.replace("2020-01-02", "02/01/2020"), "got '02/01/2020' on line 3"),
    "no such date": (PRICES.replace("2020-01-06", "2020-02-30"), "has no such date as '2020-02-30' on line 5"),
    "duplicate": (PRICES.replace("2020-01-03", "2020-01-02"), "has the date 2020-01-02 twice, on lines 3 and 4"),
    "far duplicate": (PRICES.replace("2020-01-06", "2020-01-01"), "2020-01-01 twice, on lines 2 and 5"),
    "unsorted": (PRICES.replace("2020-01-03", "2019-12-31"), "oldest first, but 2019-12-31 on line 4 comes after"),
    "text": (PRICES.replace("49", "forty"), "column 'BBB' of data.csv must hold numbers, got 'forty' on line 3"),
    "percent sign": (RETURNS.replace("-0.03", "-3%"), "must hold numbers, got '-3%' on line 3"),
    "infinite": (PRICES.replace("49", "inf"), "must hold numbers, got 'inf' on line 3"),
    "ragged": (PRICES.replace("110,49", "110"), "line 3 of data.csv has 2 cells, but the header has 3"),
    "duplicate name": (PRICES.replace("BBB", "AAA"), "a different name for each column, got 'AAA' twice"),
    "no name": (PRICES.replace("BBB", ""), "column 3 has no name"),
    "empty column": ("date,AAA,BBB\n2020-01-01,1,\n2020-01-02,2,\n", "column 'BBB' of data.csv holds no number"),
    "percent returns": (RETURNS.replace("0.0", "2."), "neither a price nor a simple return as a fraction"),
    "mixed": (RETURNS.replace("0.01,-0.02", "120,-0.02").replace("-0.03", "121").replace("0.02,0.0", "119,0.0"),
              "mixes prices and returns: column 'AAA'"),
    "small and positive": ("date,AAA\n2020-01-01,1.01\n2020-01-02,1.02\n", "could hold prices or returns"),
    "small percents": ("date,AAA\n2020-01-01,0.4\n2020-01-02,-0.3\n2020-01-03,0.5\n2020-01-06,-0.4\n", "percent?"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line(write, case):
    content, message = REFUSED[case]
    with pytest.raises(InvalidInputError) as refusal:
        read_data_file(write(content))
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (
            RETURNS,
            "prices",
            "given as prices, but prices are positive and it holds -0.02 at 2020-01-01 in column 'BBB'",
        ),
        (PRICES, "returns", "given as returns, but column 'AAA' is positive throughout and typically 101"),
        (PRICES, "levels", "kind must be 'auto', 'prices' or 'returns', got 'levels'"),
    ],
)
def test_a_kind_that_the_numbers_contradict_is_refused(write, content, kind, message):
    with pytest.raises(InvalidInputError) as refusal:
        read_data_file(write(content), kind=kind)
    assert message in str(refusal.value)


@pytest.mark.parametrize("kind", ["prices", "returns"])
def test_what_could_be_both_is_read_as_stated(write, kind):
    data = read_data_file(write("date,AAA\n2020-01-01,1.01\n2020-01-02,1.02\n"), kind=kind)
    assert (data.kind, data.reason) == (kind, "as stated")


def test_parquet_with_text_or_without_dates_is_refused(tmp_path):
    path = tmp_path / "data.parquet"
    dates = pd.to_datetime(["2020-01-01", "2020-01-02"])
    pd.DataFrame({"AAA": ["1", "two"]}, index=dates).to_parquet(path)
    with pytest.raises(InvalidInputError, match=r"must hold numbers, got 'two' on row 2 \(2020-01-02\)"):
        read_data_file(path)
    pd.DataFrame({"AAA": [1.0, 2.0], "BBB": [1.0, 2.0]}).to_parquet(path)
    with pytest.raises(InvalidInputError, match="must have dates"):
        read_data_file(path)


def test_folders_and_absent_files_are_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="Is a directory"):
        read_data_file(tmp_path)
    with pytest.raises(InvalidInputError, match="No such file"):
        read_data_file(tmp_path / "absent.csv")


def test_one_row_of_prices_is_too_little(write):
    with pytest.raises(InvalidInputError, match="at least two rows of prices"):
        read_data_file(write("date,AAA\n2020-01-01,100\n")).returns()


def test_a_benchmark_column_leaves_the_portfolio(write):
    report = build_file_report(write(PRICES), benchmark="BBB", sections=["headline"])
    assert list(report.tables.returns.columns) == ["AAA", "BBB"]
    np.testing.assert_allclose(report.tables.returns["AAA"], [0.1, -0.1, 101 / 99 - 1, 102 / 101 - 1])


def test_a_benchmark_file_of_daily_prices_is_read_on_the_portfolio_s_dates(write):
    daily = "date,IDX\n" + "".join(f"2020-01-0{day},{100 + day}\n" for day in range(1, 9))
    report = build_file_report(write(PRICES), benchmark=write(daily, "index.csv"), sections=["headline"])
    np.testing.assert_allclose(
        report.tables.returns["IDX"], [102 / 101 - 1, 103 / 102 - 1, 106 / 103 - 1, 107 / 106 - 1]
    )
    assert "index.csv, taken as prices" in report.tables.conventions.loc["Data", "Value"]


@pytest.mark.parametrize("as_file", [False, True])
def test_weights_are_read_from_words_and_from_files(write, as_file):
    weights = write("name,weight\nBBB,0.25\nAAA,0.75\n", "weights.csv") if as_file else "AAA=0.75, BBB=0.25"
    report = build_file_report(write(PRICES), weights=weights, sections=["headline"])
    returns = read_data_file(write(PRICES)).returns()
    np.testing.assert_allclose(report.tables.returns["Portfolio"], returns @ [0.75, 0.25])


def test_a_weights_file_needs_no_header(write):
    report = build_file_report(write(PRICES), weights=write("AAA,1\nBBB,0\n", "w.csv"), sections=["headline"])
    assert report.tables.assets["weight"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("AAA=0.5,CCC=0.5", "weights must name the columns of returns, but 'BBB' is in returns only"),
        ("AAA=0.5,BBB=0.6", "weights must sum to 1, got 1.1"),
        ("AAA=half,BBB=0.5", "weights must give a name and a finite number each, got 'AAA' and 'half'"),
        ("AAA=nan,BBB=0.5", "got 'AAA' and 'nan'"),
        ("AAA=0.5,AAA=0.5", "weights must name each column once, got 'AAA' twice"),
        ("absent.csv", "cannot read absent.csv"),
    ],
)
def test_wrong_weights_are_refused(write, weights, message):
    with pytest.raises(InvalidInputError) as refusal:
        build_file_report(write(PRICES), weights=weights)
    assert message in str(refusal.value)


@pytest.mark.parametrize("content", ["AAA,0.5,x\nBBB,0.5,y\n", b"\xff\xfe\x00", "", "AAA\n"])
def test_wrong_weights_files_are_refused(write, content):
    with pytest.raises(InvalidInputError, match=r"w\.csv"):
        build_file_report(write(PRICES), weights=write(content, "w.csv"))


def test_wrong_benchmarks_are_refused(write):
    with pytest.raises(InvalidInputError, match=r"a column of data\.csv \(AAA, BBB\) or a file, got 'SPY'"):
        build_file_report(write(PRICES), benchmark="SPY")
    with pytest.raises(InvalidInputError, match="must have one column beside its dates, got AAA, BBB"):
        build_file_report(write(PRICES), benchmark=write(PRICES, "two.csv"))
    with pytest.raises(InvalidInputError, match="share no span of time"):
        build_file_report(write(PRICES), benchmark=write("date,I\n2010-01-01,10\n2010-01-04,11\n", "old.csv"))
    with pytest.raises(InvalidInputError, match="no column besides the benchmark 'AAA'"):
        build_file_report(write("date,AAA\n2020-01-01,100\n2020-01-02,101\n"), benchmark="AAA")


def test_the_page_says_what_the_file_was_taken_for(write):
    report = build_file_report(write(RETURNS), sections=["headline"])
    said = report.tables.conventions.loc["Data", "Value"]
    assert said.startswith(
        "data.csv, taken as returns: 50% of its values are zero or negative, which no price is; SHA-256 "
    )
    assert report.title == "data"


# --- how much is read


def test_a_packed_file_is_not_unpacked_beyond_the_bound(write, monkeypatch):
    monkeypatch.setattr("riskresearch.report._bounded.MOST_BYTES", 3_000_000)
    bomb = gzip.compress(b"date,AAA\n" + b"0" * 20_000_000)
    tracemalloc.start()
    for content in (bomb, gzip.compress(PRICES.encode()) + bomb, PRICES.encode() * 40_000):
        with pytest.raises(InvalidInputError, match=r"data\.csv must hold at most 3 MB, unpacked\. Leave out columns"):
            read_data_file(write(content))
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_table_of_too_many_cells_is_refused_before_it_is_read(write, tmp_path, monkeypatch):
    monkeypatch.setattr("riskresearch.report._bounded.MOST_CELLS", 1_000)
    with pytest.raises(InvalidInputError, match=r"data\.csv must have at most 1,000 cells, got about 1,5\d\d"):
        read_data_file(write(PRICES + "," * 1_500))
    pd.DataFrame({"AAA": [1.0] * 1_000, "BBB": 1.0}).to_parquet(tmp_path / "data.parquet")
    with pytest.raises(InvalidInputError, match=r"data\.parquet must have at most 1,000 cells, got about 2,000"):
        read_data_file(tmp_path / "data.parquet")


def test_a_table_wider_than_a_page_is_refused_by_its_header(write, stocks):
    names = [f"A{number}" for number in range(200_000)]
    with pytest.raises(InvalidInputError, match=r"data\.csv must have at most 1,000 assets .* got 199,999"):
        read_data_file(write(f"date,{','.join(names)}\n2020-01-01{',1' * len(names)}\n"))
    wide = pd.DataFrame(0.01, index=stocks.index, columns=names[:1_001])
    with pytest.raises(InvalidInputError, match=r"returns must have at most 1,000 assets for a report .* got 1,001"):
        build_report(wide)


def test_memory_that_is_not_there_is_an_error_of_the_file(write, monkeypatch):
    def greedy(texts, *rest, **more):
        raise MemoryError

    monkeypatch.setattr("riskresearch.report._files._parse_numbers", greedy)
    with pytest.raises(InvalidInputError, match=r"data\.csv needs more memory than there is"):
        read_data_file(write(PRICES))


def test_devices_are_refused_and_pipes_are_read(tmp_path):
    for device in ("/dev/zero", "/dev/null"):
        with pytest.raises(InvalidInputError, match="is a device or a socket, not a file"):
            read_data_file(device)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(PRICES,))
    writer.start()
    assert len(read_data_file(pipe).values) == 5
    writer.join()
    with pytest.raises(InvalidInputError, match="null byte"):
        read_data_file("a\0b")
