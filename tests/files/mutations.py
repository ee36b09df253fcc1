"""Twenty shapes of files and hostile changes of them, each the same for the same seed."""

import gzip
import io
import json
import random
import zipfile

import pandas as pd

from tests.files.shapes import AAA, BBB, DAYS, ONE, ROWS, SHAPES, TWO, Sample, day, packed, text
from tests.files.workbooks import xlsx

CELLS = [
    b"",
    b"1e400",
    b"-1e400",
    b"1e",
    b"1e5",
    b"nan",
    b"inf",
    b"-",
    b".",
    b"#N/A",
    b"0",
    b"-99.99",
    b"1,234.5",
    b"1.234,5",
    b"(5)",
    b"5%",
    b"$5",
    b"3M",
    b"9" * 400,
    b"0000-00-00",
    b"9999-12-31",
    b"1677-09-21",
    b"2262-04-12",
    b"0001-01-01",
    b"2023-02-30",
    b"31/12/2023",
    b"12/31/2023",
    b"2023-03-26 02:30:00+01:00",
    b"2023-03-26T02:30:00Z",
    b"20230301",
    b"1677628800",
    b"1677628800000000000",
    b"45000",
    b"Q1 2023",
    b"Mar 2023",
    b"\x00",
    b"\x1b[31mred",
    b"\xe2\x80\xae123",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"\xef\xbb\xbf7",
    b"\xd9\xa1\xd9\xa2",
    b"\xe2\x88\x92 5",
    b"1\xc2\xa0234",
    b'"',
    b'""',
    b'"a""b',
    b"'",
    b"=SUM(A1)",
    b"<b>x</b>",
    b"x" * 1_000,
    b"1 2",
    b"\r",
    b"2023-03-01\n",
    b"True",
    b"close",
    b"date",
    b"volume",
]
"""What a cell becomes."""
PIECES = [
    b",",
    b";",
    b'"',
    b"'",
    b"\n",
    b"\r",
    b"\t",
    b" ",
    b"|",
    b"\0",
    b"\xff",
    b"\xc3",
    b"#",
    b"\n\n",
    b",,,",
    b"\x1b]0;x\x07",
    b"\xef\xbb\xbf",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"{",
    b"[" * 2_000,
    b"<html>",
    b"\xe2\x80\x8f",
    b"\x85",
    b"\xe2\x80\xa8",
]
SEPARATORS = [b",", b";", b"\t", b"|", b'"', b"\n", b".", b"-", b"0", b"\r\n"]


def _parquet(frame):
    stream = io.BytesIO()
    frame.to_parquet(stream)
    return stream.getvalue()


def _twenty():
    frame = pd.DataFrame(TWO, index=DAYS.rename("date"))
    names = (
        "wide", "utf-16", "semicolon, decimal comma", "day/month/year", "month names", "newest first", "no header",
        "title and footer", "gzip", "zip", "bars with an adjusted close", "quoted, thousands, volumes in M",
        "three header rows, fields first", "long", "percent signs", "lines of JSON",
    )  # fmt: skip
    fills = text(
        "time,symbol,side,quantity,price", lambda n: f"{day(n)},AAA,{'buy' if n % 2 else 'sell'},{n + 1},{AAA[n]}"
    )
    table = [["date", "AAA", "BBB"], *([DAYS[n].to_pydatetime(), AAA[n], BBB[n]] for n in range(ROWS))]
    rows = [{"date": day(n), "AAA": AAA[n], "BBB": BBB[n]} for n in range(ROWS)]
    return {name: SHAPES[name] for name in names} | {
        "fills": Sample(fills, ONE, "fills"),
        "workbook": Sample(xlsx({"Prices": table}), TWO, "wide", name="sample.xlsx"),
        "Parquet": Sample(_parquet(frame), TWO, "wide", name="sample.parquet"),
        "records of JSON": Sample(json.dumps({"meta": 1, "data": rows}).encode(), TWO, "wide", name="sample.json"),
    }


TWENTY = _twenty()


