"""Every planted leak is found, and no honest function accused, with one seed or another."""

import copy

import pytest

from riskresearch.backtest import check_no_lookahead
from tests.backtest.lookahead.lookahead_cases import DELAYED, HONEST, LEAKS

SEEDS = (0, 1)


@pytest.mark.parametrize(("name", "seed"), [(name, SEEDS[number % 2]) for number, name in enumerate(LEAKS)])
def test_planted_leaks_are_found(name, seed):
    function, data = copy.deepcopy(LEAKS[name])
    check = check_no_lookahead(data, function, rng=seed)
    assert not check.passed, check.summary()
    assert check.summary().startswith("LOOK-AHEAD: ")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", DELAYED)
def test_leaks_of_the_same_bar_are_found_by_their_delay(name, seed):
    function, data = DELAYED[name]
    assert check_no_lookahead(data, function, rng=seed).passed
    assert not check_no_lookahead(data, function, delay=1, rng=seed).passed


@pytest.mark.parametrize(("name", "seed"), [(name, SEEDS[number % 2]) for number, name in enumerate(HONEST)])
def test_honest_functions_are_not_accused(name, seed):
    function, data = HONEST[name]
    check = check_no_lookahead(data, function, rng=seed)
    assert check.passed, check.summary()
