"""What the figures of verdicts show: the headroom of orders, and how often each code spoke."""

import matplotlib.pyplot as plt
import pytest

from riskresearch import UnifiedLimitChecker, pretrade

BOOK = pretrade.Book({"A": 50}, {"A": 10.0, "B": 20.0}, nav=10_000.0)
ORDERS = [{"asset": "A", "units": 25}, {"asset": "B", "units": 10}, {"asset": "A", "units": 900}]
CHECKER = UnifiedLimitChecker([pretrade.PositionUnits(100, warn=70), pretrade.Leverage(0.5), pretrade.LotSize(5)])


def numbers(ax):
    return [text.get_text() for text in ax.texts]


def test_a_batch_shows_how_much_of_each_limit_its_orders_used():
    # 75 of 100 units; 750 + 200 over 10,000 of a half; no odd lot. The third is denied and not counted.
    verdicts = CHECKER.check_batch(ORDERS, BOOK)
    ax = verdicts.plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["POSITION_UNITS", "LEVERAGE", "LOT_SIZE"]
    assert [patch.get_width() for patch in ax.patches[:3]] == pytest.approx([75.0, 19.0, 0.0])
    assert "3 orders: 1 passed, 1 passed with a warning, 1 denied" in ax.get_title(loc="left") + ax.get_title()
    plt.close("all")


def test_counts_verdict_headroom_and_what_if_are_drawn():
    verdicts = CHECKER.check_batch(ORDERS, BOOK)
    for draw in (
        verdicts.plot_counts, verdicts[0].plot, CHECKER.headroom(BOOK).plot, CHECKER.what_if(ORDERS[:1], BOOK).plot,
    ):  # fmt: skip
        fig, ax = plt.subplots()
        assert draw(ax=ax) is ax
        assert ax.patches
        plt.close(fig)


def test_a_warning_names_the_number_above_which_it_is_given():
    verdicts = CHECKER.check_batch(ORDERS, BOOK)
    assert verdicts[0].reasons == ("POSITION_UNITS: value=75, limit=100 (warning above 70)",)


@pytest.mark.parametrize(
    ("value", "limit", "shown"),
    [
        (1_234_567.0, 1_000_000.0, ("1,234,567", "1,000,000")),
        (0.123456789, 0.1, ("0.123457", "0.1")),
        (1.0000001, 1.0, ("1.0000001", "1")),
        (float("nan"), 5.0, ("unknown", "5")),
        (1e20, float("inf"), ("1e+20", "inf")),
        (0.0, 0.0, ("0", "0")),
        (-12.5, 3e-9, ("-12.5", "3e-09")),
    ],
)
def test_a_value_and_its_limit_are_shown_with_the_digits_that_tell_them_apart(value, limit, shown):
    reason = pretrade.Reason("LEVERAGE", "", pretrade.Outcome.DENY, value, limit)
    assert str(reason).startswith(f"LEVERAGE: value={shown[0]}, limit={shown[1]}")


def test_a_printed_headroom_is_its_tables():
    headroom = CHECKER.headroom(BOOK)
    assert str(headroom) == headroom.summary()
    assert "May buy" in str(headroom)
    assert repr(headroom) == "Headroom(3 rules, 2 assets)"
