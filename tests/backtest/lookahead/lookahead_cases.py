"""Functions with planted look-ahead, and honest ones that a careless check would accuse, with the data they read."""

import functools

import numpy as np
import pandas as pd
import polars as pl
import scipy.fft
import scipy.linalg
import scipy.signal

ROWS = 300


def _random(rows: int = ROWS, columns: int = 3, seed: int = 7) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    volatility = 0.008 * np.exp(0.6 * np.sin(np.arange(rows) / 25.0))
    returns = 0.0004 + volatility[:, None] * rng.standard_t(4, (rows, columns)).clip(-6.0, 6.0)
    return pd.DataFrame(returns, pd.bdate_range("2022-01-03", periods=rows, name="date"), list("ABC")[:columns])


RETURNS = _random()
PRICES = 80.0 * (1.0 + RETURNS).cumprod()
ONE, PRICE = RETURNS["A"], PRICES["A"]
GAPPY = PRICES.mask(np.random.default_rng(3).random(PRICES.shape) < 0.06)
JUMP = ONE.copy()
JUMP.iloc[173] = -0.19
RARE = pd.DataFrame({"price": PRICE, "event": np.where(np.arange(ROWS) == 211, "split", "")}, PRICE.index)
FLAGS = pd.DataFrame({"price": PRICE, "halted": np.isin(np.arange(ROWS), (57, 58, 190))}, PRICE.index)
RATINGS = pd.Series(pd.Categorical(np.random.default_rng(5).choice(list("ABCD"), ROWS)), PRICE.index, name="rating")
OBJECTS = pd.Series([f"note {i % 7}" if i % 3 else None for i in range(ROWS)], PRICE.index, dtype=object)
COUNTS = pd.Series(np.random.default_rng(6).poisson(40.0, ROWS), PRICE.index)
BOOLS = pd.Series(np.random.default_rng(8).random(ROWS) < 0.5, PRICE.index)
NULLABLE = pd.Series(np.random.default_rng(9).poisson(4.0, ROWS), PRICE.index, dtype="Int64")
LONG = PRICES.stack().rename("price").rename_axis(["date", "asset"])
BY_ASSET = LONG.swaplevel().sort_index()
WEIGHTS = np.sign(RETURNS.rolling(5).sum()).fillna(0.0) / 3.0
POLARS = pl.from_pandas(RARE.reset_index())
MEAN, DEVIATION, VALUES = RETURNS.mean(), RETURNS.std(), RETURNS.to_numpy()
THRESHOLD = float(ONE.quantile(0.95))
SIGNAL = np.sign(ONE.shift(-1)).fillna(0.0)
BY_DATE = {"all": RETURNS}


class Scaler:
    """A scaler in scikit-learn's manner."""

    def fit(self, values):
        self.mean_, self.scale_ = values.mean(), values.std()
        return self

    def transform(self, values):
        return (values - self.mean_) / self.scale_


class FittedOnce:
    """Fits at its first call, and never again."""

    def __init__(self):
        self.scaler = None

    def __call__(self, values):
        if self.scaler is None:
            self.scaler = Scaler().fit(values)
        return self.scaler.transform(values)


FITTED = Scaler().fit(RETURNS)


def _pca(x):
    values = x.to_numpy()
    directions = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)[2]
    return pd.Series(values @ directions[0], x.index)


def _kalman_smoother(x):
    """Return a local level, filtered forwards and then smoothed backwards (Rauch, Tung and Striebel)."""
    level, variance, levels, variances = float(x.iloc[0]), 1.0, [], []
    for value in x:
        prior = variance + 0.1
        gain = prior / (prior + 1.0)
        level, variance = level + gain * (value - level), (1.0 - gain) * prior
        levels.append(level)
        variances.append(variance)
    smooth = list(levels)
    for row in range(len(levels) - 2, -1, -1):
        back = variances[row] / (variances[row] + 0.1)
        smooth[row] = levels[row] + back * (smooth[row + 1] - levels[row])
    return pd.Series(smooth, x.index)


def _detrended(x):
    time = np.arange(len(x), dtype=float)
    return x - np.polyval(np.polyfit(time, x.to_numpy(), 1), time) if len(x) > 2 else x


