"""Hostile files from their bytes to the page: read or refused with an error of ours, in bounded time and memory."""

import gzip
import io
import json
import os
import time
import tracemalloc
import warnings
import zipfile

import numpy as np
import pandas as pd
import pytest

from riskresearch import cli
from riskresearch.core import InvalidInputError, RiskResearchError, RiskResearchWarning, options
from riskresearch.files import read
from riskresearch.report import build_file_report
from tests.examples import FUZZ_FACTOR
from tests.files.mutations import TWENTY, mutated
from tests.files.shapes import AAA, BBB, PLAIN, ROWS, day
from tests.files.workbooks import xlsx

MUTATIONS = 4 * int(os.environ.get(FUZZ_FACTOR, "1"))
"""Of each of the twenty shapes; 1,000 were tried once."""
MOST_SECONDS = 10
LONGEST_REFUSAL = 2_500
MOST_BYTES_EACH = 40
"""Of memory for each byte of a hostile file: some copies of it, and a pointer and a text for each cell of two bytes."""


def read_whole(path, **given):
    """Read a file as a user does, to the page; return the refusals, which are ours and one line each."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", RiskResearchWarning)
        try:
            file = read(path, **given)
            assert repr(file) in file.summary()
            assert file._repr_html_().startswith("<p>DataFile(")
            if file.kind:
                assert np.isfinite(file.returns.to_numpy(na_value=0.0)).all()
                with options.context(progress=False):
                    build_file_report(file, sections=["headline"], nan_policy="omit")
        except RiskResearchError as error:
            refusal = str(error)
        else:
            return ""
    assert "\n" not in refusal
    assert len(refusal) <= LONGEST_REFUSAL
    return refusal


@pytest.mark.parametrize("name", TWENTY)
def test_a_damaged_file_is_read_or_refused(name, tmp_path):
    sample = TWENTY[name]
    if name == "workbook":
        pytest.importorskip("python_calamine")
    path = tmp_path / sample.name
    for number in range(MUTATIONS):
        path.write_bytes(mutated(sample, f"{name} {number}"))
        start = time.perf_counter()
        read_whole(path, **sample.options)
        assert time.perf_counter() - start < MOST_SECONDS, number


def table(*rows, head="date,AAA,BBB"):
    return "\n".join([head, *rows]) + "\n"


def plain_rows(count=ROWS):
    return [f"{day(n)},{AAA[n]},{BBB[n]}" for n in range(count)]


def replaced(row, line):
    rows = plain_rows()
    rows[row] = line
    return table(*rows).encode()


def archive(size):
    """Return a zip archive of a table that is as large unpacked as `size` says."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped, zipped.open("data.csv", "w") as inside:
        inside.write(b"date,AAA\n")
        for _ in range(size // 1_000_000 + 1):
            inside.write(b"2023-03-01,1\n" * 76_924)
    return stream.getvalue()


LARGE = {
    "a cell of 100,001 characters": (replaced(30, f"{day(30)},{'x' * 100_001},2"), "has a cell of more than 100,000"),
    "a cell of 99,000 digits": (replaced(30, f"{day(30)},{'9' * 99_000},2"), "AAA"),
    "a name of 99,000 characters": (table(*plain_rows(), head=f"date,{'A' * 99_000},B").encode(), "1,000 characters"),
    "50,000 columns": (
        ("date" + ",A" * 50_000 + "\n" + "".join(f"{day(n)}" + ",1" * 50_000 + "\n" for n in range(3))).encode(),
        "at most 16,384 columns",
    ),
    "one line of 50 MB": (b"1" * 50_000_000, "has a cell of more than 100,000"),
    "one line of 25,000,000 cells": (b"1," * 25_000_000, "at most 10,000,000 cells"),
    "a quotation mark that never closes": (replaced(1, f'{day(1)},"{AAA[1]},{BBB[1]}'), "quot"),
    "lists in lists of JSON": (b"[" * 100_000 + b"]" * 100_000, "no readable JSON"),
    "records in records of JSON": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "no readable JSON"),
    "gzip that unpacks to 250 MB": (gzip.compress(b"2023-03-01,1\n" * 19_230_770, 1), "at most 200 MB"),
    "zip that unpacks to 250 MB": (archive(250_000_000), "at most 200 MB"),
    "6,000,000 lines": (b"1\n" * 6_000_000, "at most 5,000,000 rows"),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_is_refused_without_growth(name, tmp_path):
    content, words = LARGE[name]
    path = tmp_path / "large.csv"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        start = time.perf_counter()
        refusal = read_whole(path)
        assert time.perf_counter() - start < 3 * MOST_SECONDS
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert words in refusal
    assert peak < 50_000_000 + max(MOST_BYTES_EACH * min(len(content), 10_000_000), 220_000_000)


def test_a_cell_of_the_largest_size_that_nobody_uses_is_read(tmp_path):
    path = tmp_path / "remark.csv"
    path.write_text(
        table(*(f"{day(n)},{AAA[n]},{'x' * 99_000 if n == 30 else ''}" for n in range(ROWS)), head="date,AAA,remark")
    )
    assert read(path).values["AAA"].tolist() == AAA.tolist()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a name with control characters", table(*plain_rows(), head="date,\x1b[31mAAA,\x07BBB")),
        ("a name from right to left", table(*plain_rows(), head="date,\u202eAAA,\u200fBBB")),
        ("a name in two lines", table(*plain_rows(), head='date,"AAA\nUSD",BBB')),
    ],
)
def test_names_of_columns_are_one_line_and_harmless_on_a_terminal(name, content, tmp_path, capsys):

    path = tmp_path / "names.csv"
    path.write_text(content, encoding="utf-8")
    code = cli.main(["read", str(path)])
    said = capsys.readouterr()
    assert (code, said.err.count("\n")) in ((0, 0), (2, 1))
    assert not set("\x1b\x07\u202e") & set(said.out + said.err)
    assert code == 2 or not any("\n" in column for column in read(path).values.columns)


