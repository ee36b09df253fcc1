"""`riskresearch report compare`."""

import argparse
from typing import TYPE_CHECKING, Any

from riskresearch.cli._options import READING, add_measuring, add_reading, add_talking, money, with_lists
from riskresearch.cli._outputs import add_outputs
from riskresearch.cli._parser import Parser
from riskresearch.cli._run import make_and_write
from riskresearch.cli._settings import Settings, merge
from riskresearch.cli._terminal import EXIT_CODES, PROGRAM, one_line, say
from riskresearch.core import InvalidInputError

if TYPE_CHECKING:
    from riskresearch.report import Report

NAMES = (
    "level", "risk_free", "periods_per_year", "window", "title", "logo", "sections", "benchmark", "benchmark_kind",
    "benchmark_how", "nan_policy", "capital", *READING,
)  # fmt: skip
_EXAMPLES = """\
examples:
  riskresearch report compare fund.csv rival.csv
  riskresearch report compare fund.csv rival.csv index.csv --benchmark world.csv --out page.html --json numbers.json
  riskresearch report ./compare
      a report on one file that is called compare

"""


def compare_parser() -> Parser:
    """Return the parser of the arguments after `report compare`."""
    parser = Parser(
        prog=f"{PROGRAM} report compare",
        description="Compare two or more portfolios on one page, over the dates that all of them have. Each FILE is "
        "one, its columns in equal weights; Sharpe ratios are compared with that of the first.",
        epilog=_EXAMPLES + EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("data", nargs="*", metavar="FILE", help="prices or returns as `read` reads them, two files or more")
    add_outputs(parser)
    add_reading(parser, of="every FILE")
    add("--explain", action="store_true", help="print every decision of the reader")
    add("--benchmark", metavar="COLUMN|FILE", help="a file with one column beside its dates, or a column of the first")
    add(
        "--capital",
        type=money,
        metavar="MONEY",
        help="the money at the start of each FILE of profit and loss; others need none",
    )
    add_measuring(parser)
    add("--weights", help=argparse.SUPPRESS)  # to say why it is refused
    add("--sections", metavar="A,B,...", help="sections in the order wanted (default: all)")
    add_talking(parser)
    parser.set_defaults(run=_compare)
    return parser


def _compare(arguments: argparse.Namespace) -> int:
    if arguments.weights is not None:
        raise InvalidInputError(
            "--weights belong to one portfolio, and each FILE of a comparison is one, its columns in equal weights. "
            "Write the returns of the weighted portfolio to a file, or compare them in Python with "
            "riskresearch.report.build_comparison."
        )
    settings = merge(arguments, NAMES)
    if "weights" in settings.unused and not arguments.quiet:
        say(one_line(f"settings: the weights of {settings.unused['weights']} are not used in a comparison"))
    inputs = (*arguments.data, settings.values.get("benchmark"))
    return make_and_write(arguments, settings, inputs, lambda: _build(arguments.data, settings))


def _build(data: list[str], settings: Settings) -> "Report":
    from riskresearch.report import build_file_comparison  # noqa: PLC0415 (not for --help)

    given: dict[str, Any] = with_lists(settings.values, "columns", "drop", "sections")
    return build_file_comparison(data, **given, settings_from=settings.origin)
