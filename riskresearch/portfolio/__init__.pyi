from ._contributions import risk_contributions as risk_contributions
from ._diversification import (
    diversification_ratio as diversification_ratio,
    effective_number_of_bets as effective_number_of_bets,
    herfindahl_index as herfindahl_index,
)
from ._entropy_pooling import entropy_pooling as entropy_pooling
from ._hypothetical_stress import hypothetical_stress as hypothetical_stress
from ._monte_carlo import monte_carlo_risk as monte_carlo_risk
from ._monte_carlo_risk import MonteCarloRisk as MonteCarloRisk
from ._portfolio_risk import PortfolioRiskMetrics as PortfolioRiskMetrics
from ._reverse_stress import ReverseStress as ReverseStress, reverse_stress as reverse_stress
from ._risk_contributions import RiskContributions as RiskContributions
from ._scenarios import normal_scenarios as normal_scenarios, student_t_scenarios as student_t_scenarios
from ._stress import historical_stress as historical_stress
from ._stress_episodes import stress_episodes as stress_episodes
from ._stress_result import StressTest as StressTest
