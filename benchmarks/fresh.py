"""Start-up rows: what an import costs and how long a first answer takes, each in fresh interpreters, in turn."""

from dataclasses import dataclass
from functools import cache

from benchmarks.compare import Ratio, summarise
from benchmarks.peers import DISTRIBUTIONS, peer
from benchmarks.processes import Cost, median_cost, run_interleaved

IMPORT_TARGET_MS = 20.0
IMPORT_TARGET_MB = 5.0
FIRST_ANSWER_TARGET = 1.0

# Five thousand returns without a random generator, whose import would be part of the answer.
_DATA = "import numpy as np; x = np.sin(np.arange(5000.0) ** 2) / 50; "
OUR_ANSWER = _DATA + (
    "from riskresearch import conditional_value_at_risk, value_at_risk; value_at_risk(x), conditional_value_at_risk(x)"
)
PANDAS_ANSWER = _DATA + "import pandas as pd; pd.Series(x).quantile(0.05)"
PEER_ANSWERS = {
    "numpy": ("quantile and mask", _DATA + "q = np.quantile(x, 0.05); x[x <= q].mean()"),
    "pandas": ("Series.quantile, VaR only", PANDAS_ANSWER),
    "empyrical": (
        "VaR and CVaR",
        _DATA + "import empyrical as e; e.value_at_risk(x), e.conditional_value_at_risk(x)",
    ),
    "skfolio": (
        "VaR and CVaR",
        _DATA + "from skfolio.measures import cvar, value_at_risk; value_at_risk(x), cvar(x)",
    ),
    "quantstats": (
        "expected shortfall only",
        _DATA + "import pandas as pd, quantstats as q; "
        "q.stats.cvar(pd.Series(x, pd.bdate_range('2004-01-02', periods=5000)))",
    ),
}


@dataclass(frozen=True, slots=True)
class Import:
    """What importing one package costs above the bare interpreter."""

    package: str
    cost: Cost
    wall: Ratio
    """Wall time of `import riskresearch` over that of this import."""
    memory: float
    """Memory of `import riskresearch` over that of this import."""


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """CPU time from the start of the process to a first VaR, beside ours."""

    package: str
    what: str
    ratio: Ratio
    peak_mb: float


@cache
def imports(repeats: int = 9) -> tuple[Import, ...]:
    """Return the cost of `import riskresearch`, then that of each installed peer."""
    names = ["riskresearch", *(name for name in DISTRIBUTIONS if peer(name) is not None)]
    runs = run_interleaved([f"import {name}" for name in names], repeats)
    own, rows = median_cost(runs[0]), []
    for name, costs in zip(names, runs, strict=True):
        cost = median_cost(costs)
        pairs = [(ours.wall_ms / 1e3, theirs.wall_ms / 1e3) for ours, theirs in zip(runs[0], costs, strict=True)]
        rows.append(Import(name, cost, summarise(pairs), own.added_mb / cost.added_mb if cost.added_mb else 1.0))
    return tuple(rows)


@cache
def first_answers(repeats: int = 9) -> tuple[FirstAnswer, ...]:
    """Return our time to a first VaR and CVaR of 5,000 returns over each peer's time, ourselves first."""
    names = [name for name in PEER_ANSWERS if peer(name) is not None]
    runs = run_interleaved([OUR_ANSWER, *(PEER_ANSWERS[name][1] for name in names)], repeats)
    rows = []
    labels = [("riskresearch", "VaR and CVaR, NumPy input"), *((name, PEER_ANSWERS[name][0]) for name in names)]
    for (name, what), costs in zip(labels, runs, strict=True):
        pairs = [
            (ours.process_cpu_ms / 1e3, theirs.process_cpu_ms / 1e3)
            for ours, theirs in zip(runs[0], costs, strict=True)
        ]
        rows.append(FirstAnswer(name, what, summarise(pairs), median_cost(costs).peak_mb))
    return tuple(rows)
