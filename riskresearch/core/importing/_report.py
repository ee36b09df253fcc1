"""What first uses cost in this process, as a table."""

from typing import TYPE_CHECKING

from riskresearch.core.importing._record import COLUMNS, records

if TYPE_CHECKING:
    import pandas as pd


def import_report() -> "pd.DataFrame":
    """Report what each component cost to import in this process so far.

    One row for `import riskresearch` and one for each first use of a name that imported something, oldest first.
    Every row is net of the rows nested in it, so that the columns add up; a module is counted once, in the first
    row that needed it. What was imported before riskresearch, and pandas if this report is its first use, is not here.

    Returns
    -------
    pandas.DataFrame
        Columns `component`; `name`, whose use triggered the import; `ms`, wall time; `mb`, growth of the resident
        memory in 10^6 bytes (of its peak where there is no /proc, nan where neither is known); `modules`, new
        modules; `third_party`, the packages first loaded by this row.

    See Also
    --------
    preload : Pay the cost beforehand.
    unload : Forget a component.

    Examples
    --------
    >>> import riskresearch
    >>> report = riskresearch.import_report()
    >>> by_component = report.groupby("component", sort=False)[["ms", "mb", "modules"]].sum()
    >>> by_component.index[0]
    'riskresearch'
    """
    rows = records()
    import pandas as pd  # noqa: PLC0415 - `import riskresearch` must not load it

    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"ms": float, "mb": float, "modules": int})
