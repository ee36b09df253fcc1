"""Tables in the shapes that people download: what stands in the file, and which prices or returns it holds.

Every table is written here from the same two paths of prices, so the right answer is known without reading the file.
"""

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

ROWS = 60
_RNG = np.random.default_rng(11)
DAYS = pd.bdate_range("2023-03-01", periods=ROWS)
MONTHS = pd.date_range("2015-01-31", periods=ROWS, freq="ME")
AAA = np.round(80.0 * np.exp(np.cumsum(_RNG.normal(0.0005, 0.012, ROWS))), 2)
BBB = np.round(1450.0 * np.exp(np.cumsum(_RNG.normal(0.0, 0.015, ROWS))), 2)
RETURNS = np.round(_RNG.normal(0.004, 0.04, ROWS), 4)


@dataclass(frozen=True)
class Sample:
    """A file, the options it needs, and the values it holds by asset."""

    content: bytes
    values: dict[str, Any]
    shape: str
    kind: str = "prices"
    name: str = "sample.csv"
    options: dict[str, Any] = field(default_factory=dict)
    dates: pd.DatetimeIndex = field(default_factory=lambda: DAYS)


def lines(
    header: str, row: Callable[[int], str], *, end: str = "\n", order: int = 1, above: str = "", below: str = ""
) -> str:
    rows = [row(number) for number in range(ROWS)][::order]
    return (
        end.join([*([above] if above else []), *([header] if header else []), *rows, *([below] if below else [])]) + end
    )


def text(header: str, row: Callable[[int], str], **layout: Any) -> bytes:
    return lines(header, row, **layout).encode()


def bar(number: int) -> tuple[float, float, float, float, int]:
    close = AAA[number]
    return close * 0.998, close * 1.01, close * 0.99, close, 100_000 + 37 * number


def day(number: int, form: str = "%Y-%m-%d") -> str:
    return f"{DAYS[number]:{form}}"


def comma(value: float, thousands: str = "") -> str:
    return f"{value:,.2f}".replace(",", "~").replace(".", ",").replace("~", thousands)


