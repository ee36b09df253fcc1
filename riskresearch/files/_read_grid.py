"""The cells of a file, whatever its format."""

from dataclasses import replace
from typing import Literal

from riskresearch.core import InvalidInputError
from riskresearch.files._grid import Grid, Step
from riskresearch.files._source import Source
from riskresearch.files.formats._columnar import read_arrow, read_parquet
from riskresearch.files.formats._excel import read_excel
from riskresearch.files.formats._json import read_json
from riskresearch.files.text._cells import read_text


def read_grid(
    source: Source,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | int | None = None,
    table: int = 1,
    decimal: Literal[".", ","] | None = None,
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
    decimal : {".", ","}, optional
        The decimal mark of a text, where it is known.
    """
    if source.format != "excel" and sheet is not None:
        raise InvalidInputError(f"sheet (--sheet) is for workbooks, but {source.name} is none.")
    if source.format == "text":
        grid = read_text(source, encoding=encoding, separator=separator, table=table, decimal=decimal)
    elif source.format == "excel":
        grid = read_excel(source, sheet=sheet, table=table)
    else:
        grid = {"parquet": read_parquet, "arrow": read_arrow, "json": read_json}[source.format](source)
    if not source.container:
        return grid
    return replace(grid, steps=(Step("container", source.container), *grid.steps))
