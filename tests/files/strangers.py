"""Files as strangers have them, written from series that are known here: what stands in the file, and what is right.

An expected answer is a series of simple returns; a refusal or a warning is the words that it must hold.
"""

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
