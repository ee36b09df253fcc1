"""The sheets of a workbook by python-calamine, those of older formats in a process of its own with bounded memory.

python-calamine holds a sheet from its first to its last cell. A damaged xls, xlsb or ods may claim cells so far apart
that the memory is exhausted, which ends the process: this one then, and not the user's. xlsx is checked before.
"""

import io
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, TypeAlias

from riskresearch.core import InvalidInputError
from riskresearch.files._limits import MOST_CELLS

MOST_MEMORY_BYTES = 4_000_000_000
_MODULE = "riskresearch.files.formats._sheets"
_PANIC = "pyo3_runtime"
"""Module of the exception, no `Exception`, that a fault of a reader in Rust becomes."""
_SECONDS = 300


Answer: TypeAlias = list[tuple[str, list[list[object]], int]] | str
"""Name, rows and number of the first row of each sheet, or why there are none."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold the rows of a sheet, and the number of the first one."""

    name: str
    rows: list[list[object]]
    first: int


def sheets_of(content: bytes, name: str, *, apart: bool) -> list[Sheet]:
    """Return the sheets of a workbook, or raise `InvalidInputError` if it cannot be read."""
    answer = _read_apart(content, name) if apart else _read(content)
    if isinstance(answer, str):
        raise InvalidInputError(f"{name} is no readable workbook: {answer}. Save it again as xlsx.")
    return [Sheet(*sheet) for sheet in answer]


def _read_apart(content: bytes, name: str) -> Answer:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", _MODULE]
    try:
        done = subprocess.run(command, input=content, capture_output=True, env=environment, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InvalidInputError(f"{name} could not be read in a process of its own: {error}.") from error
    answer: Answer = "it is damaged" if done.returncode else pickle.loads(done.stdout)
    return answer


def _read(content: bytes) -> Answer:
    import python_calamine  # noqa: PLC0415 (an extra)

    try:
        workbook: Any = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets, cells = [], 0
        for place, name in enumerate(workbook.sheet_names):
            sheet = workbook.get_sheet_by_index(place)
            cells += sheet.height * sheet.width
            if cells > MOST_CELLS:
                return f"it must have at most {MOST_CELLS:,} cells, got about {cells:,}"
            start = sheet.start
            sheets.append((name, sheet.to_python(skip_empty_area=True), 1 if start is None else start[0] + 1))
        return sheets
    except python_calamine.PasswordError:
        return "it is protected by a password"
    except Exception as error:
        return (str(error) or type(error).__name__).splitlines()[0]
    except BaseException as error:
        if type(error).__module__ != _PANIC:
            raise
        return "it is damaged"


def _bound_memory() -> None:
    try:
        import resource  # noqa: PLC0415 (not on Windows)

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    except (ImportError, OSError, ValueError):
        return


if __name__ == "__main__":
    _bound_memory()
    sys.stdout.buffer.write(pickle.dumps(_read(sys.stdin.buffer.read())))
