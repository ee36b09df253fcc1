"""A backend by name: the same digits, and the command that installs what is missing."""

import re
import sys

import pytest

from riskresearch import sweep
from riskresearch.backtest import sweep_breakers
from riskresearch.breakers import DrawdownBreaker
from riskresearch.core import InvalidInputError, OptionalDependencyError
from riskresearch.metrics import simple_returns
from tests.backtest.sweeps.sweep_cases import GRID, OPTIONS, Momentum, everything, prices


def on(backend):
    return sweep(prices(), Momentum, GRID, backend=backend, **OPTIONS)


def breakers_on(backend):
    grid = {"limit": [0.05, 0.1], "cooldown": [5]}
    return sweep_breakers(simple_returns(prices()).iloc[:, 0], DrawdownBreaker, grid, selection=False, backend=backend)


@pytest.mark.parametrize("call", [on, breakers_on])
@pytest.mark.parametrize(
    ("backend", "missing", "command"),
    [
        ("dask", "distributed", 'backend="dask" needs distributed: pip install "riskresearch[dask]"'),
        ("dask", "joblib", 'backend="dask" needs joblib: pip install "riskresearch[parallel]"'),
        ("loky", "joblib", 'backend="loky" needs joblib: pip install "riskresearch[parallel]"'),
    ],
)
def test_a_missing_package_is_named_with_the_extra_that_installs_it(call, backend, missing, command, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)  # as if it were not installed
    with pytest.raises(OptionalDependencyError, match=re.escape(command)) as raised:
        call(backend)
    assert raised.value.name == missing


def test_threads_by_name_change_no_digit():
    assert everything(on("threading"))[2:] == everything(on(None))[2:]


def test_another_backend_is_refused_with_those_there_are():
    with pytest.raises(
        InvalidInputError, match=r"backend must be one of 'loky', .* 'dask', got 'dsk'\. Did you mean 'd"
    ):
        on("dsk")
