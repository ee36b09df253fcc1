"""Weights of users' files and of texts: the right reading, or a refusal with the way out.

Every expected weight is the number that a reader of the page would write down, over 100 where it is percent.
"""

import json
import warnings

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.files import WeightsFile, read_weights
from tests.examples import examples

TWO = {"AAPL": 0.6, "MSFT": 0.4}
NAMES = ("AAPL", "MSFT", "NVDA")


@pytest.fixture
def write(tmp_path):
    def file(content, name="w.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


def close(read, expected):
    return list(read.weights) == list(expected) and list(read.weights.values()) == pytest.approx(
        list(expected.values()), rel=1e-15, abs=1e-18
    )


# --- text


@pytest.mark.parametrize(
    ("text", "expected", "unit"),
    [
        ("AAPL=0.6,MSFT=0.4", TWO, "fractions"),
        (" AAPL = 0.6 , MSFT = .4 ,", TWO, "fractions"),
        ("AAPL=60%,MSFT=40%", TWO, "percent"),
        ("AAPL=60 %;MSFT=40 %", TWO, "percent"),
        ("AAPL=0,6;MSFT=0,4", TWO, "fractions"),
        ("AAPL=60,0 %; MSFT=40,0 %;", TWO, "percent"),
        ("AAPL=0.6\nMSFT=0.4\n", TWO, "fractions"),
        ("AAPL=6e-1,MSFT=4E-1", TWO, "fractions"),
        ("AAPL=130%,MSFT=-30%", {"AAPL": 1.3, "MSFT": -0.3}, "percent"),
        ("AAPL=1.3,MSFT=\u22120.3", {"AAPL": 1.3, "MSFT": -0.3}, "fractions"),
        ("AAPL=130%,MSFT=(30%)", {"AAPL": 1.3, "MSFT": -0.3}, "percent"),
        ("AAPL=0.5,MSFT=-0.5", {"AAPL": 0.5, "MSFT": -0.5}, "fractions"),
        ("AAPL=100%,MSFT=0", {"AAPL": 1.0, "MSFT": 0.0}, "percent"),
        ("GC=F=0.5,EURUSD=X=0.5", {"GC=F": 0.5, "EURUSD=X": 0.5}, "fractions"),
        ("Berkshire Hathaway, B=0.5,AT&T=0.5", {"Berkshire Hathaway, B": 0.5, "AT&T": 0.5}, "fractions"),
        ("\"Alphabet, C\"=0.5;'S&P 500'=0.5", {"Alphabet, C": 0.5, "S&P 500": 0.5}, "fractions"),
        ("600519=0.25,000001=0.75", {"600519": 0.25, "000001": 0.75}, "fractions"),
        ("A=33.33%,B=33.33%,C=33.33%", {"A": 0.3333, "B": 0.3333, "C": 0.3333}, "percent"),
        ("AAPL=1", {"AAPL": 1.0}, "fractions"),
    ],
)
def test_pairs_are_read_as_they_are_written(text, expected, unit):
    read = read_weights(text)
    assert close(read, expected)
    assert (read.name, read.unit) == ("weights", unit)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "AAPL=0,6,MSFT=0,4",
            r"semicolons between pairs with decimal commas, such as AAPL=0,6;MSFT=0,4, got 'AAPL=0,6",
        ),
        ("AAPL=0,6,MSFT=1", "semicolons between pairs with decimal commas"),
        ("AAPL=0,6", "semicolons between pairs with decimal commas"),
        ("AAPL=0,6;MSFT=0.4", r"one decimal mark, got '0,6' and '0\.4'"),
        ("AAPL=half,MSFT=0.5", "a name and a finite number each, got 'AAPL' and 'half'"),
        ("AAPL=,MSFT=1", r"got 'AAPL' and ''\. Leave the row out, or give it a weight of 0"),
        ("=1", "got '' and '1'"),
        ("AAPL=inf,MSFT=1", "got 'AAPL' and 'inf'"),
        ("AAPL=1e999", "got 'AAPL' and '1e999'"),
        ("AAPL=1_000,MSFT=0", "got 'AAPL' and '1_000'"),
        ("AAPL=--1", "got 'AAPL' and '--1'"),
        ("AAPL=(-1)", r"got 'AAPL' and '\(-1\)'"),
        ("AAPL=0.5,MSFT", "got 'MSFT' alone"),
        ("AAPL=0.5,AAPL=0.5", "name each column once, got 'AAPL' twice"),
        ("AAPL=60%,MSFT=0.4", r"a percent sign on each weight or on none, got '60%' and '0\.4'"),
        ("AAPL=0.6%,MSFT=0.4%", r"they sum to 1%\. If they are fractions, leave the percent signs out"),
        ("AAPL=60,MSFT=30", r"sum to 90 \(sizes to 90\): as fractions they are 90 times .*, as percent 90 % of it"),
        ("AAPL=12000,MSFT=8000", "amounts of money are to be divided by their sum"),
        ("AAPL=50,MSFT=-50", r"sum to 0 \(sizes to 100\)"),
        ("AAPL=99.98,MSFT=0", r"sum to 99\.98 .*as percent 99\.98 % of it"),
    ],
)
def test_pairs_with_no_reading_or_with_two_are_refused(text, message):
    with pytest.raises(InvalidInputError, match=message):
        read_weights(text)


