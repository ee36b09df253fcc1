"""The words and marks that stand beside numbers in files: currencies, units and the spellings of blanks and signs."""

BLANKS = "\t\r\xa0\u1680\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u061c\u2060\u202a\u202b\u202c\u202d\u202e\ufeff"
MINUS_SIGNS = "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
APOSTROPHES = "\u2018\u2019\u02bc\u2032\xb4\u066c\uff07"
PERCENT_SIGNS = "\uff05\u066a\ufe6a"

SAME_MARKS = str.maketrans(
    dict.fromkeys(BLANKS + INVISIBLE, " ")
    | dict.fromkeys(MINUS_SIGNS, "-")
    | dict.fromkeys(APOSTROPHES, "'")
    | dict.fromkeys(PERCENT_SIGNS, "%")
    | {
        "\uff0b": "+",
        "\uff08": "(",
        "\uff09": ")",
        "\u201c": '"',
        "\u201d": '"',
    }
)
"""Different spellings of one mark, each by one ASCII character; none of them belongs to the digits."""

OTHER_DIGITS = {
    **{chr(first + digit): str(digit) for first in (0x660, 0x6F0, 0x966, 0xFF10) for digit in range(10)},
    "\uff0e": ".",
    "\uff0c": ",",
    "\u066b": ".",
}
"""Arabic, Persian, Devanagari and full-width digits and decimal marks as ASCII ones."""

SCALES = {
    "%": -2, "percent": -2, "pct": -2, "pct.": -2, "prozent": -2, "\u2030": -3, "bp": -4, "bps": -4, "bp.": -4,
    "K": 3, "k": 3, "M": 6, "m": 6, "B": 9, "b": 9, "T": 12, "thousand": 3, "million": 6, "billion": 9,
    "trillion": 12, "mm": 6, "mn": 6, "bn": 9, "tn": 12, "mio": 6, "mio.": 6, "mill": 6, "mill.": 6, "mrd": 9,
    "mrd.": 9, "mia": 9, "mia.": 9, "bio": 12, "bio.": 12, "md": 9, "mds": 9, "mln": 6, "mln.": 6, "mld": 9,
    "mld.": 9, "mdr": 9, "tys": 3, "tys.": 3, "tsd": 3, "tsd.": 3, "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
    "\u4e07": 4, "\u5104": 8, "\u5146": 12, "\u4ebf": 8, "\ub9cc": 4, "\uc5b5": 8, "\uc870": 12,
    "\u0442\u044b\u0441": 3, "\u0442\u044b\u0441.": 3,
    "\u043c\u043b\u043d": 6, "\u043c\u043b\u043d.": 6, "\u043c\u043b\u0440\u0434": 9, "\u043c\u043b\u0440\u0434.": 9,
}  # fmt: skip
"""Powers of ten of the words after a number. Words of two meanings ("mil", "cr", "G") are left out."""

_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP
CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GBX GBp GEL GHS GIP GMD GNF GTQ GYD HKD HNL
HRK HTG HUF IDR ILA ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD
MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RMB
RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
UYU UZS VES VND VUV WST XAF XAG XAU XCD XDR XOF XPD XPF XPT YER ZAC ZAR ZMW ZWL BTC XBT ETH USDT USDC DEM FRF ITL ESP
"""
_WORDS = (
    "R$ US$ A$ AU$ C$ CA$ NZ$ HK$ S$ SG$ NT$ MX$ Mex$ kr kr. K\u010d z\u0142 Ft lei Rs Rs. Rp RM Fr Fr. SFr SFr. sFr. "
    "R TL Lt S/ DM KM NIS Tk \u043b\u0432 \u043b\u0432. "
    "\u0440\u0443\u0431 \u0440\u0443\u0431. \u0433\u0440\u043d \u5143 \u5186 "
    "\u20acur euro euros dollars"
)
_SYMBOLS = "$\u20ac\xa3\xa5\uffe5\xa2\u20b9\u20a9\u20bd\u20ba\u20aa\u20ab\u20b1\u0e3f\u20a6\u20b4\u20bf\u20b8\u20a1"
CURRENCIES = frozenset(word.casefold() for word in (*_CODES.split(), *_WORDS.split(), *_SYMBOLS))
"""Marks, codes and words of currencies, compared without regard to case."""

PENCE = "p"
"""Pence, only directly after a number: letters after a blank are flags of statistical offices."""

FLAGS = frozenset("bcdefinprsuz")
"""Letters by which Eurostat marks single numbers, after a blank: b is a break in the series, p is provisional.

Two of them are left out: "cr" and "dr" are signs of accounts, "bp" are basis points.
"""
