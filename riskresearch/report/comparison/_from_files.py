"""The comparison of several files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from riskresearch.core import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import each_topic_once, warn_user
from riskresearch.core.alignment._deciding import Asked
from riskresearch.core.output._text import readable
from riskresearch.files import DataFile
from riskresearch.files._kind import Kind
from riskresearch.files._read import ReadOptions, as_names, open_table
from riskresearch.files._shape import Shape
from riskresearch.report._from_file import describe, read_both, refuse_missing
from riskresearch.report._inputs import NanPolicy
from riskresearch.report._report import Report
from riskresearch.report.comparison._build import build_comparison


@answers_other_names()
def build_file_comparison(
    paths: Sequence[str | Path],
    *,
    kind: Kind = "auto",
    shape: Shape = "auto",
    columns: str | Sequence[str] | None = None,
    drop: str | Sequence[str] = (),
    date_format: str | None = None,
    decimal: Literal[".", ","] | None = None,
    sheet: str | None = None,
    table: int = 1,
    encoding: str | None = None,
    separator: str | None = None,
    capital: float | None = None,
    benchmark: str | Path | DataFile | None = None,
    benchmark_kind: Kind = "auto",
    benchmark_how: Asked = "auto",
    level: float = 0.95,
    risk_free: float = 0.0,
    periods_per_year: float | None = None,
    window: int | None = None,
    nan_policy: NanPolicy = "raise",
    title: str = "Comparison",
    sections: Sequence[str] | None = None,
    logo: str | Path | None = None,
    settings_from: str = "",
) -> Report:
    """Compare two or more files on one page, each a portfolio of its columns in equal weights.

    Parameters
    ----------
    paths : sequence of str or path
        The files, in any form that `riskresearch.read` reads; the portfolios have their names.
    kind, shape, columns, drop, date_format, decimal, sheet, table, encoding, separator : optional
        How to read each of them, as in `riskresearch.read`.
    capital : float, optional
        Money at the start of each file of profit and loss, which makes returns of it; other kinds need none.
    benchmark : str, path or DataFile, optional
        A file with one column beside its dates, or a column of the first file, which then leaves its portfolio.
    benchmark_kind : str
        What the benchmark's numbers are.
    benchmark_how, level, risk_free, periods_per_year, window, nan_policy, title, sections : optional
        As in `build_comparison`.
    logo, settings_from : optional
        As in `build_report`.

    Returns
    -------
    Report
        With the files as they were read in `files`.

    Raises
    ------
    InvalidInputError
        If a file or an argument breaks a rule; the message names the place.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from riskresearch.report import build_file_comparison
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = [pathlib.Path(folder, f"{name}.csv") for name in ("fund", "rival")]
    ...     for path, end in zip(paths, (102, 105)):
    ...         _ = path.write_text(f"date,nav\\n2024-01-02,100\\n2024-01-03,98\\n2024-01-04,101\\n2024-01-05,{end}\\n")
    ...     report = build_file_comparison(paths, periods_per_year=1, sections=["headline"])
    >>> report.to_frame().loc["Best return"].round(4).tolist()
    [0.0306, 0.0396]
    """
    if isinstance(paths, str | Path) or len(paths) < 2:
        raise InvalidInputError(
            f"a comparison needs two files or more, got {1 if isinstance(paths, str | Path) else len(paths)}. A report "
            "on one file is `riskresearch report FILE`, build_file_report."
        )
    options = ReadOptions(kind, shape, as_names(columns), as_names(drop) or (), date_format, decimal, capital, False)
    files: dict[str, DataFile] = {}
    beside: DataFile | None = None
    notes: list[str] = []
    with each_topic_once():
        for number, path in enumerate(paths):
            opened = open_table(path, sheet=sheet, table=table, decimal=decimal, encoding=encoding, separator=separator)
            own, other = read_both(opened, options, benchmark if number == 0 else None, benchmark_kind)
            if number == 0:
                beside = other
            elif other is not None:
                notes.append(f"{own.name}: {other.values.columns[0]} is called a benchmark and left out of it.")
            files[_name_of(path, files)] = own
        read = (*files.values(), *(() if beside is None else (beside,)))
        if nan_policy == "raise":
            for file in read:
                refuse_missing(file)
        if capital is not None and all(file.kind != "pnl" for file in files.values()):
            warn_user(
                "capital (--capital) is the money at the start of profit and loss, which none of the files holds: it "
                "is not used. A comparison shows no amounts of money."
            )
        report = build_comparison(
            {name: file.returns for name, file in files.items()},
            benchmark=None if beside is None else beside.returns.iloc[:, 0],
            benchmark_how=benchmark_how, level=level, risk_free=risk_free, periods_per_year=periods_per_year,
            window=window, nan_policy=nan_policy, title=title, sections=sections,
            notes=[*(f"{file.name}: {note}" for file in read for note in file.notes), *notes],
            source="; ".join(map(describe, read)), logo=logo, settings_from=settings_from,
        )  # fmt: skip
    return report.with_files(read)


def _name_of(path: str | Path, taken: dict[str, DataFile]) -> str:
    """Return the name of a file without its ending, with its folder or a number where it is taken."""
    stem = readable(Path(path).name.partition(".")[0]) or readable(Path(path).name)
    folder = readable(Path(path).resolve().parent.name)
    numbered = (f"{stem} ({number})" for number in range(2, len(taken) + 3))
    return next(name for name in (stem, f"{folder}/{stem}", *numbered) if name not in taken)
