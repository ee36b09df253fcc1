"""Fresh interpreters under pytest-benchmark: one round is one process."""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.fresh import OUR_ANSWER, PANDAS_ANSWER
from benchmarks.processes import run_once


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("pass", id="bare interpreter"),
        pytest.param("import riskresearch", id="import riskresearch"),
        pytest.param(OUR_ANSWER, id="first VaR and CVaR"),
        pytest.param(PANDAS_ANSWER, id="first pandas quantile"),
    ],
)
def test_bench_fresh_interpreter(statement: str, benchmark: BenchmarkFixture) -> None:
    """The statement succeeds in a fresh interpreter, which is timed as a whole."""
    benchmark.group = "fresh interpreter"
    cost = benchmark.pedantic(run_once, args=(statement,), rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info["added_mb"] = cost.added_mb
    assert cost.process_cpu_ms > 0.0
