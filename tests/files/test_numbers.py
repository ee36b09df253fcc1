"""Columns of cells as numbers: every spelling with its number by hand."""

import numpy as np
import pytest

from riskresearch.files.numbers._numbers import could_be_numbers, number_share, percent_in_name, read_numbers


def text(*cells):
    return np.array(cells, dtype=object)


def read(*columns, **options):
    """Read columns of text, named a, b, ..., of a file whose first row stands on line 2."""
    named = {chr(97 + i): cells if isinstance(cells, np.ndarray) else text(*cells) for i, cells in enumerate(columns)}
    return read_numbers(named, place=lambda row: f"line {row + 2}", file="f.csv", **options)


# Each spelling is read alone, beside the decimal mark that it needs where it does not show one itself.
SPELLINGS = [
    # plain
    ("0", 0.0), ("5", 5.0), ("42", 42.0), ("1234", 1234.0), ("1234567", 1234567.0), ("007", 7.0),
    ("0.5", 0.5), (".5", 0.5), ("5.", 5.0), ("1234.5", 1234.5), ("0.1234567890123456", 0.1234567890123456),
    ("0,5", 0.5), (",5", 0.5), ("5,", 5.0), ("1234,5", 1234.5), ("0,01", 0.01), ("123456,789", 123456.789),
    # signs
    ("-5", -5.0), ("+5", 5.0), ("- 5", -5.0), ("-.5", -0.5), ("-0,5", -0.5), ("5-", -5.0), ("5 -", -5.0),
    ("1,234.50-", -1234.5), ("\u22125", -5.0), ("\u22120,25", -0.25), ("\u20135.5", -5.5), ("\uff0d5", -5.0),
    ("\u20105", -5.0), ("(5)", -5.0), ("(1,234.50)", -1234.5), ("( 5.5 )", -5.5), ("+0.25", 0.25), ("5+", 5.0),
    # groups of thousands
    ("1,234.50", 1234.5), ("1,234,567", 1234567.0), ("1,234,567.8", 1234567.8), ("-1,234.5", -1234.5),
    ("1.234,50", 1234.5), ("1.234.567", 1234567.0), ("1.234.567,8", 1234567.8), ("-1.234,5", -1234.5),
    ("1 234,50", 1234.5), ("1 234.50", 1234.5), ("1 234 567", 1234567.0), ("1\u00a0234,50", 1234.5),
    ("1\u202f234,50", 1234.5), ("1\u2009234\u2009567,8", 1234567.8), ("1\u00a0234\u00a0567", 1234567.0),
    ("1'234.50", 1234.5), ("1\u2019234.50", 1234.5), ("1'234'567", 1234567.0), ("1\u2019234,50", 1234.5),
    ("12,34,567.00", 1234567.0), ("1,23,456", 123456.0), ("1,00,00,000.5", 10000000.5), ("99,99,999", 9999999.0),
    ("12 345", 12345.0), ("123 456.7", 123456.7), ("123,456,789,012", 123456789012.0), ("0,001", 0.001),
    ("0.001", 0.001),
    # currencies
    ("$5", 5.0), ("$1,234.50", 1234.5), ("-$5", -5.0), ("$-5", -5.0), ("$ -5.5", -5.5), ("($5)", -5.0), ("$(5)", -5.0),
    ("($1,234.50)", -1234.5), ("$ (1,234.50)", -1234.5), ("\u20ac5", 5.0), ("5 \u20ac", 5.0),
    ("1.234,50 \u20ac", 1234.5),
    ("-1.234,50\u00a0\u20ac", -1234.5), ("\u20ac 1.234,50-", -1234.5), ("\xa312.5", 12.5), ("\xa51,234,567", 1234567.0),
    ("\uffe51,234,567", 1234567.0), ("USD 12", 12.0), ("USD12.5", 12.5), ("12.5 USD", 12.5), ("usd 12.5", 12.5),
    ("12 kr", 12.0), ("12,50 kr.", 12.5), ("kr 12,50", 12.5), ("1 234,50 kr", 1234.5), ("R$ 1.234,50", 1234.5),
    ("R$12,50", 12.5), ("CHF 1'234.50", 1234.5), ("Fr. 12.50", 12.5), ("12,50 z\u0142", 12.5),
    ("1 234,50 z\u0142", 1234.5),
    ("12,50 K\u010d", 12.5), ("12,5 Ft", 12.5), ("\u20b912,34,567.00", 1234567.0), ("Rs. 12,34,567.00", 1234567.0),
    ("Rs 500", 500.0), ("HK$12.5", 12.5), ("US$ 12.5", 12.5), ("NT$1,234.5", 1234.5), ("\u20a91,234,567", 1234567.0),
    ("12,5 \u20bd", 12.5), ("12,5 \u0440\u0443\u0431.", 12.5), ("\u20ba12,5", 12.5), ("12,5 TL", 12.5),
    ("\u20aa12.5", 12.5),
    ("123.5p", 123.5), ("GBX 123.5", 123.5), ("123.5 GBp", 123.5), ("0.5 BTC", 0.5), ("EUR-5,5", -5.5),
    ("5,5- EUR", None),
    # percent, per mille, basis points
    ("0.45%", 0.0045), ("0,45 %", 0.0045), ("0,45\u00a0%", 0.0045), ("-0.45%", -0.0045), ("(0.45%)", -0.0045),
    ("(0.45)%", -0.0045), ("+1.10%", 0.011), ("12%", 0.12), ("100 %", 1.0), ("%5", 0.05), ("%0,45", 0.0045),
    ("-%5", -0.05),
    ("1,234.5%", 12.345), ("0.45 percent", 0.0045), ("0,45 Prozent", 0.0045), ("\uff05", None), ("5\uff05", 0.05),
    ("5\u2030", 0.005), ("45bp", 0.0045), ("45 bps", 0.0045), ("-12.5bp", -0.00125), ("0.07%", 0.0007),
    ("0.29%", 0.0029),
    # suffixes
    ("1.30M", 1300000.0), ("1,30M", 1300000.0), ("950K", 950000.0), ("950k", 950000.0), ("1.13M", 1130000.0),
    ("2.5B", 2500000000.0), ("1.2T", 1.2e12), ("1,5 mio", 1500000.0), ("1,5 Mio.", 1500000.0), ("2,5 Mrd", 2.5e9),
    ("2,5 Mrd. \u20ac", 2.5e9), ("12.5 Mio. EUR", 12500000.0), ("$1.3M", 1300000.0), ("-$1.3M", -1300000.0),
    ("($1.3M)", -1300000.0), ("$2.5bn", 2.5e9), ("1,5 mln z\u0142", 1500000.0), ("2,5 mld", 2.5e9), ("5 Mkr", 5e6),
    ("k\u20ac 5", None), ("5 k\u20ac", 5000.0), ("1.2 million", 1200000.0), ("12.5 lakh", 1250000.0),
    ("1.5 crore", 1.5e7),
    ("1,5 \u043c\u043b\u043d", 1.5e6), ("3.2\u5104", 3.2e8), ("4.35K", 4350.0), ("12MM", 1.2e7),
    # exponents
    ("1.2E-03", 0.0012), ("1,2E+02", 120.0), ("1e5", 100000.0), ("-1.5e-05", -1.5e-05), ("1.5D+02", 150.0),
    ("5E3", 5000.0),
    ("1,234E+03", 1234.0), ("1.234E+03", 1234.0), ("+1.5E2", 150.0), ("(1.5E2)", -150.0), ("EUR 1.5E2", 150.0),
    # marks by which a spreadsheet knows a text
    ('="0.5"', 0.5), ('="1,234.50"', 1234.5), ("'0.5", 0.5), ('"0.5"', 0.5), ('="-5"', -5.0), ("'-0,5", -0.5),
    # other digits
    ("\uff11\uff12\uff0e\uff15", 12.5), ("\u0661\u0662\u066b\u0665", 12.5), ("\u0661\u066c\u0662\u0663\u0664", 1234.0),
    ("\u06f1\u06f2", 12.0), ("\u0967\u0968.\u096b", 12.5),
    # marks of direction that nobody sees
    ("\u200e5.5", 5.5), ("5.5\u200f", 5.5),
    # no numbers
    ("forty", None), ("12 monkeys", None), ("1..2", None), ("1,2,3", None), ("1,23.4", None), ("12.34.56", None),
    ("--5", None), ("-5-", None), ("(-5)", None), ("(5", None), ("5)", None), ("((5))", None), ("5,-", None),
    ("2021-03-04", None), ("04.01.2021", None), ("12:30", None), ("1_000", None), ("0x1F", None), ("$5%x", None),
    ("5 T\u20ac", None), ("1.5 G", None), ("5 mil", None), ("99-16", None),
    ("99 16/32", None), ("True", None), ("inf", None), ("#REF!", None), ("1.#INF", None), ("1 23", None),
    ("1 2345", None),
    ("1e", None), ("e5", None), ("1 234 56", None), ("1.5e1.5", None), ("5 cr", None), ("1e5%", None),
    ("1E2M", None), ("$5%", None),
    ("Rs.1,234.50", 1234.5), ("Fr.12.50", 12.5), ("kr.12,5", 12.5), ("5t", None),
    ("R 1 234,50", 1234.5), ("R1,234.50", 1234.5), ("3.2\uc5b5", 3.2e8), ("$ -", 0.0), ("$-", 0.0), ("-   \u20ac", 0.0),
    ("3M", None), ("12m", None), ("3.0M", 3e6), ("120M", 1.2e8), ("SFr. 1'234.50", 1234.5),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "number"), SPELLINGS, ids=[ascii(cell) for cell, _ in SPELLINGS])
