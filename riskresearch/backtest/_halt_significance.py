"""Did the halts come at the right time, or would as many at any other time have done as well?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._checks import check_count, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels._halts import exposure_outcomes
from riskresearch.kernels._placements import draw_shifts, find_halts, placed_outcomes, shifted_outcomes
from riskresearch.metrics import Bootstrap, annual_return

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatMatrix, FloatVector

FEWEST_DRAWS = 99
KINDS = ("circular shift", "random placement")


@dataclass(frozen=True, slots=True)
class HaltSignificance:
    """How a path of halts compares with halts at other times: see `halt_significance`."""

    observations: int
    halts: int
    """Stretches of rows on which less than everything was held."""
    time_out: float
    """Mean of 1 - exposure, a fraction of the rows."""
    growth: float
    """What 1 became with the halts."""
    growth_held: float
    """What 1 became without them."""
    growth_constant: float
    """What 1 became with the mean exposure on every row: as much out of the market, at no particular time."""
    drawdown: float
    drawdown_held: float
    drawdown_constant: float
    p_growth: tuple[float, float]
    """Share of random halts, the observed ones counted among them, that grew at least as much, by `kinds`."""
    p_drawdown: tuple[float, float]
    """The same, with a worst drawdown no deeper."""
    p_growth_corrected: tuple[float, float]
    """The same for the best of `trials` independent sets of parameters: 1 - (1 - p) ** trials (Sidak)."""
    p_drawdown_corrected: tuple[float, float]
    gain: float
    """Mean yearly return with the halts less that of the constant exposure."""
    gain_lower: float
    gain_upper: float
    """Its interval by the stationary bootstrap."""
    confidence: float
    trials: int
    draws: tuple[int, int]
    cost: float
    seed: int
    kinds: tuple[str, str] = KINDS

    def to_frame(self) -> pd.DataFrame:
        """Return growth and worst drawdown with the halts, without them, and at constant exposure."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        return pd.DataFrame(
            {
                "growth": [self.growth, self.growth_held, self.growth_constant],
                "max_drawdown": [self.drawdown, self.drawdown_held, self.drawdown_constant],
            },
            index=pd.Index(["halts", "held", "constant"], name="path"),
        )

    def p_values(self) -> pd.DataFrame:
        """Return the p-values of growth and drawdown by kind of random halts, plain and corrected for the trials."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        names = ("p_growth", "p_growth_corrected", "p_drawdown", "p_drawdown_corrected")
        columns = {name.removeprefix("p_"): getattr(self, name) for name in names}
        return pd.DataFrame(columns, index=pd.Index(self.kinds, name="random halts"))

    def summary(self) -> str:
        """Return the p-values first, then the numbers that flatter."""
        lines = [
            f"{self.halts} halts, out of the market {self.time_out:.1%} of {self.observations} rows",
            "Share of random halts at least as good (corrected for trials: "
            f"{self.trials} set{'s' * (self.trials != 1)} of parameters tried)",
        ]
        for number, kind in enumerate(self.kinds):
            lines.append(
                f"  {kind:<17} growth {self.p_growth[number]:.3f} ({self.p_growth_corrected[number]:.3f}),  "
                f"drawdown {self.p_drawdown[number]:.3f} ({self.p_drawdown_corrected[number]:.3f}),  "
                f"{self.draws[number]} draws"
            )
        lines += [
            f"Gain over the same mean exposure held throughout: {self.gain:.2%} a year, {self.confidence:.3g} interval "
            f"{self.gain_lower:.2%} to {self.gain_upper:.2%}",
            f"Growth of 1: {self.growth:.4g} with the halts, {self.growth_constant:.4g} at constant exposure, "
            f"{self.growth_held:.4g} held",
            f"Worst drawdown: {self.drawdown:.1%} with the halts, {self.drawdown_constant:.1%} at constant exposure, "
            f"{self.drawdown_held:.1%} held",
            f"Cost per unit of exposure changed {self.cost:g}; draws repeat with rng={self.seed}.",
        ]
        return "\n".join(lines)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the p-values as bars."""
        import pandas as pd  # noqa: PLC0415

        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        shares = {"growth": self.p_growth, "drawdown": self.p_drawdown}
        named = {
            f"{name}, {kind}": p for name, pair in shares.items() for kind, p in zip(self.kinds, pair, strict=True)
        }
        bars = pd.Series(named)
        return plot_bars(bars, label="Share of random halts at least as good", percent=True, ax=ax)

    def __repr__(self) -> str:
        shares = ", ".join(f"{p:.3g}" for p in self.p_growth)
        return f"HaltSignificance({self.halts} halts, p of growth {shares})"

    def _repr_html_(self) -> str:
        return f"<pre>{self.summary()}</pre>"


