"""What the header of a column says about the kind of its numbers."""

import re
from typing import Literal

Said = Literal["prices", "returns", "log-returns", "cumulative", "pnl", "yield", ""]

_CURRENCIES = "usd eur gbp jpy chf aud cad nzd sek nok dkk pln czk huf try zar brl mxn inr cny cnh hkd sgd krw twd thb idr rub ils"
_COINS = "btc xbt eth sol xrp doge shib pepe ada ltc bnb usdt usdc avax dot link trx bch xlm bonk floki"
_CODES = "|".join(f"{_CURRENCIES} {_COINS}".split())
# The first that is found decides: "cumulative P&L" is P&L, "total return index" is a level.
_PATTERNS: tuple[tuple[Said, str], ...] = (
    ("pnl", r"\bp\s?[&/+]\s?l\b|\bpnl\b|\bp n l\b|\bprofits?\b|\bguv\b|\bgewinn\b|\bbenefice\b|\bganancia\b"),
    (
        "log-returns",
        r"\b(log|ln|logarithmic|continuous(ly compounded)?)\s?(ret|rets|return|returns|rendite|renditen|change)\b",
    ),
    ("prices", r"\breturn (index|level)\b|\bindex level\b|\b(tri|ntr|gtr)\b|\bgrowth of\b|\bperformance index\b"),
    (
        "yield",
        r"\b(yield|yields|yld|ytm|sofr|sonia|estr|eonia|[a-z]*libor|euribor|fed ?funds?|dff|fedfunds|t bills?)\b|\bdgs\d",
    ),
    ("yield", r"\bdtb\d|\bgs(1|2|3|5|7|10|20|30)\b|\b\d+ ?(y|yr|years?) (treasury|bund|gilt|govt?|swap|rate)\b"),
    ("yield", r"\b(interest|policy|deposit|short|swap|discount) rates?\b|\bzinss[aä]tze?\b|\btreasury rate\b"),
    (
        "cumulative",
        r"\b(cum|cumul|cumulated|cumulative|cumulee?|kumuliert\w*|acumulad[ao]|compounded)\s?(ret|rets|return|returns|rendite"
        r"|performance|perf|pct|%)?\b|\bcum(ret|return|perf)s?\b|\bsince inception\b|\brendement cumule\b",
    ),
    (
        "returns",
        r"\b(ret|rets|return|returns|rendite|renditen|rendement|rendements|rendimiento|rendimento|performance|perf|rtn"
        r"|chg|change|veranderung|variation|excess)\b|\b(daily|weekly|monthly)(ret|return)s?\b",
    ),
    (
        "prices",
        r"\b(close|closing|price|prices|px|last|settle|settlement|nav|navps|adj|adjclose|kurs|schluss|schlusskurs|cours"
        r"|cloture|cierre|precio|chiusura|prezzo|preco|fechamento|slotkoers|koers|zamkniecie|equity|balance|wealth|quote"
        r"|bid|ask|mid|fixing|level|spot|fx|open|high|low|anteilwert|rucknahmepreis|value|vl|valeur|exchange rate)\b",
    ),
    ("prices", rf"\b(dex[a-z]{{4}}|({_CODES})\s?({_CODES})(\s?x)?|{_CODES})\b"),
)
_COMPILED = tuple((said, re.compile(pattern)) for said, pattern in _PATTERNS)
_PERCENT = re.compile(r"%|\b(pct|percent|percentage|prozent|pourcent(age)?|por ?cento|por ?ciento|procent)\b")
_CUMULATIVE = re.compile(r"\b(cum|cumul|cumulated|cumulative|kumuliert\w*|cumpnl|total|running|since inception)\b")
_INDEX_OF_RETURNS = re.compile(r"\b(total|gross|net|price)\s?return\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINED = re.compile(r"(log|ln|cum|daily|monthly|weekly|pct|simple)(ret|rets|return|returns|pnl|change)\b")
_OTHER = re.compile(r"[^\w%&/+]+|_+")
LONGEST_HEADER = 200
"""Characters that are read; longer headers are text."""


def words_of(header: str) -> str:
    """Return a header in small letters, its words separated by single blanks."""
    spread = _CAMEL.sub(" ", header[:LONGEST_HEADER])
    return " ".join(_JOINED.sub(r"\1 \2", _OTHER.sub(" ", spread.lower())).split())


def kind_said(header: str) -> Said:
    """Return the kind that a header names, "" if it names none."""
    words = words_of(header)
    return next((said for said, pattern in _COMPILED if pattern.search(words)), "")


def says_percent(header: str) -> bool:
    """Return whether a header names percent."""
    return bool(_PERCENT.search(words_of(header)))


def says_cumulative(header: str) -> bool:
    """Return whether a header of profit and loss is that of its sum so far."""
    return bool(_CUMULATIVE.search(words_of(header)))


def says_index_of_returns(header: str) -> bool:
    """Return whether "return" may be part of the name of an index: total, gross, net or price return."""
    return bool(_INDEX_OF_RETURNS.search(words_of(header)))
