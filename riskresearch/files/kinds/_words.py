"""What the header of a column says about the kind of its numbers."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Said = Literal["prices", "levels", "returns", "log-returns", "cumulative", "pnl", "yield", ""]
"""A kind; "levels" are prices by a weaker word, which may be a ticker or a name as well: a currency, "value", "low"."""

_CODES = "|".join(
    (
        "usd eur gbp jpy chf aud cad nzd sek nok dkk pln czk huf try zar brl mxn inr cny cnh hkd sgd krw twd "
        "thb idr rub "
        "ils btc xbt eth sol xrp doge shib pepe ada ltc bnb usdt usdc avax dot link trx bch xlm bonk floki"
    ).split()
)
_RETURN = r"(rets?|returns?|rtn|rendite|renditen|rendements?|rendimientos?|rendimentos?|performance|perf|pct|%)"
# The first that is found decides: "cumulative P&L" is P&L, "total return index" is a level.
_PATTERNS: tuple[tuple[Said, str], ...] = (
    ("pnl", r"\bp\s?[&/+]\s?l\b|\bpnl\b|\bpn l\b|\bp n l\b|\bprofits?\b|\bguv\b|\bgewinn\b|\bbenefice\b|\bganancia\b"),
    ("log-returns", rf"\b(log|ln|logarithmic|continuous(ly compounded)?)\s?({_RETURN}|change)(\b|$)"),
    ("prices", r"\breturn (index|level)\b|\bindex level\b|\b(tri|ntr|gtr)\b|\bgrowth of\b|\bperformance index\b"),
    ("yield", r"(?<!high )\b(yields?|yld|ytm)\b|\b(sofr|sonia|estr|eonia|[a-z]{0,6}libor|euribor|dff|fed ?funds?)\b"),
    ("yield", r"\bdgs\d|\bdtb\d|\bgs(1|2|3|5|7|10|20|30)\b|\bt bills?\b|\bzinss(a|ae)tze?\b|\btreasury rate\b"),
    ("yield", r"\b\d+ ?(y|yr|years?) (treasury|bund|gilt|govt?|swap|rate)\b"),
    ("yield", r"\b(interest|policy|deposit|short|swap|discount) rates?\b"),
    (
        "cumulative",
        r"\b(cum|cumul|cumulated|cumulative|cumulee?|kumulierte?r?|acumulad[ao]|compounded)"
        rf"(\s?{_RETURN}(\b|$)|$)|\bsince inception\b|\b{_RETURN} (cumule|acumulado)\b",
    ),
    ("returns", rf"\b({_RETURN}|chg|change|veranderung|variation|excess)(\b|$)"),
    (
        "prices",
        r"\b(close|closing|prices?|px|last|settle|settlement|nav|navps|adjclose|kurs|schluss|schlusskurs|cours|cloture"
        r"|cierre|precio|chiusura|prezzo|preco|fechamento|slotkoers|koers|zamkniecie|balance|wealth|anteilwert"
        r"|rucknahmepreis|valeur liquidative|exchange rate)\b",
    ),
    ("levels", r"\b(equity|quote|bid|ask|mid|fixing|level|spot|fx|open|high|low|value|vl|adj)\b"),
    ("levels", rf"\b(dex[a-z]{{4}}|({_CODES})\s?({_CODES})(\s?x)?|{_CODES})\b"),
)
_COMPILED = tuple((said, re.compile(pattern)) for said, pattern in _PATTERNS)
_PERCENT = re.compile(r"%|\b(pct|percent|percentage|prozent|pourcent(age)?|por ?cento|por ?ciento|procent)\b")
_BASIS_POINTS = re.compile(r"\b(bps?|basis ?points?|basispunkte?)\b")
_SO_FAR = re.compile(r"\b(cum|cumul|cumulated|cumulative|kumuliert\w{0,3}|total|running|since inception)\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINED = re.compile(r"\b(log|ln|cum|daily|monthly|weekly|pct|simple)(ret|rets|return|returns|pnl|change)\b")
_OTHER = re.compile(r"[^\w%&/+]|_")
LONGEST_HEADER = 200
"""Characters that are read; longer headers are text."""


@lru_cache(maxsize=64)
def words_of(header: str) -> str:
    """Return a header in small letters without accents, its words separated by single blanks."""
    bare = header[:LONGEST_HEADER]
    if not bare.isascii():
        bare = "".join(letter for letter in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(letter))
    spread = _CAMEL.sub(" ", bare)
    return " ".join(_JOINED.sub(r"\1 \2", " ".join(_OTHER.sub(" ", spread.lower()).split())).split())


def kind_said(header: str) -> Said:
    """Return the kind that a header names, "" if it names none."""
    words = words_of(header)
    return next((said for said, pattern in _COMPILED if pattern.search(words)), "")


def says_percent(header: str) -> bool:
    """Return whether a header names percent."""
    return bool(_PERCENT.search(words_of(header)))


def says_basis_points(header: str) -> bool:
    """Return whether a header names basis points."""
    return bool(_BASIS_POINTS.search(words_of(header)))


def says_so_far(header: str) -> bool:
    """Return whether a header of profit and loss is that of its sum so far."""
    return bool(_SO_FAR.search(words_of(header)))