def test_a_file_name_with_escapes_and_lone_surrogates_is_shown_harmless(tmp_path, capsys):

    for name in (b"prices\x1b[31m.csv", b"prices\xff.csv", "prices\u202e.csv".encode()):
        path = os.fsencode(tmp_path) + b"/" + name
        with open(path, "wb") as file:
            file.write(PLAIN)
        assert cli.main(["read", os.fsdecode(path)]) == 0
        with open(path, "wb") as file:
            file.write(b"no table")
        assert cli.main(["read", os.fsdecode(path)]) == 2
        said = capsys.readouterr()
        assert not set("\x1b\u202e") & set(said.out + said.err)
        (said.out + said.err).encode()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", ["gzip", "zip", "workbook", "Parquet", "records of JSON"])
def test_a_file_that_was_cut_is_never_read_in_part(name, share, tmp_path):
    sample = TWENTY[name]
    path = tmp_path / sample.name
    path.write_bytes(sample.content[: int(share * len(sample.content))])
    assert read_whole(path)


def test_damaged_markup_of_a_workbook_is_refused_unless_every_value_is_right(tmp_path):
    pytest.importorskip("python_calamine")
    rows = [["date", "AAA"], *([day(n), AAA[n]] for n in range(ROWS))]
    with zipfile.ZipFile(io.BytesIO(xlsx({"Prices": rows}))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    path = tmp_path / "damaged.xlsx"
    refused = 0
    for number in range(0, 600, 40):
        sheet = parts["xl/worksheets/sheet1.xml"]
        with zipfile.ZipFile(path, "w") as changed:
            for name, content in parts.items():
                changed.writestr(
                    name, content if "sheet1" not in name else sheet[:number] + b"</row><" + sheet[number:]
                )
        if read_whole(path):
            refused += 1
        else:  # the damage stands in an attribute that nobody reads
            np.testing.assert_array_equal(read(path).values["AAA"], AAA)
    assert refused == 10


@pytest.mark.parametrize(
    ("wild", "message"),
    [
        ("1e400", "finite numbers below 1e30 in size, got inf on row 10"),
        ("-1e400", "finite numbers below 1e30 in size, got -inf on row 10"),
        ("Infinity", "finite numbers below 1e30 in size, got inf on row 10"),
        ("9" * 5_000, "is no readable JSON"),
        ("NaN", ""),
    ],
    ids=["large", "small", "infinite", "digits", "missing"],
)
def test_numbers_of_json_beyond_floats_are_refused_and_nan_is_missing(wild, message, tmp_path):
    path = tmp_path / "numbers.json"
    rows = [{"date": day(n), "AAA": AAA[n]} for n in range(ROWS)]
    path.write_text(json.dumps(rows).replace(str(AAA[9]), wild, 1))
    refusal = read_whole(path)
    assert message in refusal
    assert bool(refusal) == bool(message)
    if not message:
        np.testing.assert_array_equal(read(path).values["AAA"], np.where(np.arange(ROWS) == 9, np.nan, AAA))


@pytest.mark.skipif(pd.__version__ < "3", reason="older pandas needs more memory to parse exactly")
def test_memory_is_at_most_three_times_the_numbers(tmp_path):
    values = 100.0 * np.exp(np.cumsum(np.random.default_rng(0).normal(0.0, 0.01, (2_000, 100)), axis=0))
    days = np.datetime64("2000-01-03") + np.arange(2_000)
    path = tmp_path / "prices.csv"
    lines = [",".join([str(stamp), *map(repr, row)]) for stamp, row in zip(days, values.tolist(), strict=True)]
    path.write_text("\n".join(["date," + ",".join(f"S{n}" for n in range(100)), *lines]))
    assert np.array_equal(read(path).values.to_numpy(), values)
    tracemalloc.start()
    try:
        read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 3.0 * values.nbytes + 3_000_000  # buffers of fixed size


def test_the_refusal_of_a_device_is_ours():
    with pytest.raises(InvalidInputError, match="is a device"):
        read("/dev/zero")
