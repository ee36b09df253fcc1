"""Results of a sweep on disk, in parts that are only ever added, so that an interrupted sweep resumes where it was.

A part is two files, written under other names and renamed when they are whole: the maxima of the draws, then the rows
of the trials. Their names hold the digest of their contents and of their sweep. A part that is truncated,
changed, without its second file or of another sweep counts as not done. The manifest is created by one process
only: of two sweeps that start at once on a new store, one gives the seed and the other continues with it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.sweeps._selection import MAXIMA
from riskresearch.backtest.sweeps._trials import Outcome
from riskresearch.core._errors import InvalidInputError, RiskResearchWarning
from riskresearch.core._plausibility import warn_user
from riskresearch.core.importing._optional import optional_import
from riskresearch.core.output._whole_file import SUFFIX, collect, create_whole, write_whole

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
MANIFEST = "sweep.json"
KINDS = ("parquet", "csv")
SECONDS_TO_WRITE_A_MANIFEST = 2.0
"""Longest time for which an empty manifest may be one that another process is writing, without hard links."""


class ResultStore:
    """A folder of parts, and the manifest that identifies their sweep."""

    def __init__(self, folder: str | os.PathLike[str], columns: tuple[str, ...]) -> None:
        self.folder = Path(folder)
        self._columns = columns
        self._owner = b""
        self._kind = "parquet" if find_spec("pyarrow") is not None else "csv"
        if self.folder.exists() and not self.folder.is_dir():
            raise InvalidInputError(f"store must be a folder, got the file {self.folder.name!r}.")

    def seed(self) -> int:
        """Return the seed of the stored sweep."""
        return int((self._manifest() or {"seed": "0"})["seed"])

    def claim_new(self, identity: Mapping[str, str], seed: int, readable: Mapping[str, Any]) -> None:
        """Write the manifest of a sweep into a new store; an existing manifest of any sweep is kept."""
        if self._manifest() is not None:
            return
        manifest = {"format": FORMAT, "seed": str(seed), "identity": dict(identity), **readable}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            others = [path.name for path in self.folder.iterdir() if not _is_unfinished(path.name)]
            if others and MANIFEST not in others:
                raise InvalidInputError(
                    f"store must be a new or empty folder or that of a sweep, and {self.folder.name!r} holds "
                    f"{others[0]!r} and no {MANIFEST}."
                )
            create_whole(self.folder / MANIFEST, json.dumps(manifest, indent=1).encode(), name="store")
        except FileExistsError:  # another sweep was first
            return
        except OSError as error:
            raise self._unwritable(error) from error

    def check(self, identity: Mapping[str, str]) -> None:
        """Refuse the folder if it holds the results of another sweep."""
        stored = (self._manifest() or {"identity": {}})["identity"]
        different = [what for what in identity if stored.get(what) != identity[what]]
        if different:
            raise InvalidInputError(
                f"store {self.folder.name!r} holds the results of another sweep, with another "
                f"{', another '.join(different)}. Give another folder, or delete this one."
            )
        self._owner = json.dumps(dict(identity), sort_keys=True).encode()
        collect(self.folder)

    def load(self) -> Iterator[Outcome]:
        """Yield the outcomes of the parts that are whole; warn of the others."""
        for path in sorted(path for kind in KINDS for path in self.folder.glob(f"part-*.rows.{kind}")):
            stem, _, kind = path.name.split(".")
            draws = self.folder / f"{stem}.draws.{kind}"
            contents = self._contents(draws, path)
            if len(contents) < 2 or not stem.endswith(self._digest(contents)):
                warn_user(
                    f"{path.name} in the store {self.folder.name!r} is not whole, so its trials are run again.",
                    RiskResearchWarning,
                )
                continue
            yield self._outcome(*(_read(each, kind) for each in contents))

    def save(self, outcome: Outcome) -> None:
        """Add a part."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        draws = pd.DataFrame(outcome.maxima.T, columns=list(MAXIMA))
        rows = pd.DataFrame(outcome.numbers, columns=list(self._columns))
        rows.insert(0, "trial", outcome.trial)
        rows["error"] = list(outcome.errors)
        contents = [_bytes(each, self._kind) for each in (draws, rows)]
        stem = f"part-{int(outcome.trial[0]):08d}-{self._digest(contents)}"
        paths = [self.folder / f"{stem}.{name}.{self._kind}" for name in ("draws", "rows")]
        try:
            for path, content in zip(paths, contents, strict=True):
                write_whole(path, content, name="store", tidy=False)
        except (OSError, InvalidInputError) as error:
            if not paths[1].exists():  # draws without their rows are of no use
                paths[0].unlink(missing_ok=True)
            raise self._unwritable(error) from error

    def _contents(self, *paths: Path) -> list[bytes]:
        try:
            return [path.read_bytes() for path in paths if path.is_file()]
        except OSError as error:
            raise InvalidInputError(f"store {self.folder.name!r} cannot be read: {_why(error)}.") from error

    def _digest(self, contents: list[bytes]) -> str:
        digest = hashlib.sha256(self._owner)
        for content in contents:
            digest.update(len(content).to_bytes(8, "big"))
            digest.update(content)
        return digest.hexdigest()[:16]

    def _unwritable(self, error: Exception) -> InvalidInputError:
        return InvalidInputError(
            f"store must be a folder that may be written, and {self.folder.name!r} cannot be: {_why(error)}. The parts "
            "that it has are whole: make room or give it another place, and the same sweep continues from them."
        )

    def _outcome(self, draws: pd.DataFrame, rows: pd.DataFrame) -> Outcome:
        return Outcome(
            trial=rows["trial"].to_numpy(dtype=np.int64),
            numbers=rows[list(self._columns)].to_numpy(dtype=np.float64),
            errors=tuple(rows["error"].astype(str)),
            maxima=np.ascontiguousarray(draws[list(MAXIMA)].to_numpy(dtype=np.float64).T),
            seconds=(),
        )

    def _manifest(self) -> dict[str, Any] | None:
        path = self.folder / MANIFEST
        latest = time.monotonic() + SECONDS_TO_WRITE_A_MANIFEST
        try:
            while path.exists() and not path.stat().st_size and time.monotonic() < latest:
                time.sleep(0.01)
            text = path.read_bytes() if path.exists() else None
        except OSError as error:
            raise InvalidInputError(f"store {self.folder.name!r} cannot be read: {_why(error)}.") from error
        if text is None:
            return None
        try:
            manifest: dict[str, Any] = json.loads(text)
            known = manifest["format"] == FORMAT and isinstance(manifest["identity"], dict)
            int(manifest["seed"])
        except (ValueError, KeyError, TypeError, RecursionError):
            known = False
        if not known:
            raise InvalidInputError(f"store {self.folder.name!r} has a {MANIFEST} that this version cannot read.")
        return manifest


def _is_unfinished(name: str) -> bool:
    return name.endswith(SUFFIX) or ".partial-" in name


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).rstrip(".")


def _bytes(frame: pd.DataFrame, kind: str) -> bytes:
    if kind == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(frame.itertuples(index=False, name=None))  # floats as Python prints them, which loses no bit
        return text.getvalue().encode()
    target = io.BytesIO()
    frame.to_parquet(target, engine="pyarrow", index=False)
    return target.getvalue()


def _read(content: bytes, kind: str) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

    if kind == "csv":
        names, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
        columns = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
        return pd.DataFrame(
            {name: list(texts) if name == "error" else list(map(float, texts)) for name, texts in columns.items()}
        )
    optional_import("pyarrow.parquet", extra="parquet", feature="a store that was written with pyarrow")
    return pd.read_parquet(io.BytesIO(content), engine="pyarrow")
