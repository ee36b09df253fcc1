"""Results of a sweep on disk: parts that are only added, so that a sweep that was killed goes on where it was.

A part is two files, written under other names and renamed when they are whole: the maxima of the draws, then the rows
of the trials. Both have the digest of their contents in their names. A part that is cut off, changed or without its
second file counts as not done.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import uuid
import warnings
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest._sweep_trials import MAXIMA, Outcome
from riskresearch.core._errors import InvalidInputError, RiskResearchWarning
from riskresearch.core._optional import optional_import

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
MANIFEST = "sweep.json"
KINDS = ("parquet", "csv")


class ResultStore:
    """A folder of parts, and the manifest that says which sweep they are of."""

    def __init__(self, folder: str | os.PathLike[str], columns: tuple[str, ...]) -> None:
        self.folder = Path(folder)
        self._columns = columns
        self._kind = "parquet" if find_spec("pyarrow") is not None else "csv"
        if self.folder.exists() and not self.folder.is_dir():
            raise InvalidInputError(f"store must be a folder, got the file {self.folder.name!r}.")

    def seed(self) -> int | None:
        """Return what the draws of the stored sweep start from; None where nothing is stored yet."""
        manifest = self._manifest()
        return None if manifest is None else int(manifest["seed"])

    def claim(self, identity: Mapping[str, str], seed: int, readable: Mapping[str, Any]) -> None:
        """Say whose results these are, or refuse the folder if it holds those of another sweep."""
        manifest = self._manifest()
        if manifest is None:
            self._claim_new(identity, seed, readable)
            return
        stored: dict[str, str] = manifest["identity"]
        different = [what for what in identity if stored.get(what) != identity[what]]
        if different:
            raise InvalidInputError(
                f"store {self.folder.name!r} holds the results of another sweep, with another "
                f"{', another '.join(different)}. Give another folder, or delete this one."
            )

    def _claim_new(self, identity: Mapping[str, str], seed: int, readable: Mapping[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        others = [path.name for path in self.folder.iterdir() if ".partial-" not in path.name]
        if others:
            raise InvalidInputError(
                f"store must be a new or empty folder or that of a sweep, and {self.folder.name!r} holds {others[0]!r} "
                f"and no {MANIFEST}."
            )
        manifest = {"format": FORMAT, "seed": str(seed), "identity": dict(identity), **readable}
        self._write(MANIFEST, json.dumps(manifest, indent=1).encode())

    def load(self) -> Iterator[Outcome]:
        """Go through the parts that are whole; warn of others."""
        for path in sorted(path for kind in KINDS for path in self.folder.glob(f"part-*.rows.{kind}")):
            stem, _, kind = path.name.split(".")
            draws = self.folder / f"{stem}.draws.{kind}"
            contents = [each.read_bytes() for each in (draws, path) if each.exists()]
            if len(contents) < 2 or not stem.endswith(_digest(contents)):
                warnings.warn(
                    f"{path.name} in the store {self.folder.name!r} is not whole, so its trials are run again.",
                    RiskResearchWarning,
                    stacklevel=3,
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
        stem = f"part-{int(outcome.trial[0]):08d}-{_digest(contents)}"
        for name, content in zip(("draws", "rows"), contents, strict=True):
            self._write(f"{stem}.{name}.{self._kind}", content)

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
        if not path.exists():
            return None
        try:
            manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            known = manifest["format"] == FORMAT and {"seed", "identity"} <= set(manifest)
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise InvalidInputError(f"store {self.folder.name!r} has a {MANIFEST} that this version can't read.")
        return manifest

    def _write(self, name: str, content: bytes) -> None:
        """Write a file that is there whole or not at all."""
        partial = self.folder / f"{name}.partial-{uuid.uuid4().hex}"
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self.folder / name)


def _digest(contents: list[bytes]) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()[:16]


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
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        return pd.DataFrame(
            {name: list(texts) if name == "error" else list(map(float, texts)) for name, texts in columns.items()}
        )
    optional_import("pyarrow.parquet", extra="parquet", feature="a store that was written with pyarrow")
    return pd.read_parquet(io.BytesIO(content), engine="pyarrow")