def packed(name: str, content: bytes, **others: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        for other, inside in others.items():
            archive.writestr(other, inside)
    return buffer.getvalue()


ONE = {"AAA": AAA}
TWO = {"AAA": AAA, "BBB": BBB}
PLAIN = text("date,AAA,BBB", lambda n: f"{day(n)},{AAA[n]},{BBB[n]}")
_YAHOO = text(
    "Date,Open,High,Low,Close,Adj Close,Volume",
    lambda n: "{},{:.4f},{:.4f},{:.4f},{},{:.6f},{}".format(day(n), *bar(n)[:4], 0.9 * AAA[n], bar(n)[4]),
)
_FIELDS = ("Close", "High", "Low", "Open", "Volume")


def _three_headers(order: str) -> bytes:
    tickers = (
        [t for _ in _FIELDS for t in ("AAA", "BBB")]
        if order == "fields"
        else [t for t in ("AAA", "BBB") for _ in _FIELDS]
    )
    fields = [f for f in _FIELDS for _ in range(2)] if order == "fields" else [*_FIELDS, *_FIELDS]

    def cell(number: int, ticker: str, name: str) -> str:
        close = TWO[ticker][number]
        return {
            "Close": f"{close}",
            "High": f"{close * 1.01:.4f}",
            "Low": f"{close * 0.99:.4f}",
            "Open": f"{close:.1f}",
            "Volume": str(5_000 + number),
        }[name]

    above = [["Price", *fields], ["Ticker", *tickers], ["Date", *[""] * len(fields)]]
    if order == "tickers":
        above = [["Ticker", *tickers], ["Price", *fields], ["Date", *[""] * len(fields)]]
    body = [[day(n), *(cell(n, t, f) for t, f in zip(tickers, fields, strict=True))] for n in range(ROWS)]
    return ("\n".join(",".join(row) for row in [*above, *body]) + "\n").encode()


SHAPES: dict[str, Sample] = {
    "wide": Sample(PLAIN, TWO, "wide"),
    "crlf and a mark": Sample(b"\xef\xbb\xbf" + PLAIN.replace(b"\n", b"\r\n"), TWO, "wide"),
    "old line ends": Sample(PLAIN.replace(b"\n", b"\r"), TWO, "wide"),
    "utf-16": Sample(PLAIN.decode().encode("utf-16"), TWO, "wide"),
    "windows-1252": Sample(
        PLAIN.decode().replace("AAA", "Société").encode("cp1252"), {"Société": AAA, "BBB": BBB}, "wide"
    ),
    "semicolon, decimal comma": Sample(
        text("Datum;AAA;BBB", lambda n: f"{day(n, '%d.%m.%Y')};{comma(AAA[n])};{comma(BBB[n], '.')}"), TWO, "wide"
    ),
    "tab": Sample(PLAIN.replace(b",", b"\t"), TWO, "wide", name="sample.tsv"),
    "bar": Sample(PLAIN.replace(b",", b"|"), TWO, "wide", name="sample.txt"),
    "day/month/year": Sample(text("Date,AAA,BBB", lambda n: f"{day(n, '%d/%m/%Y')},{AAA[n]},{BBB[n]}"), TWO, "wide"),
    "month names": Sample(text("Date,AAA,BBB", lambda n: f"{day(n, '%d-%b-%y')},{AAA[n]},{BBB[n]}"), TWO, "wide"),
    "stated date format": Sample(
        text("Date,AAA,BBB", lambda n: f"{day(n, '%d %m %Y')},{AAA[n]},{BBB[n]}"),
        TWO,
        "wide",
        options={"date_format": "%d %m %Y"},
    ),
    "newest first": Sample(text("date,AAA,BBB", lambda n: f"{day(n)},{AAA[n]},{BBB[n]}", order=-1), TWO, "wide"),
    "no header": Sample(text("", lambda n: f"{day(n)},{AAA[n]},{BBB[n]}"), {"column 2": AAA, "column 3": BBB}, "wide"),
    "no header, one column": Sample(text("", lambda n: f"{day(n)},{AAA[n]}"), {"sample": AAA}, "wide"),
    "title and footer": Sample(
        text(
            "Date,AAA,BBB",
            lambda n: f"{day(n)},{AAA[n]},{BBB[n]}",
            above="Prices of two funds\nCurrency: USD\n",
            below="\nSource: nobody",
        ),
        TWO,
        "wide",
    ),
    "trailing separators": Sample(text("Date,AAA,BBB,", lambda n: f"{day(n)},{AAA[n]},{BBB[n]},"), TWO, "wide"),
    "index of a frame": Sample(text(",date,AAA,BBB", lambda n: f"{n},{day(n)},{AAA[n]},{BBB[n]}"), TWO, "wide"),
    "write.csv of R": Sample(
        text('"date","AAA","BBB"', lambda n: f'"{n + 1}","{day(n)}",{AAA[n]},{BBB[n]}'), TWO, "wide"
    ),
    "gzip": Sample(gzip.compress(PLAIN), TWO, "wide", name="sample.csv.gz"),
    "zip": Sample(packed("inner.csv", PLAIN, **{"__MACOSX/._inner.csv": b"x"}), TWO, "wide", name="sample.zip"),
    "bars": Sample(
        text("Date,Open,High,Low,Close,Volume", lambda n: "{},{:.2f},{:.2f},{:.2f},{},{}".format(day(n), *bar(n))),
        {"sample": AAA},
        "bars",
    ),
    "bars with an adjusted close": Sample(_YAHOO, {"sample": np.round(0.9 * AAA, 6)}, "bars"),
    "numbered fields": Sample(
        text(
            "timestamp,1. open,2. high,3. low,4. close,5. volume",
            lambda n: "{},{:.2f},{:.2f},{:.2f},{},{}".format(day(n), *bar(n)),
            order=-1,
        ),
        {"sample": AAA},
        "bars",
    ),
    "quoted, thousands, volumes in M": Sample(
        text(
            '"Date","Price","Open","High","Low","Vol.","Change %"',
            lambda n: (
                f'"{day(n, "%m/%d/%Y")}","{BBB[n]:,.2f}","{BBB[n]:,.2f}","{BBB[n] * 1.01:,.2f}","{BBB[n] * 0.99:,.2f}",'
                f'"{1.2 + n / 100:.2f}M","{n / 50:.2f}%"'
            ),
            order=-1,
        ),
        {"sample": BBB},
        "bars",
    ),
    "brackets around fields": Sample(
        text(
            "<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>",
            lambda n: "{}\t{:.2f}\t{:.2f}\t{:.2f}\t{}\t{}".format(day(n, "%Y.%m.%d"), *bar(n)),
        ),
        {"sample": AAA},
        "bars",
    ),
    "Polish fields": Sample(
        text(
            "Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen",
            lambda n: "{},{:.2f},{:.2f},{:.2f},{},{}".format(day(n), *bar(n)),
        ),
        {"sample": AAA},
        "bars",
    ),
    "bars with the symbol": Sample(
        text(
            "symbol,date,open,high,low,close,volume",
            lambda n: "AAA,{},{:.2f},{:.2f},{:.2f},{},{}".format(day(n), *bar(n)),
        ),
        ONE,
        "bars",
    ),
    "three header rows, fields first": Sample(_three_headers("fields"), TWO, "bars"),
    "three header rows, tickers first": Sample(_three_headers("tickers"), TWO, "bars"),
    "fields in the names": Sample(
        text("Date,AAA_Close,AAA_Volume,BBB_Close,BBB_Volume", lambda n: f"{day(n)},{AAA[n]},{n + 9},{BBB[n]},{n + 8}"),
        TWO,
        "bars",
    ),
    "long": Sample(
        text("date,ticker,close", lambda n: f"{day(n)},AAA,{AAA[n]}\n{day(n)},BBB,{BBB[n]}"),
        TWO,
        "long",
    ),
    "long, by ticker, with volume": Sample(
        (
            "ticker,date,close,volume\n"
            + "".join(f"{name},{day(n)},{TWO[name][n]},{n + 7}\n" for name in TWO for n in range(ROWS))
        ).encode(),
        TWO,
        "long",
    ),
    "long, of fields": Sample(
        text(
            "date,symbol,field,value",
            lambda n: "\n".join(
                f"{day(n)},{name},{what},{TWO[name][n] * scale:.2f}"
                for name in TWO
                for what, scale in (("Open", 1.003), ("Close", 1.0))
            ),
        ),
        TWO,
        "long",
    ),
    "equity with statistics": Sample(
        text("Date,Equity,Drawdown,Positions", lambda n: f"{day(n)},{100 * BBB[n]:.2f},{-n / 1000},{n % 5}"),
        {"sample": np.round(100 * BBB, 2)},
        "equity",
    ),
    "percent signs": Sample(
        text("Date,Fund", lambda n: f"{MONTHS[n]:%Y-%m-%d},{100 * RETURNS[n]:.2f}%"),
        {"Fund": RETURNS},
        "wide",
        "returns",
        dates=MONTHS,
    ),
    "months as numbers": Sample(
        text("month,Fund", lambda n: f"{MONTHS[n]:%Y%m},{RETURNS[n]:.4f}"),
        {"Fund": RETURNS},
        "wide",
        "returns",
        dates=MONTHS,
    ),
    "milliseconds": Sample(
        text("time,close", lambda n: f"{DAYS[n].value // 10**6},{AAA[n]}"),
        {"sample": AAA},
        "wide",
    ),
    "seconds": Sample(text("unix,AAA", lambda n: f"{DAYS[n].value // 10**9},{AAA[n]}"), ONE, "wide"),
    "year, month and day apart": Sample(
        text("year,month,day,AAA", lambda n: f"{DAYS[n].year},{DAYS[n].month},{DAYS[n].day},{AAA[n]}"),
        ONE,
        "wide",
    ),
    "remarks": Sample(
        text(
            "date,AAA,remark",
            lambda n: f"{day(n)},{AAA[n]},{'holiday, half day' if n == 7 else ''}".replace(
                "holiday, half day", '"holiday, half day"'
            ),
        ),
        ONE,
        "wide",
    ),
    "lines of JSON": Sample(
        "".join(f'{{"date": "{day(n)}", "AAA": {AAA[n]}, "BBB": {BBB[n]}}}\n' for n in range(ROWS)).encode(),
        TWO,
        "wide",
        name="sample.jsonl",
    ),
}
