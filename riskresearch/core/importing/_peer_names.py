"""What other packages and papers call what is public here: the name here, or the line of code that gives it."""

from collections.abc import Mapping

BY_NAME_HERE = {
    "value_at_risk": ("historical_var", "hist_var", "var_historic", "simulated_var"),
    "conditional_value_at_risk": (
        "es", "expected_shortfall", "etl", "expected_tail_loss", "avar", "average_value_at_risk", "historical_cvar",
        "hist_cvar", "tvar",
    ),
    "conditional_drawdown_at_risk": ("cdd", "expected_drawdown", "conditional_drawdown"),
    "volatility": (
        "std", "stdev", "stddev", "std_dev", "vol", "standard_deviation", "annual_volatility", "annualized_volatility",
        "annualised_vol",
        "annualized_vol", "annual_vol", "annualized_std", "realized_volatility", "historical_volatility",
    ),
    "downside_deviation": ("downside_risk", "downside_std", "downside_volatility", "lower_partial_moment"),
    "max_drawdown": ("mdd", "maxdd", "maximum_drawdown", "get_max_drawdown", "worst_drawdown"),
    "drawdown": (
        "drawdowns", "drawdown_series", "to_drawdown_series", "drawdown_curve", "underwater", "underwater_curve",
        "compute_drawdowns",
    ),
    "drawdown_table": (
        "drawdown_details", "gen_drawdown_table", "top_drawdowns", "get_top_drawdowns", "worst_drawdowns",
        "drawdown_periods", "drawdown_episodes", "show_worst_drawdown_periods", "table_drawdowns", "find_drawdowns",
    ),
    "annual_return": (
        "cagr", "annualized_return", "annualised_return", "compound_annual_growth_rate", "geometric_mean",
    ),
    "calendar_returns": (
        "monthly_table", "monthly_returns_table", "returns_table", "table_calendar_returns", "monthly_heatmap",
        "monthly_return_table", "return_table",
    ),
    "martin_ratio": ("ulcer_performance_index", "upi", "ulcer_performance"),
    "kelly_weights": ("kelly", "kelly_criterion", "full_kelly", "optimal_kelly", "kelly_ratio"),
    "omega_ratio": ("profit_factor",),
    "summary": (
        "stats", "perf_stats", "show_perf_stats", "performance_stats", "performance_summary", "table_stats",
        "summary_statistics", "perf", "describe_returns", "compare", "calc_stats",
    ),
    "simple_returns": ("to_returns", "pct_change", "prices_to_returns", "returns_from_prices", "calculate_returns"),
    "wealth_index": ("to_prices", "rebase", "equity_curve", "growth_of_one", "nav", "to_equity"),
    "information_ratio": ("excess_sharpe",),
    "henriksson_merton": ("up_alpha_beta", "down_alpha_beta"),
    "probability_of_backtest_overfitting": ("pbo", "cscv"),
    "minimum_track_record_length": ("mintrl", "min_track_record_length", "min_trl"),
    "beta": ("hedge_ratio",),
    "exceedances": ("kupiec", "kupiec_test", "var_backtest", "backtest_var", "var_exceedances", "var_breaches"),
    "historical_stress": ("stress_test", "stress_tests", "stress", "interesting_times", "crisis_returns"),
    "hypothetical_stress": ("scenario_analysis", "scenarios", "shock", "what_if"),
    "monte_carlo_risk": ("monte_carlo_var", "monte_carlo", "montecarlo", "mc_var"),
    "simulate": ("run", "run_backtest", "from_weights", "from_signals", "from_orders", "simulate_portfolio"),
    "build_report": (
        "tearsheet", "tear_sheet", "full_tear_sheet", "html", "html_report", "make_report", "risk_report",
        "create_full_tear_sheet", "create_simple_tear_sheet", "create_returns_tear_sheet",
    ),
    "VolatilityPositionSizer": ("vol_target", "vol_targeting", "volatility_target", "volatility_targeting"),
    "minimum_cvar": ("min_cvar", "minimise_cvar", "minimize_cvar", "cvar_optimization", "efficient_cvar"),
    "mean_cvar": ("mean_risk", "meanrisk", "max_sharpe_cvar"),
    "risk_parity": ("risk_budgeting", "riskbudgeting", "equal_risk_contribution", "erc", "rp_optimization"),
    "ClosedTradesBreaker": ("stoplossguard", "stoploss_guard", "cooldownperiod", "lowprofitpairs", "losing_trades"),
    "DrawdownBreaker": ("maxdrawdown_breaker", "max_drawdown_breaker", "stop_loss", "stoploss", "drawdown_stop"),
    "TrailingDrawdownBreaker": ("trailing_stop", "trailingstop", "trailing_stop_loss"),
    "PeriodLossBreaker": (
        "daily_loss", "dailylossbreaker", "daily_loss_limit", "max_daily_loss", "maxdailyloss", "weeklylossbreaker",
        "dailylosslimit", "daily_loss_breaker",
    ),
    "normal": ("gaussian", "parametric", "variance_covariance"),
    "student_t": ("t", "student"),
    "historical": ("empirical", "simulation"),
}  # fmt: skip
"""Names elsewhere by the name here. The last three are methods of VaR and CVaR."""
SYNONYMS: Mapping[str, str] = {other: here for here, others in BY_NAME_HERE.items() for other in others}

