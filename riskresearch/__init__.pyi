from . import (
    accessor as accessor,
    accounts as accounts,
    backtest as backtest,
    breakers as breakers,
    cli as cli,
    core as core,
    datasets as datasets,
    files as files,
    kernels as kernels,
    metrics as metrics,
    models as models,
    plots as plots,
    portfolio as portfolio,
    posttrade as posttrade,
    pretrade as pretrade,
    reference as reference,
    report as report,
    sizing as sizing,
)
from .accessor import register_accessor as register_accessor
from .backtest import (
    backtest_breakers as backtest_breakers,
    check_no_lookahead as check_no_lookahead,
    simulate as simulate,
    sweep as sweep,
)
from .core import (
    align as align,
    import_report as import_report,
    options as options,
    preload as preload,
    preload_async as preload_async,
    unload as unload,
)
from .files import read as read
from .metrics import (
    AnalyticInterval as AnalyticInterval,
    Bootstrap as Bootstrap,
    RiskMetricsCalculator as RiskMetricsCalculator,
    bootstrap_interval as bootstrap_interval,
    conditional_value_at_risk as conditional_value_at_risk,
    deflated_sharpe_ratio as deflated_sharpe_ratio,
    exceedances as exceedances,
    max_drawdown as max_drawdown,
    probabilistic_sharpe_ratio as probabilistic_sharpe_ratio,
    rolling as rolling,
    rolling_tail_risk as rolling_tail_risk,
    sharpe_ratio as sharpe_ratio,
    sharpe_ratio_difference as sharpe_ratio_difference,
    simple_returns as simple_returns,
    summary as summary,
    tail_risk as tail_risk,
    value_at_risk as value_at_risk,
)
from .portfolio import (
    PortfolioRiskMetrics as PortfolioRiskMetrics,
    entropy_pooling as entropy_pooling,
    historical_stress as historical_stress,
    hypothetical_stress as hypothetical_stress,
    monte_carlo_risk as monte_carlo_risk,
    reverse_stress as reverse_stress,
    risk_contributions as risk_contributions,
)
from .pretrade import LiquidityChecker as LiquidityChecker, UnifiedLimitChecker as UnifiedLimitChecker
from .reference import reference_check as reference_check
from .sizing import (
    KellyPositionSizer as KellyPositionSizer,
    VaRPositionSizer as VaRPositionSizer,
    VolatilityPositionSizer as VolatilityPositionSizer,
)

__version__: str
