"""Objects that are no table of numbers yet, recognised by their class without an import: each with its conversion."""

from __future__ import annotations

import io
import os
from collections.abc import ItemsView, Iterator, KeysView, Mapping, Sequence, Set, ValuesView
from dataclasses import dataclass
from numbers import Number
from typing import Any

from riskresearch.core._errors import InvalidInputError

SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Conversion:
    """How objects of a package become pandas or NumPy data."""

    package: str
    kinds: tuple[str, ...]
    """Names of classes, or () for all of the package."""
    remedy: str
    """With {} for the argument."""


# Only what a user has to do by herself: to compute what is lazy, to copy between devices, or to name a choice.
CONVERSIONS = (
    Conversion("dask", (), "Compute it first: {0}.compute()."),
    Conversion("cudf", (), "Copy it from the device: {0}.to_pandas()."),
    Conversion("cupy", (), "Copy it from the device: {0}.get()."),
    Conversion("numba.cuda", (), "Copy it from the device: {0}.copy_to_host()."),
    Conversion("modin", (), "Convert it with {0}.modin.to_pandas()."),
    Conversion("torch", (), "Convert it with {0}.detach().cpu().numpy()."),
    Conversion("tensorflow", (), "Convert it with {0}.numpy()."),
    Conversion("jax", (), "Convert it with np.asarray({0})."),
    Conversion("jaxlib", (), "Convert it with np.asarray({0})."),
    Conversion("mlx", (), "Convert it with np.array({0})."),
    Conversion("pyspark.pandas", (), "Collect it first: {0}.to_pandas()."),
    Conversion("pyspark", (), "Collect it first: {0}.toPandas()."),
    Conversion("snowflake", (), "Collect it first: {0}.to_pandas()."),
    Conversion("bigframes", (), "Collect it first: {0}.to_pandas()."),
    Conversion("ibis", (), "Execute it first: {0}.to_pandas()."),
    Conversion("vaex", (), "Convert it with {0}.to_pandas_df()."),
    Conversion("datatable", (), "Convert it with {0}.to_pandas()."),
    Conversion("ray", (), "Collect it first: {0}.to_pandas()."),
    Conversion("_duckdb", (), "Execute it first: {0}.df()."),
    Conversion("duckdb", (), "Execute it first: {0}.df()."),
    Conversion("sqlalchemy", (), "Read it with pd.DataFrame({0})."),
    Conversion("h5py", (), "Read it with {0}[:]."),
    Conversion("zarr", (), "Read it with {0}[:]."),
    Conversion("scipy.sparse", (), "Convert it with {0}.toarray()."),
    Conversion("sparse", (), "Convert it with {0}.todense()."),
    Conversion("awkward", (), "Convert it with np.asarray({0})."),
    Conversion("datasets", (), "Convert it with {0}.to_pandas()."),
    Conversion("narwhals", (), "Pass the frame inside it: {0}.to_native()."),
    Conversion("pyarrow", ("Dataset", "Scanner"), "Read it with {0}.to_table()."),
    Conversion("pyarrow", ("RecordBatchReader",), "Read it with {0}.read_all()."),
    Conversion("pyarrow", ("StructArray", "StructScalar", "Scalar"), "Convert it with {0}.to_pylist()."),
    Conversion("xarray", ("DataTree",), "Choose a part of it: {0}['/'].to_dataset()."),
    Conversion("xarray", ("GroupBy", "Rolling", "Coarsen"), "Finish it, as in {0}.mean()."),
    Conversion(
        "pandas",
        ("Resampler",),
        "It has no values yet: {0}.last() has the last price of each period, and {0}.apply(lambda part: (1.0 + "
        "part).prod() - 1.0) compounds returns.",
    ),
    Conversion("pandas", ("GroupBy", "BaseGroupBy"), "Take one group of it: {0}.get_group(name)."),
    Conversion(
        "pandas",
        ("BaseWindow",),
        'It is a window without a measure: pass the data to riskresearch.rolling(data, "volatility", window=60).',
    ),
    Conversion("pandas", ("Styler", "StylerRenderer"), "Pass the table inside it: {0}.data."),
    Conversion("pandas", ("MultiIndex",), "Pass the numbers, not the index."),
    Conversion("polars", ("Expr",), "Evaluate it: frame.select({0})."),
    Conversion("polars", ("GroupBy", "DynamicGroupBy", "RollingGroupBy"), "Aggregate it first: {0}.agg(...)."),
)
RESULTS = ("returns", "prices")