_RR = "riskresearch"
_GROWTH = f"{_RR}.plots.plot_growth({_RR}.metrics.wealth_index(returns))"
_BY_ASSET = f'{_RR}.risk_contributions(returns, weights, measure="value_at_risk")'
_CVAR_BY_ASSET = f"{_RR}.risk_contributions(returns, weights)"
_UNDERWATER = f"{_RR}.plots.plot_underwater({_RR}.metrics.drawdown(returns))"
_MONTHS = f'{_RR}.plots.plot_monthly_table({_RR}.metrics.calendar_returns(returns).drop(columns="Total"))'
_GAINS, _LOSSES = "returns[returns > 0.0].mean()", "returns[returns < 0.0].mean()"
_TOTAL = "(1.0 + returns).prod() - 1.0"
BY_LINE = {
    **{
        f'{_RR}.metrics.aggregate_returns(returns, to="{period}")': (f"{word}_returns", f"{word}_return", f"to_{word}")
        for period, word in (("day", "daily"), ("week", "weekly"), ("month", "monthly"), ("quarter", "quarterly"))
    },
    f'{_RR}.metrics.aggregate_returns(returns, to="year")': (
        "yearly_returns", "annual_returns", "calendar_year_returns", "yearly_return", "to_yearly",
    ),
    f"{_RR}.metrics.wealth_index(returns) - 1.0": ("cum_returns", "cumulative_returns", "compsum", "cumulative_return"),
    _TOTAL: ("cum_returns_final", "total_return", "total_returns", "comp", "holding_period_return"),
    "(returns > 0.0).mean()": ("win_rate", "hit_rate", "hit_ratio", "positive_share", "percent_positive"),
    "returns.max()": ("best", "best_day", "best_return"),
    "returns.min()": ("worst", "worst_day", "worst_return"),
    "returns.nsmallest(10)": ("worst_days", "worst_returns", "largest_losses"),
    "returns.nlargest(10)": ("best_days", "best_returns"),
    "returns - risk_free": ("to_excess_returns", "excess_returns"),
    "numpy.log1p(returns)": ("log_returns", "to_log_returns"),
    "returns.autocorr()": ("autocorr", "autocorrelation"),
    "returns.mean()": ("avg_return", "expected_return", "average_return", "mean_return"),
    _GAINS: ("avg_win", "average_win", "average_gain"),
    _LOSSES: ("avg_loss", "average_loss"),
    f"{_GAINS} / -{_LOSSES}": ("payoff_ratio", "win_loss_ratio", "profit_loss_ratio", "profit_ratio"),
    f"{_RR}.metrics.correlation(returns, benchmark) ** 2": ("r_squared", "r2", "rsquared"),
    f"({_TOTAL}) / {_RR}.max_drawdown(returns)": ("recovery_factor",),
    f"{_RR}.metrics.omega_ratio(returns) * {_RR}.metrics.tail_ratio(returns)": ("common_sense_ratio",),
    f"{_RR}.metrics.up_capture(returns, benchmark) / {_RR}.metrics.down_capture(returns, benchmark)": (
        "capture_ratio", "up_down_capture", "capture",
    ),
    f"{_RR}.metrics.alpha(returns, benchmark), {_RR}.metrics.beta(returns, benchmark)": (
        "alpha_beta", "greeks", "capm",
    ),
    f'{_RR}.value_at_risk(returns, method="normal")': (
        "parametric_var", "normal_var", "gaussian_var", "var_cov_var_normal", "delta_normal_var",
    ),
    f'{_RR}.value_at_risk(returns, method="cornish_fisher")': ("modified_var", "cornish_fisher_var", "mvar"),
    f'{_RR}.value_at_risk(returns, method="student_t")': ("student_t_var", "t_var"),
    f'{_RR}.conditional_value_at_risk(returns, method="normal")': ("parametric_cvar", "normal_cvar", "gaussian_es"),
    f'{_RR}.conditional_value_at_risk(returns, method="cornish_fisher")': ("modified_cvar", "modified_es"),
    _BY_ASSET: tuple(
        f"{kind}_{name}" for kind in ("marginal", "component", "incremental") for name in ("var", "value_at_risk")
    ),
    _CVAR_BY_ASSET: (
        *(f"{kind}_{name}" for kind in ("marginal", "component", "incremental") for name in ("cvar", "es")),
        "risk_contribution", "risk_decomposition", "risk_attribution", "contribution",
    ),
    "returns.corr()": ("corr", "correlation_matrix", "correlations"),
    "returns.cov()": ("cov", "covariance", "covariance_matrix"),
    _GROWTH: (
        "plot_returns", "plot_cumulative_returns", "plot_rolling_returns", "plot_equity", "plot_equity_curve",
        "snapshot", "plot_snapshot", "earnings", "plot_earnings",
    ),
    _UNDERWATER: ("plot_drawdown", "plot_drawdowns", "plot_drawdown_underwater", "plot_drawdown_series"),
    f"{_RR}.metrics.drawdown_table(returns).plot()": ("plot_drawdown_periods", "plot_drawdowns_periods"),
    _MONTHS: (
        "plot_monthly_returns", "plot_monthly_heatmap", "plot_monthly_returns_heatmap", "plot_monthly",
        "plot_heatmap", "plot_calendar_returns",
    ),
    f'{_RR}.plots.plot_calendar_years({_RR}.metrics.aggregate_returns(returns, to="year"))': (
        "plot_annual_returns", "plot_yearly_returns", "plot_calendar", "plot_years",
    ),
}  # fmt: skip
"""Names elsewhere by the line that gives the same, of `returns`, `weights`, `benchmark` and `risk_free` a row."""
LINES: Mapping[str, str] = {other: line for line, others in BY_LINE.items() for other in others}
