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
from tests.backtest.sweeps.sweep_cases import GRID, OPTIONS, Deadly, Momentum, everything, prices

ROOT = Path(__file__).parents[3]
DEAD = [(0.1, 20), (0.2, 5)]


def by_set(found):
    frame = found.to_frame()
    return {
        (row["target"], row["window"]): (row["sharpe_ratio"], row["turnover"], row["error"])
        for _, row in frame.iterrows()
    }


@pytest.mark.parametrize(("backend", "way"), [("loky", "exit"), ("multiprocessing", "kill"), ("loky", "segfault")])
def test_a_set_that_ends_its_worker_is_recorded_and_the_others_are_run(tmp_path, backend, way):
    log = tmp_path / "log"
    options = {"n_jobs": 2, "store": tmp_path / "store", **OPTIONS}
    grid = GRID | {"way": [way], "log": [str(log)]}
    with joblib.parallel_config(backend=backend), pytest.warns(RiskResearchWarning, match="a worker was lost"):
        found = by_set(sweep(Deadly, grid, prices(), **options))
    right = by_set(sweep(Momentum, GRID, prices(), **OPTIONS))
    assert {name for name, numbers in found.items() if numbers[2]} == set(DEAD)
    for name in DEAD:
        assert found[name][2].startswith("WorkerLostError: it ended its worker process (")
        assert np.isnan(found[name][0])
    assert {name: found[name] for name in found if name not in DEAD} == {
        name: right[name] for name in right if name not in DEAD
    }
    tries = log.read_text().splitlines()
    assert [tries.count(f"{target} {window}") for target, window in DEAD] == [1 + TRIES_ALONE] * 2
    again = sweep(Deadly, grid, prices(), **options)  # all of it from the store, in which the failures have their names
    assert by_set(again)[DEAD[0]][2] == found[DEAD[0]][2]


def test_a_set_that_ends_its_worker_once_is_no_failure(tmp_path):
    mortal = tmp_path / "mortal"
    mortal.touch()
    with (
        joblib.parallel_config(backend="multiprocessing"),
        pytest.warns(RiskResearchWarning, match="a worker was lost"),
    ):
        found = sweep(Deadly, GRID | {"way": ["kill"], "once": [str(mortal)]}, prices(), n_jobs=2, **OPTIONS)
    assert everything(found)[2:] == everything(sweep(Momentum, GRID, prices(), **OPTIONS))[2:]


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_leaving_the_interpreter_is_an_error_of_the_set(n_jobs):
    found = sweep(Deadly, GRID | {"way": ["leave"]}, prices(), n_jobs=n_jobs, **OPTIONS)
    assert {(row["target"], row["window"]): row["error"] for _, row in found.failed.iterrows()} == dict.fromkeys(
        DEAD, "SystemExit: 3"
    )


def test_without_workers_the_store_keeps_what_was_done_before(tmp_path):
    """Nothing can be run after the end of the only process; the store then has the sets before the deadly one."""
    code = (
        "import sys\nfrom riskresearch import sweep\n"
        "from tests.backtest.sweeps.sweep_cases import GRID, OPTIONS, Deadly, prices\n"
        "sweep(Deadly, GRID | {'way': ['kill']}, prices(), store=sys.argv[1], chunk_size=1, **OPTIONS)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "store")]
    child = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert child.returncode == -signal.SIGKILL
    assert len(list((tmp_path / "store").glob("part-*.rows.*"))) == 6
    with pytest.warns(RiskResearchWarning, match="a worker was lost"):
        found = sweep(
            Deadly, GRID | {"way": ["kill"]}, prices(), store=tmp_path / "store", n_jobs=2, chunk_size=1, **OPTIONS
        )
    assert found.finished == 10


class Whole(ThreadingBackend):
    """A backend that gives its results all at once."""

    supports_return_generator = False


def test_a_backend_that_gives_results_all_at_once_changes_no_digit():
    register_parallel_backend("whole", Whole)
    with joblib.parallel_config(backend="whole", n_jobs=2):
        found = sweep(Momentum, GRID, prices(), chunk_size=5, **OPTIONS)
    assert everything(found) == everything(sweep(Momentum, GRID, prices(), **OPTIONS))


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
        sweep(Momentum, GRID, prices(), **OPTIONS)
