from ._definitions import (
    EwmaVolatility as EwmaVolatility,
    RollingVolatility as RollingVolatility,
    TailForecaster as TailForecaster,
)
from ._protocol import RiskForecaster as RiskForecaster, RunningForecast as RunningForecast
from ._running import RunningRisk as RunningRisk
