"""Limits on the size of a file: a small compressed file may exceed the memory, and a device has no end."""

from riskresearch.core import InvalidInputError

MOST_BYTES = 200_000_000
"""Limit on the bytes of a file, and of its decompressed content."""
MOST_CELLS = 10_000_000
"""Limit on the cells of a table: 3,000 assets on the days of 13 years, some 2 GB while they are read."""
MOST_ROWS = 5_000_000
MOST_COLUMNS = 16_384
"""As many as a sheet of Excel has."""
MOST_CELL_BYTES = 100_000
PART_BYTES = 1_000_000
REMEDY = "Leave out columns or dates, or hand a DataFrame to riskresearch.report.build_report."


def check_size(size: int, name: str) -> None:
    """Raise `InvalidInputError` if the content of a file is too large."""
    if size > MOST_BYTES:
        raise InvalidInputError(f"{name} must hold at most {MOST_BYTES / 1e6:,.0f} MB, unpacked. {REMEDY}")


def check_shape(rows: int, columns: int, cells: int, name: str) -> None:
    """Raise `InvalidInputError` if a table has too many rows, columns or cells."""
    for what, count, most in (("rows", rows, MOST_ROWS), ("columns", columns, MOST_COLUMNS)):
        if count > most:
            raise InvalidInputError(f"{name} must have at most {most:,} {what}, got {count:,}. {REMEDY}")
    if cells > MOST_CELLS:
        raise InvalidInputError(f"{name} must have at most {MOST_CELLS:,} cells, got about {cells:,}. {REMEDY}")