def shown_class(data: object) -> str:
    """Return the class of `data` for errors, with the package where it is a foreign one."""
    kind = type(data)
    package = kind.__module__.partition(".")[0].lstrip("_")
    plain = package in ("builtins", "numpy", "pandas", "__main__", "") or kind.__module__ == "collections"
    return kind.__name__ if plain else f"{package}.{kind.__name__}"


def is_of_package(data: object, package: str, *kinds: str) -> bool:
    """Return whether a class of `data`, or one that it is made from, is of `package` and one of these names."""
    return any(
        (kind.__module__ == package or kind.__module__.startswith(package + "."))
        and (not kinds or kind.__name__ in kinds)
        for kind in type(data).__mro__
    )


def refuse_foreign(data: Any, *, name: str) -> None:
    """Refuse what is no table of numbers yet by its name, with the line of code that converts it."""
    plain = type(data) in (list, tuple)
    remedy = (
        _sequence(data, name) if plain else _by_package(data, name) or _plain_python(data, name) or _of_ours(data, name)
    )
    if remedy:
        raise not_a_table(data, name=name, remedy=remedy)


def not_a_table(data: Any, *, name: str, remedy: str = "") -> InvalidInputError:
    """Return the error of an object that is no table of numbers."""
    return InvalidInputError(
        f"{name} must be a Series, a DataFrame or an array of 1 or 2 dimensions, got {shown_class(data)}."
        f"{' ' + remedy if remedy else ''}"
    )


def _by_package(data: Any, name: str) -> str:
    for conversion in CONVERSIONS:
        if is_of_package(data, conversion.package, *conversion.kinds):
            return conversion.remedy.format(name)
    return ""


def _plain_python(data: Any, name: str) -> str:
    if isinstance(data, str | os.PathLike):
        shown = repr(os.fspath(data))
        file = shown if len(shown) <= SHOWN_CHARACTERS and "\\n" not in shown else "path"
        return f"Read a file with riskresearch.read({file})."
    if isinstance(data, bytes | bytearray | io.IOBase) or (isinstance(data, memoryview) and data.format == "B"):
        return "Read a file with riskresearch.read(path)."
    if isinstance(data, Mapping):
        return _mapping(data, name)
    if isinstance(data, ItemsView):
        return f"Convert it with pd.Series(dict({name})): its keys become dates."
    if isinstance(data, KeysView | ValuesView) or (isinstance(data, Iterator) and not hasattr(data, "__array__")):
        return f"Collect its values: list({name})."
    if isinstance(data, Set):
        return "A set has no order and no repeated values: pass a list."
    if isinstance(data, type) or (callable(data) and not hasattr(data, "__array__")):
        return f"It is a {'class' if isinstance(data, type) else 'function'}: call it, and pass what it returns."
    if isinstance(data, Sequence):
        return _sequence(data, name)
    return ""


def _mapping(data: Mapping[Any, Any], name: str) -> str:
    first = next(iter(data.values()), None)
    if isinstance(first, Number):
        return f"Convert it with pd.Series({name}): its keys become dates."
    return f"Convert it with pd.DataFrame({name}): its keys become columns."


def _sequence(data: Sequence[Any], name: str) -> str:
    first = data[0] if len(data) else None
    if first is None or isinstance(first, int | float | list | tuple):
        return ""
    if isinstance(first, Mapping):
        return f"Its items are rows with names: convert it with pd.DataFrame({name})."
    if is_of_package(first, "pandas", "Series", "DataFrame"):
        return f"Its items are labelled: put them side by side with pd.concat({name}, axis=1)."
    if is_of_package(first, "polars", "Series"):
        return f"Its items are named: put them side by side with pl.DataFrame({name})."
    if is_of_package(first, "polars", "DataFrame"):
        return f'Its items are frames: join them with pl.concat({name}, how="align").'
    if is_of_package(first, "xarray"):
        return f"Its items are labelled: put them side by side with xr.concat({name}, dim)."
    return ""


def _of_ours(data: Any, name: str) -> str:
    """Return which part of a result of this library to pass."""
    if not is_of_package(data, "riskresearch"):
        return ""
    fields = getattr(type(data), "__dataclass_fields__", {})
    part = next((part for part in RESULTS if part in fields or hasattr(type(data), part)), None)
    return f"Pass its returns or prices: {name}.{part}." if part else ""