@pytest.mark.parametrize("text", ["AAPL=60,MSFT=40", "A=33.33,B=33.33,C=33.33", "A=120,B=-20", "A=100"])
def test_weights_that_sum_to_a_hundred_are_percent_with_a_warning_and_a_note(text):
    with pytest.warns(
        ConventionWarning, match=r"sum to (100|99\.99); they are read as percent\. As fractions they would"
    ):
        read = read_weights(text)
    assert read.unit == "percent"
    assert "they are read as percent" in read.notes[0]
    assert sum(read.weights.values()) == pytest.approx(1.0, abs=2e-4)


# --- files

FILES = {
    "plain": "name,weight\nAAPL,0.6\nMSFT,0.4\n",
    "no header": "AAPL,0.6\nMSFT,0.4",
    "blank lines": "\n\nname,weight\n\nAAPL,0.6\n\nMSFT,0.4\n\n\n",
    "carriage returns": "name,weight\r\nAAPL,0.6\r\nMSFT,0.4\r\n",
    "byte-order mark": b"\xef\xbb\xbfname,weight\nAAPL,0.6\nMSFT,0.4\n",
    "UTF-16": "name\tweight\nAAPL\t0.6\nMSFT\t0.4\n".encode("utf-16"),
    "percent": "Ticker,Weight\nAAPL,60%\nMSFT,40%\n",
    "percent after a blank": "Ticker;Gewicht\nAAPL;60 %\nMSFT;40 %\n",
    "no-break blank": "Ticker;Poids\nAAPL;60,00\u00a0%\nMSFT;40,00\u00a0%\n",
    "decimal comma": "Name;Gewicht\nAAPL;0,6\nMSFT;0,4\n",
    "decimal comma in quotes": 'name,weight\nAAPL,"0,6"\nMSFT,"0,4"\n',
    "tabs": "name\tweight\nAAPL\t0.6\nMSFT\t0.4\n",
    "bars": "name|weight\nAAPL|0.6\nMSFT|0.4\n",
    "blanks around cells": " name , weight \n AAPL , 0.6 \n MSFT , 0.4 \n",
    "trailing commas": "name,weight,,\nAAPL,0.6,,\nMSFT,0.4,,\n",
    "sector": "Ticker,Weight,Sector\nAAPL,60%,Technology\nMSFT,40%,Technology\n",
    "sector without a header": "AAPL,0.6,Technology\nMSFT,0.4,\n",
    "company before": 'Company,Ticker,Weight (%)\nApple Inc.,AAPL,60.0\n"Microsoft, Corp.",MSFT,40.0\n',
    "weight first": "0.6,AAPL\n0.4,MSFT\n",
    "weight first with a header": "weight,ticker\n0.6,AAPL\n0.4,MSFT\n",
    "rank": "Rank,Ticker,Weight\n1,AAPL,60%\n2,MSFT,40%\n",
    "row numbers of pandas": ",ticker,weight\n0,AAPL,0.6\n1,MSFT,0.4\n",
    "a Series of pandas": ",0\nAAPL,0.6\nMSFT,0.4\n",
    "shares and price": "Symbol,Quantity,Price,% of Portfolio\nAAPL,10,180.5,60%\nMSFT,4,301.0,40%\n",
    "target beside weight": "Ticker,Weight,Target weight\nAAPL,60%,50%\nMSFT,40%,50%\n",
    "total": "Ticker,Weight\nAAPL,60%\nMSFT,40%\nTotal,100%\n",
    "total of fractions": "AAPL,0.6\nMSFT,0.4\nSum:,1\n",
    "total of fractions in percent": "AAPL,0.6\nMSFT,0.4\nTOTAL,100%\n",
    "total without a name": "Ticker;Weight\nAAPL;60 %\nMSFT;40 %\n;100 %\n",
    "title": "Model portfolio\nAs of 2024-01-31\n\nTicker,Weight\nAAPL,60%\nMSFT,40%\n",
    "title and footer": "Fund\nTicker,Weight\nAAPL,60%\nMSFT,40%\nSource: custodian\n",
    "excel's mark": "sep=;\nTicker;Weight\nAAPL;0,6\nMSFT;0,4\n",
    "pairs on lines": "AAPL = 0.6\nMSFT = 0.4\n",
    "colons": "AAPL: 60%\nMSFT: 40%\n",
    "blanks": "# mine\nAAPL   0.6\nMSFT   0.4\n",
    "JSON": '{"AAPL": 0.6, "MSFT": 0.4}',
    "JSON of percent": '{"AAPL": "60%", "MSFT": "40%"}',
    "fund's page": (
        'Fund\nHoldings as of,"Dec 31, 2024"\nShares,"1,000.00"\n\n'
        "Ticker,Name,Sector,Market Value,Weight (%),Quantity\n"
        '"AAPL","APPLE INC","IT","60,000.00","60.00","300.00"\n"MSFT","MICROSOFT","IT","40,000.00","40.00","100.00"\n'
    ),
    "identifiers": "Name,Ticker,Identifier,Weight,Held\nApple,AAPL,037833100,60%,100\nMicrosoft,MSFT,594918104,40%,2\n",
    "German export": "Bezeichnung;Anteil in %\nAAPL;60,00\nMSFT;40,00\nGesamt;100,00\n",
    "header of percent": "Ticker,Weight in percent\nAAPL,60\nMSFT,40\n",
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_the_files_that_people_have_are_read_alike(write, content):
    read = read_weights(write(content), columns=NAMES)
    assert close(read, TWO)
    assert read.name == "w.csv"


def test_a_file_in_windows_1252_keeps_its_accents(write):
    read = read_weights(write("Titre;Poids\nSoci\u00e9t\u00e9;1\n".encode("cp1252")))
    assert read.weights == {"Soci\u00e9t\u00e9": 1.0}


def test_a_path_as_text_and_a_file_whose_name_holds_an_equals_sign_are_files(write):
    assert close(read_weights(str(write(FILES["plain"]))), TWO)
    assert close(read_weights(str(write(FILES["plain"], "book=7.csv"))), TWO)


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (FILES["total"], "The row 'Total' of w.csv is the total of the rows above it and no weight."),
        (FILES["title"], "2 lines above the table of w.csv are left out."),
        (FILES["title and footer"], "1 line below the table of w.csv is left out."),
        (FILES["header of percent"], "The weights of w.csv are percent, by their header 'Weight in percent'."),
    ],
)
def test_what_was_decided_is_said(write, content, note):
    read = read_weights(write(content), columns=NAMES)
    assert note in read.notes
    assert note in read.summary()


