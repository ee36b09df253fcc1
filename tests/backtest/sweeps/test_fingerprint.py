"""A fingerprint is the same for the same value or code, in any process, and differs wherever a result could."""

import collections
import datetime
import decimal
import enum
import functools
import itertools
import os
import pathlib
import re
import subprocess
import sys
import textwrap
import threading
import types
import zoneinfo
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch.backtest.sweeps._fingerprint import fingerprint
from riskresearch.core import InvalidInputError
from tests.backtest.sweeps.sweep_cases import Momentum, prices

FACTOR = 1


def one_more(value, by=1):
    return value + by


def two_more(value, by=2):
    return value + by


def closing_over(number):
    return lambda value: value + number


class Fast:
    """A mark without a body."""


class Slow:
    """Another one."""


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Pair:
    one: object
    two: object = None


class Plain:
    def __init__(self, **attributes):
        vars(self).update(attributes)

    def weights(self, returns):
        return returns


def test_fingerprints_tell_what_differs_and_only_that():
    frame = prices()
    same = [
        (frame, frame.copy()), (closing_over(1), closing_over(1)), (Momentum(), Momentum()), ([1, 2.0], [1, 2.0]),
        (np.int64(5), 5), (np.float64(0.1), 0.1), (np.bool_(True), True), (np.ones((3, 2)), np.ones((3, 2), order="F")),
        (Plain(a=1, b=2), Plain(b=2, a=1)), ({"a", "b"}, {"b", "a"}), (prices, prices),
    ]  # fmt: skip
    for one, other in same:
        assert fingerprint(one) == fingerprint(other)
    dates = pd.date_range("2020", periods=3)
    others = [
        1, 1.0, "1", True, None, b"1", 1j, -0.0, 0.0, ...,
        [1], (1,), (1, 1), {1}, frozenset({1}), {"a": 1}, {"a": 2}, [[1], 2], [1, [2]],
        np.ones(2), np.ones((2, 1)), np.ones(2, int), np.ones(2, np.float32), np.array(1), np.float32(1),
        np.datetime64("2020-01-01"), np.datetime64("2020-01-01", "ns"), np.array(["a", 1], dtype=object),
        np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]), np.array([(1, 2.0)], dtype=[("a", "i4"), ("c", "f8")]),
        np.ma.masked_array([1, 2], [0, 1]), np.ma.masked_array([1, 2], [1, 0]), np.dtype("f8"), np.sum,
        np.add, np.array,
        np.random.default_rng(1), np.random.default_rng(2),
        frame, frame.iloc[:-1], frame["a"], frame["a"].rename("b"), frame.reset_index(drop=True), frame.index,
        frame[["b", "a", "c"]],
        pd.Series([1]), pd.Index([1]), pd.Series(["x"]), pd.Series(["y"]), pd.Series(["x"], dtype="category"),
        pd.Series([1, "1"], dtype=object), pd.Series([1, 1], dtype=object),
        dates, dates.tz_localize("UTC"), dates.tz_localize("Asia/Tokyo"), pd.MultiIndex.from_product([[1, 2], [3]]),
        pd.MultiIndex.from_product([[1, 2], [4]]), pd.DataFrame({"a": [1, 2], "b": ["x", None]}), pd.Timestamp("2020"),
        pd.array([1, None], dtype="Int64"), pd.NA, pd.NaT, pd.Period("2020"),
        pl.DataFrame({"a": [1]}), pl.DataFrame({"a": [2]}), pl.Series("a", [1]),
        datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1), decimal.Decimal("1"), zoneinfo.ZoneInfo("Asia/Tokyo"),
        pathlib.Path("x"), re.compile("x"), re.compile("x", re.IGNORECASE), range(3), slice(1), int | str, list[int],
        collections.Counter("ab"), collections.OrderedDict(a=1), collections.deque([1]), types.SimpleNamespace(a=1),
        one_more, two_more, closing_over(1), closing_over(2), functools.partial(max, 1), functools.partial(max, 2),
        functools.lru_cache(one_more), len, "x".join, Fast, Slow, Colour, Colour.RED, Colour.BLUE, 
        Pair, Pair(1), Pair(2),
        Plain, Plain(a=1), Plain(a=2), Plain(a=1).weights, Plain(a=2).weights,
        Momentum, Momentum(), Momentum(window=3), Momentum().weights, Momentum(window=3).weights,
    ]  # fmt: skip
    assert len({fingerprint(value) for value in others}) == len(others)


