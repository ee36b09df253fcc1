from ._contributions import risk_contributions as risk_contributions
from ._diversification import (
    diversification_ratio as diversification_ratio,
    effective_number_of_bets as effective_number_of_bets,
    herfindahl_index as herfindahl_index,
)
from ._drawdowns import (
    DrawdownTable as DrawdownTable,
    average_drawdown as average_drawdown,
    drawdown as drawdown,
    drawdown_table as drawdown_table,
    max_drawdown as max_drawdown,
    ulcer_index as ulcer_index,
)
from ._entropy_pooling import entropy_pooling as entropy_pooling
from ._monte_carlo import monte_carlo_risk as monte_carlo_risk
from ._monte_carlo_risk import MonteCarloRisk as MonteCarloRisk
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
from ._reverse_stress import (
    ReverseStress as ReverseStress,
    reverse_stress as reverse_stress,
)
from ._risk_contributions import RiskContributions as RiskContributions
from ._rolling import (
    rolling_sharpe_ratio as rolling_sharpe_ratio,
    rolling_volatility as rolling_volatility,
)
from ._scenarios import (
    filtered_bootstrap as filtered_bootstrap,
    normal_scenarios as normal_scenarios,
    student_t_scenarios as student_t_scenarios,
)
from ._stress import (
    historical_stress as historical_stress,
    hypothetical_stress as hypothetical_stress,
)
from ._stress_episodes import stress_episodes as stress_episodes
from ._stress_test import StressTest as StressTest
from ._summary import (
    RiskSummary as RiskSummary,
    summary as summary,
)
from ._tail_risk import (
    conditional_value_at_risk as conditional_value_at_risk,
    value_at_risk as value_at_risk,
)
