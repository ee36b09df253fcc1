"""docs/coverage.md is what the benchmark beside it writes: its counts, its cells and where it says to fall short."""

import re

import pytest
from scipy import stats

from benchmarks import coverage

PAGE = coverage.PAGE.read_text(encoding="utf-8")
PARTS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
MEASURES = ("VaR 95%", "VaR 99%", "CVaR 95%", "CVaR 99%", "volatility", "Sharpe ratio")


def cells(part):
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return {row[0]: row[1:] for row in rows[1:]}


def test_the_page_says_how_many_histories_were_measured():
    for rows, count in coverage.REPETITIONS.items():
        assert f"{count} histories of {rows:,} rows" in PAGE
    assert f"seed {coverage.SEED}, {coverage.DRAWS} draws" in PAGE


@pytest.mark.parametrize("name", [name for name in PARTS if name != "Where the default falls short"])
def test_each_table_has_every_measure_and_lists_where_the_default_falls_short(name):
    table, short = cells(PARTS[name]), PARTS["Where the default falls short"]
    assert tuple(table) == MEASURES
    for place, rows in enumerate(coverage.REPETITIONS):
        defaults = {measure: float(row[3 * place]) for measure, row in table.items()}
        assert all(0.0 <= share <= 100.0 for share in defaults.values())
        line = re.search(rf"^- {re.escape(name)}, n = {rows:,}: (.*)$", short, re.MULTILINE)
        said = (
            {}
            if line is None
            else {each.rpartition(" ")[0]: float(each.rpartition(" ")[2]) for each in line[1].split(", ")}
        )
        assert {measure: defaults[measure] for measure in said} == said
        # A share of 89.5 is printed as 90 and falls short.
        assert all(share >= 100.0 * coverage.FEWEST for measure, share in defaults.items() if measure not in said)


def test_the_benchmark_counts_the_intervals_that_hold_the_truth():
    deviation = 0.01 * coverage.YEAR**0.5
    process = coverage.Process("normal", coverage.normal, {"volatility": deviation})
    assert coverage.coverage(process, 120, 12)["volatility", "default"] >= 0.75
    beyond = coverage.Process("normal", coverage.normal, {"volatility": 3.0 * deviation})
    assert set(coverage.coverage(beyond, 120, 4).values()) == {0.0}
    true = coverage.truth_of(stats.norm(0.0005, 0.01))
    # By hand: 1.6449 and 2.0627 deviations less the mean (Acerbi & Tasche 2002), and 0.05 times the root of 252.
    assert [true[name] for name in ("VaR 95%", "CVaR 95%", "Sharpe ratio")] == pytest.approx(
        [0.015949, 0.020127, 0.793725], abs=1e-5
    )
