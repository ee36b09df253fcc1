"""The decimal mark of a column that does not show it: other cells and columns decide, else it is refused."""

import numpy as np
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.files.numbers._decimal_mark import could_be_thousands
from riskresearch.files.numbers._numbers import read_numbers


def read(*columns, others=(), **options):
    named = {chr(97 + i): cells_of(cells) for i, cells in enumerate(columns)}
    others = [cells_of(cells) for cells in others]
    return read_numbers(named, place=lambda row: f"line {row + 2}", file="f.csv", others=others, **options)


def cells_of(cells):
    return cells if isinstance(cells, np.ndarray) else np.array(cells, dtype=object)


AMBIGUOUS = ["1,234", "2,345", "12,346"]
"""No cell ends in a zero, so no bare whole number could show that these are thousands."""

SHOWN_BY_THE_COLUMN = [
    (["1,234", "1.5"], [1234, 1.5]),
    (["1,234", "1,5"], [1.234, 1.5]),
    (["1,234", "1,234,567"], [1234, 1234567]),
    (["1.234", "1.234.567"], [1234, 1234567]),
    (["1,234", "12,34,567"], [1234, 1234567]),
    (["1.234", "1 234,5"], None),
    (["1.234", "1234.5"], [1.234, 1234.5]),
    (["1,234", "1,234.50", "5"], [1234, 1234.5, 5]),
    (["1.234", "1234.567"], [1.234, 1234.567]),
    (["1.234", "-0.012"], [1.234, -0.012]),
    (["1,234", "0,012"], [1.234, 0.012]),
    (["1.180", "1.179", "0.999"], [1.18, 1.179, 0.999]),
    (["1,234", "1,2E-01"], [1.234, 0.12]),
    (["1.234", ".5"], [1.234, 0.5]),
    (["1.234", "0,123"], [1234, 0.123]),
    (["987", "65", "321", "1,250"], [987, 65, 321, 1250]),
    (["987", "1.250", "-", "4", "21"], [987, 1250, np.nan, 4, 21]),
    (["$987", "$65", "-$3", "$1,250"], [987, 65, -3, 1250]),
]


@pytest.mark.parametrize(("cells", "numbers"), SHOWN_BY_THE_COLUMN)
def test_one_cell_shows_the_decimal_mark_of_its_column(cells, numbers):
    if numbers is None:
        with pytest.raises(InvalidInputError, match="must spell its numbers in one way"):
            read(cells)
    else:
        np.testing.assert_array_equal(read(cells).values["a"], numbers)


NOTHING_SHOWS_IT = [
    (AMBIGUOUS, {}),
    (["987", "65", "321", "1,234"], {}),
    (["100", "101,250", "102,130", "100", "101,980"], {}),
    (["0", "00", "000", "1,250"], {}),
    (["1,234", 0.5], {}),
    (["0.123", "0,123"], {}),
    (["1.234", "1,234"], {}),
    (["0", "1,250"], {}),
    (["987", "65", "321", "1.250M"], {}),
    (["1,250", "2,500"], {}),
    (["1.234", "2.345"], {"separator": ";"}),
    (["1.234", "2.345"], {"separator": "\t"}),
    (AMBIGUOUS, {"separator": ","}),
    (["1.234", "2.345"], {"separator": ",", "others": [["1,234", "5,678"]]}),
    (AMBIGUOUS, {"others": [["1.5"], ["1,5"]]}),
    (AMBIGUOUS, {"others": [np.array([1.5])]}),
    (AMBIGUOUS, {"others": [np.array([1.234, 2.345])], "separator": ";"}),
    (AMBIGUOUS, {"others": [["17.30", "09.30"]]}),
    (AMBIGUOUS, {"others": [["forty", "12.5 monkeys"]]}),
    (AMBIGUOUS, {"others": [["split 2:1", "1.5", "note"]]}),
    (AMBIGUOUS, {"others": [["04.01.2021", "05.01.2021"], np.array([1, 2, 3])]}),
]