def halt_significance(
    returns: Data,
    exposure: Data,
    *,
    cost: float = 0.0,
    draws: int = 2000,
    trials: int = 1,
    confidence: float = 0.95,
    periods_per_year: float | None = None,
    rng: int | np.random.Generator | None = None,
) -> HaltSignificance:
    """Compare halts with as many and as long halts at other times.

    Parameters
    ----------
    returns : Series or 1-D array
        Simple returns per period of what is held outside of halts.
    exposure : Series or 1-D array
        Fraction in [0, 1] held while each return was earned, decided before it.
    cost : float
        Fraction lost for each unit of exposure changed.
    draws : int
        Random halts of each kind: the path shifted around the circle of the sample, which keeps the gaps between halts,
        and its halts in random order at random places. All shifts are taken where there are fewer.
    trials : int
        Sets of parameters that were tried before this one was shown.
    confidence : float
        Probability of the bootstrap interval.
    periods_per_year : float, optional
        None reads it off the dates.
    rng : int, Generator, optional
        Where the draws start from; None takes fresh entropy, and the result's `seed` repeats it.

    Returns
    -------
    HaltSignificance
        p-values count the observed path among the draws, so none is zero.

    Raises
    ------
    InvalidInputError
        If nothing or everything is halted, or an argument breaks its rule.

    Examples
    --------
    >>> import riskresearch
    >>> returns, exposure = [0.01, -0.2, 0.02, 0.01, -0.01, 0.02], [1, 0, 1, 1, 1, 1]
    >>> riskresearch.backtest.halt_significance(returns, exposure, rng=1)
    HaltSignificance(1 halts, p of growth 0.167, 0.169)
    """
    panel, held = _checked(returns, exposure)
    settings = Bootstrap(confidence, draws=max(draws, 100) if isinstance(draws, int) else 100, rng=rng)
    check_count(draws, name="draws", minimum=FEWEST_DRAWS)
    check_count(trials, name="trials", minimum=1)
    if check_number(cost, name="cost") < 0.0:
        raise InvalidInputError(f"cost must not be negative, got {cost!r}: it is lost at each change of exposure.")
    seed = settings.seed()
    earned = np.ascontiguousarray(panel.values[:, 0])
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    observed, compared = _three_paths(earned, held, cost)
    shares, counts = _shares(earned, held, cost, draws, seed, observed)
    gained = _gain(earned, held, cost)
    interval = annual_return(
        gained, compounding="arithmetic", periods_per_year=periods,
        confidence=Bootstrap(confidence, draws=settings.draws, rng=seed),
    )  # fmt: skip
    corrected = [tuple(1.0 - (1.0 - p) ** trials for p in pair) for pair in shares]
    return HaltSignificance(
        observations=earned.shape[0],
        halts=int(find_halts(held).lengths.shape[0]),
        time_out=float(np.mean(1.0 - held)),
        growth=observed[0], growth_held=compared[0][0], growth_constant=compared[1][0],
        drawdown=observed[1], drawdown_held=compared[0][1], drawdown_constant=compared[1][1],
        p_growth=shares[0], p_drawdown=shares[1],
        p_growth_corrected=(corrected[0][0], corrected[0][1]), p_drawdown_corrected=(corrected[1][0], corrected[1][1]),
        gain=float(interval.estimate), gain_lower=float(interval.lower), gain_upper=float(interval.upper),
        confidence=settings.confidence, trials=trials, draws=counts, cost=float(cost), seed=seed,
    )  # fmt: skip


