"""A sweep that is killed goes on where it was, with the same digits; results of another sweep are refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskresearch import sweep
from riskresearch.backtest._fingerprint import fingerprint
from riskresearch.backtest._sweep_store import ResultStore
from riskresearch.core import InvalidInputError, RiskResearchWarning
from tests.backtest.sweep_cases import GRID, OPTIONS, Counted, Momentum, everything, prices

ROOT = Path(__file__).parents[2]
CHILD = """
import sys
from riskresearch import sweep
from tests.backtest.sweep_cases import Counted, GRID, OPTIONS, prices
log, mortal, store = sys.argv[1:]
sweep(Counted, GRID | {"log": [log], "mortal": [mortal]}, prices(), store=store, chunk_size=2, **OPTIONS)
"""


@pytest.fixture(params=["parquet", "csv"])
def kind(request, monkeypatch):
    if request.param == "csv":
        monkeypatch.setattr("riskresearch.backtest._sweep_store.find_spec", lambda name: None)
    return request.param


def counted(log, mortal=""):
    return GRID | {"log": [str(log)], "mortal": [str(mortal)]}


def calls(log):
    return Path(log).read_text().splitlines()


def test_a_store_changes_no_digit_and_is_read_instead_of_running(tmp_path, kind):
    log = tmp_path / "log"
    one = sweep(Counted, counted(log), prices(), store=tmp_path / "store", **OPTIONS)
    assert len(calls(log)) == 13  # each set, and the best one again
    assert everything(one)[2:] == everything(sweep(Momentum, GRID, prices(), **OPTIONS))[2:]
    again = sweep(Counted, counted(log), prices(), store=tmp_path / "store", **OPTIONS)
    assert everything(again) == everything(one)
    assert len(calls(log)) == 14
    suffixes = {path.suffix for path in (tmp_path / "store").iterdir()}
    assert suffixes == {f".{kind}", ".json"}


def test_a_sweep_that_is_killed_goes_on(tmp_path):
    """The child is killed by SIGKILL in the seventh of its twelve sets, when three portions of two are stored."""
    log, mortal, store = tmp_path / "log", tmp_path / "mortal", tmp_path / "store"
    mortal.touch()
    command = [sys.executable, "-c", CHILD, str(log), str(mortal), str(store)]
    child = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert child.returncode == -9
    assert len(calls(log)) == 7
    found = sweep(Counted, counted(log, mortal), prices(), store=store, **OPTIONS)
    assert len(calls(log)) == 7 + 6 + 1
    assert everything(found)[2:] == everything(sweep(Momentum, GRID, prices(), **OPTIONS))[2:]


def test_a_part_that_is_cut_off_changed_or_halved_is_run_again(tmp_path, kind):
    log, store = tmp_path / "log", tmp_path / "store"
    whole = sweep(Counted, counted(log), prices(), store=store, chunk_size=3, **OPTIONS)
    parts = sorted(store.glob("*.rows.*"))
    assert len(parts) == 4
    parts[0].write_bytes(parts[0].read_bytes()[:-20])
    draws = parts[1].with_name(parts[1].name.replace(".rows.", ".draws."))
    draws.unlink()
    parts[2].write_bytes(parts[2].read_bytes().replace(b"0", b"1"))
    (store / f"{parts[3].name}.partial-0123").write_bytes(b"half")
    log.unlink()
    with pytest.warns(
        RiskResearchWarning, match=r"in the store 'store' is not whole, so its trials are run again"
    ) as told:
        found = sweep(Counted, counted(log), prices(), store=store, **OPTIONS)
    assert len(told) == 3
    assert len(calls(log)) == 9 + 1
    assert everything(found) == everything(whole)


def test_a_store_may_go_on_in_the_other_format(tmp_path, monkeypatch):
    store = tmp_path / "store"
    whole = sweep(Momentum, GRID, prices(), store=store, chunk_size=4, **OPTIONS)
    for path in store.glob("part-00000004-*"):
        path.unlink()
    monkeypatch.setattr("riskresearch.backtest._sweep_store.find_spec", lambda name: None)
    assert everything(sweep(Momentum, GRID, prices(), store=store, **OPTIONS)) == everything(whole)
    assert {path.suffix for path in store.iterdir()} == {".csv", ".parquet", ".json"}


def test_errors_are_stored_too(tmp_path, kind):
    text = 'line one\nline "two", nan'

    def fussy(window):
        if window == 10:
            raise ValueError(text)
        return Momentum(window=window)

    grid = {"window": [5, 10]}
    one = sweep(fussy, grid, prices(), store=tmp_path / "store", **OPTIONS)
    again = sweep(fussy, grid, prices(), store=tmp_path / "store", **OPTIONS)
    assert again.failed["error"].tolist() == [f"ValueError: {text}"]
    assert everything(again) == everything(one)


def test_the_seed_of_the_store_goes_on(tmp_path):
    options = {**OPTIONS, "rng": None}
    one = sweep(Momentum, GRID, prices(), store=tmp_path, **options)
    assert everything(sweep(Momentum, GRID, prices(), store=tmp_path, **options)) == everything(one)
    assert one.reality_check.seed == int(json.loads((tmp_path / "sweep.json").read_text())["seed"])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"prices": prices(seed=1)}, "data"),
        ({"prices": prices().rename(columns={"a": "z"})}, "data"),
        ({"grid": GRID | {"target": [0.1]}}, "grid"),
        ({"sizer": Counted}, "code of the sizer"),
        ({"costs": 0.001}, "set of costs"),
        ({"assets": "each"}, "choice of assets"),
        ({"lag": 2}, "setting"),
        ({"rng": 4}, "setting"),
        ({"draws": 101, "assets": "each"}, "choice of assets, another setting"),
    ],
)
def test_results_of_another_sweep_are_refused(tmp_path, change, what):
    arguments = {"sizer": Momentum, "grid": GRID, "prices": prices(), "store": tmp_path, **OPTIONS}
    sweep(**arguments)
    with pytest.raises(
        InvalidInputError, match=rf"holds the results of another sweep, with another {what}\. Give another folder"
    ):
        sweep(**arguments | change)


def test_results_of_another_version_are_refused(tmp_path, monkeypatch):
    sweep(Momentum, GRID, prices(), store=tmp_path, **OPTIONS)
    monkeypatch.setattr("riskresearch.backtest._sweep.library_fingerprint", lambda: "another")
    with pytest.raises(InvalidInputError, match=r"another sweep, with another version of riskresearch\."):
        sweep(Momentum, GRID, prices(), store=tmp_path, **OPTIONS)


def test_folders_of_others_are_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(InvalidInputError, match=r"must be a new or empty folder .* holds 'thesis.tex'"):
        sweep(Momentum, GRID, prices(), store=tmp_path, **OPTIONS)
    with pytest.raises(InvalidInputError, match=r"store must be a folder, got the file 'thesis.tex'"):
        sweep(Momentum, GRID, prices(), store=tmp_path / "thesis.tex", **OPTIONS)
    assert (tmp_path / "thesis.tex").read_text() == "x"


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 99, "seed": "1", "identity": {}}', '{"format": 1}'])
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path, text):
    (tmp_path / "sweep.json").write_text(text)
    with pytest.raises(InvalidInputError, match=r"has a sweep\.json that this version can't read"):
        sweep(Momentum, GRID, prices(), store=tmp_path, **OPTIONS)


def test_numbers_come_back_with_all_their_bits(tmp_path, kind):
    from riskresearch.backtest._sweep_trials import Outcome  # noqa: PLC0415 (for this test only)

    values = np.array([[0.1 + 0.2, 1e-308], [np.nan, -0.0], [5e-324, -1.7976931348623157e308]])
    outcome = Outcome(np.array([3, 4, 9]), values, ("", "nan", "a,b"), np.array([[-np.inf, 1 / 3]] * 4), ())
    store = ResultStore(tmp_path, ("one", "two"))
    store.save(outcome)
    (back,) = store.load()
    assert back.numbers.tobytes() == values.tobytes()
    assert back.maxima.tobytes() == outcome.maxima.tobytes()
    assert (back.trial.tolist(), back.errors) == ([3, 4, 9], ("", "nan", "a,b"))


# --- fingerprints


def one_more(value, by=1):
    return value + by


def two_more(value, by=2):
    return value + by


def closing_over(number):
    return lambda value: value + number


def test_fingerprints_tell_what_differs_and_only_that():
    frame = prices()
    same = [(frame, frame.copy()), (closing_over(1), closing_over(1)), (Momentum(), Momentum()), ([1, 2.0], [1, 2.0])]
    for one, other in same:
        assert fingerprint(one) == fingerprint(other)
    others = [
        1, 1.0, "1", True, None, [1], (1, 1), {"a": 1}, {"a": 2}, np.ones(2), np.ones((2, 1)), np.ones(2, int), frame,
        frame.iloc[:-1], frame["a"], frame["a"].rename("b"), frame.reset_index(drop=True), one_more, two_more,
        closing_over(1), closing_over(2), Momentum, Momentum(), Momentum(window=3), pd.Timestamp("2020"), frame.index,
        Momentum().weights, Momentum(window=3).weights, np.array, pd.Series(["x"]), pd.Series(["y"]),
    ]  # fmt: skip
    assert len({fingerprint(value) for value in others}) == len(others)


def test_functions_without_a_file_are_told_by_their_code():
    made = {}
    for name, text in (("one", "value + 1"), ("same", "value + 1"), ("other", "value + 2")):
        space = {}
        exec(f"def f(value):\n    return {text}\nclass C:\n    def m(self, value):\n        return {text}", space)
        made[name] = fingerprint(space["f"]), fingerprint(space["C"])
    assert made["one"] == made["same"]
    assert not set(made["one"]) & set(made["other"])


def test_a_function_that_sees_itself_has_a_fingerprint():
    def down(number):
        return down(number - 1) if number else 0

    assert len(fingerprint(down)) == 32


def test_what_cannot_be_told_from_others_is_refused(tmp_path):
    lock = __import__("threading").Lock()
    with pytest.raises(
        InvalidInputError, match=r"store needs settings that can be told from others in another session"
    ):
        sweep(
            lambda window: lambda returns: returns * (lock is None),
            {"window": [1]},
            prices(),
            store=tmp_path,
            **OPTIONS,
        )
