"""Each case under pytest-benchmark: our side is timed by the fixture, the ratio to the peer goes to `extra_info`."""

from dataclasses import asdict

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import all_cases
from benchmarks.compare import Case, ratio

pytestmark = pytest.mark.filterwarnings("ignore")  # the peers' own


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_bench_same_work(case: Case, benchmark: BenchmarkFixture) -> None:
    """Both sides give the same numbers; then ours is timed."""
    case.check()
    benchmark.group = case.work
    benchmark.extra_info |= asdict(ratio(case.ours, case.theirs, min(case.repeats, 5)))
    benchmark(case.ours)
