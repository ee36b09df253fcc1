"""Published numbers are recomputed, and what is broken is reported."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.plots import blank_axes
from riskresearch.reference._check import DIFFERS, FAIL, PASS, printed_tolerance
from tests.measures import CALLABLE


@pytest.fixture(scope="module")
def check():
    return riskresearch.reference_check()


# --- it passes


def test_no_published_number_fails(check):
    failing = check.to_frame().query("status == @FAIL")
    assert failing.empty, failing.to_string()
    assert check.passed
    assert check.count(PASS) >= 340


def test_a_pass_is_within_its_tolerance_and_a_difference_on_purpose_is_not(check):
    frame = check.to_frame()
    within = frame["difference"].abs() <= frame["tolerance"]
    assert within[frame["status"] == PASS].all()
    assert not within[frame["status"] == DIFFERS].any()
    assert (frame.loc[frame["status"] == DIFFERS, "note"] != "").all()
    assert (frame["source"] != "").all()
    assert np.isfinite(frame["computed"]).all()


def test_the_known_disagreements_are_shown_and_not_counted_as_passed(check):
    frame = check.to_frame().query("status == @DIFFERS")
    assert {"burke_ratio", "pain_index", "martin_ratio", "m_squared", "down_capture"} <= set(frame["measure"])
    burke = frame.query("measure == 'burke_ratio'")
    assert burke["published"].tolist() == [0.7447309, 3.648421]
    assert burke["computed"].tolist() == pytest.approx([0.756221029805272, 3.70471131156989], rel=1e-12)


def test_every_measure_is_checked_but_those_of_no_published_number(check):
    unchecked = {measure.name for measure in CALLABLE if not measure.name.startswith("rolling")} - set(check.measure)
    assert unchecked <= {
        "drawdown", "portfolio_returns", "simple_returns", "summary",
        "tail_ratio", "tail_risk", "wealth_index",
    }  # fmt: skip


# --- it can fail


def test_a_broken_measure_is_reported_and_nothing_else(monkeypatch, check):
    sound = metrics.sortino_ratio
    monkeypatch.setattr(metrics, "sortino_ratio", lambda *data, **options: sound(*data, **options) * (1.0 + 1e-9))
    broken = riskresearch.reference_check()
    assert not broken.passed
    frame = broken.to_frame()
    assert set(frame.query("status == @FAIL")["measure"]) == {"sortino_ratio"}
    assert broken.count(FAIL) == check.measure.count("sortino_ratio")
    assert broken.count(PASS) == check.count(PASS) - broken.count(FAIL)
    assert f"{broken.count(FAIL)} fail" in repr(broken)
    assert "  FAIL: periods_per_year=12; R 4.2.2, bacon.R" in broken.summary()


def test_a_broken_kernel_is_reported(monkeypatch):
    monkeypatch.setattr("riskresearch.kernels._ratios.ulcer", lambda path: path.mean(axis=0))
    frame = riskresearch.reference_check().to_frame().query("status == @FAIL")
    assert "ulcer_index" in set(frame["measure"])


def test_a_measure_that_raises_or_gives_nothing_fails_with_its_message(monkeypatch):
    def refuse(*_, **__):
        raise InvalidInputError("no returns today")

    monkeypatch.setattr(metrics, "pain_index", refuse)
    monkeypatch.setattr(metrics, "beta", lambda *_, **__: math.nan)
    frame = riskresearch.reference_check().to_frame().query("status == @FAIL")
    assert set(frame["measure"]) == {"pain_index", "beta"}
    notes = set(frame.query("measure == 'pain_index'")["note"])
    assert notes == {"InvalidInputError: no returns today"}


# --- tolerance and result


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (0.1566371, 5e-8),
        (-0.43, 5e-3),
        (1.78, 5e-3),
        (19.0, 19e-11),
        (0.0, 0.0),
        (0.0399896906873047, 3.99896906873e-13),
    ],
)
def test_tolerance_is_half_a_unit_of_the_last_digit_or_rounding(published, expected):
    assert printed_tolerance(published) == pytest.approx(expected, rel=1e-9)


@given(st.decimals(-1000, 1000, places=5))
def test_every_number_that_rounds_to_the_printed_one_is_tolerated(printed):
    published = float(printed)
    exact = float(printed + Decimal("0.000004"))
    if printed % Decimal("0.0001") != 0:  # the last digit is there
        assert abs(exact - published) <= printed_tolerance(published) * (1.0 + 1e-9)
        assert printed_tolerance(published) <= 5.1e-6


def test_the_result_speaks_the_language_of_the_others(check):
    text = f"{check.count(PASS)} pass, 0 fail, {check.count(DIFFERS)} differ on purpose"
    assert repr(check) == f"ReferenceCheck({text})"
    lines = check.summary().splitlines()
    assert lines[0].split() == ["measure", "published", "computed", "difference", "tolerance", "status"]
    assert lines[-1] == text
    assert len(lines) == len(check.measure) + 2
    assert text in check._repr_html_()
    assert check.to_frame().columns.tolist() == [
        "measure", "options", "published", "computed", "difference", "tolerance", "status", "source", "note",
    ]  # fmt: skip
    widths = [bar.get_width() for bar in check.plot(blank_axes()).patches]
    assert widths == [check.count(PASS), 0, check.count(DIFFERS)]
