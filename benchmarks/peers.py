"""The peer packages: each may be missing, then its rows are left out."""

import importlib
import importlib.util
import warnings
from types import ModuleType

DISTRIBUTIONS = {
    "numpy": "numpy",
    "pandas": "pandas",
    "arch": "arch",
    "bottleneck": "bottleneck",
    "numbagg": "numbagg",
    "empyrical": "empyrical-reloaded",
    "quantstats": "quantstats",
    "skfolio": "skfolio",
    "cvxpy": "cvxpy",
    "vectorbt": "vectorbt",
    "backtesting": "backtesting",
    "bt": "bt",
    "polars": "polars",
    "bidask": "bidask",
    "pyarrow": "pyarrow",
    "statsmodels": "statsmodels",
}


def peer(name: str) -> ModuleType | None:
    """Return the module, or None if it is not installed. Its warnings at import are not ours."""
    if importlib.util.find_spec(name.partition(".")[0]) is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)