def test_a_spelling_has_its_number(cell, number):
    column = text(cell, cell)
    assert could_be_numbers(column) is (number is not None)
    assert number_share(column) == (number is not None)
    if number is not None:
        assert read(column).values["a"].tolist() == [number, number]


@pytest.mark.parametrize("cell", ["1,234", "1.234", "-12,345", "$123.456", "1.234%", "5,678M", "\u20ac 1.234"])
def test_one_mark_before_three_digits_has_two_readings(cell):
    digits = float("".join(mark for mark in cell if mark.isdigit()))
    with pytest.raises(
        ValueError, match=r'column \'a\' of f.csv is ambiguous: .* on line 2 is .*decimal="," \(--decimal ,\)'
    ):
        read([cell])
    values = [abs(read([cell], decimal=mark).values["a"][0]) for mark in ".,"]
    assert max(values) == pytest.approx(1000 * min(values), rel=1e-12)
    assert f"{max(values):e}".rstrip("0")[:3] == f"{digits:e}".rstrip("0")[:3]


@pytest.mark.parametrize(
    ("name", "percent"),
    [
        ("Change %", True), ("Return (%)", True), ("in percent", True), ("ret_pct", True), ("Rendite in Prozent", True),
        ("Variation en pourcent", True), ("Percentage", True), ("Close", False), ("pctile", False), ("Change", False),
    ],
)  # fmt: skip
def test_a_name_says_that_a_column_is_in_percent(name, percent):
    assert percent_in_name(name) is percent


