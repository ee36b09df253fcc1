"""Damaged files: each is read or refused with an error of ours, in bounded time."""

import io
import random
import time
import warnings

import pytest

from riskresearch.core import RiskResearchError
from riskresearch.files._grid import Grid
from riskresearch.files._read_grid import read_grid
from riskresearch.files._source import read_source
from tests.files.written_tables import SHAPES

MUTATIONS = 6
"""Of each shape in the gate; 1,000 were tried once."""
MOST_SECONDS = 10
PIECES = [
    b",", b";", b'"', b"'", b"\n", b"\r", b"\t", b" ", b"|", b"\0", b"\xff", b"\xc3", b"#", b"-", b"0", b"1e9999",
    b"nan", b"\n\n", b",,,",
    b"=SUM(A1)", b"\xef\xbb\xbf", b"PK\x03\x04", b"\x1f\x8b", b"{", b"[1", b"<html>", b"9" * 400,
]  # fmt: skip


def mutated(content, rng):
    """Return the content with one to four changes of bytes or lines."""
    for _ in range(rng.randint(1, 4)):
        lines = content.split(b"\n")
        place, line = rng.randrange(len(content) + 1), rng.randrange(len(lines))
        kind = rng.randrange(9)
        if kind == 0:
            content = content[:place] + rng.choice(PIECES) + content[place:]
        elif kind == 1:
            content = content[:place] + content[place + rng.randint(1, 30) :]
        elif kind == 2:
            content = content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]
        elif kind == 3:
            content = content[:place]
        elif kind == 4:
            content = b"\n".join(lines[:line] + lines[line + 1 :])
        elif kind == 5:
            content = b"\n".join([*lines[:line], rng.choice(lines), *lines[line:]])
        elif kind == 6:
            rng.shuffle(lines)
            content = b"\n".join(lines)
        elif kind == 7:
            content = content.replace(rng.choice([b",", b"\n", b".", b"-", b"0"]), rng.choice(PIECES))
        else:
            content = content * rng.randint(2, 3)
    return content


@pytest.mark.parametrize("uncounted_bytes", [0, 1_000_000])
@pytest.mark.parametrize("name", SHAPES)
def test_a_damaged_file_is_read_or_refused_in_bounded_time(name, uncounted_bytes, monkeypatch):
    monkeypatch.setattr("riskresearch.files.text._cells.UNCOUNTED_BYTES", uncounted_bytes)
    rng = random.Random(name)
    refusals = []
    for number in range(MUTATIONS):
        content = mutated(SHAPES[name].content.encode(), rng)
        start = time.perf_counter()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                grid = read_grid(read_source(io.BytesIO(content)))
            assert isinstance(grid, Grid)
            assert all(len(cells) == len(grid.lines) for cells in grid.columns)
            assert all(len(header) == len(grid.columns) for header in grid.headers)
        except RiskResearchError as error:
            refusals.append(str(error))
        assert time.perf_counter() - start < MOST_SECONDS, number
    assert not [refusal for refusal in refusals if "\n" in refusal]
