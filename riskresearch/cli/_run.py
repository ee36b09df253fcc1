"""Make a report, write what was asked for, and say so."""

import argparse
import warnings
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from riskresearch.cli._outputs import Output, check_outputs, say_outputs, write_outputs
from riskresearch.cli._settings import Settings
from riskresearch.cli._terminal import one_line, say, say_warnings
from riskresearch.core import InvalidInputError, RiskResearchWarning, options
from riskresearch.core.output._progress import stages_said

if TYPE_CHECKING:
    from riskresearch.report import Report


def make_and_write(
    arguments: argparse.Namespace,
    settings: Settings,
    inputs: Iterable[str | None],
    build: Callable[[], "Report"],
) -> int:
    """Check the outputs, build the report and write them; standard error says what was read and is doubtful."""
    logo, config = settings.values.get("logo"), None if settings.file is None else str(settings.file)
    outputs = check_outputs(arguments, (*inputs, logo, config))
    shown = False if arguments.quiet else True if arguments.progress else options.progress
    lines = nullcontext() if arguments.quiet or options.progress is False else stages_said(say)
    with options.context(progress=shown), lines, warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", category=RiskResearchWarning)
        try:
            report = build()
        except InvalidInputError as error:
            raise InvalidInputError(settings.place_of(str(error))) from error
    write_outputs(report, outputs)
    if not arguments.quiet:
        say_warnings(caught)
        _say_what_was_read(report, outputs, settings, explain=arguments.explain)
    return 0


def _say_what_was_read(report: "Report", outputs: list[Output], settings: Settings, *, explain: bool) -> None:
    for file in report.files if explain else ():
        for step in file.steps:
            say(one_line(f"{file.name}: {step}"))
    if settings.origin:
        say(one_line(f"settings: {settings.origin}"))
    read = [one_line(file.read_as) for file in report.files]
    for line in read or [report.tables.conventions["Value"].to_dict()["Data"]]:
        say(f"data: {line}")
    say_outputs(outputs)
