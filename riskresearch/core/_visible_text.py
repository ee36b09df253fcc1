"""Text from outside, such as a column's name, in a form that a page, a figure and a terminal can hold."""

import re

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROL_PICTURES = 0x2400
_DELETE = 0x7F


def visible_text(text: str) -> str:
    """Return `text` with pictures in place of what neither HTML nor UTF-8 holds: control characters and surrogates.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The same text where it has no such character. Tabs and ends of lines are left alone.

    Examples
    --------
    >>> from riskresearch.core._visible_text import visible_text
    >>> visible_text("A\\x00B\\x1b[31m")
    'A␀B␛[31m'
    """
    return _UNWRITABLE.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == _DELETE:
        return "\u2421"
    return chr(_CONTROL_PICTURES + code) if code < ord(" ") else "\ufffd"
