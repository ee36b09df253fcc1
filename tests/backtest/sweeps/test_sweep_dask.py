"""A sweep on a real dask cluster of worker processes, some of which are killed in the middle."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import joblib
import numpy as np
import pytest

from riskresearch import sweep
from riskresearch.backtest.sweeps._run import TRIES_ALONE
from riskresearch.core import InvalidInputError, RiskResearchError, RiskResearchWarning
from tests.backtest.sweeps.sweep_cases import GRID, ONE_DEADLY, OPTIONS, Counted, Deadly, Momentum, everything, prices

distributed = pytest.importorskip("distributed")


@contextmanager
def cluster(workers: int, threads: int) -> Iterator[object]:
    """Start workers on this machine; what they say of those that are killed on purpose is not shown."""
    # Without an address it would ask for port 8787 all the same, and warn where another cluster has it.
    options = {"host": "127.0.0.1", "dashboard_address": ":0", "silence_logs": logging.CRITICAL}
    with (
        distributed.LocalCluster(n_workers=workers, threads_per_worker=threads, processes=True, **options) as started,
        distributed.Client(started) as client,
    ):
        yield client


def run(tmp_path, **options):
    mortal = tmp_path / "mortal"
    mortal.touch()
    grid = GRID | {"log": [str(tmp_path / "log")], "mortal": [str(mortal)]}
    with joblib.parallel_config(backend="dask"):
        found = sweep(prices(), Counted, grid, **OPTIONS | options)
    assert not mortal.exists()
    assert everything(found)[2:] == everything(sweep(prices(), Momentum, GRID, **OPTIONS))[2:]
    calls = (tmp_path / "log").read_text().splitlines()
    assert set(calls) == {f"{target} {window}" for target in GRID["target"] for window in GRID["window"]}
    return found


LOST = pytest.warns(RiskResearchWarning, match=r"a worker was lost .* jobs without a result are run again")


def test_a_killed_worker_loses_nothing(tmp_path):
    with cluster(workers=2, threads=1) as client, LOST:
        before = set(client.run(os.getpid).values())
        run(tmp_path, chunk_size=1, store=tmp_path / "store")
        after = set(client.run(os.getpid).values())
    assert len(before) == 2
    assert os.getpid() not in before
    assert len(before - after) == 1


def test_data_that_die_with_their_only_worker_are_sent_again(tmp_path, monkeypatch):
    """dask can't make again what was sent to a worker once, so the sweep itself runs again what is left."""
    monkeypatch.setattr("riskresearch.backtest.sweeps._trials.LARGE_BYTES", 1)
    with cluster(workers=1, threads=2), LOST:
        found = run(tmp_path)
    assert found.finished == len(GRID["target"]) * len(GRID["window"])
    assert found.failed.empty


def test_sets_that_end_each_process_are_recorded_and_the_others_are_run(tmp_path):
    """By itself dask sends such a set to worker after worker, until none comes back and the rest waits for ever."""
    dead, log = (0.1, 20), tmp_path / "log"
    grid = ONE_DEADLY | {"way": ["kill"], "log": [str(log)]}
    with cluster(workers=2, threads=1), LOST, joblib.parallel_config(backend="dask"):
        found = sweep(prices(), Deadly, grid, store=tmp_path / "store", chunk_size=1, **OPTIONS).to_frame()
    names = list(zip(found["target"], found["window"], strict=True))
    failed = dict(zip(names, found["error"], strict=True))
    assert [name for name in names if failed[name]] == [dead]
    assert failed[dead].startswith("WorkerLostError: it ended its worker process (exit code SIGKILL(-9)")
    assert log.read_text().splitlines().count("0.1 20") == 1 + TRIES_ALONE
    right = sweep(prices(), Momentum, ONE_DEADLY, **OPTIONS).to_frame()
    same = ["target", "window", "sharpe_ratio", "max_drawdown", "turnover"]
    survived = [name != dead for name in names]
    assert np.array_equal(found.loc[survived, same], right.loc[survived, same])
    again = sweep(prices(), Deadly, grid, store=tmp_path / "store", **OPTIONS)  # from the store, with their names
    assert again.to_frame()["error"].tolist() == found["error"].tolist()


def test_a_cluster_without_a_worker_ends_the_sweep(monkeypatch):
    monkeypatch.setattr("riskresearch.backtest.sweeps._dask.NO_WORKER_SECONDS", 0.5)
    with (
        cluster(workers=0, threads=1),
        joblib.parallel_config(backend="dask", wait_for_workers_timeout=0),
        pytest.raises(RiskResearchError, match=r"12 jobs are left: NoWorkerError: the dask cluster has had no worker"),
    ):
        sweep(prices(), Momentum, GRID, **OPTIONS)


def test_the_backend_is_chosen_by_name_and_changes_no_digit():
    with cluster(workers=1, threads=1) as client:
        called = client.submit(os.getpid).result()
        found = sweep(prices(), Momentum, GRID, backend="dask", **OPTIONS)
    assert called != os.getpid()
    assert everything(found)[2:] == everything(sweep(prices(), Momentum, GRID, **OPTIONS))[2:]


def test_a_sweep_on_dask_without_a_client_is_refused_with_the_line_that_starts_one():
    with pytest.raises(InvalidInputError, match=r"got none\. .*from distributed import Client; client = Client\(\)"):
        sweep(prices(), Momentum, GRID, backend="dask", **OPTIONS)
