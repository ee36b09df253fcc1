"""Columns that are no numbers, or several at once, are refused with the place, the cell and the way out."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.files.numbers._numbers import could_be_numbers, number_share, read_numbers


def read(*cells, name="Close", **options):
    column = np.array(cells, dtype=object) if len(cells) != 1 or isinstance(cells[0], str) else cells[0]
    return read_numbers({name: column}, place=lambda row: f"line {row + 2}", file="f.csv", **options)


STRAYS = [
    (["1", "2", "forty"], "column 'Close' of f.csv must hold numbers, got 'forty' on line 4: that is text"),
    (["suspended", "2", "suspended"], r"'suspended' on line 2 \(2 of 3 cells are of this kind\)"),
    (["1", "halted"], r"drop='Close' \(--drop Close\), or empty these cells if their values are missing"),
    (["1", "x" * 50], "'" + "x" * 40 + r"\.\.\.' on line 3"),
    (["1", "9" * 1_000_000], "got '" + "9" * 40 + r"\.\.\.' on line 3"),
    (["1", "#DIV/0!"], "'#DIV/0!' on line 3: a computation or download failed there"),
    (["1", "#VALUE!", "#VALUE!"], r"'#VALUE!' on line 3 \(2 of 3 cells"),
    (["#REF!", "1"], "'#REF!' on line 2: a computation or download failed"),
    (["#N/A Requesting Data...", "1"], "download failed"),
    (["#N/A Invalid Security", "1"], "download failed"),
    (["Err:502", "1"], "computation or download failed"),
    (["1.#INF", "1"], "computation or download failed"),
    (["#WERT!", "1"], "computation or download failed"),
    (["1", "inf"], "'inf' on line 3: no price or return is infinite"),
    (["1", "-Infinity"], "no price or return is infinite"),
    (["1", "\u221e"], "no price or return is infinite"),
    (
        ["1", "1e400"],
        "must hold finite numbers below 1e30 in size, got '1e400' on line 3: no price or return is infinite",
    ),
    (["1", "1e+99"], "got '1e.99' on line 3: no price or return has that size. Programs fill cells"),
    (["1", "-1.7976931348623157e+308"], "no price or return has that size"),
    (["99-16", "99-17"], r"prices in fractions \(99-16 is 99 and 16/32\) are not read"),
    (["99 16/32", "100 1/32"], "prices in fractions"),
    (["99-16+", "99-165"], "prices in fractions"),
    (["99'16", "99'17"], "prices in fractions"),
    (["1.5", "2", "3", "99-16"], "that is text"),
    (["1.3 b", "1.5 b", "2"], "must hold numbers in units that are known, got '1.3 b' on line 2"),
    (["123.5 p", "124.0 p"], "units that are known"),
    (["1.3 m", "1.5 m"], "that is text"),
    (["3M", "6M", "12M"], "'3M' on line 2 and the like throughout, which may be months or millions"),
    (["True", "False"], r"'True' on line 2 \(2 of 2 .*true and false are no numbers"),
    (["1", "yes"], "true and false are no numbers"),
]


@pytest.mark.parametrize(("cells", "message"), STRAYS)
def test_a_cell_that_is_no_number_is_named(cells, message):
    with pytest.raises(InvalidInputError, match=message):
        read(*cells)


TWO_FORMS = [
    (["1,234.50", "1.234,50"], "got '1,234.50' on line 2 and '1.234,50' on line 3"),
    (["1.5", "2.5", "2,5"], "got '1.5' on line 2 and '2,5' on line 4"),
    (["5", "1 234,5", "", "1,234.5"], "got '1 234,5' on line 3 and '1,234.5' on line 5"),
    (["1 234", "1'234"], "must spell its numbers in one way, got '1 234' on line 2 and \"1'234\" on line 3"),
    (["12,34,567", "1,234,567"], "got '12,34,567' on line 2 and '1,234,567' on line 3"),
    (["1.5E-3", "1,5E-3"], "got '1.5E-3' on line 2 and '1,5E-3' on line 3"),
    (["1.234.567", "1.5"], "got '1.234.567' on line 2 and '1.5' on line 3"),
]


@pytest.mark.parametrize(("cells", "message"), TWO_FORMS)
def test_two_ways_of_writing_in_one_column_are_refused_with_both_places(cells, message):
    with pytest.raises(InvalidInputError, match=message):
        read(*cells)


UNITS = [
    (["5%", "0", "3"], "must have a sign such as % in all cells or in none, got '5%' on line 2 but '3' on line 4"),
    (["3", "4", "5%", "6"], r"got '5%' on line 4 but '3' on line 2 \(3 cells differ\)"),
    (["5bp", "3%"], "got '5bp' on line 2 but '3%' on line 3"),
    (["5%", "3M"], "got '5%' on line 2 but '3M' on line 3"),
    (["$5", "\u20ac5"], "must be in one currency, got '\\$5' on line 2 and '\u20ac5' on line 3"),
    (["5 USD", "6 EUR"], "must be in one currency"),
    (["\xa35", "123p"], "must be in one currency"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "message"), UNITS)
def test_two_units_in_one_column_are_refused_with_both_places(cells, message):
    with pytest.raises(InvalidInputError, match=message):
        read(*cells)


def test_zero_needs_no_percent_sign():
    file = read("5%", "0", "0.00", "-")
    np.testing.assert_array_equal(file.values["Close"], [0.05, 0, 0, np.nan])


def test_a_currency_may_be_left_out_and_millions_stand_beside_thousands():
    assert read("5 kr", "6 kr.").values["Close"].tolist() == [5, 6]
    assert read("3M", "6M", "1.5M", "$-").values["Close"].tolist() == [3e6, 6e6, 1.5e6, 0]
    assert read("$5", "6").values["Close"].tolist() == [5, 6]
    assert read("1.3M", "950K", "123", "0").values["Close"].tolist() == [1300000, 950000, 123, 0]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (np.array([True, False]), "must hold numbers, got true and false"),
        (pd.DatetimeIndex(["2021-01-04"]), "must hold numbers, got dates"),
        (np.array([1.0, np.inf]), "got inf on line 3: no price or return is infinite"),
        (np.array([-np.inf, 1.0, np.nan]), "got -inf on line 2: no price or return is infinite"),
        (np.array([np.nan, 1e99]), "got 1e.99 on line 3: no price or return has that size"),
    ],
)
def test_typed_columns_that_are_no_finite_numbers_are_refused(column, message):
    with pytest.raises(InvalidInputError, match=message):
        read(column)


def test_the_option_quotes_a_name_with_blanks():
    with pytest.raises(InvalidInputError, match=r"drop='Adj Close' \(--drop \"Adj Close\"\)"):
        read("1", "a", name="Adj Close")


def test_cells_of_a_million_characters_are_no_numbers():
    for cell in ["9" * 10**6, "1," * 10**6, "(" * 10**6, " " * 10**6 + "5" + " " * 10**6, "9'" * 10**6, "1e" * 10**6]:
        assert number_share(np.array([cell], dtype=object)) == 0
        assert not could_be_numbers(np.array([cell, "x"], dtype=object))


def test_a_line_break_in_a_cell_moves_no_other_cell():
    with pytest.raises(InvalidInputError, match="'see note' on line 3"):
        read("1", "see\nnote", "2")
    assert read("1\n234", "5").values["Close"].tolist() == [1234, 5]
