"""How a date is written: a cell with each digit replaced by 0 is its shape, and a shape is parsed once."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

from riskresearch.files.dates._date_words import MONTHS, WEEKDAYS, Period, plain_word, zone_of

LONGEST = 80
"""Characters; a longer cell is no date."""

_WORD = r"[^\W\d_]+"
_YEAR = r"(?:(?P<year>\d{4})|'?(?P<yy>\d\d))"
_WEEKDAY = re.compile(rf"(?P<weekday>{_WORD}(?:-feira)?)\.?,? +", re.IGNORECASE)
_WEEKDAY_BEHIND = re.compile(rf",? \(?(?P<weekday>{_WORD})\.?\)?$", re.IGNORECASE)
_QUOTED = re.compile(r"(?:=\"|')(?P<text>[^\"']+)\"?")
_TRIPLE = re.compile(r"(?P<n1>\d{1,4})(?P<sep>(?:[-/.] ?)|[ _])(?P<n2>\d\d?)(?P=sep)(?P<n3>\d{1,4})(?:\.(?!\d))?")
# Family of the form -> how its date is written; the first that leaves a time, a zone or nothing behind it is the form.
_DATES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (family, re.compile(pattern, re.IGNORECASE))
    for family, pattern in (
        ("year month day", r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?=(?:T| {1,2}|-|;|_)\d\d)"),
        ("range", r"(?P<first_year>\d{4})-(?P<first_month>\d\d)-(?P<first_day>\d\d)(?:/| - )"
                  r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"),
        ("year month day", r"(?P<year>\d{4}) ?[年년] ?(?P<month>\d\d?) ?[月월] ?(?P<day>\d\d?) ?[日일]"),
        ("named day", rf"(?P<day>\d\d?)(?:st|nd|rd|th|er|º|\.)?[-/. ]{{0,2}}(?:of |de |d')?(?P<name>{_WORD})\.?"
                      rf"(?: de | del |[-/., ]{{0,2}}){_YEAR}"),
        ("named day", rf"(?P<name>{_WORD})\.?[-/. ]{{0,2}}(?P<day>\d\d?)(?:st|nd|rd|th)?(?:, ?|[-/. ]{{1,2}}){_YEAR}"),
        ("named day", rf"(?P<year>\d{{4}})[-/. ]{{0,2}}(?P<name>{_WORD})\.?[-/. ]{{0,2}}(?P<day>\d\d?)"),
        ("week day", r"(?P<year>\d{4})-?W(?P<week>\d\d)-?(?P<weekday_number>\d)"),
        ("year month", r"(?P<year>\d{4})[-/](?P<month>\d\d?)"),
        ("year month", r"(?P<year>\d{4})[ _](?P<month>\d\d)"),
        ("year month", r"(?P<year>\d{4})[-: ]?M(?P<month>\d\d?)"),
        ("year month", r"(?P<year>\d{4}) ?[年년] ?(?P<month>\d\d?) ?[月월]"),
        ("month year", r"(?P<month>\d\d?)[-/](?P<year>\d{4})"),
        ("month.year", r"(?P<month>\d\d)\.(?P<year>\d{4})"),
        ("quarter", r"(?P<year>\d{4})[-:/ ]?[QT](?P<quarter>\d)"),
        ("quarter", rf"[QT](?P<quarter>\d)[-:/ ]?{_YEAR}"),
        ("quarter", rf"(?P<quarter>\d)[QT][-/ ]?{_YEAR}"),
        ("half-year", r"(?P<year>\d{4})[-:/ ]?[HS](?P<half_year>\d)"),
        ("half-year", rf"[HS](?P<half_year>\d)[-:/ ]?{_YEAR}"),
        ("half-year", rf"(?P<half_year>\d)[HS][-/ ]?{_YEAR}"),
        ("week", r"(?P<year>\d{4})[- ]?(?:W|KW|week) ?(?P<week>\d\d?)"),
        ("week", r"(?:W|KW|week) ?(?P<week>\d\d?)(?:[-/]|,? )(?P<year>\d{4})"),
        ("named month", rf"(?P<name>{_WORD})\.?(?: de | del |[-/., ]{{0,2}}){_YEAR}"),
        ("named month", rf"(?P<year>\d{{4}})[-/. ]{{0,2}}(?P<name>{_WORD})\.?"),
    )
)  # fmt: skip
PERIODS: dict[str, Period] = {
    "year month": "month", "month year": "month", "month.year": "month", "named month": "month", "quarter": "quarter",
    "half-year": "half-year", "week": "week", "range": "week",
}  # fmt: skip
_NUMBER = re.compile(r"(?P<whole>\d{1,19})(?:\.(?P<decimals>\d{1,20}))?")
_MONTH_AND_YEAR = re.compile(r"\d\d\.\d{4}")
_C_TIME = re.compile(
    rf"(?P<weekday>{_WORD}),? +(?P<name>{_WORD}) +(?P<day>\d\d?) +(?P<time>\d\d?:\d\d:\d\d)"
    r"(?P<zone> [A-Z]+)? +(?P<year>\d{4})",
    re.IGNORECASE,
)
_AM_PM = r"(?: ?(?P<half>[ap])\.? ?m\b\.?)"
_TIMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,:](?P<fraction>\d{{1,12}}))?)?{_AM_PM}?(?: uhr)?",
        r"(?P<hour>\d\d)(?P<minute>\d\d)(?:(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,12}))?)?(?!\d)",
        rf"(?P<hour>\d\d?)[.h](?P<minute>\d\d)(?:\.(?P<second>\d\d)(?:[.,](?P<fraction>\d{{1,12}}))?)?(?!\d){_AM_PM}?",
        rf"(?P<hour>\d\d?)-?{_AM_PM}",
        r"(?P<hour>\d\d)(?!\d)",
    )
)
_BEFORE_TIME = re.compile(r"T|D|,? (?:at|um|à) |[,;] ?| +|:(?=\d\d)", re.IGNORECASE)
_BEFORE_TIME_OF_DIGITS = re.compile(r"T| +|[-;_]", re.IGNORECASE)
_ZONE = re.compile(
    r" ?(?:(?:UTC|GMT)?(?P<sign>[+-])(?P<zone_hours>\d\d?)(?::?(?P<zone_minutes>\d\d))?(?!\d)(?: [A-Z]{1,5})?"
    r"|(?P<zone>[A-Z]+(?:/[A-Z_+\-]+)*))?(?: ?\[(?P<place>[A-Z_/+\-]+)\])?(?: ?\([^()]*\))?",
    re.IGNORECASE,
)

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_DIGIT = re.compile("[0-9]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """Hold where the numbers of a date stand in a shape, and what its words say."""

    family: str
    spans: dict[str, Span]
    words: dict[str, int] = field(default_factory=dict)
    """"month", "weekday", "pm" (12 for the afternoon, 0 for the morning), "sign" of the offset: where they occur."""
    zone: str = ""
    timed: bool = False


def usual_marks(cell: str) -> str:
    """Return a cell with the blanks, dashes and accented letters that most programs write."""
    text = unicodedata.normalize("NFKC", cell[: LONGEST + 1]).replace("\u2019", "'")
    return _DASHES.sub("-", text[: LONGEST + 1])


def shape_of(cell: str) -> str:
    """Return the shape of a cell."""
    return _DIGIT.sub("0", usual_marks(cell))


@lru_cache(maxsize=4096)
def parse_shape(shape: str) -> Layout | None:
    """Return how a cell of this shape reads as a date, or None where no date is written so."""
    if not shape or len(shape) > LONGEST or "0" not in shape or any(sign.isdigit() and sign != "0" for sign in shape):
        return None  # digits of other scripts are not read
    quoted = _QUOTED.fullmatch(shape)
    if quoted:  # as spreadsheets are told to leave a text as it is: ="2022-01-03" and '2022-01-03
        inner = parse_shape(quoted["text"])
        return inner and replace(inner, spans=_moved(inner.spans, quoted.start("text")))
    found = _NUMBER.fullmatch(shape)
    if found and not _MONTH_AND_YEAR.fullmatch(shape):
        return Layout("number", _spans(found))
    starts: list[tuple[int, dict[str, int]]] = [(0, {})]
    weekday = _WEEKDAY.match(shape)
    if weekday and plain_word(weekday["weekday"]) in WEEKDAYS:
        starts.append((weekday.end(), {"weekday": WEEKDAYS[plain_word(weekday["weekday"])]}))
    for start, words in starts:
        for family, spans, named, end in _dates_at(shape, start):
            layout = _with_time(shape, end, Layout(family, spans, {**words, **named}))
            if layout is not None:
                return layout
    found = _C_TIME.fullmatch(shape)
    if found and len(starts) > 1:
        return _c_time(found)
    behind = _WEEKDAY_BEHIND.search(shape)
    if behind and len(starts) == 1 and plain_word(behind["weekday"]) in WEEKDAYS:
        inner = parse_shape(shape[: behind.start()])
        return inner and replace(inner, words=inner.words | {"weekday": WEEKDAYS[plain_word(behind["weekday"])]})
    return None


def _dates_at(shape: str, start: int) -> list[tuple[str, dict[str, Span], dict[str, int], int]]:
    found: list[tuple[str, dict[str, Span], dict[str, int], int]] = []
    triple = _TRIPLE.match(shape, start)
    if triple:
        lengths = tuple(len(triple[name]) for name in ("n1", "n2", "n3"))
        mark = triple["sep"].strip() or " "
        if lengths[0] == 4 and lengths[2] <= 2:
            spans = {name: triple.span(n) for name, n in (("year", "n1"), ("month", "n2"), ("day", "n3"))}
            found.append((f"year{mark}month{mark}day", spans, {}, triple.end()))
        elif lengths[0] <= 2 and (lengths[2] in (2, 4) or lengths[0] + lengths[2] == 3):
            spans = {name: triple.span(name) for name in ("n1", "n2", "n3")}
            narrow = {
                name: 1 for name, length in (("narrow_first", lengths[0]), ("narrow_last", lengths[2])) if length == 1
            }
            found.append((f"a{mark}b{mark}{'year' if lengths[2] == 4 else 'yy'}", spans, narrow, triple.end()))
    for family, pattern in _DATES:
        match = pattern.match(shape, start)
        if not match:
            continue
        named = {}
        if "name" in match.groupdict():
            month = MONTHS.get(plain_word(match["name"]))
            if month is None:
                continue
            named = {"month": month}
        spans = _spans(match)
        short = " short" if "yy" in spans else ""
        found.append((family + short, spans, named, match.end()))
    return found


def _with_time(shape: str, end: int, layout: Layout) -> Layout | None:
    """Return a layout with the time and zone that follow a date which ends at `end`; None if something else follows."""
    if end == len(shape):
        return layout
    if layout.family.removesuffix(" short") in PERIODS:
        return None
    digits = layout.family == "year month day" and shape[end - 1] == "0"
    before = (_BEFORE_TIME_OF_DIGITS if digits else _BEFORE_TIME).match(shape, end)
    if before:
        for pattern in _TIMES:
            time = pattern.match(shape, before.end())
            done = time and _with_zone(shape, time.end(), _timed(layout, time))
            if done:
                return done
    return _with_zone(shape, end, layout) if layout.family == "year-month-day" else None


def _timed(layout: Layout, time: re.Match[str]) -> Layout:
    words = dict(layout.words)
    half = time.groupdict().get("half")
    if half:
        words["pm"] = 12 if half.lower() == "p" else 0
    return Layout(layout.family, layout.spans | _spans(time), words, timed=True)


def _with_zone(shape: str, end: int, layout: Layout) -> Layout | None:
    zone = _ZONE.fullmatch(shape, end)
    if zone is None:
        return None
    words, given = dict(layout.words), zone["place"] or zone["zone"] or ""
    name = zone_of(given)
    if given and not name:
        return None
    if zone["sign"]:
        words["sign"] = -1 if zone["sign"] == "-" else 1
    return Layout(layout.family, layout.spans | _spans(zone), words, name, layout.timed)


def _c_time(found: re.Match[str]) -> Layout | None:
    """Return the layout of "Mon Jan  3 16:00:00 UTC 2022", which has the year behind the time."""
    month = MONTHS.get(plain_word(found["name"]))
    given = (found["zone"] or "").strip()
    zone = zone_of(given)
    if month is None or (given and not zone):
        return None
    start = found.start("time")
    time = _TIMES[0].match(found.string, start)
    assert time is not None  # the pattern of C's time is part of it
    words = {"month": month, "weekday": WEEKDAYS[plain_word(found["weekday"])]}
    spans = {name: found.span(name) for name in ("day", "year")} | _spans(time)
    return Layout("named day", spans, words, zone, timed=True)


def _moved(spans: dict[str, Span], places: int) -> dict[str, Span]:
    return {name: (start + places, stop + places) for name, (start, stop) in spans.items()}


def _spans(match: re.Match[str]) -> dict[str, Span]:
    """Return where the groups of digits stand."""
    return {name: match.span(name) for name, text in match.groupdict().items() if text and text[0].isdigit()}
