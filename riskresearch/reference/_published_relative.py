"""Measures against a benchmark by R; see `_published_data` for the conventions."""

# --- 8. Against a benchmark, ten months, a risk-free rate that moves, one benchmark month exactly zero.
# R: benchmark_relative.R, lm() and base arithmetic.
RELATIVE_RETURNS = (0.021, -0.013, 0.034, 0.002, -0.041, 0.028, 0.015, -0.007, 0.052, -0.019)
RELATIVE_BENCHMARK = (0.018, -0.020, 0.025, -0.004, -0.030, 0.022, 0.000, 0.006, 0.038, -0.024)
RELATIVE_RISK_FREE = (0.0010, 0.0010, 0.0012, 0.0012, 0.0015, 0.0015, 0.0015, 0.0011, 0.0010, 0.0010)
RELATIVE_PERIODS_PER_YEAR = 12
RELATIVE = {
    "beta": 1.16647199983011,
    "alpha_period": 0.00358393680052666,
    "alpha_annual_arithmetic": 0.04300724160632,
    "alpha_annual_compounded": 0.0438651950749072,
    "r_squared": 0.9081009978835,
    "alpha_standard_error": 0.00287583749854286,
    "beta_standard_error": 0.131195109471626,
    "beta_rf": 1.16639336968819,
    "alpha_period_rf": 0.00378385259759244,
    "alpha_annual_arithmetic_rf": 0.0454062311711093,
    "alpha_annual_compounded_rf": 0.0463632095326771,
    "r_squared_rf": 0.908312684948047,
    "tracking_error_period_sample": 0.00930292666016692,
    "tracking_error_period_population": 0.00882553114548921,
    "tracking_error_annual_sample": 0.0322262832689923,
    "information_ratio_period": 0.440721522352239,
    "information_ratio_annual": 1.52670413740636,
    "sharpe_period_rf": 0.214075867447794,
    "sharpe_annual_rf": 0.741580558187918,
    "sharpe_annual": 0.890794236377298,
    "up_capture_means": 1.1743119266055,
    "down_capture_means": 0.91025641025641,
    "up_capture_compound": 1.177381545237,
    "down_capture_compound": 0.916608917817886,
    "up_capture_geometric_mean": 1.16877266073409,
    "down_capture_geometric_mean": 0.914301660756266,
    "down_capture_geometric_mean_zero_is_down": 0.726543952764802,
    "up_capture_annualised": 1.19323825607574,
    "down_capture_annualised": 0.922572240167054,
}