def best_set_p_value(
    returns: Data, exposures: FloatMatrix, *, cost: float = 0.0, draws: int = 500, rng: int = 0
) -> float:
    """Return how often the best of all sets, each shifted alike around the sample, grew as much as the best did.

    Parameters
    ----------
    returns : Series or 1-D array
        Simple returns per period.
    exposures : array of shape (rows, sets)
        Fraction in [0, 1] held by each set of parameters while each return was earned.
    cost : float
        Fraction lost for each unit of exposure changed.
    draws : int
        Shifts, common to all sets, so that the dependence between them is kept (White's reality check by shifts).
    rng : int
        Where the draws start from.

    Returns
    -------
    float
        A p-value of the best set's growth that knows of all that were tried.

    Raises
    ------
    InvalidInputError
        If the rows differ or an argument breaks its rule.

    Examples
    --------
    >>> import numpy as np, riskresearch
    >>> returns = np.array([0.01, -0.2, 0.02, 0.01, -0.01, 0.02])
    >>> exposures = np.array([[1, 0, 1, 1, 1, 1], [1, 1, 0, 1, 1, 1]], dtype=float).T
    >>> round(riskresearch.backtest.best_set_p_value(returns, exposures), 3)
    0.333
    """
    panel, sets = as_panel(returns, min_rows=2), as_panel(exposures, name="exposures", min_rows=2)
    _check_path(panel, sets.values)
    check_count(draws, name="draws", minimum=FEWEST_DRAWS)
    earned = np.ascontiguousarray(panel.values[:, 0])
    shifts = draw_shifts(earned.shape[0], draws, np.random.default_rng(check_count(rng, name="rng", minimum=0)))
    observed, shifted = -np.inf, np.full(shifts.shape[0], -np.inf)
    for column in np.ascontiguousarray(sets.values.T):
        observed = max(observed, exposure_outcomes(earned, column, np.zeros(1, dtype=np.longlong), cost)[0].item())
        shifted = np.maximum(shifted, shifted_outcomes(earned, column, shifts, cost)[0])
    return _share(int((shifted >= observed).sum()), shifts.shape[0])


def _checked(returns: Data, exposure: Data) -> tuple[Panel, FloatVector]:
    panel, path = as_panel(returns, min_rows=2), as_panel(exposure, name="exposure", min_rows=2)
    _check_path(panel, path.values)
    held = np.ascontiguousarray(path.values[:, 0])
    out = held < 1.0
    if path.values.shape[1] != 1 or not out.any() or out.all():
        raise InvalidInputError(
            f"exposure must be one column with rows at 1 and rows below it, got shape {path.values.shape} with "
            f"{int(out.sum())} of {held.shape[0]} rows of the first column below 1: there is no halt to move elsewhere."
        )
    return panel, held


def _check_path(panel: Panel, paths: FloatMatrix) -> None:
    if panel.values.shape[1] != 1:
        raise InvalidInputError(f"returns must be of one portfolio, got {panel.values.shape[1]} columns.")
    if paths.shape[0] != panel.values.shape[0]:
        raise InvalidInputError(
            f"exposure must have the rows of returns, got {paths.shape[0]} for {panel.values.shape[0]}."
        )
    if paths.min() < 0.0 or paths.max() > 1.0:
        raise InvalidInputError(f"exposure must be in [0, 1], got {paths.min():g} to {paths.max():g}.")


def _three_paths(
    earned: FloatVector, held: FloatVector, cost: float
) -> tuple[tuple[float, float], list[tuple[float, float]]]:
    """Return wealth and drawdown of the path, and of holding everything and the mean exposure throughout."""
    rows = held.shape[0]
    paths = np.concatenate([held, np.ones(rows), np.full(rows, held.mean())])
    wealth, drawdown = exposure_outcomes(earned, paths, np.arange(3, dtype=np.longlong) * rows, cost)
    pairs = list(zip(wealth.tolist(), drawdown.tolist(), strict=True))
    return pairs[0], pairs[1:]


def _shares(
    earned: FloatVector, held: FloatVector, cost: float, draws: int, seed: int, observed: tuple[float, float]
) -> tuple[tuple[tuple[float, float], tuple[float, float]], tuple[int, int]]:
    """Return the p-values of growth and of drawdown, each by both kinds, and the draws of both kinds."""
    for_shifts, for_places = np.random.SeedSequence(seed).spawn(2)
    shifts = draw_shifts(held.shape[0], draws, np.random.default_rng(for_shifts))
    growth, drawdown = [], []
    for ends, falls in (
        shifted_outcomes(earned, held, shifts, cost),
        placed_outcomes(earned, held, draws, cost, for_places),
    ):
        growth.append(_share(int((ends >= observed[0]).sum()), ends.shape[0]))
        drawdown.append(_share(int((falls <= observed[1]).sum()), falls.shape[0]))
    return ((growth[0], growth[1]), (drawdown[0], drawdown[1])), (shifts.shape[0], draws)


def _share(as_good: int, draws: int) -> float:
    return (1 + as_good) / (1 + draws)


def _gain(earned: FloatVector, held: FloatVector, cost: float) -> FloatVector:
    """Return per row what the path earned above the mean exposure held throughout."""
    changes = np.abs(np.diff(held, prepend=held[0]))
    gained: FloatVector = (held - held.mean()) * earned - cost * changes
    return gained
