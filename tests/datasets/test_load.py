"""load, names, catalog: what is read is what was built, typed, and the caller's own."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskresearch import datasets
from riskresearch.core import DataIntegrityError, InvalidInputError
from riskresearch.datasets import _manifest

NAMES = datasets.names()
PRICES = ["open", "high", "low", "close"]


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A copy of the data folder's manifest and smallest file that a test may damage."""
    source = _manifest.data_folder()
    for file in ("manifest.json", "vix.csv.gz"):
        shutil.copy(source / file, tmp_path / file)
    monkeypatch.setattr("riskresearch.datasets._load.data_folder", lambda: tmp_path)
    datasets.clear_cache()
    yield tmp_path
    datasets.clear_cache()


@pytest.mark.parametrize("name", NAMES)
def test_every_column_has_the_dtype_that_describe_states(name):
    frame = datasets.load(name)
    info = datasets.describe(name)
    stated = dict(zip(info.columns, info.dtypes, strict=True))
    if info.index is not None:
        assert stated.pop(info.index) == "datetime64[ns]"
        assert isinstance(frame.index, pd.DatetimeIndex)
        assert frame.index.dtype == "datetime64[ns]"
    text = pd.Series(["a"], dtype="str").dtype  # object under pandas 2, str under pandas 3
    expected = {
        column: text if dtype == "str" else pd.api.types.pandas_dtype(dtype) for column, dtype in stated.items()
    }
    assert frame.dtypes.to_dict() == expected


@pytest.mark.parametrize("name", NAMES)
def test_facts_of_describe_are_those_of_the_frame(name):
    frame = datasets.load(name)
    info = datasets.describe(name)
    assert len(frame) == info.rows
    if info.start is not None:
        column = _manifest.entries()[name]["date_column"]
        dates = frame.index if column == info.index else frame[column]
        assert (dates.min().date(), dates.max().date()) == (info.start, info.end)
    path = _manifest.data_folder() / info.file
    assert path.stat().st_size == info.size_bytes


@pytest.mark.parametrize("name", [name for name in NAMES if datasets.describe(name).index is not None])
def test_series_have_sorted_unique_dates_and_numbers_only_unless_named(name):
    frame = datasets.load(name)
    assert frame.index.name == ("ts" if name == "spy_1min" else "date")
    assert frame.index.is_monotonic_increasing
    assert frame.index.is_unique
    if name not in ("index_sp500", "spy_1min") and not name.startswith("run_"):
        assert set(frame.dtypes) == {np.dtype("float64")}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("equities_ohlcv", ["symbol", "date"]),
        ("equities_wiki_adj_close", ["symbol", "date"]),
        ("corporate_actions", ["symbol", "date", "kind"]),
        ("sectors", ["symbol"]),
        ("run_olmar_frictions_orders", ["order_id"]),
        ("run_olmar_frictions_fills", ["session", "order_id"]),
        ("run_olmar_frictionless_positions", ["session", "symbol"]),
    ],
)
def test_long_tables_are_sorted_by_a_unique_key(name, key):
    frame = datasets.load(name)
    assert not frame.duplicated(key).any()
    pd.testing.assert_frame_equal(frame, frame.sort_values(key, kind="stable", ignore_index=True))


def test_numbers_are_the_texts_of_the_file_exactly():
    # Independent reading: Python's own gzip and float on the stored text.
    lines = gzip.decompress((_manifest.data_folder() / "fx_ecb.csv.gz").read_bytes()).decode().splitlines()
    usd = [float(line.split(",")[1]) for line in lines[1:]]
    assert datasets.load("fx_ecb")["USD"].tolist() == usd


def test_missing_text_is_empty_and_missing_numbers_and_dates_are_nan():
    sectors = datasets.load("sectors").set_index("symbol")
    assert sectors.loc["AAPL", "note"] == ""
    assert pd.isna(sectors.loc["AAPL", "since"])
    assert sectors.loc["DIS", "since"] == pd.Timestamp("2018-09-01")
    assert datasets.load("index_sp500").loc["2022-12-28", [*PRICES[:3], "volume"]].isna().all()


