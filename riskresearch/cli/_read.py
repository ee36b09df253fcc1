"""`riskresearch read`."""

import argparse
import sys
import warnings

from riskresearch.cli._options import READING, add_reading, money, with_lists
from riskresearch.cli._parser import Commands
from riskresearch.cli._terminal import say_warnings
from riskresearch.core import RiskResearchWarning
from riskresearch.core.output._text import write_line
from riskresearch.core.output._visible_text import visible_text


def add_read(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser(
        "read",
        help="show how a file is read",
        description="Show how a file is read: its form, dates, shape and kind, the first and last rows, and the line "
        "of Python that loads it.",
    )
    command.add_argument(
        "data", metavar="FILE", help="text, gzip, zip, Excel, Parquet, Arrow or JSON; - is standard input"
    )
    add_reading(command)
    command.add_argument("--capital", type=money, metavar="MONEY", help="capital at the start, for --kind pnl")
    command.set_defaults(run=_read)


def _read(arguments: argparse.Namespace) -> int:
    from riskresearch.files import read  # noqa: PLC0415 (not for --help)

    given = {name: value for name in (*READING, "capital") if (value := getattr(arguments, name)) is not None}
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", category=RiskResearchWarning)
        file = read(arguments.data, **with_lists(given, "columns", "drop"))
        lines = file.summary().splitlines()
    for line in lines:
        write_line(visible_text(line), sys.stdout)
    say_warnings(caught)
    return 0
