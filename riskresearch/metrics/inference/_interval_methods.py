"""The method of each column's interval, its description, and the warnings about dependence that it does not cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from riskresearch.kernels.inference._filtered import FEWEST_ROWS
from riskresearch.metrics.inference import _dependence
from riskresearch.metrics.inference._dependence import Finding, Way

if TYPE_CHECKING:
    from riskresearch.metrics.inference._bootstrap import Bootstrap
    from riskresearch.metrics.inference._estimand import Estimand

Asked = Literal["number", "settings", "name"]
"""How the interval was requested: by a probability, by a `Bootstrap`, or by an `AnalyticInterval`."""
Named = list[tuple[str, Finding]]
TAIL_KINDS = ("loss", "deviation")
CLUSTER_KINDS = (*TAIL_KINDS, "moment")
SOME_NAMES = 3
ON_SHORT_BLOCKS = (
    "may be too short. Leave out resampling, block_length and method for longer blocks, or pass rows that do not "
    "overlap."
)
ON_FILTERED = 'is too short. Pass Bootstrap(resampling="filtered") for histories in which it clusters.'
ON_LONGER_BLOCKS = (
    "takes longer blocks and Student-t quantiles, and may still be too short. Pass rows that do not overlap."
)
ON_INDEPENDENT_ROWS = "assumes independent rows and is too short. Pass a probability as interval for one that does not."


def choose(
    found: Finding,
    columns: int,
    measure: Estimand,
    settings: Bootstrap,
    *,
    rows: int,
    flat: bool,
    asked: Asked,
) -> Finding:
    """Return `found` with the method of its interval; a `flat` column is constant or its measure undefined."""
    few = rows < FEWEST_ROWS
    by_formula = measure.analytic is not None and asked == "number"
    if asked == "name":
        way = Way.ANALYTIC
    elif measure.kind == "path" or flat or (settings.is_of_blocks and settings.resampling != "filtered"):
        way = Way.ANALYTIC if flat and by_formula else Way.BLOCKS
    elif settings.resampling != "filtered" and found.autocorrelated(columns):
        way = Way.LONGER_BLOCKS
    elif settings.resampling == "filtered" or measure.kind in TAIL_KINDS:
        way = (Way.ANALYTIC if by_formula else Way.SINGLE_ROWS) if few else Way.FILTERED
    else:
        way = Way.ANALYTIC if by_formula else Way.BLOCKS
    return found._replace(way=way)


def warn(named: Named, measure: Estimand, settings: Bootstrap, *, asked: Asked, fewest: int) -> None:
    """Warn of serial dependence that the interval does not account for."""
    if measure.kind == "path":
        return
    columns = len(named)
    short = [each for each in named if each[1].way is not Way.LONGER_BLOCKS and each[1].autocorrelated(columns)]
    longer = [each for each in named if each[1].way is Way.LONGER_BLOCKS]
    clustered = [each for each in named if each[1].way in (Way.BLOCKS, Way.ANALYTIC) and each[1].clustered(columns)]
    formula = measure.analytic if asked == "name" else None
    remedy = ON_SHORT_BLOCKS if formula is None else ON_INDEPENDENT_ROWS
    if longer:
        _dependence.warn_of_autocorrelation(
            longer,
            measure=measure.name,
            remedy=ON_LONGER_BLOCKS,
        )
    if short and (formula is None or not formula.autocorrelated):
        _dependence.warn_of_autocorrelation(short, measure=measure.name, remedy=remedy)
    if clustered and (measure.kind in CLUSTER_KINDS if formula is None else not formula.clustered):
        if formula is None:
            remedy = ON_FILTERED if measure.kind in TAIL_KINDS else "is too short, and none is known that is not."
        _dependence.warn_of_clusters(clustered, measure=measure.name, remedy=remedy)
    if asked != "name" and measure.kind in TAIL_KINDS:
        fallen = {each[1].way for each in named} & {Way.ANALYTIC, Way.SINGLE_ROWS}
        if fallen and fewest < FEWEST_ROWS:
            _dependence.warn_of_few_rows(fewest, measure=measure.name, fallback=words(min(fallen), measure, settings))


def describe(named: Named, measure: Estimand, settings: Bootstrap) -> str:
    """Return a description of the interval of each column."""
    ways: dict[Way, list[str]] = {}
    for name, found in named:
        ways.setdefault(found.way, []).append(name)
    if len(ways) == 1:
        return words(named[0][1].way, measure, settings)
    return "; ".join(f"{_some(names)}: {words(way, measure, settings)}" for way, names in ways.items())


def words(way: Way, measure: Estimand, settings: Bootstrap) -> str:
    """Return the description of one method."""
    if way is Way.ANALYTIC and measure.analytic is not None:
        return measure.analytic.method
    if way is Way.FILTERED:
        return f"filtered bootstrap, {settings.draws} histories of GARCH(1,1) models as likely as the returns make them"
    if way is Way.LONGER_BLOCKS:
        return (
            f"circular bootstrap, {settings.draws} draws, blocks of three times the automatic length for "
            "autocorrelated rows, Student-t interval"
        )
    if way is Way.SINGLE_ROWS:
        return f"iid bootstrap, {settings.draws} draws, Student-t interval"
    return settings.describe()


def _some(names: list[str]) -> str:
    more = len(names) - SOME_NAMES
    return ", ".join(names[:SOME_NAMES]) + (f" and {more} more" if more > 0 else "")
