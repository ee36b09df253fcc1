"""What cells look like, from their characters alone: enough to tell names from numbers and dates."""

import re
from collections.abc import Sequence

_SHOWN = 60
_DIGITS = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_MISSING = frozenset(
    {"", ".", "..", "...", "-", "--", "–", "—", "x", "*", "?", "#n/a", "#n/a n/a", "n/a", "na", "n.a.", "nan", "null"}
    | {"none", "nil", "nd", "n.d.", "nm", "missing", "#value!", "#ref!", "#div/0!", "#num!", "<na>", "nat", "\\n"}
)
_DATE_NAMES = frozenset(
    "date dates datetime timestamp time day month quarter year period datum tag monat zeit fecha dia día mes data dată "
    "mese giorno jour mois heure dag månad maand päivä päiväys pvm dato tid tarih 日付 日期 날짜 дата "
    "observation_date time_period caldt open_time trade_date tradedate asof as_of_date price_date".split()
)
_FORM_OF_DATES = ("0000", "000000", "00000000", "0000-00", "0000-00-00")
_CURRENCIES = (
    "usd|eur|gbp|jpy|chf|cad|aud|nzd|sek|nok|dkk|pln|czk|huf|ron|bgn|isk|try|rub|uah|ils|zar|brl|mxn|clp|cop|pen|ars|"
    "cny|cnh|hkd|twd|krw|sgd|inr|idr|myr|thb|php|vnd|pkr|aed|sar|qar|kwd|egp|ngn|kes|gbx|gbp|xau|xdr|btc|usdt|usdc"
)
_UNITS = re.compile(
    rf"\W*(%|percent|per cent|pct\.?|prozent|pour cent|bps?|basis points?|index|points?|pts?|shares?|units?|"
    rf"(in )?(us ?\$|us dollars?|euros?|\$|€|£|¥|{_CURRENCIES})|decimals?|ratio|"
    rf"({_CURRENCIES}|\$|€|£)?\s*(thousands?|millions?|billions?|mn?|bn|mio\.?|mrd\.?))\W*",
    re.I,
)


def shape_of(cell: str) -> str:
    """Return a cell with each run of digits as 0 and each run of letters as a: "3 Jan 2022" has the shape "0 a 0"."""
    return _LETTERS.sub("a", _DIGITS.sub("0", cell[:_SHOWN].strip()))


def form_of(cell: str) -> str:
    """Return the form of a date written in digits of fixed width, such as "000000" for 202401; empty for others."""
    form = re.sub(r"[0-9]", "0", cell[:_SHOWN].strip())
    return form if form in _FORM_OF_DATES else ""


def has_digit(cell: str) -> bool:
    """Return whether a cell holds a digit, as dates and numbers do."""
    return _DIGITS.search(cell[:_SHOWN]) is not None


def is_missing(cell: str) -> bool:
    """Return whether a cell is empty or a common mark of a missing value."""
    return cell.strip().lower() in _MISSING


def is_name(cell: str) -> bool:
    """Return whether a cell is text that no number, date or mark of a missing value is."""
    return not is_missing(cell) and not has_digit(cell)


def is_date_name(cell: str) -> bool:
    """Return whether a cell is a usual name of a column of dates."""
    first = re.split(r"[\s(/<>\[]+", cell.strip().strip("<>#").strip().lower())[0]
    return first in _DATE_NAMES or cell.strip().lower() in _DATE_NAMES


def are_units(cells: Sequence[str]) -> bool:
    """Return whether all cells that are not empty are units of measurement."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(len(cell) <= _SHOWN and _UNITS.fullmatch(cell) for cell in filled)
