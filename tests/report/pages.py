"""Parts of a page, for the tests."""


def section_of(page: str, name: str) -> str:
    """Return the HTML of one section."""
    start = page.index(f'<section id="{name}"')
    return page[start : page.index("</section>", start)]
