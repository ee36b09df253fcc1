"""The command line `riskresearch`."""

import argparse
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from riskresearch import __version__
from riskresearch.cli._compare import compare_parser
from riskresearch.cli._doctor import add_doctor
from riskresearch.cli._limits import add_limits
from riskresearch.cli._parser import Parser, PrintCompletion
from riskresearch.cli._read import add_read
from riskresearch.cli._report import add_report
from riskresearch.cli._terminal import (
    EXIT_BAD_INPUT,
    EXIT_CODES,
    EXIT_INTERRUPTED,
    EXIT_READER_GONE,
    PROGRAM,
    reason,
    say,
)
from riskresearch.core import DataIntegrityError, InvalidInputError, OptionalDependencyError

COMPARE = "compare"
SELDOM = (100_000, 50, 100)
"""Thresholds of the garbage collector, which by default spends a twentieth of the time on what imports leave."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; by default those of the process.

    Returns
    -------
    int
        0 on success, 1 where a policy failed its tests or got looser, 2 for invalid input, 130 when interrupted, 141
        when the reader of a pipe is gone. A bug shows its traceback.

    Examples
    --------
    >>> from riskresearch.cli import main
    >>> main(["report", "no-such-file.csv", "--quiet"])
    2
    """
    try:
        with _collecting_seldom():
            return _run(argv)
    except BrokenPipeError:
        return EXIT_READER_GONE
    except KeyboardInterrupt:
        say("interrupted, nothing written")
        return EXIT_INTERRUPTED
    finally:
        _close_what_is_broken()


def _run(argv: Sequence[str] | None) -> int:
    try:
        try:
            arguments = _parse(list(sys.argv[1:] if argv is None else argv))
            code = int(arguments.run(arguments))
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # a failed write of the last lines is reported here, not at the interpreter's exit
    except BrokenPipeError:
        raise
    except (InvalidInputError, OptionalDependencyError, DataIntegrityError, OSError) as error:
        say(f"error: {reason(error)}")
        return EXIT_BAD_INPUT
    except MemoryError:
        say("error: there is not enough memory for that.")
        return EXIT_BAD_INPUT
    return code


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _close_what_is_broken() -> None:
    """Redirect a broken stream to the null device, so that the interpreter's last flush does not fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parse(argv: list[str]) -> argparse.Namespace:
    """Return the arguments; `report compare` is a command of its own, and a file of that name ./compare."""
    if argv[:1] == [COMPARE]:
        raise InvalidInputError(f"{COMPARE} is a kind of report: `{PROGRAM} report {COMPARE} FILE FILE`.")
    if argv[:2] == ["report", COMPARE]:
        return compare_parser().parse_args(argv[2:])
    if argv[:1] == ["report"] and COMPARE in argv:  # behind options
        known, more = _parser().parse_known_args(argv)
        if known.data == COMPARE and more:
            place = argv.index(COMPARE)
            return compare_parser().parse_args([*argv[1:place], *argv[place + 1 :]])
    arguments, more = _parser().parse_known_args(argv)
    if more and argv[:1] == ["report"] and not any(each.startswith("-") for each in more):
        raise InvalidInputError(
            f"a report is on one FILE, got {arguments.data} and {', '.join(more)}. Several are compared by "
            f"`{PROGRAM} report {COMPARE} FILE FILE`."
        )
    return arguments if not more else _parser().parse_args(argv)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog=PROGRAM,
        description="Quantitative risk research.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument("--print-completion", action=PrintCompletion, help="print the completion of a shell, and stop")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_report(commands)
    add_read(commands)
    add_limits(commands)
    add_doctor(commands)
    return parser
