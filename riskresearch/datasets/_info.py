"""The description of one bundled data set."""

import textwrap
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from riskresearch.core.output._formats import counted
from riskresearch.core.output._tables import as_html

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class DatasetInfo:
    """
    Description of one bundled data set, from the manifest.

    Parameters
    ----------
    name, title : str
        The name for `load`, and a one-line title.
    rows : int
        Number of rows of the frame.
    columns, dtypes, units : tuple of str
        One entry for each column of the file, the index included.
    index : str or None
        The column that becomes the frame's index; None for long tables.
    start, end : datetime.date or None
        First and last day; None for a table without dates.
    origin, data_origin : tuple of str
        Package, version and path of each source, and the origin of the numbers of these packages.
    licence : str
        Licence of the source packages.
    known_issues : tuple of str
        Errors in the data, and facts that are easily misread.
    file, sha256, size_bytes : str, str and int
        The file, the checksum that `load` verifies, and its size.

    Examples
    --------
    >>> from riskresearch.datasets import describe
    >>> describe("vix").end.year
    2019
    """

    name: str
    title: str
    rows: int
    columns: tuple[str, ...]
    dtypes: tuple[str, ...]
    units: tuple[str, ...]
    index: str | None
    start: date | None
    end: date | None
    origin: tuple[str, ...]
    data_origin: tuple[str, ...]
    licence: str
    known_issues: tuple[str, ...]
    file: str
    sha256: str
    size_bytes: int

    def to_frame(self) -> "pd.DataFrame":
        """
        Return the columns as a table.

        Returns
        -------
        pandas.DataFrame
            One row for each column of the file, in its order: dtype and unit.

        Examples
        --------
        >>> from riskresearch.datasets import describe
        >>> describe("vix").to_frame().loc["vix", "unit"]
        'percent a year'
        """
        import pandas as pd  # noqa: PLC0415  only a table needs pandas

        return pd.DataFrame(
            {"dtype": self.dtypes, "unit": self.units}, index=pd.Index(self.columns, name="column"), dtype="str"
        )

    def summary(self) -> str:
        """
        Return everything but the columns as text, at most 100 characters a line.

        Returns
        -------
        str
            Title, size, dates, origin, licence and every known issue.

        Examples
        --------
        >>> from riskresearch.datasets import describe
        >>> print(describe("vix").summary().splitlines()[1])
        1,259 rows, 1 column, 2014-01-03 to 2019-01-03
        """
        lines = [f"{self.name}: {self.title}", self._extent(), "Origin"]
        lines += [_item(source) for source in self.origin]
        lines += ["The packages had the numbers from", *(_item(source) for source in self.data_origin)]
        lines += [f"Licence of the packages: {self.licence}"]
        lines += ["Known issues", *(_item(issue) for issue in self.known_issues)]
        return "\n".join(lines)

    def _extent(self) -> str:
        size = f"{counted(self.rows, 'row')}, {counted(len(self.columns) - (self.index is not None), 'column')}"
        return f"{size}, {self.start} to {self.end}" if self.start is not None else size

    def __repr__(self) -> str:
        return f"DatasetInfo({self.name!r}: {self._extent()}, {counted(len(self.known_issues), 'known issue')})"

    def _repr_html_(self) -> str:
        return as_html(self.summary())


def _item(text: str) -> str:
    return textwrap.fill(text, 100, initial_indent="- ", subsequent_indent="  ")
