"""How one cell spells a number: its form, whatever its digits.

A form is the cell with 9 for each digit: a column of a million cells has a handful of them, and each is read once.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from riskresearch.files.numbers._missing_marks import is_missing_mark
from riskresearch.files.numbers._number_words import CURRENCIES, FLAGS, PENCE, SAME_MARKS, SCALES

Kind = Literal["number", "zero", "missing", "failed", "infinite", "fraction", "boolean", "text"]

READINGS = (
    (".", ""), (".", ","), (".", "lakh"), (".", " "), (".", "'"), (",", ""), (",", "."), (",", " "), (",", "'"),
)  # fmt: skip
"""Decimal mark and thousands separator of each way to write numbers; "lakh" are commas as in 12,34,567."""
ALL = (1 << len(READINGS)) - 1
POINT = sum(1 << bit for bit, (decimal, _) in enumerate(READINGS) if decimal == ".")
COMMA = ALL - POINT
LONGEST = 400
"""Characters of the longest number: 1e308 written out has 309 digits."""

_PLAIN = {mark: re.compile(rf"9+(?:{re.escape(mark)}9*)?|{re.escape(mark)}9+") for mark in ".,"}
_GROUPED = [
    re.compile(rf"9{{1,2}}(?:,99)*,999(?:{re.escape(decimal)}9*)?")
    if group == "lakh"
    else re.compile(rf"9{{1,3}}(?:{re.escape(group)}999)+(?:{re.escape(decimal)}9*)?")
    for decimal, group in READINGS
]
_FRACTION = re.compile(r"[+-]?\(?9{1,3}(?:-99[9+]?| ?[-' ]9{1,2}/9{1,3}|/9{1,3}|'99[9+]?)\)?")
_PARENTHESES = re.compile(r"([^()9]*)\(([^()]*)\)([^()9]*)")
_BOOLEANS = frozenset("true false yes no wahr falsch vrai faux ja nein".split())
_INFINITE = frozenset(sign + word for sign in ("", "+", "-") for word in ("inf", "infinity", "infinite", "\u221e"))


@dataclass(frozen=True, slots=True)
class Form:
    """One way to spell a cell.

    Attributes
    ----------
    kind : str
        "number", "zero" for the zero of accounts ("$ -"), or why it is none.
    fits : int
        Bit i is set if it can be read as `READINGS[i]`.
    marks : bool
        Whether it holds a point or comma among its digits, so that the decimal mark matters.
    start, stop : int
        Where the digits are, with their marks and exponent.
    negative : bool
        Whether the sign is a minus.
    scale : int
        Power of ten of the word after the digits: -2 for percent, 6 for millions.
    word : str
        That word.
    currency : str
        The mark of a currency, or "".
    flag : str
        Letters of a statistical office after the number, as in "104.2 p", or "".
    period : bool
        Whether it may be a number of months, as 3M.
    outside : bool
        Whether points or commas stand outside the digits, or there is an exponent: such cells are cut to their digits.
    """

    kind: Kind
    fits: int = 0
    marks: bool = False
    start: int = 0
    stop: int = 0
    negative: bool = False
    scale: int = 0
    word: str = ""
    currency: str = ""
    flag: str = ""
    period: bool = False
    outside: bool = False


class _Words(NamedTuple):
    scale: int = 0
    word: str = ""
    currency: str = ""
    flag: str = ""


_NO_NUMBER: dict[Kind, Form] = {kind: Form(kind) for kind in get_args(Kind)}


@lru_cache(maxsize=8192)
def read_form(text: str) -> Form:
    """Read a cell in which every digit is 9."""
    if len(text) > LONGEST:
        return _NO_NUMBER["text"]
    if "\t" in text or not text.isascii():
        text = text.translate(SAME_MARKS)
    first = text.find("9")
    if first < 0:
        return _NO_NUMBER[_kind_without_digits(text.strip())]
    if "#" in text or text.casefold().startswith("err:"):
        return _NO_NUMBER["missing" if is_missing_mark(text.strip()) else "failed"]
    start = first - 1 if first and text[first - 1] in ".," and not text[: first - 1][-1:].isalpha() else first
    last = text.rfind("9")
    stop = last + 2 if text[last + 1 : last + 2] in (".", ",") else last + 1
    found = _read_around(text, start, stop)
    body = _read_body(text[start:stop]) if found is not None else None
    if found is None or body is None:
        return _NO_NUMBER["fraction" if _FRACTION.fullmatch(text.strip()) else "text"]
    fits, marks, exponent = body
    outside = exponent or any(mark in text[:start] + text[stop:] for mark in ".,")
    negative, words = found
    if exponent and words.scale:
        return _NO_NUMBER["text"]
    period = text in ("9M", "9m", "99M", "99m")
    return Form("number", fits, marks, start, stop, negative, *words, period, outside)


def _kind_without_digits(text: str) -> Kind:
    folded = _unwrapped(text).strip().casefold()
    if is_missing_mark(folded):
        return "missing"
    if folded.startswith(("#", "err:")):
        return "failed"
    if "-" in folded and folded.replace("-", "", 1).strip() in CURRENCIES:
        return "zero"
    if folded in _BOOLEANS:
        return "boolean"
    return "infinite" if folded in _INFINITE else "text"


def _unwrapped(text: str) -> str:
    """Return a text without the marks by which Excel is told that it is one: ="0.5" or '0.5."""
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        return text[2:-1]
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return text[1:-1]
    return text[1:] if text.startswith("'") else text


