"""Caps and limits are one set of rules: what caps leave of target weights passes the limits of the same caps."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import InvalidInputError
from riskresearch.sizing import CapReason, Caps, apply_caps, limits_of
from tests.examples import examples

ASSETS = ("A", "B", "C", "D")
NAV = 1_000_000.0
PRICES = np.array([10.0, 33.3, 7.77, 250.0])
VOLUMES = np.array([50_000.0, 3_000.0, 90_000.0, 700.0])
WEIGHT = st.floats(-1.0, 1.0, allow_nan=False).map(lambda value: round(value, 4))
SHARE = st.floats(0.01, 0.9).map(lambda value: round(value, 4))
GROUPS = {"A": "x", "B": "x", "C": "y", "D": "z"}


def caps():
    maybe = st.one_of(st.none(), SHARE)
    return st.builds(
        Caps, max_weight=maybe, max_group=st.one_of(st.none(), SHARE, st.fixed_dictionaries({"x": SHARE})),
        groups=st.just(GROUPS), max_leverage=maybe, max_participation=maybe, max_turnover=maybe,
        min_trade_weight=st.sampled_from([0.0, 0.02]), limit_exits=st.booleans(),
    )  # fmt: skip


def frame(row):
    return pd.DataFrame([row], columns=ASSETS)


def is_within(weights, given_caps):
    """Return whether weights are within the caps on sizes."""
    sizes, group = np.abs(weights), given_caps.max_group
    caps_of = group if isinstance(group, dict) else dict.fromkeys("xyz", group)
    sums = {"x": sizes[0] + sizes[1], "y": sizes[2], "z": sizes[3]}
    caps_and_sums = [(given_caps.max_weight, sizes.max()), (given_caps.max_leverage, sizes.sum())]
    caps_and_sums += [(caps_of.get(name), each) for name, each in sums.items()]
    return all(cap is None or each <= cap * (1.0 + 1e-12) for cap, each in caps_and_sums)


def test_every_reason_of_a_cap_is_a_code_of_a_limit():
    for reason in CapReason:
        assert pretrade.LimitCode[reason.name] == reason.value


@given(caps(), st.lists(WEIGHT, min_size=4, max_size=4), st.lists(WEIGHT, min_size=4, max_size=4))
@examples(100)
def test_what_caps_leave_passes_their_limits(given_caps, targets, held):
    held = np.array(held)
    capped = apply_caps(
        frame(targets), given_caps, held=dict(zip(ASSETS, held, strict=True)), capital=NAV, prices=frame(PRICES),
        average_volume=frame(VOLUMES),
    )  # fmt: skip
    after = capped.weights.to_numpy()[0]
    units = dict(zip(ASSETS, held * NAV / PRICES, strict=True))
    book = pretrade.Book(
        units, dict(zip(ASSETS, PRICES, strict=True)), nav=NAV, groups={"sector": GROUPS},
        average_volume=dict(zip(ASSETS, VOLUMES, strict=True)),
    )  # fmt: skip
    orders = [
        {"asset": asset, "units": (new - old) * NAV / price}
        for asset, new, old, price in zip(ASSETS, after, held, PRICES, strict=True) if new != old
    ]  # fmt: skip
    orders.sort(key=lambda order: abs(units[order["asset"]] + order["units"]) - abs(units[order["asset"]]))
    limits = limits_of(given_caps)
    verdicts = UnifiedLimitChecker(limits).check_batch(orders, book)
    if given_caps.limit_exits and not is_within(after, given_caps):  # caps on trades have kept what was over a size
        return
    # The caps let what lowers an exposure pass, but a book that is still over a cap may then hold what a limit denies.
    before = UnifiedLimitChecker(limits).what_if([], book).to_frame()
    if not before["broken"].any():
        assert verdicts.passes.all(), verdicts.explain(int(np.argmin(verdicts.passes)))


def test_an_asset_without_a_group_is_under_no_cap_and_denied_by_a_limit():
    some = Caps(max_group=0.5, groups={"A": "x"})
    assert apply_caps(frame([0.4, 0.0, 0.0, 0.9]), some).weights.to_numpy()[0].tolist() == [0.4, 0.0, 0.0, 0.9]
    book = pretrade.Book({}, dict(zip(ASSETS, PRICES, strict=True)), nav=NAV, groups={"sector": some.groups})
    verdict = UnifiedLimitChecker(limits_of(some)).check({"asset": "D", "units": 1}, book)
    assert verdict.codes == ("GROUP",)
    assert verdict.reasons[0].startswith("GROUP: value=unknown")


def test_limits_have_the_numbers_of_the_caps():
    found = limits_of(Caps(
        max_weight=0.1, max_group={"x": 0.3}, groups=GROUPS, max_leverage=1.5, max_participation=0.05, max_turnover=0.2,
        min_trade_weight=0.01, limit_exits=True,
    ))  # fmt: skip
    assert [limit.code.name for limit in found] == [
        "WEIGHT", "GROUP", "LEVERAGE", "PARTICIPATION", "TURNOVER", "MINIMUM_TRADE"
    ]  # fmt: skip
    assert [limit.deny for limit in found[::2]] == [0.1, 1.5, 0.2]
    assert found[1].deny["x"] == 0.3
    assert all(limit.limit_exits for limit in found if "limit_exits" in {f.name for f in dataclasses.fields(limit)})
    assert limits_of(Caps()) == ()


def test_what_is_no_caps_is_refused():
    with pytest.raises(InvalidInputError, match=r"caps must be Caps, such as Caps\(max_weight=0.1\), got 0.1"):
        limits_of(0.1)