def _low_pass(x):
    spectrum = np.fft.rfft(x.to_numpy())
    spectrum[len(spectrum) // 4 :] = 0.0
    return pd.Series(np.fft.irfft(spectrum, len(x)), x.index)


def _nearest(x):
    other = x.iloc[::3].rename("other").reset_index()
    return pd.merge_asof(x.reset_index(), other, on="date", direction="nearest")["other"].to_numpy()


def _weekly(x):
    return x.resample("W-MON", label="left", closed="left").sum().reindex(x.index).ffill()


def _on_one_row(x):
    found = x.rolling(3).mean()
    place = int(np.argmax(np.abs(x.to_numpy())))
    if place + 1 < len(x):
        found.iloc[place] = x.iloc[place + 1]
    return found


def _now_and_then(x):
    """Return tomorrow's number on every 50th row, of numbers among which nothing tells that row apart."""
    return x.where(np.arange(len(x)) % 50 != 7, x.shift(-1))


def _noise(x):
    return pd.Series(np.random.default_rng(len(x)).normal(size=len(x)), x.index) + x


def _split_seen_early(x):
    return x["price"] * np.where(x["event"].shift(-1) == "split", 0.5, 1.0)


def _flagged(x):
    return x["price"].pct_change().where(~x["halted"].shift(-1, fill_value=False), 0.0)


def _jumps_known(x):
    big = x.shift(-1).abs() > 3.0 * x.expanding().std().shift(1)
    return x.rolling(10).mean().where(~big, 0.0)


def _best_column(x):
    return x[[x.sum().idxmax()]]


def _entropy_of_all(x):
    return x.map(x.value_counts(normalize=True)).astype(float)


LEAKS = {
    "full-sample z-score": (lambda x: (x - x.mean()) / x.std(), RETURNS),
    "centred window": (lambda x: x.rolling(7, center=True).mean(), RETURNS),
    "tomorrow": (lambda x: x.shift(-1), RETURNS),
    "tomorrow, filled with today": (lambda x: x.shift(-1).fillna(x), RETURNS),
    "sign of tomorrow": (lambda x: np.sign(x.shift(-1)).fillna(0.0), RETURNS),
    "backward fill of gaps": (lambda x: x.bfill(), GAPPY),
    "backward fill where data has none": (lambda x: x.bfill(), PRICES),
    "interpolated gaps": (lambda x: x.interpolate(), GAPPY),
    "interpolated where data has none": (lambda x: x.interpolate().pct_change(fill_method=None), PRICES),
    "gaps filled with the mean": (lambda x: x.fillna(x.mean()), RETURNS),
    "interpolated over absent days": (lambda x: x.resample("D").interpolate(), PRICES),
    "backward fill over weekends": (lambda x: x.asfreq("D").bfill(), PRICES),
    "columns without later gaps": (lambda x: x.dropna(axis=1), RETURNS),
    "maximum of all": (lambda x: x / x.max(), PRICES),
    "minimum of all": (lambda x: x - x.min(), PRICES),
    "max of the next five": (lambda x: x[::-1].rolling(5, min_periods=1).max()[::-1], PRICES),
    "argmax of all": (lambda x: pd.Series(np.arange(len(x)) < int(np.argmax(x.to_numpy())), x.index), PRICE),
    "full-sample quantile": (lambda x: x > x.quantile(0.9), RETURNS),
    "min-max scaler": (lambda x: (x - x.min()) / (x.max() - x.min()), RETURNS),
    "rank over all": (lambda x: x.rank(pct=True), RETURNS),
    "bins over all": (lambda x: pd.Series(pd.qcut(x.rank(method="first"), 2, labels=False), x.index), ONE),
    "nearest in time": (_nearest, ONE),
    "weekly, labelled at its start, filled": (_weekly, ONE),
    "mean of the month": (lambda x: x.groupby(x.index.to_period("M")).transform("mean"), RETURNS),
    "regression on time": (_detrended, PRICE),
    "regression of all": (lambda x: x["A"] - x["B"] * (x["A"] @ x["B"]) / (x["B"] @ x["B"]), RETURNS),
    "principal component of all": (_pca, RETURNS),
    "Fourier low-pass": (_low_pass, ONE),
    "Savitzky-Golay": (lambda x: scipy.signal.savgol_filter(x.to_numpy(), 7, 2), ONE),
    "filtered both ways": (lambda x: scipy.signal.filtfilt([0.2], [1.0, -0.8], x.to_numpy()), ONE),
    "Kalman smoother": (_kalman_smoother, PRICE),
    "ewm backwards": (lambda x: x[::-1].ewm(halflife=5).mean()[::-1], RETURNS),
    "volatility of all": (lambda x: 0.1 * np.sign(x.shift(1)) / x.std(), RETURNS),
    "scaled by the last": (lambda x: x / x.iloc[-1], PRICES),
    "length of all": (lambda x: x * len(x), RETURNS),
    "seed from the length": (_noise, ONE),
    "best column of all": (_best_column, RETURNS),
    "jumps known a day early": (_jumps_known, JUMP),
    "a crash avoided": (lambda x: x.where(x > -0.15, 0.0).shift(1).where(x.shift(-1) > -0.15, 1.0), JUMP),
    "one rare row": (_on_one_row, JUMP),
    "a row now and then": (_now_and_then, ONE),
    "split seen early in text": (_split_seen_early, RARE),
    "halt seen early in a flag": (_flagged, FLAGS),
    "tomorrow's rating": (lambda x: x.shift(-1), RATINGS),
    "frequency of all ratings": (_entropy_of_all, RATINGS),
    "notes filled backwards": (lambda x: x.bfill(), OBJECTS),
    "tomorrow's note": (lambda x: x.shift(-1).isna(), OBJECTS),
    "tomorrow's count": (lambda x: x.diff(-1), COUNTS),
    "sum of all flags": (lambda x: x * x.sum(), BOOLS),
    "flags ahead": (lambda x: x[::-1].cummax()[::-1], BOOLS),
    "tomorrow's nullable count": (lambda x: x.shift(-1), NULLABLE),
    "long table, z-score of all": (lambda x: (x - x.mean()) / x.std(), LONG),
    "long table, tomorrow by asset": (lambda x: x.groupby(level="asset").shift(-1), BY_ASSET),
    "weights of all": (lambda w, p: w * p.pct_change().std(), (WEIGHTS, PRICES)),
    "weights of tomorrow": (lambda w, p: (w.shift(-1) * p.pct_change()).sum(axis=1), (WEIGHTS, PRICES)),
    "array, tomorrow": (lambda x: np.append(x[1:], x[-1]), PRICE.to_numpy()),
    "array of words, tomorrow": (lambda x: np.append(x[1:], x[-1]), OBJECTS.fillna("none").to_numpy(dtype=str)),
    "list, of all": (lambda x: list(x / max(x)), PRICE),
    "polars, tomorrow": (lambda x: x.with_columns(pl.col("price").shift(-1)), POLARS),
    "polars, text ahead": (lambda x: x.select(pl.col("event").shift(-1) == "split"), POLARS),
    "polars, filled backwards": (lambda x: x.with_columns(pl.col("price").fill_null(strategy="backward")), POLARS),
    "fails where short, z-score of all": (lambda x: (x - x.mean()) / x.std() if len(x) > 200 else x.iloc[500], RETURNS),
    "scaler fitted outside": (lambda x: (x - MEAN) / DEVIATION, RETURNS),
    "one scale fitted outside": (lambda x: x * 0.1 / float(DEVIATION["A"]), ONE),
    "threshold fitted outside": (lambda x: x > THRESHOLD, ONE),
    "scaler object fitted outside": (FITTED.transform, RETURNS),
    "scaler object in a closure": (lambda x: FITTED.transform(x), RETURNS),
    "scaler in a partial": (functools.partial(lambda x, mean: x - mean, mean=MEAN), RETURNS),
    "fitted at the first call": (FittedOnce(), RETURNS),
    "mean of the table in a closure": (lambda x: x - RETURNS.mean(), RETURNS),
    "mean of the array in a closure": (lambda x: x - VALUES.mean(axis=0), RETURNS),
    "table in a dict": (lambda x: x / BY_DATE["all"].std(), RETURNS),
    "answers worked out beforehand": (lambda x: SIGNAL.loc[x.index], ONE),
}  # fmt: skip
DELAYED = {
    "same bar": (lambda x: np.sign(x), ONE),
    "same bar on jumps": (lambda x: x.shift(1).where(x > -0.15, 0.0), JUMP),
}
"""Leaks where the answer is in force on its own bar: `delay=1`."""


def _fft_filter(x):
    kernel, size = 0.9 ** np.arange(len(x)), 2 * len(x)
    found = np.fft.irfft(np.fft.rfft(x.to_numpy(), size) * np.fft.rfft(kernel, size), size)[: len(x)]
    return pd.Series(found, x.index)


def _fft_by_column(x):
    kernel = np.full((5, 1), 0.2)
    return pd.DataFrame(scipy.signal.fftconvolve(x.to_numpy(), kernel, axes=0)[: len(x)], x.index, x.columns)


def _decay_matrix(x):
    lags = np.subtract.outer(np.arange(len(x)), np.arange(len(x)))
    return pd.DataFrame(np.where(lags >= 0, 0.9 ** np.maximum(lags, 0), 0.0) @ x.to_numpy(), x.index, x.columns)


def _fft_deviation(x):
    values, kernel = x.to_numpy(), np.full(20, 0.05)
    mean = scipy.signal.fftconvolve(values, kernel)[: len(x)]
    square = scipy.signal.fftconvolve(values * values, kernel)[: len(x)]
    return pd.Series(np.sqrt(np.maximum(square - mean * mean, 0.0)), x.index)


def _expanding_ols(x):
    slopes = [np.nan] * min(30, len(x))
    for row in range(30, len(x)):
        past = x.iloc[:row]
        slopes.append(np.linalg.lstsq(past[["B", "C"]].to_numpy(), past["A"].to_numpy(), rcond=None)[0][0])
    return pd.Series(slopes, x.index)


def _solved(x):
    """Return a recursion as one system of equations with a band; for one row SciPy 1.13 takes the wrong one."""
    if len(x) == 1:
        return pd.Series(x.to_numpy(), x.index)
    band = np.vstack([np.ones(len(x)), np.full(len(x), -0.9)])
    return pd.Series(scipy.linalg.solve_banded((1, 0), band, x.to_numpy()), x.index)


def _triangular(x):
    matrix = np.tril(np.full((len(x), len(x)), 0.1)) + np.eye(len(x))
    return scipy.linalg.solve_triangular(matrix, x.to_numpy(), lower=True)


def _merged_backwards(x):
    return pd.merge_asof(x.reset_index(), x.iloc[::3].rename("other").reset_index(), on="date")["other"]


def _scipy_fourier(x):
    return scipy.fft.irfft(scipy.fft.rfft(x.to_numpy(), 1024) * scipy.fft.rfft(FIR, 1024), 1024)[: len(x)]


def _needs_sixty(x):
    if len(x) < 60:
        raise IndexError("single positional indexer is out-of-bounds")
    return x.rolling(60).mean()


def _no_gaps(x):
    if x.isna().any().any():
        raise RuntimeError("no gaps, please")
    return x.expanding().mean()


def _walk_forward(x):
    """Refit a scaler every 50 rows, on the rows before only."""
    found = x * np.nan
    for start in range(50, len(x), 50):
        found.iloc[start : start + 50] = Scaler().fit(x.iloc[:start]).transform(x.iloc[start : start + 50])
    return found


PRODUCT = np.random.default_rng(2).normal(size=(3, 40))
FIR = scipy.signal.firwin(9, 0.2)
SECTIONS = scipy.signal.butter(4, 0.1, output="sos")
RATE = 0.1234567
CALENDAR = pd.Series(np.arange(ROWS) % 5 == 0, PRICE.index)
KERNEL = 0.97 ** np.arange(ROWS)

HONEST = {
    "trailing window": (lambda x: x.rolling(5).sum(), RETURNS),
    "running deviation": (lambda x: x.rolling(20).std(), PRICES),
    "rolling median": (lambda x: x.rolling(9).median(), RETURNS),
    "rolling apply": (lambda x: x.rolling(10).apply(np.ptp, raw=True), ONE),
    "rolling correlation": (lambda x: x["A"].rolling(20).corr(x["B"]), RETURNS),
    "rolling skewness": (lambda x: x.rolling(20).skew(), RETURNS),
    "expanding z-score": (lambda x: (x - x.expanding().mean()) / x.expanding().std(), RETURNS),
    "expanding rank": (lambda x: x.expanding().rank(pct=True), ONE),
    "expanding min-max": (lambda x: (x - x.cummin()) / (x.cummax() - x.cummin()), PRICES),
    "ewm": (lambda x: x.ewm(halflife=10).mean(), RETURNS),
    "forward fill": (lambda x: x.ffill(), GAPPY),
    "forward fill over weekends": (lambda x: x.asfreq("D").ffill(), PRICES),
    "yesterday": (lambda x: x.shift(1), RETURNS),
    "month so far": (lambda x: x.groupby(x.index.to_period("M")).cumsum(), RETURNS),
    "last month's mean": (lambda x: x.resample("ME").mean(), RETURNS),
    "month by period": (lambda x: x.groupby(x.index.to_period("M")).sum(), RETURNS),
    "week at its end, filled": (lambda x: x.resample("W-FRI").sum().reindex(x.index, method="ffill"), ONE),
    "merged backwards": (_merged_backwards, ONE),
    "matrix product": (lambda x: pd.DataFrame(x.to_numpy() @ PRODUCT, x.index), RETURNS),
    "matrix product by rows of floats": (lambda x: (x.astype("float32") @ PRODUCT[:, :5].astype("float32")), RETURNS),
    "einsum": (lambda x: np.einsum("ij,jk->i", x.to_numpy(), PRODUCT, optimize=True), RETURNS),
    "decay as a matrix": (_decay_matrix, RETURNS),
    "Fourier convolution": (_fft_filter, ONE),
    "Fourier convolution of prices": (lambda x: _fft_filter(x) - 9.0 * x, PRICE),
    "Fourier convolution of columns": (_fft_by_column, PRICES),
    "deviation by Fourier": (_fft_deviation, ONE),
    "SciPy's own Fourier": (_scipy_fourier, ONE),
    "overlap-add": (lambda x: scipy.signal.oaconvolve(x.to_numpy(), FIR)[: len(x)], ONE),
    "causal convolution": (lambda x: np.convolve(x.to_numpy(), FIR)[: len(x)], ONE),
    "valid convolution": (lambda x: np.convolve(x.to_numpy(), FIR, mode="valid"), ONE),
    "recursive filter": (lambda x: scipy.signal.lfilter([0.2], [1.0, -0.8], x.to_numpy(), axis=0), RETURNS),
    "second-order sections": (lambda x: scipy.signal.sosfilt(SECTIONS, x.to_numpy()), PRICE),
    "banded system": (_solved, ONE),
    "triangular system": (_triangular, ONE),
    "expanding regression": (_expanding_ols, RETURNS.iloc[:60]),
    "walk-forward scaler": (_walk_forward, RETURNS),
    "sums of the past": (lambda x: (x.cumsum() - x.cumsum().shift(20)) / 20.0, PRICES),
    "wealth": (lambda x: np.expm1(np.log1p(x).cumsum()), RETURNS),
    "drawdown": (lambda x: 1.0 - x / x.cummax(), PRICES),
    "a fixed threshold": (lambda x: (x > 0.01).astype(int), RETURNS),
    "a fixed rate of many digits": (lambda x: x * RATE, RETURNS),
    "lagged sign": (lambda x: np.sign(x.shift(1)).fillna(0.0), RETURNS),
    "equal weights": (lambda x: x * 0.0 + 1.0 / x.shape[1], RETURNS),
    "a calendar": (lambda x: pd.Series(x.index.day_of_week == 4, x.index), RETURNS),
    "a list": (lambda x: list(x.cumsum()), ONE),
    "rows of a list": (lambda x: x.cumsum().to_numpy().tolist(), RETURNS),
    "a tuple": (lambda x: (x.cummax(), x.cummin().to_numpy()), RETURNS),
    "a dict": (lambda x: {"high": x.cummax(), "up": x["A"] > x["A"].shift(1)}, RETURNS),
    "words": (lambda x: x.diff().gt(0.0).replace({True: "up", False: "down"}), RETURNS),
    "text": (lambda x: x["price"].where(x["event"] == "", np.nan), RARE),
    "flags so far": (lambda x: x.assign(halts=x["halted"].cumsum()), FLAGS),
    "ratings": (lambda x: x.shift(1).astype(object), RATINGS),
    "notes": (lambda x: x.ffill(), OBJECTS),
    "counts": (lambda x: x.diff(), COUNTS),
    "nullable counts": (lambda x: x.cumsum(), NULLABLE),
    "long table, rank of the day": (lambda x: x.groupby(level="date").rank(), LONG),
    "long table, by asset": (lambda x: x.groupby(level="asset").pct_change(), BY_ASSET),
    "needs sixty rows": (_needs_sixty, RETURNS),
    "takes no gaps": (_no_gaps, RETURNS),
    "changes its argument": (lambda x: x.__setitem__("D", x["A"].cumsum()) or x, RETURNS),
    "a table in a closure, by date": (lambda w: (w.shift(1) * PRICES.pct_change()).sum(axis=1), WEIGHTS),
    "a calendar in a closure": (lambda x: x.where(CALENDAR.reindex(x.index), 0.0), RETURNS),
    "a kernel as long as the data": (lambda x: scipy.signal.fftconvolve(x.to_numpy(), KERNEL)[: len(x)], ONE),
    "weights and prices": (lambda w, p: (w.shift(1) * p.pct_change()).sum(axis=1), (WEIGHTS, PRICES)),
    "array": (lambda x: np.maximum.accumulate(x, axis=0), PRICES.to_numpy()),
    "shorter array": (lambda x: np.diff(x, axis=0), PRICES.to_numpy()),
    "polars": (lambda x: x.with_columns(pl.col("price").pct_change()), POLARS),
    "polars, filled forwards": (lambda x: x.with_columns(pl.col("price").fill_null(strategy="forward")), POLARS),
}  # fmt: skip