def _read_body(body: str) -> tuple[int, bool, bool] | None:
    """Return the readings of digits with their marks, whether they hold marks, and whether there is an exponent."""
    mantissa, letter, power = _split_exponent(body)
    if letter and not re.fullmatch("[+-]?9{1,4}", power):
        return None
    fits = sum(mask for mark, mask in ((".", POINT), (",", COMMA)) if _PLAIN[mark].fullmatch(mantissa))
    if not letter:
        for bit, (_, group) in enumerate(READINGS):
            if group and _GROUPED[bit].fullmatch(mantissa):
                fits |= 1 << bit
    return (fits, "." in mantissa or "," in mantissa, bool(letter)) if fits else None


def _split_exponent(body: str) -> tuple[str, str, str]:
    for letter in "EeDd":
        if letter in body:
            return body.partition(letter)
    return body, "", ""


def _read_around(text: str, start: int, stop: int) -> tuple[bool, _Words] | None:
    """Return whether what stands around the digits is a minus, and its words; None if it is something else."""
    unwrapped = _unwrapped(text.strip()).strip()
    offset = text.find(unwrapped)
    text, start, stop = unwrapped, start - offset, stop - offset
    before, after = text[:start], text[stop:]
    if after.startswith("-") and text[stop - 1] in ".,":
        return None
    negative = False
    if "(" in before or ")" in after:
        if not _PARENTHESES.fullmatch(text) or not ("(" in before and ")" in after):
            return None
        before, after, negative = before.replace("(", "", 1), after.replace(")", "", 1), True
    before, after, sign = _without_sign(before, after)
    if sign is None or (negative and sign):
        return None
    before = before.strip()
    negative |= sign == "-"
    if before == "%" and not after.strip():
        return negative, _Words(-2, "%")
    words = _read_words(after)
    if words is None or not _is_currency(before) or (words.scale < 0 and (before or words.currency)):
        return None
    return negative, words._replace(currency=" ".join(filter(None, (before, words.currency))))


def _without_sign(before: str, after: str) -> tuple[str, str, str | None]:
    """Return the texts without the sign, and the sign; None for two of them."""
    signs = [mark for mark in before + after if mark in "+-"]
    if not signs:
        return before, after, ""
    left, right = before.strip(), after.strip()
    if len(signs) == 1 and left[:1] == signs[0]:
        return left[1:], after, signs[0]
    if len(signs) == 1 and left[-1:] == signs[0]:
        return left[:-1], after, signs[0]
    if len(signs) == 1 and right[-1:] == signs[0]:
        return before, after.rstrip()[:-1], signs[0]
    return before, after, None


def _read_words(after: str) -> _Words | None:
    """Return the words of the text after the digits: "", "%", "M", "kr", "Mio. EUR", or a flag."""
    text = after.strip()
    if not text:
        return _Words()
    if after.startswith(" ") and len(text) == 1 and text.isascii() and text.islower():
        return _Words(flag=text) if text in FLAGS else None
    if (scale := _scale(text)) is not None:
        return _Words(scale, text)
    if _is_currency(text) or after == PENCE:
        return _Words(currency=text)
    for cut in range(1, min(len(text), 10)):
        word, currency = text[:cut].strip(), text[cut:].strip()
        scale = _scale(word)
        if scale is not None and currency and _is_currency(currency) and word.casefold() != "t":
            return _Words(scale, word, currency)
    return None


def _scale(word: str) -> int | None:
    return SCALES.get(word, SCALES.get(word.casefold()) if len(word) > 1 else None)


def _is_currency(word: str) -> bool:
    return not word or word.casefold() in CURRENCIES
