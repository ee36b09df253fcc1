"""What is measured in one process: the work, both sides of it, and the proof that both give the same numbers."""

import contextlib
import io
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import riskresearch
from benchmarks.bench_posttrade_attribution import attribution_cases
from benchmarks.bench_posttrade_factor import factor_cases
from benchmarks.bench_posttrade_impact import impact_cases
from benchmarks.breaker_cases import all_breaker_cases
from benchmarks.compare import Case
from benchmarks.data import Book, benchmark_series, book, panel, series
from benchmarks.file_cases import file_cases
from benchmarks.peers import peer
from benchmarks.rolling import rolling_cases
from benchmarks.simulate_cases import simulate_cases
from benchmarks.sizing_cases import sizing_cases
from benchmarks.sweep_cases import sweep_cases
from riskresearch import metrics, portfolio

READ_TARGET = 2.0
BETWEEN = "CVaR equal to 1e-12, VaR interpolated"
EQUAL = "VaR and CVaR equal to 1e-12"

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Tail = Callable[[], tuple[Vector, Vector]]

PANEL_TARGET = 0.6
DRAWDOWN_TARGET = 0.05
EMPYRICAL_SUMMARY_TARGET = 1.0
QUANTSTATS_SUMMARY_TARGET = 1 / 50
BOOTSTRAP_TARGET = 0.1
MONTE_CARLO_TARGET = 1.0
MONTE_CARLO_SCENARIOS = 5_000
MONTE_CARLO_LEVEL = 0.99


def all_cases() -> list[Case]:
    """Return every case whose peer is installed."""
    return [
        *tail_cases(), *drawdown_cases(), *rolling_cases(), *summary_cases(), *bootstrap_cases(), *monte_carlo_cases(),
        *sweep_cases(),
        *sizing_cases(),
        *all_breaker_cases(),
        *simulate_cases(),
        *file_cases(),
        *impact_cases(),
        *attribution_cases(),
        *factor_cases(),
    ]  # fmt: skip


# --- historical VaR and CVaR of a panel


def numpy_tail(returns: Matrix, level: float) -> tuple[Vector, Vector]:
    """Return VaR and CVaR as one writes them in NumPy, in the fastest of five forms tried: quantile, mean by mask."""
    quantile = np.quantile(returns, round(1.0 - level, 12), axis=0)
    return -quantile, -np.mean(returns, axis=0, where=returns <= quantile)


def numpy_order_statistic_tail(returns: Matrix, level: float) -> tuple[Vector, Vector]:
    """Return the same with the order statistic as VaR, which is our definition."""
    losses = -returns
    var = np.quantile(losses, level, axis=0, method="inverted_cdf")
    return var, np.mean(losses, axis=0, where=losses > var)


def our_tail(returns: Matrix, level: float) -> tuple[Vector, Vector]:
    """Return VaR and CVaR of each column."""
    pair = metrics.tail_risk(returns, level=level)
    return np.asarray(pair.value_at_risk), np.asarray(pair.conditional_value_at_risk)


def check_tail(returns: Matrix, level: float, theirs: Tail, *, between: bool) -> None:
    """Require equal CVaR, and equal VaR or, if `between`, theirs between our order statistic and the next worse one."""
    var, cvar = our_tail(returns, level)
    their_var, their_cvar = theirs()
    np.testing.assert_allclose(their_cvar, cvar, rtol=1e-12)
    if not between:
        np.testing.assert_allclose(their_var, var, rtol=1e-12)
        return
    worse = np.quantile(-returns, level + 0.5 / len(returns), axis=0, method="inverted_cdf")
    assert ((their_var >= var - 1e-15) & (their_var <= worse + 1e-15)).all()


def tail_cases() -> list[Case]:
    """Return the cases of historical VaR and CVaR on the panel, at 99 % and 95 %."""
    returns = panel()
    cases = []
    for level in (0.99, 0.95):
        work = f"historical VaR and CVaR, {returns.shape[0]} x {returns.shape[1]}, level {level}"
        for name, tail, agreement, repeats in (
            ("NumPy quantile (linear) and mask", numpy_tail, BETWEEN, 15),
            ("NumPy quantile (inverted_cdf) and mask", numpy_order_statistic_tail, EQUAL, 9),
        ):
            theirs = partial(tail, returns, level)
            cases.append(_tail_case(work, name, returns, level, agreement, PANEL_TARGET, repeats, theirs))
        for name, by_peer, agreement in _peer_tails(returns, level):
            cases.append(_tail_case(work, name, returns, level, agreement, None, 7, by_peer))
    return cases


