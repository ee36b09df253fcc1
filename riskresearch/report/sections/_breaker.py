"""The portfolio under a circuit breaker, compared with halts at random times."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskresearch import metrics, plots
from riskresearch.backtest import BreakerBacktest, HaltSignificance, backtest_breakers
from riskresearch.breakers import DrawdownBreaker
from riskresearch.core.output._formats import (
    count,
    date,
    growth as growth_of_1,
    p_value,
    percent,
    percent_1,
    percent_of,
)
from riskresearch.report._blocks import Definitions, Drawn, Figure, Paragraph, Table
from riskresearch.report._inputs import Inputs
from riskresearch.report._intervals import SEED
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure
from riskresearch.report._simulation import COST, MIN_ROWS

SIGNIFICANCE = 0.05
LIMIT = 0.10
COOLDOWN = 20
DRAWS = 2000
DECISION_TO_RETURN = 2
"""Rows from a decision to the first return that it changes: orders are filled at the next close, as in `simulate`."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BreakerOutcome:
    """The numbers of the section on the circuit breaker.

    Attributes
    ----------
    backtest : BreakerBacktest, optional
        The portfolio under the breaker; None where it is not shown.
    growth : DataFrame, shape (n_dates, 2)
        Growth of 1, with the breaker and without.
    reason : str
        Why nothing is shown; otherwise empty.
    """

    backtest: BreakerBacktest | None
    growth: pd.DataFrame
    reason: str

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the numbers that the page shows as frames by name; the reason where there are none."""
        found = self.backtest
        if found is None:
            return {"": pd.DataFrame({"value": {"reason": self.reason}}).rename_axis("name")}
        effects = pd.DataFrame({"value": found.statistics()}).rename_axis("name")
        significance: pd.DataFrame = found.significance.to_frame()
        return {"effects": effects, "significance": significance, "growth": self.growth}

    def __repr__(self) -> str:
        return f"BreakerOutcome({self.backtest!r})"


def no_outcome(reason: str) -> BreakerOutcome:
    """Return an empty outcome with its reason."""
    return BreakerOutcome(None, pd.DataFrame(), reason)


def run_breaker(inputs: Inputs, confidence: float) -> BreakerOutcome:
    """Run a drawdown breaker over the portfolio's returns."""
    portfolio = inputs.portfolio
    if len(portfolio) < MIN_ROWS:
        return no_outcome(f"A circuit breaker is shown for {MIN_ROWS} returns or more; there are {len(portfolio)}.")
    if (portfolio <= -1.0).any():
        return no_outcome("A circuit breaker is not shown: the portfolio lost everything.")
    found = backtest_breakers(
        portfolio,
        DrawdownBreaker(LIMIT, cooldown=COOLDOWN),
        lag=DECISION_TO_RETURN,
        costs=COST,
        draws=DRAWS,
        confidence=confidence,
        rng=SEED,
    )
    if not found.significance.halts:
        return no_outcome(
            f"A breaker at {LIMIT:.0%} below the peak would have halted nothing, so there is nothing to judge."
        )
    return BreakerOutcome(found, found.equity.set_axis(["With breaker", str(portfolio.name)], axis=1), "")


def assumptions(found: BreakerBacktest, own: metrics.RiskSummary) -> list[tuple[str, str]]:
    """Return the rule of the breaker and the assumptions of its backtest, as pairs of name and text."""
    period = period_name(own.periods_per_year)
    return [
        (
            "Breaker",
            f"sells everything when the account has lost {LIMIT:.0%} since its peak; buys it back {COOLDOWN} {period}s "
            "later and counts the peak from there",
        ),
        (
            "Assumptions",
            f"decided after each {period}, filled at the close of the next; {COST * 1e4:g} basis points of what is "
            "sold or bought; cash earns nothing; one breaker, its parameters not chosen on these data; the portfolio "
            "itself trades without costs",
        ),
        (
            "Chance",
            "the same halts all moved in time alike (shifts), or halts of the same lengths at random places "
            f"(placements); p is the share of {len(found.significance.shift):,} shifts or "
            f"{len(found.significance.placement):,} placements at least as good, the halts themselves counted among "
            f"them; seed {SEED}. Halts that follow volatility or losses make drawdowns shallower without skill, and "
            "move wealth more than random ones: growth is called better than chance only if p is small in units of its "
            f"noise on the halted bars too, which is {p_value(found.significance.p_value('timing'))} here",
        ),
    ]


