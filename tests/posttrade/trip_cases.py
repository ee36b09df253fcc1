"""Fills to trips by a slow, obvious lot matcher, in place of a ledger."""

import numpy as np
import pandas as pd

from riskresearch.core._panel import read_numbers
from riskresearch.posttrade.trips._traded import Lots, Traded, add_up_events

DAYS = pd.bdate_range("2024-03-04", periods=12)
FIVE = ((100, 10.0), (100, 12.0), (-150, 15.0), (-100, 9.0), (50, 8.0))


def fills_of(rows, *, bars=None, **columns):
    """Return fills of (units, price) of one asset, one a bar unless stated otherwise."""
    bars = range(len(rows)) if bars is None else bars
    table = pd.DataFrame(rows, columns=["units", "price"]).assign(asset="A", time=[DAYS[bar] for bar in bars])
    return table.assign(**columns)


def prices_of(fills, **columns):
    """Return closes that are the last price of a fill on each bar, nan where there was none."""
    table = fills.pivot_table(index="time", columns="asset", values="price", aggfunc="last")
    return table.reindex(DAYS).assign(**columns)


class Matcher:
    """Lots of one position as a list."""

    def __init__(self, matching):
        self.matching, self.lots, self.closings = matching, [], []

    def choose(self):
        if self.matching == "lifo":
            return len(self.lots) - 1
        if self.matching == "hifo":
            sign = 1.0 if self.lots[0]["units"] > 0.0 else -1.0
            return max(range(len(self.lots)), key=lambda place: (sign * self.lots[place]["price"], -place))
        return 0

    def trade(self, number, units, price, costs, episode, bar, position):
        """Close lots of the other side, then open one; return the episode, and whether a new one began."""
        cost, left = costs / abs(units), units
        while left and self.lots and self.lots[0]["units"] * left < 0.0:
            lot = self.lots[self.choose()]
            closed = min(abs(lot["units"]), abs(left)) * np.sign(lot["units"])
            spent = lot["costs"] * closed / lot["units"]
            self.closings.append(
                (lot["fill"], number, lot["episode"], position, closed, lot["price"], price,
                 spent + cost * abs(closed), bar)
            )  # fmt: skip
            lot["units"] -= closed
            lot["costs"] -= spent
            left += closed
            self.lots = [each for each in self.lots if abs(each["units"]) > 1e-12]
        if not left:
            return False
        new = not self.lots
        if self.matching == "average" and self.lots:
            lot = self.lots[0]
            lot["price"] = (lot["units"] * lot["price"] + left * price) / (lot["units"] + left)
            lot["units"] += left
            lot["costs"] += cost * abs(left)
        else:
            self.lots.append(
                {"fill": -1 if self.matching == "average" else number, "units": left, "price": price,
                 "costs": cost * abs(left), "episode": episode if new else self.lots[0]["episode"]}
            )  # fmt: skip
        return new


def traded_of(fills, prices, *, matching="fifo", actions=(), multiplier=1.0, rates=None):
    """Return what a ledger would hold; `actions` are (bar, asset, kind, value) of splits and dividends."""
    fills = fills.reset_index(drop=True)
    values, labels = read_numbers(prices, name="prices")
    bar = prices.index.searchsorted(fills["time"]).astype(np.intp)
    account = fills["account"] if "account" in fills else pd.Series(["portfolio"] * len(fills))
    keys = list(zip(fills["asset"], account, strict=True))
    positions = list(dict.fromkeys(keys))
    costs = fills["commission"] if "commission" in fills else np.zeros(len(fills))
    books, closings, episodes = {key: Matcher(matching) for key in positions}, [], []
    done, ordered = 0, sorted(actions, key=lambda each: (each[0], each[2] != "split"))  # splits of a bar come first
    for number, key in enumerate(keys):
        for at, asset, kind, value in ordered[done:]:
            if at > bar[number]:
                break
            done += 1
            for (name, _), book in books.items():
                for lot in book.lots:
                    if kind == "split" and name == asset:
                        lot["units"] /= value
                        lot["price"] *= value
        book = books[key]
        place = positions.index(key)
        new = book.trade(
            number, float(fills["units"][number]), float(fills["price"][number]), float(costs[number]),
            len(episodes), bar[number], place,
        )  # fmt: skip
        episodes += [number] if new else []
        closings += book.closings
        book.closings = []
    for _, asset, kind, value in ordered[done:]:
        for (name, _), book in books.items():
            for lot in book.lots:
                if kind == "split" and name == asset:
                    lot["units"] /= value
                    lot["price"] *= value
    names = list(prices.columns)
    column = np.array([names.index(asset) for asset, _ in positions], dtype=np.intp)
    last = prices.ffill().iloc[-1].to_numpy() if len(prices.columns) else np.zeros(0)
    left = [
        (lot["fill"], len(fills) - 1, lot["episode"], place, lot["units"], lot["price"], last[column[place]],
         lot["costs"], len(prices) - 1)
        for place, key in enumerate(positions) for lot in books[key].lots
    ]  # fmt: skip
    actions = ordered
    kinds = [kind for _, _, kind, _ in actions]
    amounts = np.array([value for *_, value in actions], dtype=np.float64)
    split = np.array([kind == "split" for kind in kinds], dtype=bool)
    events = add_up_events(
        values.shape,
        bar=np.array([each[0] for each in actions], dtype=np.intp),
        column=np.array([names.index(each[1]) for each in actions], dtype=np.intp),
        split=np.where(split, amounts, 1.0), moved=np.zeros(len(actions)), paid=np.where(split, 0.0, amounts),
    )  # fmt: skip
    return Traded(
        matching, "USD", lots_of(closings), lots_of(left), np.array(episodes, dtype=np.intp), fills, bar,
        np.array([positions.index(key) for key in keys], dtype=np.intp), fills["units"].to_numpy(dtype=np.float64),
        fills["price"].to_numpy(dtype=np.float64), tuple(asset for asset, _ in positions),
        tuple(name for _, name in positions), ("USD",) * len(positions), np.zeros(len(positions), dtype=bool), column,
        np.full(len(positions), float(multiplier)), fills["time"], labels, values,
        np.ones((len(prices), len(positions))) if rates is None else rates, events,
    )  # fmt: skip


def lots_of(rows):
    parts = list(zip(*rows, strict=True)) or [()] * 9
    whole = {0, 1, 2, 3, 8}
    arrays = [np.array(each, dtype=np.intp if place in whole else np.float64) for place, each in enumerate(parts)]
    return Lots(*arrays)
