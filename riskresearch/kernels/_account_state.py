"""The state that accounts carry from bar to bar."""

from typing import Any

import numpy as np

BY_ACCOUNT = ("cash", "worth", "traded", "written_off", "unfilled", "due", "called", "stopped")


def empty_state(columns: int, accounts: int, capital: float) -> dict[str, Any]:
    """Return the state of accounts that hold `capital` in cash and nothing else: arrays that `AccountBook` changes."""
    state: dict[str, Any] = {name: np.zeros(columns) for name in ("held", "order", "last_target", "closing")}
    unknown = ("marks", "quotes", "closing_price", "price", "fill", "target")
    state |= {name: np.full(columns, np.nan) for name in unknown}
    state |= {name: np.full(accounts, capital) for name in ("cash", "worth")}
    state |= {name: np.zeros(accounts) for name in ("traded", "written_off")}
    state |= {name: np.zeros(accounts, dtype=np.intp) for name in ("unfilled", "due", "called")}
    state["reduce_only"] = np.zeros(columns, dtype=np.intp)
    return state | {"stopped": np.full(accounts, -1, dtype=np.intp), "fault": np.zeros(3, dtype=np.intp)}
