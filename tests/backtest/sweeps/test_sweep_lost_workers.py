"""A set of parameters that ends its worker process is a failure with a name; every other set keeps its result."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pytest
from joblib.parallel import ThreadingBackend, register_parallel_backend

from riskresearch import sweep
from riskresearch.backtest.sweeps._run import TRIES_ALONE
from riskresearch.core import RiskResearchError, RiskResearchWarning
from tests.backtest.sweeps.sweep_cases import GRID, ONE_DEADLY, OPTIONS, Deadly, Momentum, everything, prices

ROOT = Path(__file__).parents[3]
DEAD = [(0.1, 20), (0.2, 5)]
"""The deadly sets of `GRID`; the first is that of `ONE_DEADLY`."""


def by_set(found):
    frame = found.to_frame()
    return {
        (row["target"], row["window"]): (row["sharpe_ratio"], row["turnover"], row["error"])
        for _, row in frame.iterrows()
    }


@pytest.mark.parametrize(
    ("backend", "way", "sets", "dead"),
    [
        ("loky", "exit", GRID, DEAD),
        ("loky", "segfault", ONE_DEADLY, DEAD[:1]),
        ("multiprocessing", "kill", ONE_DEADLY, DEAD[:1]),
    ],
)
def test_a_set_that_ends_its_worker_is_recorded_and_the_others_are_run(tmp_path, backend, way, sets, dead):
    log = tmp_path / "log"
    options = {"n_jobs": 2, "store": tmp_path / "store", **OPTIONS}
    grid = sets | {"way": [way], "log": [str(log)]}
    with joblib.parallel_config(backend=backend), pytest.warns(RiskResearchWarning, match="a worker was lost"):
        found = by_set(sweep(prices(), Deadly, grid, **options))
    right = by_set(sweep(prices(), Momentum, sets, **OPTIONS))
    assert {name for name, numbers in found.items() if numbers[2]} == set(dead)
    for name in dead:
        assert found[name][2].startswith("WorkerLostError: it ended its worker process (")
        assert np.isnan(found[name][0])
    assert {name: found[name] for name in found if name not in dead} == {
        name: right[name] for name in right if name not in dead
    }
    tries = log.read_text().splitlines()
    assert {tries.count(f"{target} {window}") for target, window in dead} == {1 + TRIES_ALONE}
    again = sweep(prices(), Deadly, grid, **options)  # all of it from the store, in which the failures have their names
    assert by_set(again)[dead[0]][2] == found[dead[0]][2]


def test_a_set_that_ends_its_worker_once_is_no_failure(tmp_path):
    mortal = tmp_path / "mortal"
    mortal.touch()
    with (
        joblib.parallel_config(backend="multiprocessing"),
        pytest.warns(RiskResearchWarning, match="a worker was lost"),
    ):
        found = sweep(prices(), Deadly, ONE_DEADLY | {"way": ["kill"], "once": [str(mortal)]}, n_jobs=2, **OPTIONS)
    assert everything(found)[2:] == everything(sweep(prices(), Momentum, ONE_DEADLY, **OPTIONS))[2:]


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_leaving_the_interpreter_is_an_error_of_the_set(n_jobs):
    found = sweep(prices(), Deadly, GRID | {"way": ["leave"]}, n_jobs=n_jobs, **OPTIONS)
    assert {(row["target"], row["window"]): row["error"] for _, row in found.failed.iterrows()} == dict.fromkeys(
        DEAD, "SystemExit: 3"
    )


def test_without_workers_the_store_keeps_what_was_done_before(tmp_path):
    """Nothing can be run after the end of the only process; the store then has the sets before the deadly one."""
    code = (
        "import sys\nfrom riskresearch import sweep\n"
        "from tests.backtest.sweeps.sweep_cases import ONE_DEADLY, OPTIONS, Deadly, prices\n"
        "sweep(prices(), Deadly, ONE_DEADLY | {'way': ['kill']}, store=sys.argv[1], chunk_size=1, **OPTIONS)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "store")]
    child = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert child.returncode == -signal.SIGKILL
    assert len(list((tmp_path / "store").glob("part-*.rows.*"))) == 3
    grid = ONE_DEADLY | {"way": ["kill"]}
    with pytest.warns(RiskResearchWarning, match="a worker was lost"):
        found = sweep(prices(), Deadly, grid, store=tmp_path / "store", n_jobs=2, chunk_size=1, **OPTIONS)
    assert found.finished == 3


class Whole(ThreadingBackend):
    """A backend that gives its results all at once."""

    supports_return_generator = False


def test_a_backend_that_gives_results_all_at_once_changes_no_digit():
    register_parallel_backend("whole", Whole)
    with joblib.parallel_config(backend="whole", n_jobs=2):
        found = sweep(prices(), Momentum, GRID, chunk_size=5, **OPTIONS)
    assert everything(found) == everything(sweep(prices(), Momentum, GRID, **OPTIONS))


class Forgetful(ThreadingBackend):
    """A backend that loses each portion without a word of which."""

    def submit(self, func, callback=None):
        raise OSError("gone")

    apply_async = submit  # its name before joblib 1.5


def test_a_backend_that_gives_nothing_ends_in_an_error_of_ours():
    register_parallel_backend("forgetful", Forgetful)
    with (
        joblib.parallel_config(backend="forgetful", n_jobs=2),
        pytest.warns(RiskResearchWarning, match="a worker was lost"),
        pytest.raises(RiskResearchError, match=r"the workers failed 3 times without a result, 12 jobs are left"),
    ):
        sweep(prices(), Momentum, GRID, **OPTIONS)