def mutated(sample, seed):
    """Return the bytes of a sample with one to three hostile changes; what is packed is changed inside or outside."""
    rng = random.Random(seed)
    content = sample.content
    inside = rng.random() < 0.7
    if sample.name.endswith(".gz") and inside:
        return gzip.compress(_changed(gzip.decompress(content), rng), 1)
    if sample.name.endswith((".zip", ".xlsx")) and inside:
        return _repacked(content, rng)
    if sample.name.endswith(".parquet") and inside:
        return _parquet(_changed_frame(pd.read_parquet(io.BytesIO(content)), rng))
    return _changed(content, rng)


def _repacked(content, rng):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice([name for name in parts if name.endswith((".csv", "sheet1.xml"))] * 3 + list(parts))
    parts[name] = _changed(parts[name], rng)
    first = next(iter(parts))
    return packed(first, parts.pop(first), **parts)


def _changed_frame(frame, rng):
    """Return a frame with other types, labels or values, as Parquet stores them."""
    kind = rng.randrange(7)
    row, column = rng.randrange(len(frame)), rng.choice(list(frame.columns))
    if kind == 0:
        frame.loc[frame.index[row], column] = rng.choice([0.0, -1.0, 1e300, float("inf"), float("nan"), -999.0])
    elif kind == 1:
        frame[column] = frame[column].astype(str)
        frame.loc[frame.index[row], column] = rng.choice(CELLS).decode(errors="replace")
    elif kind == 2:
        frame[column] = frame[column].round().astype(rng.choice(["float32", "int64", "bool", "Int16", "category"]))
    elif kind == 3:
        frame = frame.iloc[rng.sample(range(len(frame)), len(frame))]
    elif kind == 4:
        frame = frame.reset_index(drop=rng.random() < 0.5)
    elif kind == 5:
        frame.index = frame.index.tz_localize("Europe/Berlin") if rng.random() < 0.5 else frame.index.astype("int64")
    else:
        frame[column] = [[number] if number % 2 else None for number in range(len(frame))]
    return frame


def _changed(content, rng):
    for _ in range(rng.choice([1, 1, 1, 1, 2, 3])):
        content = rng.choice([_bytes, _lines, _lines, _cells, _cells, _cells])(content, rng)
    return content


def _bytes(content, rng):
    place, kind = rng.randrange(len(content) + 1), rng.randrange(7)
    if kind == 0:
        return content[:place] + rng.choice(PIECES) + content[place:]
    if kind == 1:
        return content[:place] + content[place + rng.randint(1, 30) :]
    if kind == 2:
        return content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]
    if kind == 3:
        return content[:place]
    if kind == 4:
        return content.replace(rng.choice(SEPARATORS), rng.choice(PIECES + SEPARATORS))
    if kind == 5:
        return content * rng.randint(2, 3)
    return content[:place] + rng.choice(CELLS) * rng.randint(1, 50) + content[place:]


def _lines(content, rng):
    lines, kind = content.split(b"\n"), rng.randrange(6)
    line = rng.randrange(len(lines))
    if kind == 0:
        del lines[line]
    elif kind == 1:
        lines.insert(line, rng.choice(lines))
    elif kind == 2:
        rng.shuffle(lines)
    elif kind == 3:
        other = rng.randrange(len(lines))
        lines[line], lines[other] = lines[other], lines[line]
    elif kind == 4:
        lines[line] = lines[line] * rng.choice([2, 50])
    else:
        lines[line] = rng.choice(CELLS)
    return b"\n".join(lines)


def _cells(content, rng):
    separator = max((b",", b";", b"\t", b":"), key=content.count)
    lines = content.split(b"\n")
    whole, number = rng.random() < 0.3, rng.randrange(8)
    line, kind = rng.randrange(len(lines)), rng.randrange(5)
    column = rng.randrange(max(1, lines[line].count(separator) + 1))
    cell = rng.choice(CELLS)
    for place in range(len(lines)) if whole else [line]:
        cells = lines[place].split(separator)
        at = min(column, len(cells) - 1)
        if kind <= 1:
            cells[at] = cell if not whole or place % 7 == number else cells[at]
        elif kind == 2:
            cells.insert(at, cells[at])
        elif kind == 3:
            del cells[at]
        else:
            cells[at] = (
                rng.choice([b'"', b"'", b"$", b"-", b" "]) + cells[at] + rng.choice([b'"', b"%", b"M", b"e5", b""])
            )
        lines[place] = separator.join(cells)
    return b"\n".join(lines)
