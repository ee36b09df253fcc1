from ._drawdowns import (
    DrawdownTable as DrawdownTable,
    average_drawdown as average_drawdown,
    drawdown as drawdown,
    drawdown_table as drawdown_table,
    max_drawdown as max_drawdown,
    ulcer_index as ulcer_index,
)
from ._online import Online as Online
from ._ratios import (
    burke_ratio as burke_ratio,
    calmar_ratio as calmar_ratio,
    excess_kurtosis as excess_kurtosis,
    omega_ratio as omega_ratio,
    sharpe_ratio as sharpe_ratio,
    skewness as skewness,
    sortino_ratio as sortino_ratio,
    tail_ratio as tail_ratio,
    volatility as volatility,
)
from ._relative import (
    alpha as alpha,
    beta as beta,
    down_capture as down_capture,
    information_ratio as information_ratio,
    tracking_error as tracking_error,
    up_capture as up_capture,
)
from ._returns import (
    annual_return as annual_return,
    portfolio_returns as portfolio_returns,
    simple_returns as simple_returns,
    wealth_index as wealth_index,
)
from ._rolling import rolling as rolling
from ._rolling_moments import (
    rolling_excess_kurtosis as rolling_excess_kurtosis,
    rolling_mean as rolling_mean,
    rolling_sharpe_ratio as rolling_sharpe_ratio,
    rolling_skewness as rolling_skewness,
    rolling_sortino_ratio as rolling_sortino_ratio,
    rolling_volatility as rolling_volatility,
)
from ._rolling_relative import (
    rolling_beta as rolling_beta,
    rolling_correlation as rolling_correlation,
)
from ._rolling_tail import (
    RollingTailRisk as RollingTailRisk,
    rolling_conditional_value_at_risk as rolling_conditional_value_at_risk,
    rolling_max_drawdown as rolling_max_drawdown,
    rolling_tail_risk as rolling_tail_risk,
    rolling_value_at_risk as rolling_value_at_risk,
)
from ._summary import (
    RiskSummary as RiskSummary,
    summary as summary,
)
from ._tail_risk import (
    TailRisk as TailRisk,
    conditional_value_at_risk as conditional_value_at_risk,
    tail_risk as tail_risk,
    value_at_risk as value_at_risk,
)
