"""The command line `riskresearch`. Each subcommand imports only what it needs."""

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from riskresearch import __version__
from riskresearch.core import (
    DataIntegrityError,
    InvalidInputError,
    OptionalDependencyError,
    RiskResearchWarning,
    optional_import,
    options,
)
from riskresearch.core.output._text import readable, write_line
from riskresearch.core.output._visible_text import visible_text
from riskresearch.core.output._whole_file import check_file_target

if TYPE_CHECKING:
    from riskresearch.report import Report

PROGRAM = "riskresearch"
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130
EXIT_READER_GONE = 141
"""The status that a shell reports for a program that wrote into a pipe without a reader."""
STANDARD_OUTPUT = "-"
LONGEST_LINE = 1_000

_HOWS = ("auto", "exact", "day", "week", "month", "quarter", "year")
_EXAMPLES = """\
examples:
  riskresearch report
      the bundled 20 stocks against the S&P 500
  riskresearch report prices.csv --benchmark SPY --weights "AAPL=0.6,MSFT=0.4" --out report.html
      two columns of your file against a third
  riskresearch report returns.csv --out - | gzip > report.html.gz
      the page to standard output
  riskresearch report returns.parquet --kind returns --benchmark index.csv --nan-policy omit
  riskresearch report download.csv --columns Close --date-format %d/%m/%Y --explain
      what the reader cannot decide, said; and all that it decided
"""
KINDS = ("auto", "prices", "returns", "percent", "log-returns", "cumulative", "pnl")
SHAPES = ("auto", "wide", "bars", "long", "equity", "fills", "positions")


class _Parser(argparse.ArgumentParser):
    """Report an error in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_BAD_INPUT, f"{PROGRAM}: error: {_one_line(message)} (see {self.prog} --help)\n")


class _PrintCompletion(argparse.Action):
    """Print the script that completes this command line in a shell, and stop."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, choices=("bash", "zsh", "tcsh"), help=help)

    def __call__(self, parser: argparse.ArgumentParser, *given: Any) -> NoReturn:
        shtab = optional_import("shtab", extra="completion", feature="--print-completion", minimum_version="1.6")
        print(shtab.complete(_with_files(parser, shtab.FILE), shell=given[1]))
        parser.exit()


def _with_files(parser: argparse.ArgumentParser, complete: dict[str, str]) -> argparse.ArgumentParser:
    """Mark the arguments of `parser`, and of its commands, that may be files."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _with_files(command, complete)
        elif "FILE" in str(action.metavar) or action.dest == "weights":
            action.complete = complete  # type: ignore[attr-defined]  # shtab's own attribute
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; by default those of the process.

    Returns
    -------
    int
        0 on success, 2 for invalid input, 130 when interrupted, 141 when the reader of a pipe is gone. A bug shows its
        traceback.

    Examples
    --------
    >>> from riskresearch.cli import main
    >>> main(["report", "no-such-file.csv", "--quiet"])
    2
    """
    try:
        return _run(argv)
    except BrokenPipeError:
        return EXIT_READER_GONE
    except KeyboardInterrupt:
        _say("interrupted, nothing written")
        return EXIT_INTERRUPTED
    finally:
        _close_what_is_broken()


def _run(argv: Sequence[str] | None) -> int:
    try:
        try:
            arguments = _parser().parse_args(argv)
            code = int(arguments.run(arguments))
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # a failed write of the last lines is reported here, not at the interpreter's exit
    except BrokenPipeError:
        raise
    except (InvalidInputError, OptionalDependencyError, DataIntegrityError, OSError) as error:
        _say(f"error: {_reason(error)}")
        return EXIT_BAD_INPUT
    except MemoryError:
        _say("error: there is not enough memory for that.")
        return EXIT_BAD_INPUT
    return code


