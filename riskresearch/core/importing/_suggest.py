"""Suggestions for a wrong public name, read from the stubs as text, without an import."""

import os
import re
from collections.abc import Iterable

from riskresearch.core.importing._peer_names import LINES, SYNONYMS

NAME_IN_STUB = re.compile(r"\b(\w+) as \1\b")
CUTOFF = 0.75
"""Minimum similarity of a misspelt name and a suggestion, from 0 to 1."""
LEAST_LETTERS = 3
"""Minimum length of the beginning of a name, or of a word in it, for which the name is suggested."""

PREFIX = re.compile(r"^(?:calc|calculate|compute|get|estimate)_")
ROLLING = re.compile(r"(?:plot_)?roll(?:ing)?_(\w+)")
STUB_OF_MEASURES = os.path.join("metrics", "__init__.pyi")
TAKES_A_BENCHMARK = re.compile(r"from \.benchmark\.\w+ import ([^()\n]+|\([^()]+\))")


def suggestion(package: str, name: str, folder: str) -> str:
    """Return " Did you mean ...?" or " Write ..." for a name that `package` does not have, or an empty text.

    `folder` is that of the root package. The same name elsewhere in the package comes first, then what others call it,
    then a similar one.
    """
    if name.startswith("_"):
        return ""
    root, _, room = package.partition(".")
    addresses = _addresses(root, folder)
    drawn = room == "plots" and not name.startswith("plot_")
    if name in addresses and not (drawn and line_of(f"plot_{name}")):
        return f" Did you mean {addresses[name]}?"
    written = line_of(f"plot_{name}") if drawn else line_of(name)
    if written := written or _rolling_line(name, folder, drawn=room == "plots" or name.startswith("plot_")):
        return f" Write {written}."
    meant = nearest(name, addresses) or nearest(PREFIX.sub("", name), addresses)
    return f" Did you mean {addresses[meant]}?" if meant else ""


def line_of(name: str) -> str:
    """Return the line of code for what others call `name` and has no one name here; empty if there is none."""
    return LINES.get(_plain(name), "")


def _rolling_line(name: str, folder: str, *, drawn: bool) -> str:
    """Return the line for a measure over moving windows: rolling_beta, roll_beta or plot_rolling_beta elsewhere."""
    found = ROLLING.fullmatch(_plain(name))
    if not found:
        return ""
    with open(os.path.join(folder, STUB_OF_MEASURES), encoding="utf-8") as text:
        stub = text.read()
    measure = nearest(found[1], (each for each in NAME_IN_STUB.findall(stub) if each.islower()))
    if not measure:
        return ""
    beside = {each for names in TAKES_A_BENCHMARK.findall(stub) for each in NAME_IN_STUB.findall(names)}
    benchmark = ", benchmark=benchmark" if measure in beside else ""
    line = f'riskresearch.rolling(returns, "{measure}", window=60{benchmark})'
    label = measure.replace("_", " ").capitalize()
    return f'riskresearch.plots.plot_rolling({line}, label="{label}")' if drawn else line


def _plain(name: str) -> str:
    """Return a name in small letters with underscores, as MaxDrawdown is written here."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that `name` means ("std"), abbreviates ("cvar"), misspells or lengthens."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong name needs it

    names = sorted(known, key=len)
    short = name.lower()
    for written in (short, _plain(name)):
        if (meant := SYNONYMS.get(written)) in names:
            return str(meant)
        if written in names:
            return written
    for each in names:
        if "_" in each and "".join(word[:1] for word in each.split("_")) == short:
            return each
    if len(short) >= LEAST_LETTERS:
        for is_meant in (lambda each: each.startswith(short), lambda each: short in each.split("_")):
            if found := next(filter(is_meant, names), None):
                return found
    close = get_close_matches(name, names, n=1, cutoff=CUTOFF)
    if close:
        return close[0]
    return max((each for each in names if short.startswith(f"{each}_")), key=len, default="")


def _addresses(root: str, folder: str) -> dict[str, str]:
    """Return the address of each public name: the shortest, which is that of the top level where it is there."""
    found: dict[str, str] = {}
    for room in ("", *sorted(os.listdir(folder))):
        stub = os.path.join(folder, room, "__init__.pyi")
        if os.path.isfile(stub):
            with open(stub, encoding="utf-8") as text:
                names = NAME_IN_STUB.findall(text.read())
            prefix = f"{root}.{room}." if room else f"{root}."
            for each in names:
                found.setdefault(each, prefix + each)
    return found
