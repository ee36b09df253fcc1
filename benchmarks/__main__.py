"""Run every comparison and write docs/benchmarks.md: `python -m benchmarks [FILE]`."""

import argparse
import sys
import warnings
from pathlib import Path

import riskresearch
from benchmarks.cases import all_cases
from benchmarks.compare import Case, Ratio, ratio
from benchmarks.fresh import first_answers, imports
from benchmarks.large import memory_section, monte_carlo_section, tick_section
from benchmarks.report import HEAD, machine, same_process, start_up
from benchmarks.startup import stall_row
from benchmarks.sweep_cases import sweep_memory
from riskresearch.core.output._whole_file import check_file_target, write_whole

DEFAULT_FILE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def measure(case: Case) -> list[tuple[Case, str, Ratio]]:
    """Check that both sides agree, then compare them on one thread, and the promised panels also on all."""
    case.check()
    results = []
    one_column = case.work.startswith(("summary", "stationary bootstrap", "reading"))  # has nothing to split
    splits = case.target is not None and not one_column
    for threads in sorted({1, riskresearch.options.threads if splits else 1}):
        with riskresearch.options.context(threads=threads):
            results.append((case, str(threads), ratio(case.ours, case.theirs, case.repeats)))
        print(f"{case.name}, {threads} thread(s): {results[-1][2].median:.3g}", file=sys.stderr, flush=True)
    return results


def event_loop_section(runs: int = 9) -> str:
    """Return the section on how long loading everything holds up a running event loop."""
    head = "| work | riskresearch | against | cost | ratio |\n|---|---|---|---|---|"
    return f"## Event loop\n\n{head}\n{stall_row(runs)}\n"


def main() -> None:
    """Measure everything and write the file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_FILE, help="where to write (docs/benchmarks.md)")
    parser.add_argument("--only", default="", help="measure only the cases whose name contains this, and print them")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # the peers' own
    if not arguments.only:
        arguments.file.parent.mkdir(exist_ok=True)
        check_file_target(arguments.file, name="file")  # before an hour of work
    results = [row for case in all_cases() if arguments.only in case.name for row in measure(case)]
    if arguments.only:
        print(same_process(results))
        print(memory_section(arguments.only))
        return
    parts = [
        HEAD,
        machine(riskresearch.options.threads) + "\n",
        same_process(results),
        memory_section(),
        tick_section(),
        monte_carlo_section(),
        start_up(imports(), first_answers()),
        event_loop_section(),
        sweep_memory(),
    ]
    write_whole(arguments.file, "\n".join(parts).encode(), name="file")
    print(f"wrote {arguments.file.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
