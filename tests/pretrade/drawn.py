"""Books, orders and limits in whole numbers, drawn by Hypothesis."""

from typing import Any

from hypothesis import strategies as st

from riskresearch import pretrade

ASSETS = ("A", "B", "C")
NAV = 10_000
units = st.integers(-60, 60)
orders = st.builds(
    lambda asset, size, strategy, price: {"asset": asset, "units": size, "strategy": strategy}
    | ({} if price is None else {"limit_price": price}),
    st.sampled_from(ASSETS), units.filter(bool), st.sampled_from(("s", "t")), st.none() | st.integers(1, 40),
)  # fmt: skip
market_orders = orders.map(lambda each: {name: each[name] for name in ("asset", "units", "strategy")})


@st.composite
def books(draw: Any, *, missing: bool = False, strategies: bool = False) -> dict[str, Any]:
    """Return the arguments of a book."""
    prices = {asset: draw(st.integers(1, 20)) for asset in ASSETS}
    given = {
        "units": {asset: draw(units) for asset in ASSETS}, "prices": prices,
        "nav": draw(st.sampled_from((NAV, 400, 1))),
        "cash": draw(st.integers(-200, 2000)), "working": draw(st.lists(market_orders, max_size=4)),
        "traded": draw(st.integers(0, 300)), "average_volume": {asset: draw(st.integers(20, 99)) for asset in ASSETS},
        "betas": {asset: draw(st.integers(-2, 3)) for asset in ASSETS},
        "groups": {"sector": {"A": "x", "B": "x", "C": "y"}},
        "locates": {asset: draw(st.integers(0, 40)) for asset in ASSETS},
    }  # fmt: skip
    if strategies:
        given["strategy_units"] = {name: {asset: draw(units) for asset in ASSETS} for name in "st"}
    if missing:
        for name in draw(st.sets(st.sampled_from(("nav", "cash", "average_volume", "betas", "groups", "locates")))):
            given[name] = None
        given["prices"] = {asset: prices[asset] for asset in draw(st.sets(st.sampled_from(ASSETS)))}
    return given


def made(given: dict[str, Any]) -> pretrade.Book:
    given = dict(given)
    return pretrade.Book(given.pop("units"), given.pop("prices"), **given)


# A limit of a class at a threshold k, which all of them deny over.
AT = {
    "OrderUnits": lambda k, **m: pretrade.OrderUnits(k, **m),
    "OrderNotional": lambda k, **m: pretrade.OrderNotional(10 * k, **m),
    "Participation": lambda k, **m: pretrade.Participation(k / 64, **m),
    "PositionUnits": lambda k, **m: pretrade.PositionUnits(k, **m),
    "PositionNotional": lambda k, **m: pretrade.PositionNotional({"A": 9 * k, "*": 10 * k}, **m),
    "PositionWeight": lambda k, **m: pretrade.PositionWeight(k / 16, **m),
    "WeightOfGross": lambda k, **m: pretrade.PositionWeight(k / 64, denominator="gross", **m),
    "GrossExposure": lambda k, **m: pretrade.GrossExposure(16 * k, **m),
    "NetExposure": lambda k, **m: pretrade.NetExposure(8 * k, **m),
    "Leverage": lambda k, **m: pretrade.Leverage(k / 8, **m),
    "GroupWeight": lambda k, **m: pretrade.GroupWeight(k / 16, **m),
    "InstrumentCount": lambda k, **m: pretrade.InstrumentCount(k // 16, **m),
    "Turnover": lambda k, **m: pretrade.Turnover(10 * k, **m),
    "BetaExposure": lambda k, **m: pretrade.BetaExposure(10 * k, denominator=None, **m),
    "StressLoss": lambda k, **m: pretrade.StressLoss(4 * k, shocks={"A": -0.5, "*": 0.25}, denominator=None, **m),
    "BuyingPower": lambda k, **m: pretrade.BuyingPower(reserve=float(800 - 5 * k), **m),
    "ShortSale": lambda k, **m: pretrade.ShortSale(**m),
    "PositionOfStrategy": lambda k, **m: pretrade.PositionUnits(k, scope="strategy", **m),
    "GrossOfStrategy": lambda k, **m: pretrade.GrossExposure(16 * k, scope="strategy", **m),
}
BY_STRATEGY = ("PositionOfStrategy", "GrossOfStrategy")
thresholds = st.integers(0, 80)
limits = st.builds(lambda name, k: AT[name](k), st.sampled_from(sorted(AT)), thresholds)