def test_functions_of_one_line_differ():
    one, other, third = (lambda r: r * 1), (lambda r: r * 2), (lambda r, s=1: r * 1)
    assert len({fingerprint(each) for each in (one, other, third)}) == 3


def test_code_is_what_it_does_and_not_where_it_stands():
    text = "def f(value, by=1):\n    def g(x):\n        return {x: 1 for x in {'p', 'q'}}\n    return g(value + by)\n"
    spaces = [{}, {}, {}, {}]
    for space, code in zip(
        spaces, (text, "\n\n# moved\n" + text, text.replace("+", "-"), text.replace("1 for", "2 for")), strict=True
    ):
        exec(compile(code, f"<{len(code)}>", "exec"), space)
    prints = [fingerprint(space["f"]) for space in spaces]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


def test_classes_without_a_file_are_told_by_their_members():
    made = {}
    for name, text in (("one", "value + 1"), ("same", "value + 1"), ("other", "value + 2")):
        space = {}
        exec(
            f"class C:\n    @property\n    def p(self): return 1\n    def m(self, value):\n        return {text}",
            space,
        )
        made[name] = fingerprint(space["C"]), fingerprint(space["C"]()), fingerprint(space["C"]().m)
    assert made["one"] == made["same"]
    assert not set(made["one"]) & set(made["other"])


def test_globals_that_a_function_reads_are_part_of_it(monkeypatch):
    def scaled(returns):
        return returns * FACTOR

    def outer(returns):
        return scaled(returns)

    before = fingerprint(scaled), fingerprint(outer), fingerprint(one_more)
    monkeypatch.setattr(sys.modules[__name__], "FACTOR", 2)
    after = fingerprint(scaled), fingerprint(outer), fingerprint(one_more)
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, True]


OF_FILES = """
import sys
sys.path.insert(0, sys.argv[1])
import beside
from riskresearch.backtest.sweeps._fingerprint import fingerprint
def by_attribute(returns):
    return beside.signal(returns)
def by_import(returns):
    from beside import signal
    return signal(returns)
sizers = (by_attribute, by_import, beside.Sizer, beside.Sizer(), {"a", "b", "c", "d"}, [{1, "x", None, 2.5}])
print([fingerprint(each) for each in sizers])
"""


def test_files_beside_a_notebook_count_and_the_hash_seed_does_not(tmp_path):
    beside = """
        def signal(returns):
            return returns * 1

        class Base:
            def helper(self):
                return {"p", "q", "r"}

        class Sizer(Base):
            names = frozenset({"u", "v", "w"})
            def weights(self, returns):
                return signal(returns) if "x" in {"x", "y"} else super().helper()
    """
    said = []
    for seed, text in (("1", beside), ("2", beside), ("3", beside.replace("* 1", "* 2"))):
        (tmp_path / "beside.py").write_text(textwrap.dedent(text))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-B", "-c", OF_FILES, str(tmp_path)],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said.append(eval(done.stdout))
    assert said[0] == said[1]
    assert [one == other for one, other in zip(said[0], said[2], strict=True)] == [False] * 4 + [True] * 2


def test_what_contains_itself_has_a_fingerprint():
    def down(number):
        return down(number - 1) if number else 0

    assert len(fingerprint(down)) == 32
    ring = []
    ring.append(ring)
    assert len(fingerprint(ring)) == 32


@pytest.mark.parametrize(
    "value",
    [
        threading.Lock(), (number for number in ()), iter([1]), itertools.count(), np.frompyfunc(one_more, 1, 1),
        memoryview(b""), threading.local(), type("Held", (), {"lock": threading.Lock()}), Plain(lock=threading.Lock()),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_has_no_value_of_its_own_is_refused_with_the_remedy(value):
    with pytest.raises(
        InvalidInputError, match=r"store needs grid to be recognised in another session, and .* or leave"
    ):
        fingerprint((1, {"x": value}), name="grid")


def test_an_open_file_is_refused(tmp_path):
    with (tmp_path / "log").open("w") as file, pytest.raises(InvalidInputError, match="store needs sizer to be recog"):
        fingerprint(lambda returns: file.write("x"), name="sizer")


def test_what_is_nested_without_end_is_refused():
    nested = 1
    for _ in range(5000):
        nested = [nested]
    with pytest.raises(InvalidInputError, match="grid is nested too deeply"):
        fingerprint(nested, name="grid")
