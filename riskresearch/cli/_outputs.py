"""The files that a report is written to: checked before the work, each written whole or not at all."""

import argparse
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskresearch.cli._terminal import say
from riskresearch.core import InvalidInputError, optional_import
from riskresearch.core.output._text import write_line
from riskresearch.core.output._whole_file import check_file_target, write_whole

if TYPE_CHECKING:
    from riskresearch.report import Report

STANDARD_OUTPUT = "-"
OPTIONS = ("--out", "--json", "--excel")


def add_outputs(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the files to write."""
    add = parser.add_argument_group("what is written").add_argument
    add("--out", default="report.html", metavar="FILE", help="the page; - is standard output (default: report.html)")
    add("--json", metavar="FILE", help="all tables with conventions, verdict, versions and checksums; - as above")
    add("--excel", metavar="FILE", help="a workbook, one sheet a table; needs the extra `excel`")


@dataclass(frozen=True, slots=True)
class Output:
    """One file, or standard output without a path, and what is written to it."""

    option: str
    path: Path | None
    content: Callable[["Report"], bytes]


def check_outputs(arguments: argparse.Namespace, inputs: Iterable[str | None]) -> list[Output]:
    """Return what is to be written; refuse what cannot be, an input, and one file for two."""
    contents = (
        lambda report: report.html.encode(),
        lambda report: report.to_json().encode(),
        _workbook,
    )
    given = (arguments.out, arguments.json, arguments.excel)
    outputs = []
    for option, name, content in zip(OPTIONS, given, contents, strict=True):
        if name is not None:
            outputs.append(Output(option, _checked(option, name, inputs), content))
    if arguments.excel is not None:
        optional_import("xlsxwriter", extra="excel", feature="--excel", minimum_version="3.1")
    taken: dict[Path | None, str] = {}
    for output in outputs:
        place = None if output.path is None else output.path.resolve()
        if place in taken:
            where = "standard output" if place is None else str(output.path)
            raise InvalidInputError(f"{taken[place]} and {output.option} must not be the same, got {where} for both.")
        taken[place] = output.option
    return outputs


def _workbook(report: "Report") -> bytes:
    from riskresearch.report._workbook import workbook  # noqa: PLC0415 (not for --help)

    return workbook(report.title, report.tables)


def _checked(option: str, name: str, inputs: Iterable[str | None]) -> Path | None:
    if name == STANDARD_OUTPUT:
        if option == "--excel":
            raise InvalidInputError("--excel must be the name of a file, got -: a workbook is not for a terminal.")
        if sys.stdout is None:
            raise InvalidInputError(f"{option} - needs a standard output, but it is closed.")
        return None
    written = check_file_target(name, name=option)
    if any(given is not None and _is_same(written, given) for given in inputs):
        raise InvalidInputError(f"{option} must not overwrite an input, got {name}.")
    return Path(name)


def _is_same(written: Path, given: str) -> bool:
    with suppress(OSError, ValueError):  # an argument may be weights or the name of a column instead of a file
        return written.samefile(given)
    return False


def write_outputs(report: "Report", outputs: Iterable[Output]) -> None:
    """Write all of them, after all were made."""
    made = [(output, output.content(report)) for output in outputs]
    for output, content in made:
        try:
            _write(output, content)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InvalidInputError(
                f"cannot write {output.path or 'standard output'}: {error.strerror or error}."
            ) from error


def _write(output: Output, content: bytes) -> None:
    if output.path is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        write_whole(output.path, content, name=output.option)


def say_outputs(outputs: Iterable[Output]) -> None:
    """Name the files that were written with their sizes, on standard error where standard output has content."""
    listed = list(outputs)
    piped = any(output.path is None for output in listed)
    for path in (output.path for output in listed if output.path is not None):
        line = f"{path} ({path.stat().st_size / 1000:,.0f} kB)"
        if piped:
            say(line)
        else:
            write_line(line, sys.stdout)