def _close_what_is_broken() -> None:
    """Redirect a broken stream to the null device, so that the interpreter's last flush does not fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=PROGRAM, description="Quantitative risk research.")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument("--print-completion", action=_PrintCompletion, help="print the completion of a shell, and stop")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_report(commands)
    _add_read(commands)
    doctor = commands.add_parser("doctor", help="versions, compiled kernels, optional parts, import cost")
    doctor.set_defaults(run=_doctor)
    return parser


def _add_report(commands: "argparse._SubParsersAction[_Parser]") -> None:
    report = commands.add_parser(
        "report",
        help="write a risk report as one HTML file",
        description="Write a risk report as one self-contained HTML file.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = report.add_argument
    add("data", nargs="?", metavar="FILE", help="prices or returns as `read` reads them; without it, bundled data")
    add(
        "--out",
        default="report.html",
        metavar="FILE",
        help="the page; - is standard output (default: report.html)",
    )
    _add_reading(report)
    add("--explain", action="store_true", help="print every decision of the reader")
    add("--benchmark", metavar="COLUMN|FILE", help="a column of FILE, or a file with one column beside its dates")
    add("--benchmark-kind", choices=KINDS, default="auto", help="what the benchmark holds")
    add("--benchmark-how", choices=_HOWS, default="auto", help="how the dates of two files are matched (default: auto)")
    add(
        "--weights",
        metavar="W",
        help='"equal" (default), "AAPL=0.6,MSFT=0.4", "AAPL=60%%;MSFT=40%%", or a file of names and weights; a column '
        "without a weight leaves the portfolio",
    )
    add("--level", type=float, default=0.95, help="confidence level of VaR and CVaR (default: 0.95)")
    add(
        "--risk-free", type=float, default=0.0, metavar="RATE", help="simple rate per period, not per year (default: 0)"
    )
    add("--periods-per-year", type=float, metavar="N", help="by default read off the dates")
    add("--window", type=int, metavar="N", help="returns in a rolling window (default: one year)")
    add("--nan-policy", choices=("raise", "omit"), help="missing values: refuse them (default), or leave them out")
    add("--title", help="title of the page")
    add("--sections", metavar="A,B,...", help="sections in the order wanted (default: all)")
    talk = report.add_mutually_exclusive_group()
    talk.add_argument("--quiet", action="store_true", help="print nothing but errors")
    talk.add_argument("--progress", action="store_true", help="show the progress bar even if not on a terminal")
    report.set_defaults(run=_report)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose where a file can be read in more than one way."""
    add = parser.add_argument_group("reading FILE").add_argument
    add("--kind", choices=KINDS, default="auto", help="what FILE holds (default: auto)")
    add("--shape", choices=SHAPES, default="auto", help="what its table is (default: auto)")
    add("--columns", action="append", metavar="A,B,...", help="the columns, or tickers, that are the assets")
    add("--drop", action="append", metavar="A,B,...", help="columns to ignore")
    add("--date-format", metavar="FORMAT", help="form of its dates, such as %%d/%%m/%%Y")
    add("--decimal", choices=(".", ","), help="its decimal mark, where the numbers leave it open")
    add("--sheet", metavar="NAME", help="sheet of a workbook")
    add("--table", type=int, default=1, metavar="N", help="which table of a text that holds several (default: 1)")
    add("--encoding", metavar="NAME", help="encoding of a text, such as cp1252")
    add("--separator", metavar="MARK", help="the mark between the cells of a text")
    add("--capital", type=float, metavar="MONEY", help="capital at the start, for --kind pnl")


def _add_read(commands: "argparse._SubParsersAction[_Parser]") -> None:
    read = commands.add_parser(
        "read",
        help="show how a file is read",
        description="Show how a file is read: its form, dates, shape and kind, the first and last rows, and the line "
        "of Python that loads it.",
    )
    read.add_argument(
        "data", metavar="FILE", help="text, gzip, zip, Excel, Parquet, Arrow or JSON; - is standard input"
    )
    _add_reading(read)
    read.set_defaults(run=_read)


def _reading(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "kind": arguments.kind,
        "shape": arguments.shape,
        "columns": _listed(arguments.columns),
        "drop": _listed(arguments.drop) or (),
        "date_format": arguments.date_format,
        "decimal": arguments.decimal,
        "sheet": arguments.sheet,
        "table": arguments.table,
        "encoding": arguments.encoding,
        "separator": arguments.separator,
        "capital": arguments.capital,
    }


def _listed(given: list[str] | None) -> tuple[str, ...] | None:
    """Return the names of an option that is a list, or is given several times."""
    return None if given is None else tuple(part.strip() for text in given for part in text.split(",") if part.strip())


