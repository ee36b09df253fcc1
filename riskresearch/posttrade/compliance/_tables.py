"""The tables of what was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.posttrade.compliance._compliance_result import ACTIVE, PASSIVE, Compliance
from riskresearch.posttrade.compliance._judged import Episode, Judged, bar_counts

if TYPE_CHECKING:
    from riskresearch.posttrade.ledger._timeline import Bars
    from riskresearch.posttrade.wash._wash_sales_result import WashSales

BREACHES = (
    "code", "limit", "account", "subject", "first", "last", "bars", "worst", "worst_on", "threshold", "cause",
    "lasting",
)  # fmt: skip
CHECKS = (
    "code", "limit", "account", "judged", "checked", "in_breach", "warned", "not_judged", "first_not_judged", "reason",
)  # fmt: skip


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
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    order = sorted(range(len(episodes)), key=lambda place: (episodes[place].first, episodes[place][:2]))
    rows = [_breach(episodes[place], judged, bars, active[place]) for place in order]
    breaches = pd.DataFrame(rows, columns=list(BREACHES))
    checks = pd.DataFrame([_check(each, bars) for each in judged], columns=list(CHECKS))
    return Compliance(
        breaches.astype({"bars": np.int64, "worst": float, "threshold": float, "lasting": bool}),
        checks.astype(dict.fromkeys(("checked", "in_breach", "warned", "not_judged"), np.int64)),
        washed,
        notes,
    )


def _breach(episode: Episode, judged: list[Judged], bars: Bars, active: bool) -> tuple[Any, ...]:
    of, index = judged[episode.limit], bars.index
    place = (episode.worst, episode.subject)
    return (
        of.code, of.name, of.account, of.subjects[episode.subject], index[episode.first], index[episode.last],
        episode.bars, of.value[place], index[episode.worst], of.bound[place], ACTIVE if active else PASSIVE,
        episode.lasting,
    )  # fmt: skip


def _check(judged: Judged, bars: Bars) -> tuple[Any, ...]:
    first = int(judged.unknown.argmax()) if judged.unknown.any() else None
    return (
        judged.code, judged.name, judged.account, "fills" if judged.of_fills else "holdings", *bar_counts(judged),
        None if first is None else bars.index[first], judged.reason,
    )  # fmt: skip
