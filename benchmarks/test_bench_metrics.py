"""Each work under pytest-benchmark: ours and the peers' in one group, after a check that they give the same numbers."""

from dataclasses import asdict
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import all_cases
from benchmarks.compare import Case, ratio

pytestmark = pytest.mark.filterwarnings("ignore")  # the peers' own


def sides() -> list[Any]:
    """Return each case with whose side is timed; our side once for each work."""
    found, works = [], set()
    for case in all_cases():
        if case.work not in works:
            works.add(case.work)
            found.append(pytest.param(case, True, id=f"{case.work}: riskresearch"))
        found.append(pytest.param(case, False, id=f"{case.work}: {case.peer}"))
    return found


@pytest.mark.parametrize(("case", "ours"), sides())
def test_bench_same_work(case: Case, ours: bool, benchmark: BenchmarkFixture) -> None:
    """Both sides give the same numbers; then one is timed, and a peer's row carries the interleaved ratio to ours."""
    case.check()
    benchmark.group = case.work
    if not ours:
        benchmark.extra_info |= asdict(ratio(case.ours, case.theirs, min(case.repeats, 5)))
    benchmark(case.ours if ours else case.theirs)