def test_a_column_without_numbers_could_not_be_numbers():
    assert not could_be_numbers(text("", "", "n/a"))
    assert number_share(text("", "", "n/a")) == 0
    assert not could_be_numbers(text())
    assert not could_be_numbers(np.array([np.nan, np.nan]))
    assert could_be_numbers(text(*[""] * 1000, "5", *[""] * 1000))


def test_a_few_slips_stay_a_column_of_numbers():
    column = text(*map(str, range(20)), "forty")
    assert could_be_numbers(column)
    assert number_share(column) == 20 / 21


def test_typed_columns_are_used_as_they_are():
    values = np.array([1.5, np.nan, -2.0])
    file = read(values, np.array([1, 2, 3]))
    assert file.values["a"] is values
    assert file.values["b"].dtype == np.float64
    assert file.missing == {"": 1}
    assert could_be_numbers(values)
    assert number_share(values) == 1
    assert file.formats == {}


def test_numbers_among_the_texts_of_a_spreadsheet_are_read():
    for beside in ("1.5", "1,5", "1.234,5", "(1 234.5)"):
        numbers = read(text(beside, 2.5, None, 3, float("nan"), -0.1, 1e-9, np.float64(1e22))).values["a"]
        np.testing.assert_array_equal(numbers[1:], [2.5, np.nan, 3, np.nan, -0.1, 1e-9, 1e22])
    with pytest.raises(ValueError, match="true and false are no numbers"):
        read(text("1.5", True))


def test_the_format_of_each_column_is_told():
    file = read(["1.234,50 \u20ac", "-"], ["0,45%", "1,2%"], ["1,30M", "950K"])
    assert [str(file.formats[name]) for name in "abc"] == [
        "decimal mark ',', thousands separated by '.', currency '\u20ac'",
        "decimal mark ',', unit '%'",
        "decimal mark ',', unit 'M', 'K'",
    ]
    assert file.percent == {"b"}
    assert [step.name for step in file.steps] == ["numbers", "numbers", "numbers", "percent", "missing values"]
    assert str(file.steps[3]) == "percent: column 'b' divided by 100 (the cells carry a percent sign)"
    assert str(file.steps[4]) == "missing values: 1 '-'"


def test_the_zero_of_accounts_is_told():
    file = read(["$5", "$ -", "($5)", "$ -"])
    assert file.values["a"].tolist() == [5, 0, -5, 0]
    assert str(file.steps[-1]) == "numbers: 2 cells such as '$ -' are zero (the accounting format of spreadsheets)"


def test_flags_of_single_numbers_are_ignored_and_told():
    file = read(["105.3", "104.2 p", "103.1", "102.9 e", ": c", "99.5 b", "98"])
    np.testing.assert_array_equal(file.values["a"], [105.3, 104.2, 103.1, 102.9, np.nan, 99.5, 98])
    assert str(file.steps[-1]) == (
        "numbers: 3 cells such as '104.2 p' are read without the letters (flags of statistical offices)"
    )


def test_plain_numbers_need_no_words():
    assert read(["1.5", "2"], np.array([1.0, 2.0])).steps == ()
