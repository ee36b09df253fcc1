"""Suggestions for a wrong public name, read from the stubs as text, without an import."""

import os
import re
from collections.abc import Iterable

NAME_IN_STUB = re.compile(r"\b(\w+) as \1\b")
CUTOFF = 0.75
"""Minimum similarity of a misspelt name and a suggestion, from 0 to 1."""
LEAST_LETTERS = 3
"""Minimum length of the beginning of a name, or of a word in it, for which the name is suggested."""

SYNONYMS = {
    **dict.fromkeys(("es", "expected_shortfall", "etl", "expected_tail_loss", "avar"), "conditional_value_at_risk"),
    **dict.fromkeys(("std", "stdev", "vol", "standard_deviation"), "volatility"),
    **dict.fromkeys(("mdd", "maxdd"), "max_drawdown"),
    **dict.fromkeys(("cagr", "annualized_return"), "annual_return"),
    **dict.fromkeys(("gaussian", "parametric", "variance_covariance"), "normal"),
    **dict.fromkeys(("t", "student"), "student_t"),
    **dict.fromkeys(("empirical", "simulation"), "historical"),
}
"""What the field also calls a measure or a method."""


def suggestion(package: str, name: str, folder: str) -> str:
    """Return " Did you mean ...?" for a name that `package` does not have, or an empty text without a similar name.

    `folder` is that of the root package. The same name elsewhere in the package comes first, a similar one otherwise.
    """
    if name.startswith("_"):
        return ""
    addresses = _addresses(package.partition(".")[0], folder)
    if name in addresses:
        return f" Did you mean {addresses[name]}?"
    meant = nearest(name, addresses)
    return f" Did you mean {addresses[meant]}?" if meant else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that `name` means ("std"), abbreviates ("cvar"), misspells or lengthens."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong name needs it

    names = sorted(known, key=len)
    short = name.lower()
    if SYNONYMS.get(short) in names:
        return SYNONYMS[short]
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
