"""Which weights caps have changed while they ran for an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.sizing._cap_reasons import REASON_NAMES

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import FloatVector

BEFORE_THE_FIRST_BAR = -1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CapVerdicts:
    """The weights that caps have changed, bar after bar, as short arrays; the table is made when it is asked for.

    Parameters
    ----------
    columns : tuple of str
        Names of the account's columns.
    bars : list of tuple
        Of each bar on which a cap bound: its number, the equity, and of the columns bound their places, the bits of the
        caps, the weights wanted, left and held, and the prices.
    """

    columns: tuple[str, ...]
    bars: list[tuple[Any, ...]] = field(default_factory=list)

    def note(self, row: int | None, equity: float, reasons: Any, *weights_and_prices: FloatVector) -> None:
        """Keep what was bound on a bar; `reasons` and the rest have one number for each column."""
        places = reasons.nonzero()[0]
        number = BEFORE_THE_FIRST_BAR if row is None else row
        self.bars.append((number, equity, places, reasons[places], *(each[places] for each in weights_and_prices)))

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each weight and cap: see `Backtest.limit_verdicts`."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        counts = [len(bar[2]) for bar in self.bars]
        rows, equity = (np.repeat([bar[place] for bar in self.bars], counts) for place in (0, 1))
        places, reasons, wanted, left, held, price = (
            np.concatenate([bar[place] for bar in self.bars]) if self.bars else np.empty(0) for place in range(2, 8)
        )
        bits = reasons.astype(np.int64)[:, None] >> np.arange(len(REASON_NAMES)) & 1
        entry, code = bits.nonzero()
        with np.errstate(all="ignore"):
            units = equity / price
            orders = {"units_wanted": (wanted - held) * units, "units_accepted": (left - held) * units}
        numbers = {"value": np.abs(wanted), "limit": np.abs(left), **orders}
        return pd.DataFrame(
            {
                "row": rows[entry].astype(np.intp),
                "asset": pd.Categorical.from_codes(places[entry].astype(np.intp), pd.Index(self.columns)),
                "code": pd.Categorical.from_codes(code, pd.Index(REASON_NAMES)),
                "outcome": pd.Categorical.from_codes(np.zeros(len(entry), dtype=np.intp), pd.Index(["CLIP"])),
                **{name: values[entry] for name, values in numbers.items()},
            }
        )