def _tail_case(
    work: str,
    name: str,
    returns: Matrix,
    level: float,
    agreement: str,
    target: float | None,
    repeats: int,
    theirs: Tail,
) -> Case:
    return Case(
        work,
        name,
        lambda: our_tail(returns, level),
        theirs,
        lambda: check_tail(returns, level, theirs, between=agreement == BETWEEN),
        agreement,
        target,
        repeats,
    )


def _peer_tails(returns: Matrix, level: float) -> list[tuple[str, Tail, str]]:
    found: list[tuple[str, Tail, str]] = []
    empyrical = peer("empyrical")
    if empyrical is not None:
        cutoff = round(1.0 - level, 6)
        columns = [np.ascontiguousarray(column) for column in returns.T]

        def by_column() -> tuple[Vector, Vector]:
            var = [-empyrical.value_at_risk(column, cutoff) for column in columns]
            cvar = [-empyrical.conditional_value_at_risk(column, cutoff) for column in columns]
            return np.array(var), np.array(cvar)

        found.append(("empyrical-reloaded, column by column", by_column, BETWEEN))
    measures = peer("skfolio.measures")
    if measures is not None:

        def in_2d() -> tuple[Vector, Vector]:
            return measures.value_at_risk(returns, beta=level), measures.cvar(returns, beta=level)

        found.append(("skfolio, 2-D", in_2d, EQUAL))
    return found


# --- maximum drawdown of a panel


def drawdown_cases() -> list[Case]:
    """Return the cases of the maximum drawdown, from an array and from a DataFrame."""
    returns = panel()
    reads = [
        _read_case(kind, values) for kind, values in (("", returns), (", 16 times over", np.tile(returns, (1, 16))))
    ]
    empyrical = peer("empyrical")
    if empyrical is None:
        return reads
    frame = pd.DataFrame(returns, index=pd.bdate_range("2004-01-02", periods=len(returns)))

    def check(data: object) -> None:
        np.testing.assert_allclose(np.asarray(metrics.max_drawdown(data)), -empyrical.max_drawdown(data), rtol=1e-10)

    return reads + [
        Case(
            f"maximum drawdown, {returns.shape[0]} x {returns.shape[1]} {kind}",
            "empyrical-reloaded",
            partial(metrics.max_drawdown, data),
            partial(empyrical.max_drawdown, data),
            partial(check, data),
            "equal to 1e-10; ours is positive",
            DRAWDOWN_TARGET,
        )
        for kind, data in (("array", returns), ("DataFrame", frame))
    ]


def _read_case(kind: str, returns: Matrix) -> Case:
    """Return the case of the drawdown against reading the matrix, which is what summing it down the columns does."""

    def check() -> None:
        wealth = np.vstack([np.ones((1, 500)), np.cumprod(1.0 + returns[:, :500], axis=0)])
        expected = (1.0 - wealth / np.maximum.accumulate(wealth, axis=0)).max(axis=0)
        np.testing.assert_allclose(metrics.max_drawdown(returns)[:500], expected, rtol=1e-10)

    return Case(
        f"maximum drawdown, {returns.shape[0]} x {returns.shape[1]} array{kind}",
        "one read of the matrix: NumPy sum over axis 0",
        partial(metrics.max_drawdown, returns),
        partial(np.sum, returns, axis=0),
        check,
        "drawdowns equal NumPy's cumprod and accumulate to 1e-10",
        READ_TARGET,
    )


# --- summary of one series


def empyrical_measures(returns: pd.Series, market: pd.Series | None) -> dict[str, float]:
    """Return the measures of `riskresearch.summary` that empyrical has, called one by one, with our signs and names."""
    empyrical = peer("empyrical")
    assert empyrical is not None
    result = {
        "annual_return": empyrical.annual_return(returns),
        "volatility": empyrical.annual_volatility(returns),
        "sharpe_ratio": empyrical.sharpe_ratio(returns),
        "sortino_ratio": empyrical.sortino_ratio(returns),
        "calmar_ratio": empyrical.calmar_ratio(returns),
        "omega_ratio": empyrical.omega_ratio(returns),
        "max_drawdown": -empyrical.max_drawdown(returns),
        "value_at_risk": -empyrical.value_at_risk(returns),
        "conditional_value_at_risk": -empyrical.conditional_value_at_risk(returns),
        "tail_ratio": empyrical.tail_ratio(returns),
    }
    if market is not None:
        alpha, beta = empyrical.alpha_beta(returns, market)
        result |= {
            "beta": beta,
            "alpha": alpha,
            "information_ratio": empyrical.excess_sharpe(returns, market),
            "up_capture": empyrical.up_capture(returns, market),
            "down_capture": empyrical.down_capture(returns, market),
        }
    return result


