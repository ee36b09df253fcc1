from ._backtest import Backtest as Backtest
from ._backtest_breakers import backtest_breakers as backtest_breakers
from ._breaker_backtest import BreakerBacktest as BreakerBacktest
from ._breaker_gate import BreakerGate as BreakerGate
from ._costs import Costs as Costs
from ._cross_validation import (
    combinatorial_purged_splits as combinatorial_purged_splits,
    purged_splits as purged_splits,
    walk_forward_splits as walk_forward_splits,
)
from ._gates import (
    Bar as Bar,
    Gate as Gate,
    GateDecision as GateDecision,
    RunningGate as RunningGate,
    WeightLimit as WeightLimit,
)
from ._halt_significance import (
    HaltSignificance as HaltSignificance,
    halt_significance as halt_significance,
)
from ._lookahead import check_no_lookahead as check_no_lookahead
from ._lookahead_check import LookaheadCheck as LookaheadCheck
from ._overfitting import (
    BacktestOverfitting as BacktestOverfitting,
    probability_of_backtest_overfitting as probability_of_backtest_overfitting,
)
from ._simulate import simulate as simulate
from ._splits import Splits as Splits
from ._superiority import (
    SuperiorityTest as SuperiorityTest,
    reality_check as reality_check,
    superior_predictive_ability as superior_predictive_ability,
)
from ._sweep import sweep as sweep
from ._sweep_breakers import BreakerSweep as BreakerSweep, sweep_breakers as sweep_breakers
from ._sweep_result import Sweep as Sweep
