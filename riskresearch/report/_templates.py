"""The templates of the page: every value is escaped, and its control characters are made visible."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from riskresearch.core.output._visible_text import visible_text

FOLDER = Path(__file__).parent / "templates"


@cache
def style_sheet() -> str:
    """Return the style sheet of the page: light, dark, narrow and printed. No font or picture is fetched."""
    return (FOLDER / "page.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_visible,
    )


def _visible(value: Any) -> Any:
    return visible_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def render(template: str, **values: Any) -> str:
    """Return a template of the folder filled with values."""
    return _environment().get_template(template).render(**values)
