"""Names of months and weekdays in the languages of the larger exchanges, and names of time zones."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal
from zoneinfo import available_timezones

Period = Literal["week", "month", "quarter", "half-year", "year"]
"""What a label such as 2022-01 or 2022Q1 names; its date is the last calendar day of it."""

# English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian and Polish, as `plain_word`
# leaves them.
_MONTHS = (
    "jan january januar januari janvier janv enero ene gennaio gen janeiro janner jaenner sty styczen stycznia",
    "feb february februar februari febr fevrier fevr fev febrero febbraio fevereiro feber lut luty lutego",
    "mar march marz mrz maerz mars marzo marco maart mrt marts marzec marca",
    "apr april avril avr abril abr aprile kwi kwiecien kwietnia",
    "may mai mayo maggio mag maio mei maj maja",
    "jun june juni juin junio giugno giu junho cze czerwiec czerwca",
    "jul july juli juillet juil julio luglio lug julho lip lipiec lipca",
    "aug august aout agosto ago augustus augusti sie sierpien sierpnia",
    "sep sept september septembre septiembre setiembre settembre set sett setembro wrz wrzesien wrzesnia",
    "oct october oktober okt octobre octubre ottobre ott outubro out paz pazdziernik pazdziernika",
    "nov november novembre noviembre novembro lis listopad listopada",
    "dec december dezember dez decembre diciembre dic dicembre dezembro desember des gru grudzien grudnia",
)
_WEEKDAYS = (
    "mon monday mo montag lun lundi lunes lunedi seg segunda ma maandag man mandag",
    "tue tues tuesday tu di dienstag mar mardi martes martedi ter terca dinsdag tis tisdag tir tirsdag",
    "wed weds wednesday we mi mittwoch mer mercredi mie miercoles mercoledi qua quarta wo woensdag ons onsdag",
    "thu thur thurs thursday th do donnerstag jeu jeudi jue jueves gio giovedi qui quinta donderdag tors torsdag tor",
    "fri friday fr freitag ven vendredi vie viernes venerdi sex sexta vr vrijdag fre fredag",
    "sat saturday sa samstag sonnabend sam samedi sab sabado sabato za zaterdag lor lordag",
    "sun sunday su so sonntag dim dimanche dom domingo domenica zo zondag son sondag",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
WEEKDAYS = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

OFFSETS_IN_MINUTES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "sast": 120, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "adt": -180, "idt": 180, "brt": -180, "hkt": 480, "sgt": 480, "awst": 480, "jst": 540,
    "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
}  # fmt: skip
"""Abbreviations of zones with one meaning."""
BESIDE_ANOTHER = {"cst": ("cdt", -360), "bst": ("gmt", 60), "ast": ("adt", -240), "ist": ("idt", 120)}
"""Abbreviations of several zones: the one beside which they have one meaning, and the minutes then."""
CLOCKS = {"et": "America/New_York", "ct": "America/Chicago", "pt": "America/Los_Angeles"}
USUAL_ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver",
    "Europe/Athens", "Asia/Jerusalem", "Australia/Sydney", "Pacific/Auckland", "America/Toronto", "America/Halifax",
    "America/Santiago", "America/Sao_Paulo", "America/Mexico_City", "Australia/Adelaide", "Europe/Moscow",
    "Europe/Istanbul", "Asia/Tehran", "Africa/Cairo",
)  # fmt: skip
"""Zones of exchanges whose clock changes, or did."""

_LETTERS = str.maketrans({"ø": "o", "Ø": "o", "ß": "ss"})
_SMALL = re.compile(r"[^a-z]")


def plain_word(word: str) -> str:
    """Return a name in small letters alone, without accents, dots and the "-feira" of Portuguese weekdays."""
    text = unicodedata.normalize("NFKD", word.translate(_LETTERS)).lower()
    return _SMALL.sub("", text.removesuffix("-feira"))


def zone_of(name: str) -> str:
    """Return a zone as the tz database spells it, an abbreviation in capital letters; empty for another name."""
    word = name.lower()
    if word in OFFSETS_IN_MINUTES or word in BESIDE_ANOTHER or word in CLOCKS:
        return name.upper()
    return _zones_by_word().get(word, "") if "/" in name else ""


@lru_cache(maxsize=1)
def _zones_by_word() -> dict[str, str]:
    return {zone.lower(): zone for zone in available_timezones()}