def check_summary(returns: pd.Series, market: pd.Series | None) -> None:
    """Require that summary and empyrical agree, each measure on empyrical's own definition."""
    ours, theirs = riskresearch.summary(returns, market), empyrical_measures(returns, market)
    expected = {name: getattr(ours, name)[0] for name in theirs}
    tolerance = dict.fromkeys(theirs, 1e-9) | {"value_at_risk": 0.01, "tail_ratio": 0.02}  # they interpolate quantiles
    if market is not None:
        year = ours.periods_per_year
        expected["alpha"] = (1.0 + expected["alpha"] / year) ** year - 1.0
        expected["information_ratio"] /= year**0.5
        expected["up_capture"] = metrics.up_capture(returns, market, compounding="annualized")
        expected["down_capture"] = metrics.down_capture(returns, market, compounding="annualized")
    for name, value in theirs.items():
        np.testing.assert_allclose(value, expected[name], rtol=tolerance[name], err_msg=name)


def quantstats_metrics(returns: pd.Series, market: pd.Series | None) -> pd.DataFrame:
    """Return quantstats' full table of measures, without printing it."""
    quantstats = peer("quantstats")
    assert quantstats is not None
    with contextlib.redirect_stdout(io.StringIO()):
        return quantstats.reports.metrics(returns, benchmark=market, mode="full", display=False)


def check_quantstats(returns: pd.Series, market: pd.Series | None) -> None:
    """Require that the table shows our Sharpe, Sortino and Omega ratios, drawdown and skewness, to its two decimals."""
    ours, table = riskresearch.summary(returns, market), quantstats_metrics(returns, market)
    column = next(name for name in table.columns if name != "Benchmark")
    shown = {str(key).strip("﹪% "): value for key, value in table[column].items()}
    for name, value in (
        ("Sharpe", ours.sharpe_ratio[0]),
        ("Sortino", ours.sortino_ratio[0]),
        ("Omega", ours.omega_ratio[0]),
        ("Max Drawdown", -ours.max_drawdown[0]),
        ("Skew", pd.Series(returns).skew()),
    ):
        text = str(shown[name])
        number = float(text.strip("%").replace(",", "")) / (100 if text.endswith("%") else 1)
        np.testing.assert_allclose(number, value, atol=0.0051, err_msg=name)


def summary_cases() -> list[Case]:
    """Return the cases of the summary of one series, without and with a benchmark."""
    returns = series()
    market = benchmark_series(returns)
    cases = []
    for tail, other in (("", None), (" and a benchmark", market)):
        work = f"summary of a {len(returns)}-day Series{tail}"
        ours = partial(riskresearch.summary, returns, other)
        measures = 10 if other is None else 15
        if peer("empyrical") is not None:
            cases.append(
                Case(
                    work,
                    f"empyrical-reloaded, {measures} of its measures one by one",
                    ours,
                    partial(empyrical_measures, returns, other),
                    partial(check_summary, returns, other),
                    "equal to 1e-9 on its definitions, interpolated quantiles to 2 %",
                    EMPYRICAL_SUMMARY_TARGET,
                )
            )
        if peer("quantstats") is not None:
            cases.append(
                Case(
                    work,
                    'quantstats.reports.metrics(mode="full")',
                    ours,
                    partial(quantstats_metrics, returns, other),
                    partial(check_quantstats, returns, other),
                    "five of its about 60 compared, equal to its two decimals",
                    QUANTSTATS_SUMMARY_TARGET,
                    5,
                )
            )
    return cases


# --- bootstrap of the Sharpe ratio of one series


def ratio_of(returns: Vector) -> float:
    """Return the Sharpe ratio per period, as one writes it for `arch`."""
    return float(returns.mean() / returns.std(ddof=1))


def bootstrap_cases() -> list[Case]:
    """Return the cases of the stationary bootstrap: 10,000 draws of a Sharpe ratio, by mean length of the blocks."""
    return (
        [] if peer("arch.bootstrap") is None else [_bootstrap_case(length) for length in (1.0, 3.0, 10.0, 50.0, None)]
    )


