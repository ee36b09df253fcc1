"""What the template of the page shows: head, cards, notes, sections and conventions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from riskresearch import __version__
from riskresearch.core.output._formats import count, date, percent
from riskresearch.core.output._text import shortened
from riskresearch.report._blocks import Block, Card, Definitions, Inapplicable, Paragraph
from riskresearch.report._conventions import reasons
from riskresearch.report._measures import CARD_FIELDS, MEASURES, between, period_name, words_of
from riskresearch.report._section import Context, ReportTables, Section
from riskresearch.report._verdict import head_name, verdict

NOTES_ABOVE, CHARACTERS_ABOVE = 3, 940
"""More notes, or more text with that of the head, stand at the end: the first figure stays on the first screen."""
LONGEST_NAME_ON_A_CARD = 16
FINE_RANGE = 0.1
"""A range of drawdowns below it has a decimal."""
LONG_TITLE = 60
"""A longer one is written smaller."""


@dataclass(frozen=True, slots=True)
class Part:
    """One section as the template writes it."""

    name: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Page:
    """The values of the template `page.html`."""

    title: str
    span: str
    verdict: str
    cards: Sequence[Card]
    notes: Sequence[str]
    parts: Sequence[Part]
    foot: str
    tables: ReportTables
    above: int
    """How many notes stand above the numbers."""

    @property
    def first_notes(self) -> Sequence[str]:
        """The notes above the numbers: the first, and those that there is room for."""
        return self.notes[: self.above]

    @property
    def later_notes(self) -> Sequence[str]:
        """The notes at the end of the page."""
        return self.notes[self.above :]

    @property
    def title_css(self) -> str:
        """The class of the heading."""
        return "long" if len(self.title) > LONG_TITLE else ""


def for_readers(warning: str) -> str:
    """Return a warning without the sentences that name options: they are for whoever makes the page."""
    sentences = re.split(r"(?<=[.?]) (?=[A-Z]|\w+=)", warning)
    kept = " ".join(each for each in sentences if "(--" not in each) or warning
    labels = {measure.field: measure.label for measure in MEASURES if "{" not in measure.label}
    first, space, rest = kept.partition(" ")
    return f"{labels.get(first, first)}{space}{rest}"


def notes_above(notes: Sequence[str], head: str) -> int:
    """Return how many notes stand above the numbers, below this text: the first, and those that there is room for."""
    length, shown = len(head), 0
    for note in notes[:NOTES_ABOVE]:
        length += len(note)
        if shown and length > CHARACTERS_ABOVE:
            break
        shown += 1
    return shown


def make_page(
    title: str,
    context: Context,
    tables: ReportTables,
    notes: Sequence[str],
    sections: Sequence[Section],
    *,
    asked: bool,
) -> Page:
    """Return the page of a report."""
    span, sentence = _span(tables, context), verdict(context)
    above = notes_above(notes, title + span + sentence)
    tables, parts = make_parts(context, tables, notes[above:], sections, asked=asked)
    return Page(
        title=title,
        span=span,
        verdict=sentence,
        cards=_cards(tables, context),
        notes=notes,
        parts=parts,
        foot=foot(tables),
        tables=tables,
        above=above,
    )


def make_parts(
    context: Context,
    tables: ReportTables,
    later_notes: Sequence[str],
    sections: Sequence[Section],
    *,
    asked: bool,
) -> tuple[ReportTables, list[Part]]:
    """Draw the sections, and what follows them; one that does not apply is shown only where it was asked for."""
    parts: list[Part] = []
    left_out: dict[str, str] = {}
    for section in sections:
        drawn = section.draw(tables, context)
        if not isinstance(drawn, Inapplicable):
            parts.append(Part(section.name, section.title, drawn))
        elif asked:
            parts.append(Part(section.name, section.title, [Paragraph(f"Not shown: {drawn.reason}.")]))
        else:
            left_out[section.title] = drawn.reason
    if left_out:
        row = pd.DataFrame({"Value": {"Sections left out": reasons(left_out)}})
        tables = tables.with_table("conventions", pd.concat([tables.conventions, row]).rename_axis("Convention"))
    if later_notes:
        parts.append(Part("notes", "More notes", [Definitions(("Note", text) for text in later_notes)]))
    parts.append(_conventions(tables, [section for section in sections if section.name in {one.name for one in parts}]))
    return tables, parts


def foot(tables: ReportTables) -> str:
    """Return the last line of the page: the version, and the checksum of the returns."""
    checksum = str(tables.conventions.loc["SHA-256 of returns", "Value"])
    return f"riskresearch {__version__}; returns {checksum[:12]}. Past returns; no forecast, and no advice."


def _conventions(tables: ReportTables, sections: Sequence[Section]) -> Part:
    blocks: list[Block] = [Definitions((str(name), str(value)) for name, value in tables.conventions["Value"].items())]
    references = dict.fromkeys(reference for section in sections for reference in section.references)
    if references:
        blocks.append(Definitions([("References", "; ".join(references) + ".")]))
    return Part("conventions", "Conventions and data", blocks)


def _span(tables: ReportTables, context: Context) -> str:
    index, names = tables.returns.index, [head_name(name) for name in tables.returns.columns]
    against = f" against {names[1]}" if len(names) > 1 else ""
    capital = context.settings.capital
    return (
        f"{names[0]}{against}: {count(len(index))} returns, one per {period_name(context.summary.periods_per_year)}, "
        f"{date(index[0])} to {date(index[-1])}"
        + ("" if capital is None else f". Amounts are of {capital.whole}, the equity on {date(index[-1])}")
    )


def _cards(tables: ReportTables, context: Context) -> list[Card]:
    words, capital = words_of(context.summary), context.settings.capital
    cards = []
    for measure in (measure for name in CARD_FIELDS for measure in MEASURES if measure.field == name):
        label = measure.label.format(**words)
        own, *other = map(float, tables.headline.loc[label])
        beside = (
            f"{shortened(tables.headline.columns[1], LONGEST_NAME_ON_A_CARD)} {measure.write(other[0])}"
            if other
            else ""
        )
        interval = between(measure.write, tables.intervals, label)
        if interval and measure.field == "max_drawdown":  # a maximum of one history has no interval
            lower, upper = map(float, tables.intervals.loc[label])
            digits = 0 if upper >= FINE_RANGE else 1
            interval = f"range {percent(lower, decimals=digits)} to {percent(upper, decimals=digits)}"
        money = capital.share(own) if capital is not None and measure.of_equity else ""
        cards.append(Card(label, measure.write(own), interval, money, beside))
    return cards
