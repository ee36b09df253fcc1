from ._cap_limits import limits_of as limits_of
from ._cap_reasons import CapReason as CapReason
from ._capped_weights import CappedWeights as CappedWeights
from ._caps import Caps as Caps, apply_caps as apply_caps
from ._fixed_fraction import FixedFractionSizer as FixedFractionSizer
from ._protocol import PositionSizer as PositionSizer
from ._running import RunningSizer as RunningSizer
from ._stops import ATRSizer as ATRSizer, FixedRiskSizer as FixedRiskSizer
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
from .optimise._constraints import Constraints as Constraints
from .optimise._drawdown_risk import DrawdownRisk as DrawdownRisk, drawdown_risk as drawdown_risk
from .optimise._kelly import kelly_weights as kelly_weights
from .optimise._kelly_closed_form import (
    continuous_kelly_fraction as continuous_kelly_fraction,
    kelly_drawdown_probability as kelly_drawdown_probability,
    kelly_fraction as kelly_fraction,
)
from .optimise._kelly_moments import (
    continuous_growth_rate as continuous_growth_rate,
    continuous_kelly_weights as continuous_kelly_weights,
)
from .optimise._kelly_result import KellyResult as KellyResult
from .optimise._mean_cvar import mean_cvar as mean_cvar, minimum_cvar as minimum_cvar
from .optimise._optimal_f import OptimalF as OptimalF, optimal_f as optimal_f
from .optimise._optimal_weights import OptimalWeights as OptimalWeights
from .optimise._risk_parity import risk_parity as risk_parity
