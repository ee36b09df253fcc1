"""Parts of a page, for the tests."""

import re
from html import unescape


def section_of(page: str, name: str) -> str:
    """Return the HTML of one section."""
    start = page.index(f'<section id="{name}"')
    return page[start : page.index("</section>", start)]


def text_of(page: str) -> str:
    """Return the words of a page as a reader sees them: without style and figures, a bar after each cell."""
    page = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", page, flags=re.S)
    page = re.sub(r"</(?:td|th|dt)>", " | ", page)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
