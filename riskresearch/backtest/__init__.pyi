from ._backtest import Backtest as Backtest
from ._costs import Costs as Costs
from ._gates import (
    Bar as Bar,
    Gate as Gate,
    GateDecision as GateDecision,
    RunningGate as RunningGate,
    WeightLimit as WeightLimit,
)
from ._simulate import simulate as simulate
