"""`riskresearch report`."""

import argparse
from typing import TYPE_CHECKING, Any

from riskresearch.cli._options import READING, add_measuring, add_reading, add_talking, money, with_lists
from riskresearch.cli._outputs import add_outputs
from riskresearch.cli._parser import Commands
from riskresearch.cli._run import make_and_write
from riskresearch.cli._settings import Settings, merge
from riskresearch.cli._terminal import EXIT_CODES
from riskresearch.core import InvalidInputError

if TYPE_CHECKING:
    from riskresearch.report import Report

SHARED = ("level", "risk_free", "periods_per_year", "window", "title", "logo", "sections", "capital")
"""Settings of every report, also of that on the bundled data."""
OF_FILES = ("benchmark", "benchmark_kind", "benchmark_how", "weights", "nan_policy", *READING)
_EXAMPLES = """\
examples:
  riskresearch report
      the bundled 20 stocks against the S&P 500
  riskresearch report prices.csv --benchmark SPY --weights "AAPL=0.6,MSFT=0.4" --out report.html
      two columns of your file against a third
  riskresearch report returns.csv --out - | gzip > report.html.gz
      the page to standard output
  riskresearch report returns.parquet --kind returns --benchmark index.csv --nan-policy omit
  riskresearch report fund.csv --capital 1000000 --json numbers.json --excel numbers.xlsx
      losses in money as well, and the numbers of the page as data
  riskresearch report download.csv --columns Close --date-format %d/%m/%Y --explain
      what the reader cannot decide, said; and all that it decided
  riskresearch report compare fund.csv index.csv
      two or more portfolios side by side: see riskresearch report compare --help

"""


def add_report(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser(
        "report",
        help="write a risk report as one HTML file",
        description="Write a risk report as one self-contained HTML file.",
        epilog=_EXAMPLES + EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = command.add_argument
    add("data", nargs="?", metavar="FILE", help="prices or returns as `read` reads them; without it, bundled data")
    add_outputs(command)
    add_reading(command)
    add("--explain", action="store_true", help="print every decision of the reader")
    add("--benchmark", metavar="COLUMN|FILE", help="a column of FILE, or a file with one column beside its dates")
    add(
        "--weights",
        metavar="W",
        help='"equal" (default), "AAPL=0.6,MSFT=0.4", "AAPL=60%%;MSFT=40%%", or a file of names and weights; a column '
        "without a weight leaves the portfolio",
    )
    add(
        "--capital",
        type=money,
        metavar="MONEY",
        help="the money held after the last return, of which losses are then amounts too; of profit and loss the money "
        "at its start, from which returns and today's money follow",
    )
    add_measuring(command)
    add("--sections", metavar="A,B,...", help="sections in the order wanted (default: all)")
    add_talking(command)
    command.set_defaults(run=_report)


def _report(arguments: argparse.Namespace) -> int:
    settings = merge(arguments, (*SHARED, *OF_FILES))
    if arguments.data is None:
        _refuse_settings_of_files(settings)
    weights = settings.values.get("weights")
    inputs = (arguments.data, settings.values.get("benchmark"), weights if isinstance(weights, str) else None)
    return make_and_write(arguments, settings, inputs, lambda: _build(arguments.data, settings))


def _refuse_settings_of_files(settings: Settings) -> None:
    for name in OF_FILES:
        if name in settings.values:
            place = f" ({settings.lines[name]})" if name in settings.lines else ""
            raise InvalidInputError(
                f"--{name.replace('_', '-')}{place} needs FILE: the bundled report has its own."
                + (" Pass --no-config to leave out the settings." if place else "")
            )


def _build(data: str | None, settings: Settings) -> "Report":
    from riskresearch.report import build_bundled_report, build_file_report  # noqa: PLC0415 (not for --help)

    given: dict[str, Any] = with_lists(settings.values, "columns", "drop", "sections")
    if data is None:
        return build_bundled_report(**given, settings_from=settings.origin)
    return build_file_report(data, **given, settings_from=settings.origin)
