"""The tables of what was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.posttrade.compliance._compliance_result import ACTIVE, PASSIVE, Compliance
from riskresearch.posttrade.compliance._judged import Episode, Judged, bar_counts

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import FloatMatrix
    from riskresearch.posttrade.ledger._timeline import Bars
    from riskresearch.posttrade.wash._wash_sales_result import WashSales

COUNTS = ("checked", "in_breach", "warned", "not_judged")


def make_compliance(
    judged: list[Judged],
    episodes: list[Episode],
    active: list[bool],
    bars: Bars,
    *,
    washed: WashSales | None,
    notes: tuple[str, ...],
) -> Compliance:
    """Return the result; `active` has an entry for each episode."""
    order = sorted(range(len(episodes)), key=lambda place: (episodes[place].first, episodes[place][:2]))
    breaches = _breaches([episodes[place] for place in order], [active[place] for place in order], judged, bars)
    return Compliance(breaches, _checks(judged, bars), washed, notes)


def _breaches(episodes: list[Episode], active: list[bool], judged: list[Judged], bars: Bars) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    of = [judged[each.limit] for each in episodes]
    worst = [(each.worst, each.subject) for each in episodes]
    first, last, worst_on = (
        bars.index.take([getattr(each, name) for each in episodes]) for name in ("first", "last", "worst")
    )
    return pd.DataFrame(
        {
            **{name: _text([getattr(each, name) for each in of]) for name in ("code", "name", "account")},
            "subject": _text([one.subjects[each.subject] for one, each in zip(of, episodes, strict=True)]),
            "first": first,
            "last": last,
            "bars": np.array([each.bars for each in episodes], dtype=np.int64),
            "worst": np.array([one.value[place] for one, place in zip(of, worst, strict=True)], dtype=np.float64),
            "worst_on": worst_on,
            "threshold": np.array([one.bound[place] for one, place in zip(of, worst, strict=True)], dtype=np.float64),
            "cause": _text([ACTIVE if each else PASSIVE for each in active]),
            "lasting": np.array([each.lasting for each in episodes], dtype=bool),
            "check": np.array([each.limit for each in episodes], dtype=np.int64),
        }
    ).rename(columns={"name": "limit"})


def _checks(judged: list[Judged], bars: Bars) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    counts = np.array([bar_counts(each) for each in judged], dtype=np.int64).reshape(-1, len(COUNTS))
    first = [int(each.unknown.argmax()) if each.unknown.any() else -1 for each in judged]
    return pd.DataFrame(
        {
            **{name: _text([getattr(each, name) for each in judged]) for name in ("code", "name", "account")},
            "threshold": np.array([_common(each.bound) for each in judged], dtype=np.float64),
            "judged": _text(["fills" if each.of_fills else "holdings" for each in judged]),
            **dict(zip(COUNTS, counts.T, strict=True)),
            "first_not_judged": pd.Series(bars.index).reindex(first).reset_index(drop=True),
            "reason": _text([each.reason for each in judged]),
        }
    ).rename(columns={"name": "limit"})


def _common(bound: FloatMatrix) -> float:
    """Return the threshold that all subjects have on all bars, nan where there is none."""
    known = bound[~np.isnan(bound)]
    return float(known[0]) if known.size and bool((known == known[0]).all()) else np.nan


def _text(values: list[Any]) -> pd.Series:
    """Return a column of text, which has the same type without rows."""
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    return pd.Series(values, dtype=str)
