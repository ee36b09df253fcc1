"""Options that several commands share. Those that a settings file may hold have no default here."""

import argparse
from collections.abc import Mapping
from typing import Any

KINDS = ("auto", "prices", "returns", "percent", "log-returns", "cumulative", "pnl")
SHAPES = ("auto", "wide", "bars", "long", "equity", "fills", "positions")
HOWS = ("auto", "exact", "day", "week", "month", "quarter", "year")
READING = ("kind", "shape", "columns", "drop", "date_format", "decimal", "sheet", "table", "encoding", "separator")


def add_reading(parser: argparse.ArgumentParser, *, of: str = "FILE") -> None:
    """Add the options that choose where a file can be read in more than one way."""
    add = parser.add_argument_group(f"reading {of}").add_argument
    add("--kind", choices=KINDS, help=f"what {of} holds (default: auto)")
    add("--shape", choices=SHAPES, help="what its table is (default: auto)")
    add("--columns", action="append", metavar="A,B,...", help="the columns, or tickers, that are the assets")
    add("--drop", action="append", metavar="A,B,...", help="columns to ignore")
    add("--date-format", metavar="FORMAT", help="form of its dates, such as %%d/%%m/%%Y")
    add("--decimal", choices=(".", ","), help="its decimal mark, where the numbers leave it open")
    add("--sheet", metavar="NAME", help="sheet of a workbook")
    add("--table", type=int, metavar="N", help="which table of a text that holds several (default: 1)")
    add("--encoding", metavar="NAME", help="encoding of a text, such as cp1252")
    add("--separator", metavar="MARK", help="the mark between the cells of a text")


def add_measuring(parser: argparse.ArgumentParser) -> None:
    """Add the parameters of the measures, and the head of the page."""
    add = parser.add_argument
    add("--benchmark-kind", choices=KINDS, help="what the benchmark holds")
    add("--benchmark-how", choices=HOWS, help="how the dates of two files are matched (default: auto)")
    add("--level", type=float, help="confidence level of VaR and CVaR (default: 0.95)")
    add("--risk-free", type=float, metavar="RATE", help="simple rate per period, not per year (default: 0)")
    add("--periods-per-year", type=float, metavar="N", help="by default read off the dates")
    add("--window", type=int, metavar="N", help="returns in a rolling window (default: one year)")
    add("--nan-policy", choices=("raise", "omit"), help="missing values: refuse them (default), or leave them out")
    add("--title", help="title of the page")
    add("--logo", metavar="FILE", help="a picture at its head, PNG, JPEG or plain SVG, embedded")


def add_talking(parser: argparse.ArgumentParser) -> None:
    """Add the options on the settings file, and on what is said on standard error."""
    add = parser.add_mutually_exclusive_group().add_argument
    add(
        "--config", metavar="FILE", help="settings (default: riskresearch.toml, where there is one); options outrank it"
    )
    add("--no-config", action="store_true", help="read no settings")
    add = parser.add_mutually_exclusive_group().add_argument
    add("--quiet", action="store_true", help="print nothing but errors")
    add("--progress", action="store_true", help="show the progress bar even if not on a terminal")


def money(text: str) -> float:
    """Return an amount; one with commas is refused, which are decimal marks or marks of thousands."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number, such as 1000000 or 1_000_000, got {text!r}") from None


def listed(given: Any) -> tuple[str, ...]:
    """Return the names of an option that is a list, or is given several times."""
    texts = [given] if isinstance(given, str) else given
    return tuple(part.strip() for text in texts for part in text.split(",") if part.strip())


def with_lists(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return the values, with the lists of names among them as tuples."""
    return {name: listed(value) if name in names else value for name, value in values.items()}