def _bootstrap_case(length: float | None) -> Case:
    arch = peer("arch.bootstrap")
    assert arch is not None
    returns = series().to_numpy()
    settings = metrics.Bootstrap(draws=10_000, block_length=length, rng=1)

    def ours() -> metrics.Interval:
        return riskresearch.sharpe_ratio(returns, periods_per_year=1, interval=settings)

    def theirs() -> Vector:
        rows = arch.optimal_block_length(returns)["stationary"].iloc[0] if length is None else length
        bootstrap = arch.StationaryBootstrap(max(rows, 1.0), returns, seed=np.random.default_rng(1))
        return bootstrap.conf_int(ratio_of, 10_000, method="percentile", size=0.95).ravel()

    def check() -> None:
        found, bounds = ours(), theirs()
        np.testing.assert_allclose(found.estimate, ratio_of(returns), rtol=1e-12)
        np.testing.assert_allclose([found.lower, found.upper], bounds, atol=0.06 * found.standard_error)

    blocks = "automatic mean block" if length is None else f"mean block {length:g}"
    return Case(
        f"stationary bootstrap of a Sharpe interval, 10,000 draws of {len(returns)} returns, {blocks}",
        "arch.bootstrap.StationaryBootstrap.conf_int",
        ours,
        theirs,
        check,
        "own random numbers: bounds equal to 0.06 standard errors",
        BOOTSTRAP_TARGET,
        5,
    )


# --- Monte Carlo of a delta-gamma book


def dense_risk(positions: Book) -> tuple[float, float, Vector]:
    """Return VaR, CVaR and its components as one writes them in NumPy: every position in every scenario, one block."""
    draw = portfolio.normal_scenarios(positions.covariance)
    seeds = np.random.SeedSequence(1).spawn(MONTE_CARLO_SCENARIOS // 1000)
    moves = np.concatenate([draw(np.random.default_rng(seed), 1000) for seed in seeds])
    profits = moves @ positions.loadings.T
    profits *= positions.delta + 0.5 * positions.gamma * profits
    losses = -profits.sum(axis=1)
    beyond = round(MONTE_CARLO_SCENARIOS * (1.0 - MONTE_CARLO_LEVEL))
    order = np.argpartition(losses, -beyond - 1)[-beyond - 1 :]
    var = losses[order].min()
    components = -profits[order[losses[order] > var]].mean(axis=0)
    return var, components.sum(), components


def our_risk(positions: Book, *, in_full: bool) -> portfolio.MonteCarloRisk:
    """Return the same by the public function, the positions given by delta and gamma or valued in full."""

    def payoff(underlying: Matrix) -> Matrix:
        return underlying * (positions.delta + 0.5 * positions.gamma * underlying)

    exposures = {"payoff": payoff} if in_full else {"delta": positions.delta, "gamma": positions.gamma}
    return portfolio.monte_carlo_risk(
        positions.loadings,
        scenarios=portfolio.normal_scenarios(positions.covariance),
        level=MONTE_CARLO_LEVEL,
        n_scenarios=MONTE_CARLO_SCENARIOS,
        block=1000,
        rng=1,
        **exposures,
    )


def check_risk(positions: Book, *, in_full: bool) -> None:
    """Require equal VaR, CVaR and components."""
    ours = our_risk(positions, in_full=in_full)
    var, cvar, components = dense_risk(positions)
    np.testing.assert_allclose(ours.value_at_risk, var, rtol=1e-10)
    np.testing.assert_allclose(ours.conditional_value_at_risk, cvar, rtol=1e-10)
    np.testing.assert_allclose(ours.component, components, rtol=1e-8, atol=1e-12)


def monte_carlo_cases() -> list[Case]:
    """Return the cases of Monte Carlo VaR, CVaR and components; both sides grow in proportion to the scenarios."""
    positions = book()
    size = f"{MONTE_CARLO_SCENARIOS} scenarios x {len(positions.loadings)} positions, {positions.covariance.shape[0]}"
    return [
        Case(
            f"Monte Carlo VaR, CVaR and components, {size} factors, {how}",
            "NumPy, every position in one dense block",
            partial(our_risk, positions, in_full=in_full),
            partial(dense_risk, positions),
            partial(check_risk, positions, in_full=in_full),
            "VaR and CVaR equal to 1e-10, components to 1e-8",
            MONTE_CARLO_TARGET,
            5,
        )
        for how, in_full in (
            ("ours by the exposures of the book, tail rows by position", False),
            ("payoff by callable, every position", True),
        )
    ]
