"""How long a book takes to liquidate, and what it costs: the definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import (
    check_choice,
    check_count,
    check_level,
    check_number,
    check_participation,
    shown,
    text_keys,
)
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import check_daily_volatility, check_impact
from riskresearch.kernels.inference._sharpe_errors import normal_quantile
from riskresearch.pretrade.book._book import Book
from riskresearch.pretrade.book._book_inputs import read_max_age
from riskresearch.pretrade.limits._rule import ByName
from riskresearch.pretrade.liquidity._assessed import Assessed, assess
from riskresearch.pretrade.liquidity._book_liquidity import BookLiquidity
from riskresearch.pretrade.liquidity._positions import Positions, read_positions

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector

SPREADS = ("half_spread", "half_spread_deviation")
IMPACT_OF = ("position", "day")
ADJUSTMENTS = ("both", "exogenous", "endogenous")


@answers_other_names(
    {"participation": "max_participation", "participation_rate": "max_participation",
     "max_bar_consumption": "max_participation", "adv_pct": "max_participation", "impact": "impact_coefficient",
     "coefficient": "impact_coefficient", "coefficient_error": "impact_error", "days": "horizons",
     "spread_volatility": "half_spread_deviation",
     "spread": "It is half of the spread, as a fraction: half_spread=spread / 2."}
)  # fmt: skip
@dataclass(frozen=True, slots=True)
class LiquidityChecker:
    """Days to liquidate a book, the expected cost of it, and VaR with that cost.

    Every position is sold, or a short one bought back, at the cap on each day until nothing is left. A position without
    a positive price, volume or rate of its currency, or without a volatility, cannot be judged: it counts as not
    liquidatable, with infinite days and costs, and is named.

    Parameters
    ----------
    max_participation : float or mapping of str to float
        Largest part of the average daily volume that is traded in an asset on a day, for all assets or by asset; "*" is
        that of the assets that a mapping does not name.
    impact_coefficient : float
        Coefficient of the square-root law: liquidating a position costs coefficient * volatility * sqrt(units /
        average_volume) of its value. The default, one day's volatility for one day's volume, is a rule of thumb;
        `posttrade.fit_square_root_law` measures it. Zero leaves the impact out, and then no volatility is needed.
    impact_error : float, optional
        Standard error of the coefficient, such as `SquareRootLaw.coefficient_error`, for the interval of the impact. It
        is the same for all positions, so that the bounds of the book are the sums of theirs.
    impact_of : {"position", "day"}
        Whether the whole position is one order for the law, however many days it takes, or what is sold on a day is an
        order of its own, whose impact is gone by the next day; `simulate` charges the latter.
    half_spread : float or mapping of str to float, optional
        Mean of half of the bid-ask spread, as a fraction of the price, for all assets or by asset. Without it there is
        no spread cost.
    half_spread_deviation : float or mapping of str to float, optional
        Standard deviation of half of the spread over time, as a fraction of the price.
    spread_multiple : float
        Deviations by which the spread exceeds its mean in the liquidity-adjusted VaR.
    adjustment : {"both", "exogenous", "endogenous"}
        What is added to VaR: "exogenous" the spread, |value| * (half_spread + spread_multiple * half_spread_deviation),
        "endogenous" the expected impact, which depends on the own size, or both.
    level : float
        Confidence level of VaR in (0.5, 1).
    confidence : float
        Coverage of the interval of the impact, by normal quantiles.
    horizons : sequence of int
        Days after which the share of the book that is liquidated is shown.
    max_age : float or mapping of str to float, optional
        Seconds after which the numbers of an argument of the book count as missing, as in `UnifiedLimitChecker`; a
        number is that of prices.

    References
    ----------
    Bangia, Diebold, Schuermann & Stroughair, Liquidity on the outside, Risk 12, 1999; Dowd, Measuring Market Risk,
    2005, chapter 14; Grinold & Kahn, Active Portfolio Management, 2000, chapter 16.

    Examples
    --------
    >>> from riskresearch import pretrade
    >>> book = pretrade.Book(
    ...     {"A": 3000.0, "B": -500.0},
    ...     {"A": 20.0, "B": 10.0},
    ...     average_volume={"A": 12_000.0, "B": 20_000.0},
    ...     volatility={"A": 0.02, "B": 0.04},
    ... )
    >>> found = pretrade.LiquidityChecker(max_participation=0.1).check(book)
    >>> found.days, found.book.whole_days
    ((2.5, 0.25), 3.0)
    >>> round(found.book.impact, 2)
    631.62
    """

    max_participation: float | Mapping[str, float] = 0.1
    _: KW_ONLY
    impact_coefficient: float = 1.0
    impact_error: float | None = None
    impact_of: Literal["position", "day"] = "position"
    half_spread: float | Mapping[str, float] | None = None
    half_spread_deviation: float | Mapping[str, float] | None = None
    spread_multiple: float = 3.0
    adjustment: Literal["both", "exogenous", "endogenous"] = "both"
    level: float = 0.95
    confidence: float = 0.95
    horizons: Sequence[int] = (1, 5, 20)
    max_age: float | Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        """Check the parameters."""
        checks = {"max_participation": _participation, **dict.fromkeys(SPREADS, _fraction)}
        for name, check in checks.items():
            given = getattr(self, name)
            if given is not None or name not in SPREADS:
                object.__setattr__(self, name, _each(given, name, check))
        for name in ("impact_coefficient", "impact_error", "spread_multiple"):
            value = getattr(self, name)
            optional = name == "impact_error" and value is None
            if not optional and check_number(value, name=name) < 0.0:
                raise InvalidInputError(f"{name} must not be negative, got {value!r}.")
        check_impact(self.impact_coefficient, name="impact_coefficient")
        check_choice(self.impact_of, IMPACT_OF, name="impact_of")
        self._check_adjustment()
        check_level(self.level)
        check_confidence(self.confidence)
        object.__setattr__(self, "horizons", _days(self.horizons))
        object.__setattr__(self, "max_age", read_max_age(self.max_age))

    def _check_adjustment(self) -> None:
        check_choice(self.adjustment, ADJUSTMENTS, name="adjustment")
        needs = "half_spread_deviation" if self.half_spread_deviation is not None else ""
        if self.adjustment == "exogenous":
            needs = 'adjustment="exogenous"'
        if needs and self.half_spread is None:
            raise InvalidInputError(
                f"half_spread must be given with {needs}, got None. It is half of the spread as a fraction of the "
                "price: five basis points are 0.0005."
            )

    def check(self, book: Book) -> BookLiquidity:
        """Return days, costs and liquidity-adjusted VaR of each position and of the book.

        Parameters
        ----------
        book : Book
            Its units, prices, `average_volume` in units per day and `volatility` per day as a fraction; its `scenarios`
            give VaR. Money is that of the book. Working orders are not counted.

        Returns
        -------
        BookLiquidity
            What lacks data is listed in its `missing` and in the summary.

        Raises
        ------
        InvalidInputError
            If `book` is no Book.
        """
        if not isinstance(book, Book):
            raise InvalidInputError(f"book must be a pretrade.Book, got {shown(book)}. Book(units, prices) makes one.")
        with np.errstate(all="ignore"):  # what is beyond a double is infinite
            return self._assess(read_positions(book, read_max_age(self.max_age) or {}))

    def _assess(self, positions: Positions) -> BookLiquidity:
        spreads = {name: positions.by_asset(getattr(self, name)) for name in SPREADS if getattr(self, name) is not None}
        priced = np.where(np.isfinite(positions.units), positions.values, 0.0)
        needed = {"price": priced, "average_volume": positions.volumes, **spreads}
        if self.impact_coefficient > 0.0:
            needed["volatility"] = positions.volatilities
            _doubt_volatility(positions)
        assessed = assess(positions, needed, positions.by_asset(self.max_participation))
        costs = {**self._impacts(assessed), **self._spread_costs(assessed, spreads)}
        return self._result(assessed, costs)

    def _impacts(self, assessed: Assessed) -> dict[str, FloatVector]:
        """Return the impact in money, and with an error of the coefficient the bounds of its interval."""
        coefficients = {"impact": self.impact_coefficient}
        if self.impact_error is not None:
            reach = normal_quantile(0.5 + 0.5 * self.confidence) * self.impact_error
            coefficients["impact_lower"] = self.impact_coefficient - reach
            coefficients["impact_upper"] = self.impact_coefficient + reach
        by_day = self.impact_of == "day"
        return {name: assessed.impact(each, by_day=by_day) for name, each in coefficients.items()}

    def _spread_costs(self, assessed: Assessed, spreads: dict[str, FloatVector]) -> dict[str, FloatVector]:
        """Return the spread cost, and what the spread adds to VaR, in money; nothing without a spread."""
        if not spreads:
            return {}
        half = spreads["half_spread"]
        wide = half + self.spread_multiple * spreads.get("half_spread_deviation", np.zeros(half.size))
        return {"spread_cost": assessed.in_money(half), "spread_term": assessed.in_money(wide)}

    def _result(self, assessed: Assessed, costs: dict[str, FloatVector]) -> BookLiquidity:
        terms = {"both": ("impact", "spread_term"), "exogenous": ("spread_term",), "endogenous": ("impact",)}
        added = sum((costs[name] for name in terms[self.adjustment] if name in costs), np.zeros(len(assessed.missing)))
        held, at_risk = assessed.positions.held, assessed.value_at_risk(self.level)
        if at_risk is not None:
            costs = {**costs, "value_at_risk": at_risk, "liquidity_adjusted_var": at_risk + added}
        book, liquidatable = (
            assessed.totals(which, costs, added, level=self.level, horizons=self.horizons)
            for which in (held, held & assessed.known)
        )
        scenarios = assessed.positions.scenarios
        cap = self.max_participation
        return BookLiquidity(
            assets=assessed.positions.assets,
            units=_floats(assessed.positions.units),
            value=_floats(assessed.positions.values),
            cap=_floats(assessed.caps),
            participation=_floats(assessed.participation()),
            days=_floats(assessed.days),
            whole_days=_floats(assessed.whole),
            impact=_floats(costs["impact"]),
            impact_lower=_given(costs, "impact_lower"),
            impact_upper=_given(costs, "impact_upper"),
            spread_cost=_given(costs, "spread_cost"),
            spread_term=_given(costs, "spread_term"),
            value_at_risk=_given(costs, "value_at_risk"),
            liquidity_adjusted_var=_given(costs, "liquidity_adjusted_var"),
            missing=assessed.missing,
            book=book,
            liquidatable=liquidatable,
            nav=assessed.positions.nav,
            max_participation=None if isinstance(cap, Mapping) else float(cap),
            impact_coefficient=self.impact_coefficient,
            impact_error=self.impact_error,
            impact_of=self.impact_of,
            spread_multiple=None if self.half_spread_deviation is None else self.spread_multiple,
            adjustment=self.adjustment,
            level=self.level,
            confidence=self.confidence,
            horizons=tuple(self.horizons),
            scenarios=0 if scenarios is None else len(scenarios),
            max_age=tuple((read_max_age(self.max_age) or {}).items()),
            without_scenarios=assessed.without_scenarios(),
        )


def _floats(numbers: FloatVector) -> tuple[float, ...]:
    return tuple(numbers.tolist())


def _given(costs: dict[str, FloatVector], name: str) -> tuple[float, ...] | None:
    return _floats(costs[name]) if name in costs else None


def _doubt_volatility(positions: Positions) -> None:
    known = positions.volatilities[positions.held & np.isfinite(positions.volatilities)]
    if known.size:
        check_daily_volatility(float(np.median(known)), of="position")


def _each(given: Any, name: str, check: Callable[[Any, str], float]) -> float | ByName:
    """Return a checked number, or one for each asset that a mapping names; what is not known is left out."""
    if not hasattr(given, "items"):
        return check(given, name)
    named = {asset: value for asset, value in text_keys(given, name=name).items() if not _is_missing(value)}
    return ByName({asset: check(value, f"{name} of {asset!r}") for asset, value in named.items()})


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)


def _participation(value: Any, name: str) -> float:
    return check_participation(value, name=name)


def _fraction(value: Any, name: str) -> float:
    if not 0.0 <= check_number(value, name=name) < 1.0:
        raise InvalidInputError(
            f"{name} must be a fraction of the price from 0 to below 1, got {value!r}. Five basis points are 0.0005."
        )
    return float(value)


def _days(horizons: Any) -> tuple[int, ...]:
    if isinstance(horizons, str | bytes) or not isinstance(horizons, Sequence) or not horizons:
        raise InvalidInputError(f"horizons must be a list of one or more numbers of days, got {horizons!r}.")
    days = tuple(check_count(each, name="horizons", minimum=1) for each in horizons)
    if list(days) != sorted(set(days)):
        raise InvalidInputError(f"horizons must rise from one to the next, got {horizons!r}.")
    return days
