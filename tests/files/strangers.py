"""Files as strangers have them, written from series that are known here: what stands in the file, and what is right.

An expected answer is a series of simple returns; a refusal or a warning is the words that it must hold.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

ROWS = 48
_RNG = np.random.default_rng(83)
DAYS = pd.bdate_range("2021-09-06", periods=ROWS)
A = np.round(64.0 * np.exp(np.cumsum(_RNG.normal(0.0004, 0.011, ROWS))), 2)
B = np.round(910.0 * np.exp(np.cumsum(_RNG.normal(0.0, 0.013, ROWS))), 2)
OPENS = np.round(np.concatenate(([A[0]], A[:-1])) * np.exp(_RNG.normal(0.0, 0.002, ROWS)), 2)
HIGHS = np.round(np.maximum(OPENS, A) * 1.004, 2)
LOWS = np.round(np.minimum(OPENS, A) * 0.995, 2)
VOLUMES = _RNG.lognormal(13.0, 0.4, ROWS).round().astype(int)
MONTHLY = np.round(_RNG.normal(0.006, 0.031, ROWS), 4)
DATES = [f"{day:%Y-%m-%d}" for day in DAYS]
MONTH_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True)
class Stranger:
    """A file, the options it is read with, and its returns or the words of its refusal; `page` asks for a report."""

    content: str
    returns: Any = None
    refused: str = ""
    warned: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    name: str = "stranger.csv"
    page: bool = False


def simple(prices: Any) -> Any:
    values = np.asarray(prices, dtype=float)
    return values[1:] / values[:-1] - 1.0


def rows(header: Sequence[Any], body: Any, *, mark: str = ",") -> str:
    lines = ([header] if header else []) + [list(row) for row in body]
    return "".join(mark.join(map(str, line)) + "\n" for line in lines)


def columns(header: str, *series: Any, mark: str = ",") -> str:
    return rows(header.split(mark) if header else [], zip(*series, strict=True), mark=mark)


def calendar(header: Sequence[Any], write: Any, *, total: bool = False, newest_first: bool = False, **text: Any) -> str:
    body = [
        [2015 + year, *[write(value) for value in MONTHLY[12 * year :][:12]], *([write(0.0101)] if total else [])]
        for year in range(ROWS // 12)
    ]
    return rows(header, body[::-1] if newest_first else body, **text)


def percent(value: float) -> str:
    return f"{100.0 * value:.2f}%"


def german(value: float) -> str:
    return percent(value).replace(".", ",")


GERMAN = "Jahr;Jan;Feb;Mrz;Apr;Mai;Jun;Jul;Aug;Sep;Okt;Nov;Dez;Gesamt".split(";")
POLISH = "Rok;Sty;Lut;Mar;Kwi;Maj;Cze;Lip;Sie;Wrz;Paź;Lis;Gru".split(";")
_CALENDAR = calendar(["Year", *MONTH_NAMES], float)
_YOUNG = calendar(["Year", *MONTH_NAMES, "YTD"], percent, total=True).splitlines()
_YOUNG[1] = "2015,,,," + _YOUNG[1].split(",", 4)[4]
_YOUNG[-1] = ",".join(_YOUNG[-1].split(",")[:9]) + ",,,-,-,1.01%"

CALENDARS = {
    "fractions": Stranger(_CALENDAR, MONTHLY),
    "percent signs and a total": Stranger(calendar(["", *MONTH_NAMES, "YTD"], percent, total=True), MONTHLY),
    "numbers in percent, stated": Stranger(
        calendar(["Year", *MONTH_NAMES], lambda value: f"{100.0 * value:.2f}"), MONTHLY, options={"kind": "percent"}
    ),
    "German, newest first": Stranger(calendar(GERMAN, german, total=True, newest_first=True, mark=";"), MONTHLY),
    "Polish": Stranger(calendar(POLISH, german, mark=";"), MONTHLY),
    "capitals and whole names": Stranger(
        calendar(["YEAR", *pd.date_range("2020-01-31", periods=12, freq="ME").strftime("%B").str.upper()], float),
        MONTHLY,
    ),
    "numbers of months": Stranger(calendar(["Year", *range(1, 13)], float), MONTHLY),
    "began in April, ends in August": Stranger("\n".join(_YOUNG) + "\n", MONTHLY[3:-4]),
    "a month missing": Stranger(
        _CALENDAR.replace(f",{MONTHLY[17]},", ",,", 1),
        refused=r"1 missing value, the first at 2016-06-30.*--nan-policy omit",
        page=True,
    ),
    "fund and benchmark": Stranger(
        _CALENDAR + _CALENDAR.partition("\n")[2], refused="is a calendar table.*has 2015 on several rows"
    ),
}  # fmt: skip

COUNTERS = {
    "counted twice": Stranger(
        columns("Unnamed: 0.1,Unnamed: 0,Date,AAA", range(ROWS), range(ROWS), DATES, A), simple(A)
    ),
    "counted at the end": Stranger(columns("Date,AAA,n", DATES, A, range(1, ROWS + 1)), simple(A)),
    "counted from 1": Stranger(columns('"",Date,AAA', range(1, ROWS + 1), DATES, A), simple(A)),
}

_WITH_COMMA = [f"{100.0 * value:.3f} %".replace(".", ",") for value in simple(A)]
NUMBERS = {
    "percent with decimal comma and three digits": Stranger(
        columns("Datum;Fonds", DATES[1:], _WITH_COMMA, mark=";"), np.round(simple(A), 5)
    ),
}

BARS = {
    "names in no known language": Stranger(
        columns("Tag,Erster,Spitze,Boden,Ende,Stueck", DATES, OPENS, HIGHS, LOWS, A, VOLUMES), simple(A)
    ),
    "no header": Stranger(columns("", DATES, OPENS, HIGHS, LOWS, A, VOLUMES), simple(A)),
    "no header, compact dates": Stranger(
        columns("", [day.replace("-", "") for day in DATES], OPENS, HIGHS, LOWS, A, mark=";"), simple(A)
    ),
    "close first": Stranger(
        columns("Tag,Ende,Erster,Spitze,Boden", DATES, A, OPENS, HIGHS, LOWS),
        refused="bars whose fields are not named.*'Spitze' is highest and 'Boden' lowest.*--columns.*--shape wide",
    ),
    "close first, as stated": Stranger(
        columns("Tag,Ende,Erster,Spitze,Boden", DATES, A, OPENS, HIGHS, LOWS), simple(A), options={"columns": "Ende"}
    ),
    "classes of a fund": Stranger(
        columns("Date,K,I,R,S", DATES, A * 1.001, A * 1.003, A * 0.999, A), simple(A)
    ),  # always in one order, and no bars
    "Turkish": Stranger(
        columns("Tarih,Şimdi,Açılış,Yüksek,Düşük,Hac.", DATES, A, OPENS, HIGHS, LOWS, VOLUMES), simple(A)
    ),
    "Polish": Stranger(
        columns("Data,Ostatnio,Otwarcie,Max.,Min.,Wol.", DATES, A, OPENS, HIGHS, LOWS, VOLUMES), simple(A)
    ),
    "Dutch": Stranger(
        columns("Datum,Laatste,Open,Hoog,Laag,Verschil %", DATES, A, OPENS, HIGHS, LOWS, [*"12" * (ROWS // 2)]),
        simple(A),
    ),
    "Russian": Stranger(columns("Дата,Цена,Откр.,Макс.,Мин.,Объём", DATES, A, OPENS, HIGHS, LOWS, VOLUMES), simple(A)),
    "Japanese": Stranger(
        columns("日付け,終値,始値,高値,安値,出来高", DATES, A, OPENS, HIGHS, LOWS, VOLUMES), simple(A)
    ),
    "Chinese": Stranger(columns("日期,开盘,最高,最低,收盘,成交量", DATES, OPENS, HIGHS, LOWS, A, VOLUMES), simple(A)),
    "Korean": Stranger(columns("날짜,종가,시가,고가,저가,거래량", DATES, A, OPENS, HIGHS, LOWS, VOLUMES), simple(A)),
    "Compustat": Stranger(
        columns("gvkey,datadate,cshtrd,prccd,ajexdi", ["001690"] * ROWS, DATES, VOLUMES, A, [1.0] * ROWS), simple(A)
    ),
}

ACCOUNTS = {
    "a total of its parts": Stranger(
        columns("ReportDate,Cash,Stock,Options,Total", DATES, B, A, A / 2, np.round(B + 1.5 * A, 3)),
        simple(np.round(B + 1.5 * A, 3)),
    ),
    "a sum that is not called a total": Stranger(
        columns("Date,Fixed,Variable,Everything", DATES, A, B, np.round(A + B, 2)),
        refused="'Everything' .* is the sum of the others .*--columns.*--drop.*--shape wide",
    ),
    "a sum by statement": Stranger(
        columns("Date,Fixed,Variable,Everything", DATES, A, B, np.round(A + B, 2)),
        simple(np.round(A + B, 2)),
        options={"columns": "Everything"},
    ),
}

_OTHER_DATES = [*DATES[1:], "2021-12-01"]
SIDE_BY_SIDE = {
    "the same dates": Stranger(columns("Date,AAA,Date,AAB", DATES, A, DATES, A), simple(A)),
    "other dates": Stranger(
        columns("Date,AAA,Date,BBB", DATES, A, _OTHER_DATES, B),
        refused="tables side by side.*columns 1 and 3 are both dates, but line 2 has '2021-09-06' and '2021-09-07'",
    ),
    "other dates, as pandas writes them": Stranger(
        columns("Date,AAA,Date.1,BBB", DATES, A, _OTHER_DATES, B), refused="tables side by side"
    ),
}

_SPLIT = np.where(np.arange(ROWS) < 30, A, np.round(A / 4, 4))
_RATES = np.round(np.linspace(0.0, 0.3, ROWS), 2)
_MONTHS = [f"{month:%Y%m}" for month in pd.date_range("2011-01-31", periods=ROWS, freq="ME")]
_MARKED = np.where(np.arange(ROWS) % 7 == 3, -A, A)
KINDS = {
    "a split": Stranger(columns("Date,AAA", DATES, _SPLIT), simple(_SPLIT), warned="a split of 4 for 1.*Adjust"),
    "a consolidation": Stranger(
        columns("Date,AAA", DATES, _SPLIT[::-1]), simple(_SPLIT[::-1]), warned="a split of 1 for 4.*Adjust"
    ),
    "factors and a rate": Stranger(
        columns("Month,Mkt-RF,SMB,RF", _MONTHS, np.round(100 * MONTHLY, 2), np.round(-60 * MONTHLY, 2), _RATES),
        (np.round(100 * MONTHLY, 2) + np.round(-60 * MONTHLY, 2) + _RATES) / 300,
    ),
    "minus signs of CRSP": Stranger(
        columns("date,PRC", DATES, _MARKED), refused="7 of them with a minus sign, the first .* line 5 .*--columns"
    ),
    "gross returns": Stranger(
        columns("Date,gross_return", DATES[1:], 1 + simple(A)), refused=r"1 \+ return\? Subtract 1.*--kind prices"
    ),
    "basis points": Stranger(
        columns("Date,Return (bps)", DATES[1:], np.round(1e4 * simple(A), 1)), refused="basis points.*--kind percent"
    ),
    "returns from the date of the first price": Stranger(
        columns(",AAA", DATES, ["", *simple(A)]), simple(A), page=True
    ),
    "prices that begin with a gap": Stranger(
        columns("Date,AAA", DATES, ["", *A[1:]]), refused="1 missing value.*--nan-policy omit", page=True
    ),
}  # fmt: skip

JSON = {
    "a value for each date": Stranger(json.dumps(dict(zip(DATES, A, strict=True))), simple(A), name="series.json"),
}