@pytest.mark.parametrize(("cells", "options"), NOTHING_SHOWS_IT)
def test_two_readings_are_refused_with_the_option_that_chooses(cells, options):
    with pytest.raises(InvalidInputError, match=r'is ambiguous: .*decimal="\." \(--decimal \.\) or decimal=","'):
        read(cells, **options)


def test_the_message_shows_both_readings_of_one_cell():
    with pytest.raises(InvalidInputError, match=r"'1,234' on line 2 is 1234 with a decimal point and 1\.234 with a"):
        read(AMBIGUOUS)
    with pytest.raises(InvalidInputError, match="is ambiguous, and so are 2 other columns"):
        read(AMBIGUOUS, AMBIGUOUS, AMBIGUOUS)


SHOWN_BY_THE_FILE = [
    (AMBIGUOUS, {"others": [["0.35%", "-0.19%"]]}, "."),
    (AMBIGUOUS, {"others": [["1,30M", "950K"]]}, ","),
    (AMBIGUOUS, {"others": [["1.234.567", "5"]]}, ","),
    (AMBIGUOUS, {"others": [["$1.5", "1", "2", "3", "forty"]]}, "."),
    (AMBIGUOUS, {"others": [np.array([1.5])], "separator": ","}, "."),
    (AMBIGUOUS, {"others": [np.array([101.25, 101.3, 99.75, 99.8, 100.1])], "separator": "\t"}, "."),
    (AMBIGUOUS, {"others": [np.array([1234.5])], "separator": ";"}, "."),
    (["1.234", "1.180", "."], {"separator": ","}, "."),
    (["1.234", "1.180", "n/a"], {"separator": ",", "others": [["2.345", ""]]}, "."),
]


@pytest.mark.parametrize(("cells", "options", "mark"), SHOWN_BY_THE_FILE)
def test_another_column_shows_the_decimal_mark_of_the_file(cells, options, mark):
    file = read(cells, **options)
    np.testing.assert_array_equal(file.values["a"], read(cells, decimal=mark).values["a"])
    assert str(file.steps[0]).startswith(f"decimal mark: {mark!r} in column 'a' (")


def test_a_used_column_shows_the_mark_and_the_step_says_so():
    file = read(AMBIGUOUS, ["1,5", "2,5", "3"])
    assert file.values["a"].tolist() == [1.234, 2.345, 12.346]
    assert str(file.steps[0]) == "decimal mark: ',' in column 'a' (column 'b' has it in '1,5')"


def test_columns_of_one_file_may_have_different_marks():
    file = read(["1.5", "2.5"], ["1,5", "2,5"])
    assert file.values["a"].tolist() == file.values["b"].tolist() == [1.5, 2.5]


def test_a_given_mark_decides_or_is_contradicted():
    assert read(AMBIGUOUS, decimal=",").values["a"].tolist() == [1.234, 2.345, 12.346]
    assert str(read(AMBIGUOUS, decimal=",").steps[0]) == "decimal mark: ',' (as given)"
    assert read(["5", "6"], decimal=",").steps == ()
    with pytest.raises(
        InvalidInputError, match=r"decimal must fit all numbers, got ',' and '1\.5' on line 2 in column 'a'"
    ):
        read(["1.5", "2"], decimal=",")
    with pytest.raises(
        InvalidInputError, match=r"got ',' and 2\.5 on line 3 in column 'a' of f.csv\. Leave out the option"
    ):
        read(np.array([1.0, 2.5]), decimal=",", separator=";")
    with pytest.raises(InvalidInputError, match=r'decimal must be "\." or ",", got \';\''):
        read(["1"], decimal=";")


@pytest.mark.parametrize(
    ("numbers", "answer"),
    [
        ([1.234, 2.345], True), ([1.234, 1.5, 2.0], True), ([1.25, 2.5], True), ([12.345, np.nan, 3], True),
        ([0.5, 1.234], False), ([1234.5], False), ([1.2345], False), ([1, 2, 3], False), ([np.nan], False), ([], False),
        ([1.25, 1.5, 2.75, 3.5, 4.1], False), ([-1.234, -999.999], True),
    ],
)  # fmt: skip
def test_numbers_that_may_have_been_thousands(numbers, answer):
    assert could_be_thousands(np.array(numbers, dtype=float)) is answer
