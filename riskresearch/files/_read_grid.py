"""The cells of a file, whatever its format."""

from riskresearch.core import InvalidInputError
from riskresearch.files._dialect import sniff
from riskresearch.files._grid import Grid, Step
from riskresearch.files._source import Source
from riskresearch.files._text import read_text


def read_grid(
    source: Source,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | int | None = None,
    table: int = 1,
) -> Grid:
    """Return the cells of the one table of a file.

    Parameters
    ----------
    source : Source
        The bytes.
    encoding, separator : str, optional
        Of a text, where they are known.
    sheet : str or int, optional
        Name of the sheet of a workbook, or its number from 1.
    table : int
        Which table to read where there are several below one another, from 1.
    """
    if source.format == "text":
        grid = read_text(source, sniff(source, encoding=encoding, separator=separator, table=table))
    else:
        raise InvalidInputError(f"{source.name} is no text.")
    if not source.container:
        return grid
    steps = (Step("container", source.container), *grid.steps)
    return Grid(grid.name, grid.headers, grid.columns, grid.lines, grid.unit, steps, grid.units)
