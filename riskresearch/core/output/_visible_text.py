"""Text of users, such as names of columns, in a form that pages, figures and terminals can show."""

import re

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_CONTROL_PICTURES = 0x2400
_DELETE = 0x7F


def visible_text(text: str) -> str:
    """Return `text` with pictures in place of control characters and surrogates, which HTML or UTF-8 cannot hold.

    So are marks that turn the direction of the text behind them, with which a name could disguise a line.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The same text where it has no such character. Tabs and line ends are kept.

    Examples
    --------
    >>> from riskresearch.core.output._visible_text import visible_text
    >>> visible_text("A\\x00B\\x1b[31m")
    'A␀B␛[31m'
    """
    return _UNWRITABLE.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == _DELETE:
        return "\u2421"
    return chr(_CONTROL_PICTURES + code) if code < ord(" ") else "\ufffd"
