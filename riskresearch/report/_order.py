"""The sections of the page in their order: each file of `sections/` holds one, which names the one that it follows."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from riskresearch.report import sections
from riskresearch.report._section import Section


def every_section() -> list[Section]:
    """Return the sections of the folder."""
    return [import_module(f"{sections.__name__}.{each.name}").SECTION for each in iter_modules(sections.__path__)]


def in_order(found: Iterable[Section], after: str | None = None) -> list[Section]:
    """Return the sections that follow the one called `after`, each before those that follow it.

    Of several that follow the same one, those that the fewest others follow come first, so that a new one stands there.
    """
    rest = list(found)
    chains = [[each, *in_order(rest, each.name)] for each in rest if each.follows == after]
    return [each for chain in sorted(chains, key=lambda chain: (len(chain), chain[0].name)) for each in chain]


PAGE: tuple[Section, ...] = tuple(in_order(every_section()))
