"""The parser of arguments, and the completion of shells."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn, TypeAlias

from riskresearch.cli._terminal import EXIT_BAD_INPUT, PROGRAM, one_line
from riskresearch.core import optional_import


class Parser(argparse.ArgumentParser):
    """Report an error in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_BAD_INPUT, f"{PROGRAM}: error: {one_line(message)} (see {self.prog} --help)\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""What a command is added to."""


class PrintCompletion(argparse.Action):
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