def test_fractions_under_a_header_of_percent_warn_with_both_readings(write):
    with pytest.warns(
        ConventionWarning, match=r"'Weight %' and sum to 1; they are read as fractions\. As percent .* 1 %"
    ):
        read = read_weights(write("Ticker,Weight %\nAAPL,0.6\nMSFT,0.4\n"))
    assert close(read, TWO)


def test_a_total_that_is_a_column_is_a_holding(write):
    read = read_weights(write("Ticker,Weight\nA,0\nTotal,0\n"), columns=["A", "Total"])
    assert read.weights == {"A": 0.0, "Total": 0.0}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "AAPL,60%\nMSFT,35%\nTotal,100%\n",
            r"a total of 100% on line 3, but the weights above it sum to 95\. Correct",
        ),
        ("AAPL,0.6\nMSFT,half\nNVDA,0.4\n", "got 'MSFT' and 'half' on line 2"),
        ("AAPL,0.6\nMSFT,\nNVDA,0.4\n", r"got 'MSFT' and '' on line 2\. Leave the row out, or give it a weight of 0"),
        ("AAPL,n/a\nMSFT,1\n", "got 'AAPL' and 'n/a' on line 1"),
        ("AAPL,0.6\nMSFT,0.4\nNVDA,n/a\n", "got 'NVDA' and 'n/a' on line 3"),
        ("AAPL,0.6\nEquities\nMSFT,0.4\n", "got 'Equities' and '' on line 2"),
        ("AAPL,0.6\nAAPL,0.4\n", "once, got 'AAPL' twice, on line 1 and on line 2"),
        (
            "name,weight\nAAPL,0,6\nMSFT,0,4\n",
            "line 2 of w.csv has 3 cells, but the header has 2.* decimal comma needs",
        ),
        ("AAPL,0,6\nMSFT,0,4\n", "one column of weights, got numbers in 'column 2', 'column 3'.*decimal commas need"),
        ("AAPL,0,6\nMSFT,1\n", "one column of weights, got numbers in"),
        (
            "Ticker,Old weight,New weight\nAAPL,60%,50%\nMSFT,40%,50%\n",
            "numbers in 'Old weight', 'New weight'. Name one",
        ),
        ("AAPL,60%\nMSFT,0.4\n", r"each weight or on none, got '60%' on line 1 and '0\.4' on line 2"),
        ("Ticker,Weight\nAAPL,60%\nMSFT,40%\nAs of 31 Dec, 2024\n", "got '60%' on line 2 and '2024' on line 4"),
        ("AAPL,6000bp\nMSFT,4000bp\n", "a name and a weight in each row"),
        ("AAPL,60%\nMSFT,40%\n\nSector,Weight\nIT,100%\n", "got 'Sector' and 'Weight' on line 4"),
        ("date,AAPL,MSFT\n2024-01-01,0.6,0.4\n", "one column of weights, got numbers in 'AAPL', 'MSFT'"),
        ("AAPL,MSFT\n0.6,0.4\n", "got 'AAPL' and 'MSFT' on line 1"),
        ('{"AAPL": 0.6, "AAPL": 0.4}', "once, got 'AAPL' twice"),
        ('{"AAPL": [0.6], "MSFT": true}', "a finite number each, got 'AAPL' and"),
        ('{"AAPL": 0.6', "is no JSON object of names and weights"),
        ("{}", "must name at least one weight"),
        ("AAPL;0,6\nMSFT;0.4\n", r"one decimal mark, got '0,6' on line 1 and '0\.4' on line 2"),
        ("AAPL,12500.50\nMSFT,8000\n", "amounts of money are to be divided by their sum"),
        ("AAPL\nMSFT\n", "no comma, semicolon or tab stands between them"),
        ("AAPL,MSFT\nNVDA,AMD\n", r"a name and a weight in each row, got \['AAPL', 'MSFT'\] in row 1"),
        (b"PK\x03\x04\x00\x00", "damaged zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "got an old workbook. Save it as CSV"),
        (b"PAR1\x00", "got Parquet"),
        (b"\x00\x01\x02", "must be text of names and weights"),
        (b"\xff\xfe\x00", "must be text of names and weights"),
        (b"", "w.csv is empty"),
        (b" \n \n", "w.csv is empty"),
        ('A,"0.5\nB,0.5\n', "w.csv"),
        ("A," + "9" * 200_000 + "\n", "w.csv"),
        ("A" * 200_000 + ",1\n", "w.csv is no table of names and weights"),
    ],
)
def test_files_with_no_reading_or_with_two_are_refused_with_the_way_out(write, content, message):
    with pytest.raises(InvalidInputError, match=message):
        read_weights(write(content), columns=NAMES)