def _read(arguments: argparse.Namespace) -> int:
    from riskresearch.files import read  # noqa: PLC0415 (not for --help)

    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", category=RiskResearchWarning)
        file = read(arguments.data, **_reading(arguments))
        lines = file.summary().splitlines()
    for line in lines:
        write_line(visible_text(line), sys.stdout)
    _say_warnings(caught)
    return 0


def _say_warnings(caught: list[warnings.WarningMessage]) -> None:
    for message in dict.fromkeys(_one_line(str(warning.message)) for warning in caught):
        _say(f"warning: {message}")


def _report(arguments: argparse.Namespace) -> int:
    target = _check_target(arguments)
    shown = False if arguments.quiet else True if arguments.progress else options.progress
    with options.context(progress=shown), warnings.catch_warnings(record=True) as caught:
        page = _build(arguments)
    _save(page, target)
    if not arguments.quiet:
        _say_warnings(caught)
        for file in page.files if arguments.explain else ():
            for step in file.steps:
                _say(_one_line(f"{file.name}: {step}"))
        read = [_one_line(file.read_as) for file in page.files]
        for line in read or [page.tables.conventions["Value"].to_dict()["Data"]]:
            _say(f"data: {line}")
        if target is not None:
            write_line(f"{target} ({target.stat().st_size / 1000:,.0f} kB)", sys.stdout)
    return 0


def _check_target(arguments: argparse.Namespace) -> Path | None:
    """Return the checked path of the page, which must not be an input; None is standard output."""
    if arguments.out == STANDARD_OUTPUT:
        if sys.stdout is None:
            raise InvalidInputError("--out - needs a standard output, but it is closed.")
        return None
    written = check_file_target(arguments.out, name="--out")
    for given in (arguments.data, arguments.benchmark, arguments.weights):
        if given is not None and _is_same(written, given):
            raise InvalidInputError(f"--out must not overwrite an input, got {arguments.out}.")
    return Path(arguments.out)


def _is_same(written: Path, given: str) -> bool:
    with suppress(OSError, ValueError):  # an argument may be weights or the name of a column instead of a file
        return written.samefile(given)
    return False


def _build(arguments: argparse.Namespace) -> "Report":
    from riskresearch.report import build_bundled_report, build_file_report  # noqa: PLC0415 (not for --help)

    warnings.filterwarnings("always", category=RiskResearchWarning)
    shared = {
        "level": arguments.level,
        "risk_free": arguments.risk_free,
        "periods_per_year": arguments.periods_per_year,
        "window": arguments.window,
        "sections": None if arguments.sections is None else [part.strip() for part in arguments.sections.split(",")],
    }
    if arguments.data is None:
        for option in ("benchmark", "weights", "nan_policy"):
            if getattr(arguments, option) is not None:
                raise InvalidInputError(f"--{option.replace('_', '-')} needs FILE: the bundled report has its own.")
        return build_bundled_report(**shared, **({} if arguments.title is None else {"title": arguments.title}))
    return build_file_report(
        arguments.data,
        **_reading(arguments),
        benchmark=arguments.benchmark,
        benchmark_kind=arguments.benchmark_kind,
        benchmark_how=arguments.benchmark_how,
        weights=arguments.weights or "equal",
        nan_policy=arguments.nan_policy or "raise",
        title=arguments.title,
        **shared,
    )


def _save(page: "Report", target: Path | None) -> None:
    try:
        if target is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(page.html.encode())
            sys.stdout.flush()
        else:
            page.save(target)
    except BrokenPipeError:
        raise
    except OSError as error:
        target = target or Path("standard output")
        raise InvalidInputError(f"cannot write {target}: {error.strerror or error}.") from error


def _doctor(arguments: argparse.Namespace) -> int:
    from riskresearch.core import doctor_report  # noqa: PLC0415 (not for --help)

    write_line(doctor_report(), sys.stdout)
    return 0


def _say(line: str) -> None:
    if sys.stderr is not None:
        write_line(f"{PROGRAM}: {line}", sys.stderr)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return _one_line(f"{error.strerror}: {error.filename}" if error.filename else error.strerror)
    return _one_line(str(error))


def _one_line(text: str) -> str:
    line = visible_text(readable(" ".join(text.split())))
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"