def halt_effects(found: BreakerBacktest) -> list[tuple[str, str]]:
    """Return what the halts avoided, missed and cost, as pairs of name and text."""
    numbers = found.statistics()
    return [
        (
            "Halts",
            f"{numbers['halts']:.0f}, of which {numbers['false_halts']:.0f} missed a gain; out of the market "
            f"{percent(numbers['time_halted'], decimals=1)} of the time",
        ),
        (
            "Avoided, missed",
            f"losses of {percent(numbers['avoided_loss'], decimals=1)} avoided, gains of "
            f"{percent(numbers['missed_gain'], decimals=1)} missed, summed over halts; costs "
            f"{percent(numbers['cost'], decimals=1)}",
        ),
    ]


def compute(context: Context) -> Tables:
    """Return the outcome."""
    return {"breaker": run_breaker(context.inputs, context.settings.confidence)}


def draw(tables: ReportTables, context: Context) -> Drawn:
    found = tables.breaker.backtest
    if found is None:
        return [Paragraph(tables.breaker.reason)]
    judged: Any = found.significance.to_frame()
    labels = {"wealth": ("Growth of 1", growth_of_1), "drawdown": ("Max drawdown", percent_1)}
    rows = []
    for measure, (label, write) in labels.items():
        shift, placement = judged.loc[(measure, "shift")], judged.loc[(measure, "placement")]
        numbers = (shift["actual"], shift["unhalted"], shift["equal_time_halted"], shift["median_of_chance"])
        chances = (p_value(shift["p_value"]), p_value(placement["p_value"]))
        rows.append((label, *chances, *(write(number) for number in numbers)))
    index, period = tables.breaker.growth.index, period_name(context.summary.periods_per_year)
    head = ["Measure", "p (shifts)", "p (placements)", "With breaker", "Without", "Equal time out", "Median of shifts"]
    table = Table(
        head,
        rows,
        caption=f"{count(len(index))} {period}s, {date(index[0])} to {date(index[-1])}. "
        "p: share of random halts at least as good. Equal time out: the breaker’s mean exposure held throughout",
    )
    picture = Figure(_figure(tables), "Growth of 1, with the breaker and without.")
    words = Definitions([*halt_effects(found), *assumptions(found, context.summary)])
    return [Paragraph(_evidence_on_halts(found.significance, context.summary)), table, picture, words]


def _evidence_on_halts(found: HaltSignificance, summary: metrics.RiskSummary) -> str:
    """Return the verdict on the halts, and their mean return beside that of holding where they are enough."""
    if found.halts < found.min_halts(SIGNIFICANCE):
        return found.verdict(SIGNIFICANCE)
    growth, drawdown = (p_value(found.p_value(measure)) for measure in ("wealth", "drawdown"))
    noise = ""
    if found.p_value("wealth") <= SIGNIFICANCE < found.p_value("timing"):
        noise = f" (but {p_value(found.p_value('timing'))} in units of its noise on the halted bars)"
    words = (
        f"{found.verdict(SIGNIFICANCE)} Against shifted halts p is {growth} of growth{noise} and {drawdown} of "
        "drawdown. Watching drawdowns makes them shallower almost by construction: whether that is worth its price is "
        "what growth says."
    )
    gap = found.difference
    if gap is None:
        return words
    low, middle, high = (
        percent(float(rate) * summary.periods_per_year) for rate in (gap.lower, gap.estimate, gap.upper)
    )
    return (
        f"{words} The mean return differs from that of holding by {middle} a year, {percent_of(gap.confidence)} "
        f"interval {low} to {high}. A choice of assets made with hindsight lifts both lines."
    )


def _figure(tables: ReportTables) -> str:
    growth = tables.breaker.growth
    last = ", ".join(f"{name} {growth_of_1(value)}" for name, value in growth.iloc[-1].items())
    return figure(
        "breaker",
        f"Line chart of the growth of 1 with a circuit breaker and without. Last values: {last}.",
        lambda ax: plots.plot_growth(growth, ax=ax),
        height=240.0,
    )


SECTION: Section = Section(
    "breaker",
    "Circuit breaker",
    compute,
    draw,
    tables=("breaker",),
    follows="sizing",
    references=("Phipson and Smyth 2010 (p-values of random draws)",),
)
