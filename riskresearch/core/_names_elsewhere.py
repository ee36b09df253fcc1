"""What the arguments of this package are called in others, by their name here."""

from __future__ import annotations

ONE_MINUS = "1 - level"
"""The answer to a probability of the tail: one minus the level."""
NAMES: dict[str, tuple[str, ...]] = {
    "level": ("confidence", "confidence_level", "conf", "cl", "percentile"),
    "confidence": ("interval", "ci", "confidence_interval", "confidence_level", "level"),
    "interval": ("ci", "confidence_interval", "confidence"),
    "risk_free": ("rf", "Rf", "risk_free_rate", "riskfree", "rfr"),
    "required_return": ("mar", "MAR", "minimum_acceptable_return", "target_return", "threshold", "tau"),
    "benchmark": (
        "factor_returns", "market", "market_returns", "benchmark_returns", "bench", "index", "Rb", "against", "versus",
    ),
    "weights": ("portfolio", "allocation", "allocations", "weight"),
    "groups": ("sectors", "sector", "by", "group"),
    "horizon": ("days", "holding_period", "periods", "h"),
    "window": ("lookback", "lookback_period", "rolling_period", "rolling_window", "n_days", "days", "size", "n"),
    "rebalance": ("freq", "frequency", "rebalancing", "rebalance_freq", "rebalance_frequency"),
    "periods_per_year": (
        "periods", "annualization", "periods_in_year", "ann_factor", "trading_days", "trading_year_days", "freq",
        "frequency", "period",
    ),
    "costs": ("cost", "fee", "fees", "commission", "commissions", "slippage", "transaction_cost", "transaction_costs"),
    "capital": ("cash", "init_cash", "initial_cash", "initial_capital", "starting_capital"),
    "max_leverage": ("cap", "leverage", "leverage_cap", "max_lev"),
    "lag": ("delay", "shift"),
    "draws": ("n_draws", "n_boot", "n_bootstraps", "reps", "simulations", "permutations"),
    "rng": ("seed", "random_state"),
    "trials": ("n_trials", "num_trials", "number_of_trials"),
    "reference_sharpe": ("benchmark_sharpe", "sharpe_benchmark", "sr_benchmark", "target_sharpe"),
    "top": ("n", "top_n", "k"),
    "ax": ("axes", "axis"),
}  # fmt: skip
"""Earlier entries come first where a function has the arguments of several."""
SENTENCES: dict[str, dict[str, str]] = {
    "level": dict.fromkeys(("alpha", "cutoff", "p", "q", "significance", "significance_level"), ONE_MINUS),
    "periods_per_year": dict.fromkeys(
        ("annualize", "annualized", "annual"),
        "Leave it out for a number per year, or write periods_per_year=1 for one per row.",
    ),
    "nan_policy": dict.fromkeys(("dropna", "skipna", "skip_nan", "ignore_nan"), 'Write nan_policy="omit".'),
}


def names_elsewhere(parameters: tuple[str, ...]) -> dict[str, str]:
    """Return the name here, or a sentence, by the other name, for a function that has `parameters`."""
    found: dict[str, str] = {}
    for here in parameters:
        found |= SENTENCES.get(here, {})
    for here in reversed(NAMES):
        if here in parameters:
            found |= dict.fromkeys(NAMES[here], here)
    if "required_return" in parameters and "risk_free" not in parameters:
        found |= dict.fromkeys(NAMES["risk_free"], "required_return")
    return found
