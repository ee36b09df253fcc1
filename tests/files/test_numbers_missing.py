"""Marks of missing values: each text and number that stands for none, and those that stay what they are."""

import numpy as np
import pytest

from riskresearch.files.numbers._missing_marks import MARKS
from riskresearch.files.numbers._numbers import could_be_numbers, read_numbers


def read(*columns):
    named = {chr(97 + i): c if isinstance(c, np.ndarray) else np.array(c, dtype=object) for i, c in enumerate(columns)}
    return read_numbers(named, place=lambda row: f"line {row + 2}", file="f.csv")


WRITTEN = [
    "NaN", "nan", "NAN", "NA", "N/A", "n/a", "#N/A", "#N/A N/A", "#N/A Field Not Applicable", "null", "NULL", "Null",
    "None", "-", "--", "\u2014", "\u2013", "\u2212", "/", ".", "..", "...", "*", "x", "x?", "ND", "n.d.", "n.a.",
    "k.A.",
    "s.o.", ":", ": c", ":u", ".a", ".Z", "C",
    "(NA)", "missing", "?", "\\N", "NaT", "<NA>", "#NV", "#N/D", "N/D", "NM", "\u2026", "'-",
    '="n/a"', "\xa0", "-\xa0", "No data", "Kein Wert vorhanden",
]  # fmt: skip


@pytest.mark.parametrize("mark", [*sorted(mark.replace("9", "1") for mark in MARKS), *WRITTEN])
def test_a_mark_of_a_missing_value_is_nan_and_counted(mark):
    file = read(["1.5", mark, "2", mark])
    np.testing.assert_array_equal(file.values["a"], [1.5, np.nan, 2, np.nan])
    assert file.missing == {mark: 2}
    assert could_be_numbers(np.array(["1.5", mark], dtype=object))
    assert not could_be_numbers(np.array([mark, mark], dtype=object))


@pytest.mark.parametrize("text", ["suspended", "halted", "holiday", "closed", "nil", "#VALUE!", "- -", "0.0.0"])
def test_other_texts_are_no_marks(text):
    with pytest.raises(ValueError, match="must hold numbers"):
        read(["1.5", text])


def test_a_column_of_marks_is_all_missing():
    file = read(["-", "", "n/a"])
    assert np.isnan(file.values["a"]).all()
    assert str(file.steps[-1]) == "missing values: 1 '-', 1 empty, 1 'n/a'"


def test_an_empty_column_has_no_numbers():
    assert read([]).values["a"].shape == (0,)
    assert read(np.array([])).values["a"].shape == (0,)


nan = np.nan
NUMBERS = [
    ([0.6, -99.99, -1.2, -99.99], [0.6, nan, -1.2, nan]),
    ([0.6, -99.99, -1.2], [0.6, nan, -1.2]),
    ([0.6, -999.0, -1.2], [0.6, nan, -1.2]),
    ([0.6, -999.99, -9999.0], [0.6, nan, nan]),
    ([0.006, -99.9999, -0.012], [0.006, nan, -0.012]),
    ([4016.8, -999.0, 3998.2], [4016.8, nan, 3998.2]),
    ([0.6, -99.99, -49.0], [0.6, nan, -49.0]),
    ([0.6, -99.99, -99.99, -80.0], [0.6, nan, nan, -80.0]),
    ([0.6, -99.0, -1.0, -99.0], [0.6, nan, -1.0, nan]),
    ([0.006, -99.0, -0.01, -66.0, -77.0, 1.5], [0.006, nan, -0.01, nan, nan, 1.5]),
    ([0.006, -88.0, -0.99], [0.006, nan, -0.99]),
    # these may be real
    ([0.6, -66.0, -1.2], None),
    ([66.5, -66.0, 65.5], None),
    ([-66.0, 0.5, 100.0, -0.5], None),
    ([-66.0, -99.99, 1.0], None),
    ([-44.0, -12.0, 3.0, -99.0, -99.0, -51.0], None),
    ([0.6, -99.99, -60.0], None),
    ([0.6, -99.99, -99.5, -99.99], None),
    ([-999.0, -500.0, 300.0], None),
    ([-999.0, -998.0, 1200.0], None),
    ([-99.99, -100.0, 5.0], None),
    ([-9999.0, -12000.0, 1.0], None),
    ([5.0, 9999.0, 6.0], None),
    ([0.6, -99.0, -1.2], None),
    ([0.0, 0.0, 101.5], None),
    ([-100.0, 5.0, 6.0], None),
]


@pytest.mark.parametrize(("numbers", "read_as"), NUMBERS)
@pytest.mark.parametrize("typed", [True, False])
def test_a_number_that_cannot_be_real_is_missing(numbers, read_as, typed):
    column = np.array(numbers) if typed else [f"{number:.4f}" for number in numbers]
    file = read(column)
    np.testing.assert_array_equal(file.values["a"], numbers if read_as is None else read_as)
    assert bool(file.missing) is (read_as is not None)


def test_numbers_that_mean_missing_are_named_and_the_input_stays():
    given = np.array([0.6, -99.99, -1.2, -99.99])
    file = read(given, np.array([10, -999, 12, 13]))
    assert given.tolist() == [0.6, -99.99, -1.2, -99.99]
    assert file.missing == {"-99.99": 2, "-999": 1}
    assert str(file.steps[0]) == (
        "missing values: 1 '-999', 2 '-99.99' (no other number of the table is near -999 and -99.99)"
    )
    kept = read(np.array([0.6, -99.99, -60.0]))
    assert str(kept.steps[0]) == (
        "missing values: -99.99 kept as numbers (other numbers of the table are near, so they may be real)"
    )


def test_another_column_shows_that_such_numbers_are_real():
    file = read(np.array([0.6, -999.0, 1.2]), np.array([-998.0, 5.0, 6.0]))
    assert file.values["a"].tolist() == [0.6, -999.0, 1.2]
