"""Splitting a panel over threads changes no bit, covers each column once, and loses no error."""

import threading

import numpy as np
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.kernels import _threads
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels._threads import over_columns
from riskresearch.kernels.compiled._drawdown import drawdown_path, worst_drawdown
from riskresearch.kernels.compiled._sums import column_sums
from riskresearch.kernels.compiled._tail import tail_risk
from tests.examples import examples
from tests.samples import fat_tailed

KERNELS = {
    "column_sums": column_sums,
    "tail_risk": lambda values: np.concatenate(tail_risk(values, *tail_rank(0.95, len(values)))),
    "worst_drawdown": worst_drawdown,
    "drawdown_path": drawdown_path,
}


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch):
    monkeypatch.setattr(_threads, "LIGHT_ELEMENTS_PER_THREAD", 8)
    monkeypatch.setattr(_threads, "HEAVY_ELEMENTS_PER_THREAD", 8)


def pieces_of(columns, threads, rows=100):
    ranges = []
    with riskresearch.options.context(threads=threads):
        over_columns(lambda first, last: ranges.append((first, last)), (rows, columns))
    return sorted(ranges)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("threads", [2, 3, 7])
@pytest.mark.parametrize("columns", [1, 2, 9, 23])
def test_the_number_of_threads_changes_no_bit(kernel, threads, columns):
    values = fat_tailed(60, columns, seed=columns)
    with riskresearch.options.context(threads=1):
        one = KERNELS[kernel](values)
    with riskresearch.options.context(threads=threads):
        several = KERNELS[kernel](values)
    assert np.array_equal(several.view(np.int64), one.view(np.int64))


@given(st.integers(1, 40), st.integers(1, 12))
@examples(30)
def test_every_column_is_covered_once(columns, threads):
    ranges = pieces_of(columns, threads)
    assert [column for first, last in ranges for column in range(first, last)] == list(range(columns))
    assert len(ranges) == min(columns, threads)
    assert max(last - first for first, last in ranges) - min(last - first for first, last in ranges) <= 1


def test_work_really_leaves_the_calling_thread():
    seen = set()
    meet = threading.Barrier(3, timeout=30)

    def task(first, last):
        meet.wait()
        seen.add(threading.get_ident())

    with riskresearch.options.context(threads=3):
        over_columns(task, (100, 3))
    assert len(seen) == 3
    assert threading.get_ident() not in seen


def test_small_panels_stay_on_the_calling_thread():
    seen = []
    with riskresearch.options.context(threads=4):
        over_columns(lambda first, last: seen.append((threading.get_ident(), first, last)), (1, 7))
    assert seen == [(threading.get_ident(), 0, 7)]


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_in_one_piece_comes_out(threads):
    def task(first, last):
        if first <= 4 < last:
            raise ZeroDivisionError("column 4")

    with riskresearch.options.context(threads=threads), pytest.raises(ZeroDivisionError, match="column 4"):
        over_columns(task, (100, 6))


def test_measures_of_a_panel_are_the_same_on_every_number_of_threads():
    values, benchmark = fat_tailed(300, 11), fat_tailed(300, 1, seed=9)[:, 0]
    summaries = []
    for threads in (1, 2, 3, 7):
        with riskresearch.options.context(threads=threads):
            summaries.append(riskresearch.summary(values, benchmark))
    assert all(summary == summaries[0] for summary in summaries)