def test_the_frame_is_the_callers_own():
    first = datasets.load("vix")
    first.iloc[0, 0] = -1.0
    first["extra"] = 1.0
    first.index.name = "when"
    second = datasets.load("vix")
    assert second.iloc[0, 0] == 13.76  # first line of the file
    assert list(second.columns) == ["vix"]
    assert second.index.name == "date"


def test_a_file_is_read_once_while_cached_and_the_cache_is_bounded(monkeypatch):
    read: list[str] = []
    verified = sys.modules["riskresearch.datasets._load"]._verified
    monkeypatch.setattr(
        "riskresearch.datasets._load._verified", lambda info: (read.append(info.name), verified(info))[1]
    )
    datasets.clear_cache()
    small = ["vix", "wti", "sectors", "ff3_monthly", "btc_usd", "spy_1min", "corporate_actions", "factor_etfs"]
    for name in [*small, *small]:
        datasets.load(name)
    assert read == small
    datasets.load("equities_wiki_adj_close")  # the ninth: the least recently used one is forgotten
    datasets.load("vix")
    assert read == [*small, "equities_wiki_adj_close", "vix"]


def test_an_altered_file_is_refused_with_both_digests_and_the_remedy(own_folder):
    path = own_folder / "vix.csv.gz"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    stated = json.loads((own_folder / "manifest.json").read_text())["datasets"]["vix"]["sha256"]
    with pytest.raises(DataIntegrityError, match=rf"vix\.csv\.gz must have sha256 {stated[:12]}, got [0-9a-f]{{12}}\."):
        datasets.load("vix")
    with pytest.raises(DataIntegrityError, match="git checkout -- data"):
        datasets.load("vix")


def test_a_missing_file_is_refused(own_folder):
    (own_folder / "vix.csv.gz").unlink()
    with pytest.raises(DataIntegrityError, match=r"vix\.csv\.gz must have sha256 [0-9a-f]{12}, got no file in"):
        datasets.load("vix")


def test_a_missing_manifest_names_both_places(tmp_path, monkeypatch):
    monkeypatch.setattr("riskresearch.datasets._manifest.__file__", str(tmp_path / "a" / "b" / "c.py"))
    with pytest.raises(DataIntegrityError, match=r"manifest\.json must be in .*_data or .*data, found in neither"):
        _manifest.data_folder()


@pytest.mark.parametrize("function", [datasets.load, datasets.describe])
def test_an_unknown_name_lists_the_known_ones_and_the_nearest(function):
    with pytest.raises(
        InvalidInputError,
        match=r"dataset must be one of index_sp500, .*, got 'index_sp50'\. Did you mean 'index_sp500'\?$",
    ):
        function("index_sp50")
    with pytest.raises(InvalidInputError, match=r"got 'zzzz'\.$"):
        function("zzzz")
    with pytest.raises(InvalidInputError, match=r"got \['vix'\]\."):
        function(["vix"])


def test_catalog_has_one_row_for_each_data_set():
    table = datasets.catalog()
    assert table.index.tolist() == NAMES
    assert table.loc["index_sp500", "rows"] == 18367  # 13,000 trading days of 1950-2000 and 23 years of about 251
    assert table.loc["index_sp500", "columns"] == 8
    assert table["start"].dtype == "datetime64[ns]"
    assert table.index[table["start"].isna()].tolist() == ["sectors"]
    assert (table["known_issues"] >= 1).all()


def test_facts_are_told_without_numpy_or_pandas():
    code = (
        "import sys; from riskresearch import datasets; "
        "datasets.names(); datasets.describe('vix').summary(); "
        "print([m for m in ('numpy', 'pandas') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
