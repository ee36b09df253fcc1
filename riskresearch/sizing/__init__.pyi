from ._capped_weights import CappedWeights as CappedWeights
from ._caps import (
    CapReason as CapReason,
    Caps as Caps,
    apply_caps as apply_caps,
)
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
from ._stops import (
    ATRSizer as ATRSizer,
    FixedRiskSizer as FixedRiskSizer,
)
from ._value_at_risk import VaRPositionSizer as VaRPositionSizer
from ._volatility import (
    InverseVolatilitySizer as InverseVolatilitySizer,
    VolatilityPositionSizer as VolatilityPositionSizer,
)
