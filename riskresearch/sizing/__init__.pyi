from ._fixed_fraction import FixedFractionSizer as FixedFractionSizer
from ._forecasters import (
    RiskForecaster as RiskForecaster,
    RunningForecast as RunningForecast,
)
from ._protocol import (
    OnlineSizer as OnlineSizer,
    PositionSizer as PositionSizer,
    SizerStream as SizerStream,
)
from ._value_at_risk import VaRPositionSizer as VaRPositionSizer
from ._volatility import (
    InverseVolatilitySizer as InverseVolatilitySizer,
    VolatilityPositionSizer as VolatilityPositionSizer,
)
