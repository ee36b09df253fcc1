"""Round trips made of what a ledger has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._inputs import read_like
from riskresearch.core._checks import check_choice, check_positive, name_remedy, text_keys
from riskresearch.core._errors import ConventionWarning, InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._plausibility import warn_user
from riskresearch.core.output._formats import counted
from riskresearch.posttrade.trips._round_trips import RoundTrips
from riskresearch.posttrade.trips._rules import RULES
from riskresearch.posttrade.trips._tables import Marks, closed_table, open_table

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector
    from riskresearch.posttrade.trips._rules import Rule
    from riskresearch.posttrade.trips._traded import Traded


def make_round_trips(
    traded: Traded,
    *,
    rule: Rule,
    high: Data | None = None,
    low: Data | None = None,
    risk: Mapping[str, float] | None = None,
) -> RoundTrips:
    """Return the round trips of a ledger by a rule; see `Ledger.round_trips`."""
    check_choice(rule, RULES, name="rule")
    if (high is None) != (low is None):
        missing = "low" if low is None else "high"
        raise InvalidInputError(f"high and low must be given together, got no {missing}.")
    lowest, highest = (None, None) if high is None or low is None else _read_ranges(traded, high, low)
    by_asset = None if risk is None else _risk_of_assets(traded, risk)
    of_fills = _risk_of_fills(traded) if risk is None and "risk" in traded.fills.columns else None
    marks = Marks(lowest, highest, of_fills, by_asset)
    closed, unpriced = closed_table(traded, rule, marks)
    return RoundTrips(
        trips=closed,
        open=open_table(traded, rule, marks),
        rule=rule,
        matching=traded.matching,
        base_currency=traded.base_currency,
        marks="closes" if lowest is None else "highs and lows",
        risk="of assets" if by_asset is not None else "of fills" if of_fills is not None else "not given",
        unpriced=unpriced,
    )


def _read_ranges(traded: Traded, high: Data, low: Data) -> tuple[FloatMatrix, FloatMatrix]:
    highest, lowest = (
        read_like(each, traded.prices, traded.labels, name=name, positive=True)
        for each, name in ((high, "high"), (low, "low"))
    )
    crossed = highest < lowest
    if crossed.any():
        row, column = map(int, np.argwhere(crossed)[0])
        raise InvalidInputError(
            f"high must not be below low, got {highest[row, column]:g} below {lowest[row, column]:g} at "
            f"{traded.labels.place(row, column)}."
        )
    outside = (traded.prices > highest) | (traded.prices < lowest)
    if outside.any():
        row, column = map(int, np.argwhere(outside)[0])
        warn_user(
            f"prices must lie between low and high, got {counted(int(outside.sum()), 'close')} outside, the first at "
            f"{traded.labels.place(row, column)}. Excursions count them. Adjusted prices beside highs and lows as "
            "traded look like this.",
            ConventionWarning,
        )
    return lowest, highest


def _risk_of_assets(traded: Traded, risk: Any) -> FloatVector:
    risk = risk.to_dict() if is_instance_of(risk, "pandas", "Series") else risk
    if not isinstance(risk, Mapping):
        raise InvalidInputError(
            "risk must be a mapping from each asset to the distance of its stop, such as {'AAPL': 2.5}, got "
            f"{risk!r}. A stop of its own for each fill is a column 'risk' of the fills."
        )
    found = np.full(len(traded.assets), np.nan)
    for asset, value in text_keys(risk, name="risk").items():
        places = [place for place, name in enumerate(traded.assets) if name == asset]
        if not places:
            raise InvalidInputError(
                f"risk must name assets that were traded, got {asset!r}."
                f"{name_remedy(asset, traded.assets, what='asset')}"
            )
        found[places] = check_positive(value, name=f"risk[{asset!r}]")
    return found


def _risk_of_fills(traded: Traded) -> FloatVector:
    if traded.matching == "average":
        raise InvalidInputError(
            "risk must be given by asset with matching=\"average\", whose lots are pooled, got a column 'risk' of the "
            "fills. Pass risk={'asset': distance}, or match lots by another rule."
        )
    import pandas as pd  # noqa: PLC0415 (who has a frame of fills has loaded it)

    try:
        values = pd.to_numeric(traded.fills["risk"]).to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InvalidInputError("fills['risk'] must be numbers, got text.") from error
    bad = ~np.isnan(values) & ~((values > 0.0) & (values < np.inf))
    if bad.any():
        row = int(bad.argmax())
        raise InvalidInputError(
            f"fills['risk'] must be positive, a price distance for each unit, got {values[row]:g} on row {row}. It is "
            "nan where a fill has no stop."
        )
    return np.asarray(values)
