"""The backend of joblib that runs a sweep, where it is chosen by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.importing._optional import optional_import

Backend = Literal["loky", "threading", "multiprocessing", "dask"]
BACKENDS = ("loky", "threading", "multiprocessing", "dask")


@contextmanager
def chosen_backend(backend: Backend | None, n_jobs: int | None) -> Iterator[None]:
    """Run what is inside on this backend of joblib, on all cores unless told; None leaves it as it is."""
    if backend is None:
        yield
        return
    try:
        feature = f'backend="{check_choice(backend, BACKENDS, name="backend")}"'
    except InvalidInputError as error:
        raise InvalidInputError(
            f"{error} Another one of joblib's is chosen around the call: with joblib.parallel_config(backend=...)."
        ) from None
    joblib: Any = optional_import("joblib", extra="parallel", feature=feature, minimum_version="1.4")
    if backend == "dask":
        _check_client(optional_import("distributed", extra="dask", feature=feature))
    with joblib.parallel_config(backend=backend, n_jobs=-1 if n_jobs is None else n_jobs):
        yield


def _check_client(distributed: Any) -> None:
    try:
        distributed.get_client()
    except ValueError as error:
        raise InvalidInputError(
            'backend="dask" needs a client of the cluster, got none. For one on this machine: '
            "from distributed import Client; client = Client()."
        ) from error
