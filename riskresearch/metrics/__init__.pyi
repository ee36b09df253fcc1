from ._aggregation import aggregate_returns as aggregate_returns, calendar_returns as calendar_returns
from ._calculator import RiskMetricsCalculator as RiskMetricsCalculator
from ._coherent_tail import (
    entropic_value_at_risk as entropic_value_at_risk,
    expectile_value_at_risk as expectile_value_at_risk,
)
from ._downside import (
    downside_deviation as downside_deviation,
    downside_potential as downside_potential,
    kappa_ratio as kappa_ratio,
    semideviation as semideviation,
    upside_potential as upside_potential,
    upside_potential_ratio as upside_potential_ratio,
)
from ._drawdown_ratios import (
    conditional_drawdown_at_risk as conditional_drawdown_at_risk,
    martin_ratio as martin_ratio,
    pain_index as pain_index,
    pain_ratio as pain_ratio,
    sterling_ratio as sterling_ratio,
)
from ._drawdowns import (
    DrawdownTable as DrawdownTable,
    average_drawdown as average_drawdown,
    drawdown as drawdown,
    drawdown_table as drawdown_table,
    max_drawdown as max_drawdown,
    ulcer_index as ulcer_index,
)
from ._filtered_bootstrap import filtered_bootstrap as filtered_bootstrap
from ._gain_loss_ratios import (
    d_ratio as d_ratio,
    gain_to_pain_ratio as gain_to_pain_ratio,
    prospect_ratio as prospect_ratio,
)
from ._ratios import (
    adjusted_sharpe_ratio as adjusted_sharpe_ratio,
    burke_ratio as burke_ratio,
    calmar_ratio as calmar_ratio,
    omega_ratio as omega_ratio,
    sharpe_ratio as sharpe_ratio,
    sortino_ratio as sortino_ratio,
)
from ._returns import (
    annual_return as annual_return,
    portfolio_returns as portfolio_returns,
    simple_returns as simple_returns,
    wealth_index as wealth_index,
)
from ._shape import excess_kurtosis as excess_kurtosis, skewness as skewness, volatility as volatility
from ._stability import stability as stability
from ._summary import RiskSummary as RiskSummary, summary as summary
from ._tail_ratios import rachev_ratio as rachev_ratio, tail_ratio as tail_ratio
from ._tail_result import TailRisk as TailRisk
from ._tail_risk import (
    conditional_value_at_risk as conditional_value_at_risk,
    tail_risk as tail_risk,
    value_at_risk as value_at_risk,
)
from .benchmark._comoment_betas import beta_cokurtosis as beta_cokurtosis, beta_coskewness as beta_coskewness
from .benchmark._comovement import (
    cokurtosis as cokurtosis,
    correlation as correlation,
    coskewness as coskewness,
    down_beta as down_beta,
    up_beta as up_beta,
)
from .benchmark._drawdown_beta import cdar_beta as cdar_beta
from .benchmark._relative import (
    alpha as alpha,
    beta as beta,
    down_capture as down_capture,
    information_ratio as information_ratio,
    tracking_error as tracking_error,
    up_capture as up_capture,
)
from .benchmark._relative_ratios import (
    appraisal_ratio as appraisal_ratio,
    batting_average as batting_average,
    m_squared as m_squared,
    modified_treynor_ratio as modified_treynor_ratio,
    treynor_ratio as treynor_ratio,
)
from .benchmark._risk_split import (
    specific_risk as specific_risk,
    systematic_risk as systematic_risk,
    total_risk as total_risk,
)
from .benchmark._timing import (
    TimingRegression as TimingRegression,
    henriksson_merton as henriksson_merton,
    treynor_mazuy as treynor_mazuy,
)
from .inference._bootstrap import (
    AnalyticInterval as AnalyticInterval,
    Bootstrap as Bootstrap,
)
from .inference._bootstrap_interval import bootstrap_interval as bootstrap_interval
from .inference._exceedances import exceedances as exceedances
from .inference._exceedances_result import Exceedances as Exceedances
from .inference._interval import Interval as Interval
from .inference._sharpe_difference import sharpe_ratio_difference as sharpe_ratio_difference
from .inference._sharpe_from_moments import (
    deflated_sharpe_ratio_from_moments as deflated_sharpe_ratio_from_moments,
    minimum_track_record_length_from_moments as minimum_track_record_length_from_moments,
    probabilistic_sharpe_ratio_from_moments as probabilistic_sharpe_ratio_from_moments,
)
from .inference._sharpe_inference import (
    deflated_sharpe_ratio as deflated_sharpe_ratio,
    minimum_track_record_length as minimum_track_record_length,
    probabilistic_sharpe_ratio as probabilistic_sharpe_ratio,
    sharpe_ratio_interval as sharpe_ratio_interval,
)
from .windows._online import Online as Online
from .windows._range_volatility import (
    range_volatility as range_volatility,
    rolling_range_volatility as rolling_range_volatility,
)
from .windows._rolling import rolling as rolling
from .windows._rolling_tail import RollingTailRisk as RollingTailRisk, rolling_tail_risk as rolling_tail_risk
