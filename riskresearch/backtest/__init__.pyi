from ._backtest import Backtest as Backtest
from ._gates import (
    Gate as Gate,
    Limit as Limit,
    RunningGate as RunningGate,
    RunningLimit as RunningLimit,
)
from ._simulate import simulate as simulate
from .breakers._backtest_breakers import backtest_breakers as backtest_breakers
from .breakers._halt_significance import halt_significance as halt_significance
from .breakers._result import BreakerBacktest as BreakerBacktest
from .breakers._significance import HaltSignificance as HaltSignificance
from .lookahead._check_no_lookahead import check_no_lookahead as check_no_lookahead
from .lookahead._result import LookaheadCheck as LookaheadCheck
from .selection._cross_validation import (
    combinatorial_purged_splits as combinatorial_purged_splits,
    purged_splits as purged_splits,
    walk_forward_splits as walk_forward_splits,
)
from .selection._overfitting import (
    BacktestOverfitting as BacktestOverfitting,
    probability_of_backtest_overfitting as probability_of_backtest_overfitting,
)
from .selection._splits import Splits as Splits
from .selection._superiority import (
    SuperiorityTest as SuperiorityTest,
    reality_check as reality_check,
    superior_predictive_ability as superior_predictive_ability,
)
from .sweeps._result import Sweep as Sweep
from .sweeps._sweep import sweep as sweep
from .sweeps._sweep_breakers import sweep_breakers as sweep_breakers
