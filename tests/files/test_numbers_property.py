"""Numbers that any one locale writes are read back exactly, or refused as ambiguous, and never read wrong."""

from decimal import Decimal

import numpy as np
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.files.numbers._missing_marks import CODES, NUMBERS
from riskresearch.files.numbers._numbers import could_be_numbers, number_share, read_numbers
from tests.examples import examples

STANDS_FOR_MISSING = (*NUMBERS, *CODES)
LOCALES = [
    (".", ""), (".", ","), (".", "lakh"), (".", " "), (".", "\u00a0"), (".", "'"), (".", "\u2019"),
    (",", ""), (",", "."), (",", " "), (",", "\u202f"), (",", "\u2019"),
]  # fmt: skip
AROUND = [
    "{}",
    "$ {}",
    "{} \u20ac",
    "\u00a3{}",
    "USD {}",
    "{} kr",
    "{} z\u0142",
    "{}%",
    "{}\u00a0%",
    "{}K",
    "{} Mrd",
    "{}bp",
]
POWERS = {"{}%": -2, "{}\u00a0%": -2, "{}K": 3, "{} Mrd": 9, "{}bp": -4}
SIGNS = ["-{}", "\u2212{}", "({})", "{}-"]


def grouped(digits, separator):
    """Write the digits of a whole number in groups, from the right."""
    if separator != "lakh":
        return f"{int(digits):,}".replace(",", separator)
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail])


def written(number, locale, *, places, trim, around, sign):
    """Write a number as a spreadsheet of one locale does, and return it with the number that this text means."""
    plain = f"{abs(number):.{places}f}"
    if trim and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    whole, _, fraction = plain.partition(".")
    mark, separator = locale
    text = around.format(grouped(whole, separator) + (mark + fraction if fraction else ""))
    negative = number < 0
    value = Decimal(plain).scaleb(POWERS.get(around, 0)) * (-1 if negative else 1)
    return (SIGNS[sign].format(text) if negative else text), float(value)


numbers = st.one_of(
    st.floats(-1e12, 1e12),
    st.floats(-10, 10),
    st.floats(-2000, 2000),
    st.integers(-(10**7), 10**7).map(float),
    st.integers(-3000, 3000).map(lambda thousandths: thousandths / 1000),
)


@given(
    st.lists(st.lists(numbers, min_size=1, max_size=6), min_size=1, max_size=3),
    st.sampled_from(LOCALES),
    st.lists(st.integers(0, 6), min_size=3, max_size=3),
    st.booleans(),
    st.lists(st.sampled_from(AROUND), min_size=3, max_size=3),
    st.integers(0, len(SIGNS) - 1),
)
@examples(400)
def test_what_one_locale_writes_is_read_back_or_refused(table, locale, places, trim, around, sign):
    columns, expected = {}, {}
    for i, column in enumerate(table):
        pairs = [written(n, locale, places=places[i], trim=trim, around=around[i], sign=sign) for n in column]
        pairs = [(text, value) for text, value in pairs if value not in STANDS_FOR_MISSING] or [("5", 5.0)]
        columns[str(i)] = np.array([text for text, _ in pairs], dtype=object)
        expected[str(i)] = [value for _, value in pairs]
        assert could_be_numbers(columns[str(i)])
        assert number_share(columns[str(i)]) == 1
    refusal = ""
    try:
        file = read_numbers(columns, place=str, file="f.csv")
    except InvalidInputError as error:
        refusal = str(error)
        file = read_numbers(columns, place=str, file="f.csv", decimal=locale[0])
    assert not refusal or "is ambiguous" in refusal
    for name, values in expected.items():
        assert file.values[name].tolist() == values


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e29, max_value=1e29), min_size=1))
@examples(200)
def test_the_shortest_spelling_of_any_float_is_read_back_to_the_last_bit(values):
    values = [value for value in values if value not in STANDS_FOR_MISSING] or [1.5]
    column = np.array([repr(value) for value in values], dtype=object)
    file = read_numbers({"a": column}, place=str, file="f.csv", separator=",")
    assert file.values["a"].tobytes() == np.array(values).tobytes()


@given(
    st.lists(
        st.text(alphabet="0123456789.,-+()%$ eEMx\u00a0'\u20ac#=\"\n\u0661\uff0e", max_size=12), min_size=1, max_size=4
    )
)
@examples(400)
def test_any_text_is_a_number_that_float_agrees_with_or_refused_by_us(cells):
    try:
        file = read_numbers({"a": np.array(cells, dtype=object)}, place=str, file="f.csv")
    except InvalidInputError:
        return
    for cell, value in zip(cells, file.values["a"], strict=True):
        try:
            number = float(cell)
        except ValueError:
            continue
        assert value == number or file.steps  # a single point may be a separator of thousands, and then a step says so
