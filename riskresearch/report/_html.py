"""HTML elements as text; every name and value passes through `escape`."""

from collections.abc import Iterable, Sequence
from html import escape as escape_markup

from riskresearch.core.output._visible_text import visible_text

LONG_DEFINITION = 60


def escape(text: str) -> str:
    """Escape markup, and make control characters visible."""
    return escape_markup(visible_text(text))


def paragraph(text: str, *, css: str = "") -> str:
    return f"<p{_class(css)}>{escape(text)}</p>"


def section(name: str, title: str, *parts: str) -> str:
    body = "\n".join(part for part in parts if part)
    heading = f'<h2 id="{name}-title">{escape(title)}</h2>'
    return f'<section id="{name}" aria-labelledby="{name}-title">\n{heading}\n{body}\n</section>'


def figure(svg: str, caption: str, *, css: str = "wide") -> str:
    return f"<figure{_class(css)}>\n{svg}\n<figcaption>{escape(caption)}</figcaption>\n</figure>"


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str,
    css: str = "",
    cell_css: Sequence[Sequence[str]] = (),
    text_columns: frozenset[int] = frozenset(),
) -> str:
    """Write a table whose first column names its rows.

    Parameters
    ----------
    head : sequence of str
        Names of the columns.
    rows : iterable of sequences of str
        Cells as text, not yet escaped.
    caption : str
        Caption of the table, with the units.
    css : str
        Class of the table.
    cell_css : sequence of sequences of str
        Class of each cell after the first of its row; empty for none.
    text_columns : frozenset of int
        Numbers of the left-aligned columns, which hold text.

    Returns
    -------
    str
        The table, in a box that scrolls horizontally on a narrow screen.
    """
    lines = [
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">',
        f"<table{_class(css)}>",
        f"<caption><span>{escape(caption)}</span></caption>",
        "<thead><tr>"
        + "".join(
            f'<th scope="col"{_class("text" if column in text_columns or column == 0 else "")}>{escape(name)}</th>'
            for column, name in enumerate(head)
        )
        + "</tr></thead>",
        "<tbody>",
    ]
    for row_number, row in enumerate(rows):
        classes = cell_css[row_number] if cell_css else [""] * (len(row) - 1)
        cells = [f'<th scope="row">{escape(row[0])}</th>']
        for column, (value, css_of_cell) in enumerate(zip(row[1:], classes, strict=True), start=1):
            named = "text" if column in text_columns else css_of_cell
            cells.append(f"<td{_class(named)}>{escape(value)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</tbody>", "</table>", "</div>"])


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Write names and values as a definition list; long values take the whole width."""
    items = "\n".join(
        f"<div{_class('long' if len(value) > LONG_DEFINITION else '')}>"
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in pairs
    )
    return f"<dl>\n{items}\n</dl>"


def cards(items: Iterable[tuple[str, str, str, str]]) -> str:
    """Write the cards at the top of the page: name, value, interval, and the benchmark's value."""
    boxes = "\n".join(
        f'<li><span class="name">{escape(name)}</span> <span class="value">{escape(value)}</span> '
        + (f'<span class="interval">{escape(interval)}</span> ' if interval else "")
        + f'<span class="beside">{escape(beside)}</span></li>'
        for name, value, interval, beside in items
    )
    return f'<ul class="cards">\n{boxes}\n</ul>'


def notes(lines: Sequence[str]) -> str:
    """Write the remarks above the numbers; empty without remarks."""
    if not lines:
        return ""
    items = "\n".join(f"<li>{escape(line)}</li>" for line in lines)
    heading = '<h2 id="notes-title">Read this first</h2>'
    return f'<aside aria-labelledby="notes-title">\n{heading}\n<ul>\n{items}\n</ul>\n</aside>'


def page(*, title: str, style: str, body: str) -> str:
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>\n{style}</style>\n"
        "</head>\n"
        f"<body>\n{body}\n</body>\n"
        "</html>\n"
    )


def _class(name: str) -> str:
    return f' class="{escape(name)}"' if name else ""
