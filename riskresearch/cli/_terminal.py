"""Lines on standard error, and the exit codes."""

import sys
import warnings

from riskresearch.core.output._text import readable, shortened, write_line
from riskresearch.core.output._visible_text import visible_text

PROGRAM = "riskresearch"
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130
EXIT_READER_GONE = 141
"""The status that a shell reports for a program that wrote into a pipe without a reader."""
EXIT_CODES = """\
exit codes:
  0    done; what was asked for is written whole
  1    a fault of the program, with its traceback; of `riskresearch limits`, a failed test or a looser policy
  2    bad input or options, a missing extra, a full disk, or too little memory: one line on standard error says which
  130  interrupted (Ctrl-C); nothing is written
  141  the reader of standard output is gone, as in `riskresearch report --out - | head`
"""
LONGEST_LINE = 1_000


def say(line: str) -> None:
    if sys.stderr is not None:
        write_line(f"{PROGRAM}: {line}", sys.stderr)


def say_warnings(caught: list[warnings.WarningMessage]) -> None:
    for message in dict.fromkeys(one_line(str(warning.message)) for warning in caught):
        say(f"warning: {message}")


def reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return one_line(f"{error.strerror}: {error.filename}" if error.filename else error.strerror)
    return one_line(str(error))


def one_line(text: str) -> str:
    return shortened(visible_text(readable(" ".join(text.split()))), LONGEST_LINE)
