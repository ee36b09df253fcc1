"""The portfolio's weights by the 5/10/40 rule of funds: as they are stated, and as they drift between trades."""

from __future__ import annotations

from typing import Any

import pandas as pd

from riskresearch.core.output._formats import count, counted, date, percent_1
from riskresearch.posttrade import Ledger, compliance
from riskresearch.pretrade import Book, UcitsConcentration, UnifiedLimitChecker
from riskresearch.report._blocks import Drawn, Inapplicable, Paragraph, Table
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables

LIMIT = UcitsConcentration(by="asset")
RULES = {"ISSUER_10": "Largest weight", "SUM_40": f"Weights over {LIMIT.single:.0%}, together"}
NOT_SIMULATED: dict[str, Any] = {
    "bars": 0, "over": 0, "breaches": 0, "by_trades": 0, "worst": float("nan"), "worst_on": pd.NaT,
}  # fmt: skip


def compute(context: Context) -> Tables:
    """Return a row for each rule: what is allowed, what the weights are, and how often the account was over it."""
    weights = context.inputs.weights
    if weights is None:
        return {"limits": pd.DataFrame()}
    held = weights[weights != 0.0].rename(index=str)
    book = Book(held, dict.fromkeys(held.index, 1.0), nav=1.0)
    stated = UnifiedLimitChecker((LIMIT,)).what_if([], book).limits.set_index("name")
    frame = stated[["limit", "before", "where", "broken"]].rename(columns={"limit": "allowed", "before": "stated"})
    ledger, _ = context.account
    rows = [NOT_SIMULATED if ledger is None else found for found in _over(ledger, frame.index)]
    return {"limits": frame.join(pd.DataFrame(rows, index=frame.index)).rename_axis("rule")}


def _over(ledger: Ledger | None, rules: Any) -> list[dict[str, Any]]:
    """Return for each rule how often the account was over it, how far, and how often trades made it so."""
    if ledger is None:
        return [NOT_SIMULATED for _ in rules]
    found = compliance(ledger, LIMIT)
    rows = []
    for rule in rules:
        checks = found.checks[found.checks["limit"].str.endswith(rule)].iloc[0]
        breaches = found.breaches[found.breaches["limit"].str.endswith(rule)]
        worst: Any = None if breaches.empty else breaches.iloc[int(breaches["worst"].to_numpy().argmax())]
        rows.append({
            "bars": int(checks["checked"]), "over": int(checks["in_breach"]), "breaches": len(breaches),
            "by_trades": int((breaches["cause"] == "active").sum()),
            "worst": float("nan") if worst is None else float(worst["worst"]),
            "worst_on": pd.NaT if worst is None else worst["worst_on"],
        })  # fmt: skip
    return rows


def draw(tables: ReportTables, context: Context) -> Drawn:
    found = tables.limits
    if found.empty:
        return Inapplicable("there is one series only")
    period = period_name(context.summary.periods_per_year)
    simulated = bool(found["bars"].all())
    rows = [
        (
            RULES[str(rule)], percent_1(row["allowed"]), percent_1(row["stated"]), str(row["where"]),
            *_worst(row),
        )
        for rule, row in zip(found.index, found.to_dict("records"), strict=True)
    ]  # fmt: skip
    table = Table(
        ["", "Allowed", "As stated", "Asset", f"{period.capitalize()}s over", "Worst", "On"],
        rows,
        caption="Of the account; each asset is taken for an issuer of its own",
        text_columns=frozenset({3}),
    )
    return [Paragraph(_in_words(found, period, simulated, context.account[1])), table]


def _worst(row: dict[str, Any]) -> tuple[str, str, str]:
    if not row["over"]:
        return "0" if row["bars"] else "–", "–", "–"
    return count(row["over"]), percent_1(row["worst"]), date(row["worst_on"])


def _in_words(found: pd.DataFrame, period: str, simulated: bool, reason: str) -> str:
    """Return whether the rule is kept, as the weights are stated and in the account."""
    text = (
        "A fund under the 5/10/40 rule may hold at most 10% in one issuer, and at most 40% in those over 5%. As they "
        f"are stated, the weights of this page {'break' if found['broken'].any() else 'keep'} it."
    )
    if not simulated:
        return f"{text} {reason}"
    bars, over = int(found["bars"].max()), int(found["over"].max())
    breaches, trades = int(found["breaches"].sum()), int(found["by_trades"].sum())
    if not over:
        return f"{text} The account that trades them back each month kept it on all {count(bars)} {period}s."
    return (
        f"{text} The account that trades them back each month was over it on {counted(over, period)} of {count(bars)}: "
        f"{count(breaches)} {'breach' if breaches == 1 else 'breaches'}, {count(trades)} by its trades and "
        f"{count(breaches - trades)} by prices."
    )


SECTION: Section = Section(
    "limits",
    "Concentration by the rule of funds",
    compute,
    draw,
    tables=("limits",),
    follows="correlation",
    references=("Directive 2009/65/EC, article 52 (5/10/40)",),
)
