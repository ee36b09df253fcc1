"""A sweep on a real dask cluster of worker processes, one of which is killed in the middle."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import joblib
import pytest

from riskresearch import sweep
from riskresearch.core import RiskResearchWarning
from tests.backtest.sweep_cases import GRID, OPTIONS, Counted, Momentum, everything, prices

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
        found = sweep(Counted, grid, prices(), **OPTIONS | options)
    assert not mortal.exists()
    assert everything(found)[2:] == everything(sweep(Momentum, GRID, prices(), **OPTIONS))[2:]
    calls = (tmp_path / "log").read_text().splitlines()
    assert set(calls) == {f"{target} {window}" for target in GRID["target"] for window in GRID["window"]}
    return found


def test_a_killed_worker_loses_nothing(tmp_path):
    with cluster(workers=3, threads=1) as client:
        before = set(client.run(os.getpid).values())
        run(tmp_path, chunk_size=1, store=tmp_path / "store")
        after = set(client.run(os.getpid).values())
    assert len(before) == 3
    assert os.getpid() not in before
    assert len(before - after) == 1


def test_data_that_die_with_their_only_worker_are_sent_again(tmp_path, monkeypatch):
    """dask can't make anew what was sent to a worker once, so the sweep itself runs again what is left."""
    monkeypatch.setattr("riskresearch.backtest._sweep_trials.LARGE_BYTES", 1)
    with (
        cluster(workers=1, threads=2),
        pytest.warns(RiskResearchWarning, match=r"a worker was lost .* jobs without a result are run again"),
    ):
        run(tmp_path)
