"""The walks of docs/architecture.md are those that the data take."""

import importlib
import io
import os
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch.breakers import DrawdownBreaker
from riskresearch.core import Bar, Order
from riskresearch.pretrade import Book, Leverage, PositionWeight

PACKAGE = Path(riskresearch.__file__).parent
PAGE = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
DATES = pd.bdate_range("2020-01-01", periods=120)
RETURNS = pd.DataFrame(np.random.default_rng(0).normal(0.0, 0.01, (120, 2)), index=DATES, columns=["A", "B"])
PRICES = 100.0 * (1.0 + RETURNS).cumprod()
SIZER, BREAKER = riskresearch.VolatilityPositionSizer(), DrawdownBreaker(0.1)
FILE = PRICES.to_csv(index_label="date").encode()
RUNNING_SIZER, RUNNING_BREAKER = SIZER.start(2), BREAKER.start(equity=100.0)
CHECKER, BOOK = riskresearch.UnifiedLimitChecker([PositionWeight(0.1), Leverage(1.5)]), Book({}, {"A": 10.0}, nav=1e3)
CALLS = {
    "`value_at_risk(": lambda: riskresearch.value_at_risk(RETURNS),
    "`rolling(": lambda: riskresearch.rolling(RETURNS, "value_at_risk", window=50),
    "`read(": lambda: riskresearch.read(io.BytesIO(FILE)),
    "`simulate(": lambda: riskresearch.simulate(0.0 * RETURNS + 0.5, PRICES),
    "A `Bar` into": lambda: RUNNING_BREAKER.update(Bar(equity=99.0)),
    "`backtest_breakers(": lambda: riskresearch.backtest_breakers(None, BREAKER, prices=PRICES["A"], draws=5, rng=1),
    "`VolatilityPositionSizer().weights": lambda: SIZER.weights(RETURNS),
    "`checker.check(": lambda: CHECKER.check(Order("A", 5.0), BOOK),
    "`checker.check_batch(": lambda: CHECKER.check_batch([Order("A", 5.0)], BOOK),
    "A row into": lambda: RUNNING_SIZER.update(RETURNS.iloc[0].to_numpy()),
}


def walk(start):
    """Return the lines of the walk that begins so."""
    section = PAGE[PAGE.index("## Walks") :]
    text = section[section.index(start) :]
    return [line.strip() for line in re.search(r"\n\n((?:    .+\n)+)", text)[1].splitlines()]


def called(call):
    """Return our functions in the order in which a second call of `call` calls them, and how deep each is."""
    call()
    found, depth = [], 0

    def note(frame, event, _argument):
        nonlocal depth
        path = frame.f_code.co_filename
        if not path.startswith(f"{PACKAGE}{os.sep}"):
            return
        if event == "call":
            depth += 1
            module = Path(path).relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")
            found.append((f"{module}.{frame.f_code.co_qualname}", depth))
        elif event == "return":
            depth -= 1

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return found


@pytest.mark.parametrize("start", CALLS)
def test_the_calls_come_in_the_order_of_the_page(start):
    names = iter([name for name, _ in called(CALLS[start])])
    for line in walk(start):
        if line.endswith("*"):  # compiled: no frame shows it
            module, _, name = line.removesuffix(" *").rpartition(".")
            assert hasattr(importlib.import_module(f"riskresearch.{module}"), name), line
        else:
            assert line in names, f"{line} is not called there"


def test_value_at_risk_is_at_most_eight_calls_from_its_kernel():
    depths = [depth for name, depth in called(CALLS["`value_at_risk("]) if name.startswith("kernels.")]
    assert min(depths) == 8
    assert len(walk("`value_at_risk(")) <= 8


def test_every_walk_of_the_page_is_run():
    section = PAGE[PAGE.index("## Walks") :].partition("\n## ")[0]
    assert len(re.findall(r"\n\n(?:    .+\n)+", section)) == len(CALLS)
