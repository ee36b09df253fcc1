"""Texts as people download them, with made-up numbers: the content, the names, the first line of data, the rows."""

from dataclasses import dataclass

DAYS = [f"2022-01-{day:02d}" for day in range(3, 29)]
GERMAN_DAYS = [f"{day:02d}.01.2022" for day in range(3, 29)]
MONTHS = [f"{year}{month:02d}" for year in (2021, 2022) for month in range(1, 13)]
YEARS = [str(year) for year in range(2000, 2020)]


def rows(form, stamps=DAYS):
    """Return a line for each stamp; `x` is a price and `v` a volume."""
    return "".join(form.format(d=stamp, i=i, x=100 + i / 4, v=1000 + i) + "\n" for i, stamp in enumerate(stamps))


@dataclass(frozen=True)
class Shape:
    content: str
    headers: tuple
    first_line: int
    n_rows: int
    kinds: str
    """One letter a column: O text, f float, i integer."""


FRENCH = (
    "This file, was made, by a generator\nMissing data are indicated by -99.99.\n\n,Mkt-RF,SMB\n"
    + rows("{d},   1.{i},  -0.5", MONTHS)
    + "\n Annual Factors: January-December \n,Mkt-RF,SMB\n"
    + rows("  {d},  1.5,  2.5", YEARS)
    + "\nCopyright nobody\n"
)
BUNDESBANK = '"";BBEX3.D.USD;BBEX3.D.USD_FLAGS\n"";Kurs;\nDimension;Eins;\nStand vom;26.11.2026 15:56:21;\n' + rows(
    "{d};1,1{i};"
)
SERIES_KEYS = "Data Source in SDW: null\n,EXR.D.USD.EUR\n,Reference rate\nCollection:,Average of observations\n" + rows(
    "{d},1.1{i}"
)
RULE = "+------------+--------+\n"
SHAPES = {
    "plain": Shape("Date,A\n" + rows("{d},{x}"), (("Date", "A"),), 2, 26, "Of"),
    "no header": Shape(rows("{d},{x},{v}"), (), 1, 26, "Ofi"),
    "exchange klines": Shape(
        "".join(f"{1641168000000 + i * 86400000},{1.5 + i},100\n" for i in range(30)), (), 1, 30, "ifi"
    ),
    "years as names": Shape("Date,2020,2021\n" + rows("{d},{x},{v}"), (("Date", "2020", "2021"),), 2, 26, "Ofi"),
    "tenors as names": Shape("Date,1M,10Y\n" + rows("{d},1.5,2.5"), (("Date", "1M", "10Y"),), 2, 26, "Off"),
    "numbers as names": Shape(",0,1\n" + rows("{d},{x},{v}"), (("", "0", "1"),), 2, 26, "Ofi"),
    "zone in the name": Shape("Date (UTC+1),A\n" + rows("{d},{x}"), (("Date (UTC+1)", "A"),), 2, 26, "Of"),
    "three header rows": Shape(
        "Price,Close,Volume\nTicker,EUR,EUR\nDate,,\n" + rows("{d},{x},{v}"),
        (("Price", "Close", "Volume"), ("Ticker", "EUR", "EUR"), ("Date", "", "")), 4, 26, "Ofi",
    ),
    "two header rows": Shape(
        ",A,A\n,Close,Vol\n" + rows("{d},{x},{v}"), (("", "A", "A"), ("", "Close", "Vol")), 3, 26, "Ofi"
    ),
    "metadata rows": Shape(
        BUNDESBANK,
        (("", "BBEX3.D.USD", "BBEX3.D.USD_FLAGS"), ("", "Kurs", ""), ("Dimension", "Eins", ""),
         ("Stand vom", "26.11.2026 15:56:21", "")), 5, 26, "OOO",
    ),
    "series keys": Shape(
        SERIES_KEYS, (("", "EXR.D.USD.EUR"), ("", "Reference rate"), ("Collection:", "Average of observations")), 5, 26,
        "Of",
    ),
    "title lines": Shape(
        "Fund: Acme\nCurrency: EUR\n\nDate,NAV\n" + rows("{d},{x}"), (("Date", "NAV"),), 5, 26, "Of"
    ),
    "titles of two cells": Shape(
        "Fund:,Acme\nCurrency:,EUR\nDate,NAV\n" + rows("{d},{x}"), (("Date", "NAV"),), 4, 26, "Of"
    ),
    "padded titles": Shape(
        "Fund: Acme,,\nCurrency: EUR,,\n,,\nDate,A,B\n" + rows("{d},{x},{v}"), (("Date", "A", "B"),), 5, 26, "Ofi"
    ),
    "address above": Shape(
        "https://www.example.com\nunix,date,symbol,open\n" + rows("16411600{i}0,{d} 00:00:00,BTC/USD,{x}"),
        (("unix", "date", "symbol", "open"),), 3, 26, "iOOf",
    ),
    "monthly, then annual": Shape(FRENCH, (("", "Mkt-RF", "SMB"),), 5, 24, "iff"),
    "annual below without a title": Shape(
        "Date,X\n" + rows("{d},{x}", MONTHS) + rows("{d},{x}", YEARS), (("Date", "X"),), 2, 24, "if"
    ),
    "another table below": Shape(
        "Date,A\n" + rows("{d},{x}") + "\nDate,A,B\n" + rows("{d},{x},{v}"), (("Date", "A"),), 2, 26, "Of"
    ),
    "blanks between cells": Shape(
        "Made by nobody\n\n          Mkt-RF    SMB\n" + rows("{d}   1.{i}  -0.5", MONTHS), (("", "Mkt-RF", "SMB"),), 4,
        24, "iff",
    ),
    "separators at the end": Shape(
        "Date,A,B,\n" + rows("{d},{x},{v},"), (("Date", "A", "B"),), 2, 26, "Ofi"
    ),
    "separators at the end of rows": Shape(
        "Date,A,B\n" + rows("{d},{x},{v},"), (("Date", "A", "B"),), 2, 26, "Ofi"
    ),
    "separator at the end of the header": Shape(
        "Date,A,B,\n" + rows("{d},{x},{v}"), (("Date", "A", "B"),), 2, 26, "Ofi"
    ),
    "row numbers of pandas": Shape(",Date,A\n" + rows("{i},{d},{x}"), (("Date", "A"),), 2, 26, "Of"),
    "row numbers of R": Shape(
        '"Date","A"\n' + "".join(f'"{i + 1}","{d}",{100 + i}.5\n' for i, d in enumerate(DAYS)), (("Date", "A"),), 2, 26,
        "Of",
    ),
    "dates as row names of R": Shape(
        '"A","B"\n' + rows('"{d}",{x},3.5'), (("", "A", "B"),), 2, 26, "Off"
    ),
    "units": Shape("Date,Fund,Index\n,USD,%\n" + rows("{d},{x},{v}"), (("Date", "Fund", "Index"),), 3, 26, "Ofi"),
    "declared separator": Shape("sep=;\nDate;A\n" + rows("{d};{x}"), (("Date", "A"),), 3, 26, "Of"),
    "decimal commas": Shape(
        "Datum;Kurs;Menge\n" + rows("{d};1{i},50;{v}", GERMAN_DAYS), (("Datum", "Kurs", "Menge"),), 2, 26, "OOO"
    ),
    "decimal commas without a header": Shape(rows("{d};1{i},50", GERMAN_DAYS), (), 1, 26, "OO"),
    "tabs": Shape("<DATE>\t<TIME>\t<OPEN>\n" + rows("{d}\t00:00:00\t{x}"), (("<DATE>", "<TIME>", "<OPEN>"),), 2, 26,
                  "OOf"),
    "bars": Shape("Date|A\n" + rows("{d}|{x}"), (("Date", "A"),), 2, 26, "Of"),
    "apostrophes": Shape("'Date','A'\n" + rows("'{d}','{x}'"), (("Date", "A"),), 2, 26, "Of"),
    "quoted thousands": Shape('"Date","P"\n' + rows('"{d}","1,{v}.50"'), (("Date", "P"),), 2, 26, "OO"),
    "a mark inside a name": Shape('Date,A 5" x\n' + rows("{d},{x}"), (("Date", 'A 5" x'),), 2, 26, "Of"),
    "source below": Shape("Date,A\n" + rows("{d},{x}") + "\nSource: Bank, Inc\n", (("Date", "A"),), 2, 26, "Of"),
    "total below": Shape("Date,A\n" + rows("{d},{x}") + "Average,12.5\n", (("Date", "A"),), 2, 26, "Of"),
    "separators below": Shape("Date,A,B\n" + rows("{d},{x},{v}") + ",,\n,,\n", (("Date", "A", "B"),), 2, 26, "Ofi"),
    "comments": Shape("# made by\n% x, y\nDate,A\n" + rows("{d},{x}") + "# end\n", (("Date", "A"),), 4, 26, "Of"),
    "names in a comment": Shape("# Date,A\n" + rows("{d},{x}"), (("Date", "A"),), 2, 26, "Of"),
    "blank lines between": Shape("Date,A\n" + rows("{d},{x}\n"), (("Date", "A"),), 2, 26, "Of"),
    "header again": Shape("Date,A\n" + rows("{d},{x}") + "Date,A\n" + rows("{d},{x}"), (("Date", "A"),), 2, 52, "Of"),
    "printed by a database": Shape(
        " date       | close \n------------+-------\n" + rows(" {d} | {x}") + "(26 rows)\n\n",
        (("date", "close"),), 3, 26,
        "Of",
    ),
    "drawn by a database": Shape(
        f"{RULE}| date       | close  |\n{RULE}" + rows("| {d} | {x} |") + f"{RULE}26 rows in set (0.00 sec)\n",
        (("date", "close"),), 4, 26, "Of",
    ),
    "printed by pandas": Shape(
        "            A      B\nDate                \n" + rows("{d}  {x}  {v}"), (("Date", "A", "B"),), 3, 26, "Ofi"
    ),
    "text of a bank": Shape(
        "Title:      10-Year Treasury\nUnits:      Percent\n\nDATE          VALUE\n" + rows("{d}      1.{i}"),
        (("DATE", "VALUE"),), 5, 26, "Of",
    ),
    "request above": Shape(
        "Start Date,1/1/2020,\n,,\nSecurity,SPX,NDX\nDate,LAST,LAST\n" + rows("{d},{x},{v}"),
        (("Security", "SPX", "NDX"), ("Date", "LAST", "LAST")), 5, 26, "Ofi",
    ),
    "index vendor": Shape(
        "Index Level :,Price\nCurrency :,USD\n,\nDate,WORLD (Large)\n" + rows('"Jan {i}, 2022","1,{v}.5"')
        + '\nCopyright nobody.\n"This is the property of, x, y"\nMore, text, here\n',
        (("Date", "WORLD (Large)"),), 5, 26, "OO",
    ),
    "dates from left to right": Shape(
        f"Ticker,{','.join(DAYS)}\n" + rows("A{i}" + ",{x}" * 26), (("Ticker", *DAYS),), 2, 26, "O" + 26 * "f"
    ),
    "apostrophes in thousands": Shape("Datum;Kurs\n" + rows("{d};1'2{i}4.50"), (("Datum", "Kurs"),), 2, 26, "OO"),
    "long table": Shape("Date,Sym,C\n" + rows("{d},AAA,{x}"), (("Date", "Sym", "C"),), 2, 26, "OOf"),
    "weights": Shape("AAA,0.5\nBBB,0.5\n", (), 1, 2, "Of"),
    "one column": Shape("r\n0.1\n0.2\n-0.3\n", (("r",),), 2, 3, "f"),
    "one row": Shape("Date,A\n2022-01-01,5.5\n", (("Date", "A"),), 2, 1, "Of"),
}  # fmt: skip
