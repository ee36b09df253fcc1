from ._cap_reasons import CapReason as CapReason
from ._capped_weights import CappedWeights as CappedWeights
from ._caps import Caps as Caps, apply_caps as apply_caps
from ._constraints import Constraints as Constraints
from ._drawdown_risk import DrawdownRisk as DrawdownRisk, drawdown_risk as drawdown_risk
from ._fixed_fraction import FixedFractionSizer as FixedFractionSizer
from ._forecasters import (
    RiskForecaster as RiskForecaster,
    RunningForecast as RunningForecast,
)
from ._kelly import kelly_weights as kelly_weights
from ._kelly_bet import KellyBet as KellyBet
from ._mean_cvar import mean_cvar as mean_cvar, minimum_cvar as minimum_cvar
from ._one_bet import (
    continuous_kelly_fraction as continuous_kelly_fraction,
    kelly_drawdown_probability as kelly_drawdown_probability,
    kelly_fraction as kelly_fraction,
)
from ._online import OnlineSizer as OnlineSizer
from ._optimal_f import OptimalF as OptimalF, optimal_f as optimal_f
from ._protocol import PositionSizer as PositionSizer, SizerStream as SizerStream
from ._risk_parity import risk_parity as risk_parity
from ._stops import (
    ATRSizer as ATRSizer,
    FixedRiskSizer as FixedRiskSizer,
)
from ._value_at_risk import VaRPositionSizer as VaRPositionSizer
from ._volatility import (
    InverseVolatilitySizer as InverseVolatilitySizer,
    VolatilityPositionSizer as VolatilityPositionSizer,
)
from ._window_sizers import (
    KellyPositionSizer as KellyPositionSizer,
    MeanCVaRSizer as MeanCVaRSizer,
    MinimumCVaRSizer as MinimumCVaRSizer,
    RiskParitySizer as RiskParitySizer,
)
