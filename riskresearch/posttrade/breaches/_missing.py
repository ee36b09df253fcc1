"""Why a limit of holdings could not be judged, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.posttrade.breaches._held_rules import HeldRule
    from riskresearch.posttrade.breaches._levels import Rows
    from riskresearch.pretrade.checker._plan import Plan


def why_not(plan: Plan, each: HeldRule, rows: Rows, row: int) -> str:
    """Return what is missing on a row."""
    units = rows.units[row]
    held = np.nan_to_num(units, nan=1.0) != 0.0
    total: Any = None if each.rule is None else each.rule.total
    if each.limit.scope == "strategy" and any(np.isnan(own[row]).any() for own in rows.lanes.values()):
        return "corporate actions leave open which strategy holds what"
    if (unpriced := held & np.isnan(rows.value[row])).any():
        return f"no price of {_named(plan, unpriced)}"
    if np.isnan(rows.nav[row]) and getattr(each.limit, "denominator", "nav") == "nav":
        return "the net asset value is not positive: capital is a deposit in cash_flows"
    if total is not None and total.kind == "group":
        lacking = held & np.array([not group for group in plan.tables.groups(total.key)])
        if lacking.any():
            return f"no {total.key} of {_named(plan, lacking)}"
    if total is not None:
        longs = plan.sums.longs[plan.sums.row(total)]
        if total.kind == "beta" and rows.betas is not None:
            longs = rows.betas[row]
        if (unknown := held & np.isnan(longs)).any():
            return f"no {total.kind if total.kind != 'factor' else total.key} of {_named(plan, unknown)}"
    if each.rule is None:
        return "no scenarios of what is held" if plan.book.scenarios is not None else "no scenarios"
    return "no threshold of what is held"


def _named(plan: Plan, which: npt.NDArray[np.bool_]) -> str:
    names = [plan.assets[column] for column in np.flatnonzero(which)]
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
