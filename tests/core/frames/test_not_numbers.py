"""Columns that hold no numbers: named with their first value and with a line that, when it is executed, helps."""

import decimal
import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.core._panel import as_panel

DAYS = pd.bdate_range("2024-01-01", periods=4)
FRAME = pd.DataFrame({"A": [0.01, -0.02, 0.005, 0.0], "B": [0.02, 0.01, -0.01, 0.003]}, index=DAYS)


def refused(data):
    with pytest.raises(InvalidInputError, match=r"^returns must hold numbers, got ") as caught:
        as_panel(data)
    return str(caught.value)


def first_remedy(data):
    """Return what the refusal says to write, executed: an expression, or an assignment to a column."""
    line = re.search(
        r"((?:pd\.DataFrame\()?returns[\[.)][^\n]*?)(?: or returns\.select_dtypes\('number'\))?\.$", refused(data)
    )[1]
    names = {"returns": data.copy(), "pd": pd}
    if " = " in line:
        exec(line, names)
        return names["returns"]
    return eval(line, names)


WORDS = ["x", "y", None, "x"]
OTHERS = {
    "text": pd.Series(WORDS, dtype="str" if pd.__version__ >= "3" else object),
    "string": pd.Series(WORDS, dtype="string"),
    "objects": pd.Series(WORDS, dtype=object),
    "category": pd.Series(WORDS, dtype="category"),
    "times": pd.Series(DAYS),
    "durations": pd.Series(DAYS - DAYS[0]),
    "periods": pd.Series(pd.period_range("2024", periods=4, freq="D")),
    "intervals": pd.Series(pd.interval_range(0, 4)),
    "truth": pd.Series([True, False, True, True]),
    "nullable truth": pd.Series([True, None, True, True], dtype="boolean"),
    "arrow text": pd.Series(WORDS, dtype=pd.ArrowDtype(pa.string())),
    "lists": pd.Series([[1], [2], [3], [4]]),
    "nothing": pd.Series([None] * 4, dtype=object),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_column_beside_numbers_is_named_and_can_be_left_out(kind):
    data = FRAME.assign(note=OTHERS[kind].array)
    text = refused(data)
    assert "at 2024-01-0" in text
    either = "" if kind == "durations" else " or returns.select_dtypes('number')"
    assert text.endswith(f"in column 'note'. Leave it out with returns.drop(columns=['note']){either}.")
    assert f"got dtype {data['note'].dtype}. " in text
    assert (as_panel(first_remedy(data)).values == FRAME.to_numpy()).all()
    if either:
        assert (as_panel(data.select_dtypes("number")).values == FRAME.to_numpy()).all()


def test_all_columns_without_numbers_are_left_out_together():
    data = FRAME.assign(ticker="AAPL", sector="tech")
    assert "Leave them out with returns.drop(columns=['ticker', 'sector'])" in refused(data)
    many = FRAME.assign(**{f"note {number}": "x" for number in range(9)})
    assert refused(many).endswith("Leave them out with returns.select_dtypes('number').")


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["1.5", "-0.5", "0", "2e-3"], [1.5, -0.5, 0.0, 0.002]),
        (["1.5", None, "nan", "2"], [1.5, np.nan, np.nan, 2.0]),
        (["1,234.5", "2", "3", "1,000"], [1234.5, 2.0, 3.0, 1000.0]),
        (["1.5%", "-2%", "0%", "3%"], [0.015, -0.02, 0.0, 0.03]),
        ([decimal.Decimal("0.1"), None, decimal.Decimal(1), decimal.Decimal(2)], [0.1, np.nan, 1.0, 2.0]),
        ([1.5, 2, None, "3"], [1.5, 2.0, np.nan, 3.0]),
    ],
)
@pytest.mark.parametrize("name", ["note", "last price", 7])
def test_numbers_as_text_and_objects_are_refused_with_the_line_that_converts_them(values, numbers, name):
    column = pd.Series(values, index=DAYS, name=name)
    converted = first_remedy(FRAME.assign(**{"note": column}).rename(columns={"note": name}))
    assert converted[name].tolist() == pytest.approx(numbers, rel=1e-15, nan_ok=True)
    assert first_remedy(column).tolist() == pytest.approx(numbers, rel=1e-15, nan_ok=True)


@pytest.mark.parametrize(
    "written",
    [
        lambda value: f"{value:.4f}",
        lambda value: f"{value:.4f}".replace(".", ","),
        lambda value: f"{100.0 * value:.2f}%",
        lambda value: f"{1e6 * value + 1e6:,.0f}",
    ],
)
def test_a_table_of_text_is_converted_by_one_line(written):
    data = FRAME.map(written)
    numbers = as_panel(first_remedy(data), holds="numbers").values
    expected = FRAME.to_numpy() if "," not in data.iloc[0, 0] or len(data.iloc[0, 0]) < 9 else 1e6 * FRAME + 1e6
    assert numbers == pytest.approx(np.asarray(expected), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "number"), [("0,040", 0.04), ("1,234", 1234.0), ("12,34", 12.34), ("-1,234.5", -1234.5)]
)
def test_a_comma_is_decimal_unless_it_parts_thousands(text, number):
    assert first_remedy(pd.Series([text, "1"], index=DAYS[:2])).tolist() == [number, 1.0]


def test_objects_that_are_numbers_are_refused_with_astype():
    for data in (FRAME.astype(object), FRAME["A"].astype(object), FRAME["A"].astype("category")):
        assert re.search(r"Convert it with \.astype\(float\)", refused(data))
    assert refused(FRAME.to_numpy().astype(object)).endswith("Convert it with .astype(float).")


def test_complex_numbers_and_truth_values_say_what_they_could_be():
    assert first_remedy(FRAME["A"] * (1 + 0j)).tolist() == FRAME["A"].tolist()
    assert refused(np.array([1j, 2.0])).endswith("Pass its real part: returns.real.")
    assert refused(FRAME["A"] > 0.0).endswith("As 1 and 0, pass returns.astype(float).")
    assert refused(np.array([True])).endswith("As 1 and 0, pass returns.astype(float).")


@pytest.mark.parametrize("index", [False, True])
def test_records_are_refused_with_the_table_that_they_are(index):
    records = FRAME.rename_axis("day").to_records(index=index)
    text = refused(records)
    assert "an array of records with the fields" in text
    assert (as_panel(first_remedy(records)).values == FRAME.to_numpy()).all()


@pytest.mark.parametrize(
    ("column", "line"),
    [
        (
            ["x", "y"],
            r"got String in column 'note'\. The first value is 'x'\. Leave it out with returns\.drop\('note'\)\.$",
        ),
        (["1.5", "2"], r"Convert it with returns\.with_columns\(pl\.col\('note'\)\.cast\(pl\.Float64\)\)\.$"),
        ([[1.0], [2.0]], r"got List\(Float64\) in column 'note'\. The first value is \[1\.0\]\. Leave it out"),
        ([True, False], r"got Boolean in column 'note'\. The first value is True\. Leave it out"),
        ([None, None], r"got Null|got Unknown"),
    ],
)
def test_a_polars_column_without_numbers_is_named_with_its_first_value(column, line):
    assert re.search(line, refused(pl.DataFrame({"A": [0.1, 0.2], "note": column})))


def test_what_a_double_cannot_hold_is_refused_in_our_words():
    with pytest.raises(InvalidInputError, match=r"2 infinite values"):
        as_panel(np.array([1.0, np.longdouble("1e4000"), -np.longdouble("1e4000")], dtype=np.longdouble))
    assert refused([10**400, 1]).startswith("returns must hold numbers, got dtype object.")
