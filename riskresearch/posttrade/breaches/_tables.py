"""The tables of what was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.posttrade.breaches._compliance_result import ACTIVE, PASSIVE, Compliance
from riskresearch.posttrade.breaches._judged import Check, Episode

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.posttrade.ledger._timeline import Bars
    from riskresearch.posttrade.wash._wash_sales_result import WashSales

COUNTS = ("checked", "in_breach", "warned", "not_judged")
NAMES = {"code": "code", "limit": "name", "account": "account"}
"""Columns of both tables, and the field of a check that each shows."""


def make_compliance(
    checks: list[Check],
    breaches: list[tuple[int, Episode, bool]],
    bars: Bars,
    *,
    washed: WashSales | None,
    notes: tuple[str, ...],
) -> Compliance:
    """Return the result; a breach is the number of its check, the episode, and whether it is active."""
    rows = sorted(breaches, key=lambda each: (each[1].first, each[0], each[1].column))
    return Compliance(_breaches(rows, checks, bars), _checks(checks, bars), washed, notes)


def _breaches(rows: list[tuple[int, Episode, bool]], checks: list[Check], bars: Bars) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    episodes = [each for _, each, _ in rows]
    first, last, worst_on = (
        bars.index.take([getattr(each, name) for each in episodes]) for name in ("first", "last", "worst")
    )
    return pd.DataFrame(
        {
            **{name: _text([getattr(checks[row[0]], field) for row in rows]) for name, field in NAMES.items()},
            "subject": _text([each.subject for each in episodes]),
            "first": first,
            "last": last,
            "bars": np.array([each.bars for each in episodes], dtype=np.int64),
            "worst": np.array([each.value for each in episodes], dtype=np.float64),
            "worst_on": worst_on,
            "threshold": np.array([each.bound for each in episodes], dtype=np.float64),
            "cause": _text([ACTIVE if active else PASSIVE for _, _, active in rows]),
            "lasting": np.array([each.lasting for each in episodes], dtype=bool),
            "check": np.array([number for number, _, _ in rows], dtype=np.int64),
        }
    )


def _checks(checks: list[Check], bars: Bars) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    first = [each.first_not_judged for each in checks]
    return pd.DataFrame(
        {
            **{name: _text([getattr(each, field) for each in checks]) for name, field in NAMES.items()},
            "threshold": np.array([each.threshold for each in checks], dtype=np.float64),
            "judged": _text(["fills" if each.of_fills else "holdings" for each in checks]),
            **{name: np.array([getattr(each, name) for each in checks], dtype=np.int64) for name in COUNTS},
            "first_not_judged": pd.Series(bars.index).reindex(first).reset_index(drop=True),
            "reason": _text([each.reason for each in checks]),
        }
    )


def _text(values: list[Any]) -> pd.Series:
    """Return a column of text, which has the same type without rows."""
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    return pd.Series(values, dtype=str)