def test_no_file_of_that_name_shows_both_spellings(tmp_path):
    with pytest.raises(InvalidInputError, match=r"cannot read .*absent\.csv: No such file.*or pairs such as AAPL=0\.6"):
        read_weights(tmp_path / "absent.csv")
    with pytest.raises(
        InvalidInputError, match=r"cannot read AAPL:0\.6: No such file.*pairs such as AAPL=0\.6,MSFT=0\.4"
    ):
        read_weights("AAPL:0.6")


def test_a_percentage_is_the_fraction_that_one_would_write():
    assert read_weights("A=33.34%,B=33.3%,C=33.36%").weights == {"A": 0.3334, "B": 0.333, "C": 0.3336}


def test_a_file_of_weights_is_bounded(write):
    with pytest.raises(InvalidInputError, match="at most 20 MB of names and weights, got 21 MB"):
        read_weights(write("A,1\n" + " " * 21_000_000))
    with pytest.raises(InvalidInputError, match="at most 100,000 rows of weights, got 100,001"):
        read_weights(write("A,1\n" * 100_001))


# --- properties


@examples(60)
@given(
    st.dictionaries(st.text("ABCdef.&-", min_size=1, max_size=6), st.integers(-500, 500),
                    min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_a_written_table_is_read_back(tmp_path_factory, cents, separator, header, percent):
    path = tmp_path_factory.mktemp("weights") / "w.csv"
    rows = ["name" + separator + "weight"] if header else []
    unit = "%" if percent else ""
    rows += [
        f"{name}{separator}{number / 1000 if not percent else number / 10:.3f}{unit}" for name, number in cents.items()
    ]
    path.write_text("\n".join(rows))
    if percent and abs(sum(cents.values()) - 10) < 10:  # percents that sum to 1: fractions with a sign?
        cents = {**cents, "Z": 9000}
        rows.append(f"Z{separator}900.000%")
        path.write_text("\n".join(rows))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)
        read = read_weights(path, columns=list(cents))
    assert read.weights == pytest.approx({name: number / 1000 for name, number in cents.items()}, rel=1e-14)


@examples(100)
@given(st.text(max_size=60))
def test_no_text_costs_more_than_a_refusal(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConventionWarning)
            read = read_weights(f"A=1,{text}=")
    except InvalidInputError:
        return
    assert np.isfinite(list(read.weights.values())).all()


@examples(100)
@given(st.binary(max_size=80) | st.text(",;\t|=.%0123456789AB\n\"' -", max_size=60).map(str.encode))
def test_no_file_costs_more_than_a_refusal(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "w.csv"
    path.write_bytes(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConventionWarning)
            read = read_weights(path)
    except InvalidInputError:
        return
    assert np.isfinite(list(read.weights.values())).all()


# --- the result


def test_the_result_shows_itself_and_its_weights_are_a_mapping_for_every_function():
    read = read_weights("AAPL=60%,MSFT=40%")
    assert isinstance(read, WeightsFile)
    assert repr(read) == "WeightsFile('weights': 2 weights, written as percent)"
    assert read.to_frame()["weight"].to_dict() == pytest.approx(TWO)
    assert read.summary().splitlines() == ["AAPL  60.00%", "MSFT  40.00%"]
    assert json.loads(json.dumps(read.weights)) == read.weights
    assert "<table" in read._repr_html_()
