"""Whether returns can be compounded, and whether effects sum to the excess return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import AccountingError, InvalidInputError
from riskresearch.kernels.attribution._linking import linked_effects

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.posttrade.attribution._parts import Parts
    from riskresearch.posttrade.attribution._sides import Sides

TOLERANCE = 1e-12
"""Of the sum of effects, relative to the sizes that are added, or to the growth, where these are above 1."""


def check_compounding(parts: Parts, linking: str, interaction: str, sides: Sides) -> None:
    """Refuse returns that cannot be compounded by `linking`."""
    if linking == "none":
        return
    for name, values in (("weights", parts.returns), ("benchmark_weights", parts.benchmark_returns)):
        side = "portfolio" if name == "weights" else "benchmark"
        if (values < -1.0).any():
            row = int((values < -1.0).argmax())
            raise InvalidInputError(
                f"{name} must not lose more than everything, but the {side} returns {values[row]:g} at "
                f"{sides.place(row)}. What is left cannot be compounded: end the history before that row."
            )
        stops = linking == "carino" or (linking == "geometric" and side == "benchmark")
        if stops and (values == -1.0).any():
            row = int((values == -1.0).argmax())
            why = "takes logarithms of growth" if linking == "carino" else "divides by the benchmark's growth"
            raise InvalidInputError(
                f'linking="{linking}" {why}, but the {side} loses everything at {sides.place(row)}. Pass '
                'linking="grap", or end the history before that row.'
            )
    if linking == "davies_laker":
        _check_funds(parts, interaction, sides)


def _check_funds(parts: Parts, interaction: str, sides: Sides) -> None:
    funds = {"own": (0, 1), "selection": (0,), "allocation": (1,)}[interaction]
    for level in parts.levels:
        for effect in funds:
            fund = parts.benchmark_returns + level.effects[effect].sum(axis=1)
            if (fund < -1.0).any():
                row = int((fund < -1.0).argmax())
                raise InvalidInputError(
                    f'linking="davies_laker" compounds notional funds, but that of {parts.names[effect]} by '
                    f"{level.name} returns {fund[row]:g} at {sides.place(row)}: more than everything is lost. Pass "
                    'linking="grap", or interaction="selection", which needs no fund of selection.'
                )


def check_residuals(parts: Parts, linking: str, interaction: str, sides: Sides) -> None:
    """Raise where the effects of a row, or the linked ones of all, do not sum to the excess return."""
    for level in parts.levels:
        _check_rows(level.effects, level.name, parts, linking, sides)
        linked = linked_effects(level.effects, parts.returns, parts.benchmark_returns, linking, interaction)
        _check_whole(linked, level.name, parts, linking, sides)


def _check_rows(effects: npt.NDArray[np.float64], level: str, parts: Parts, linking: str, sides: Sides) -> None:
    sums = effects.sum(axis=2)
    if linking == "geometric":
        explained = np.prod(1.0 + sums[:-1], axis=0) * (1.0 + parts.benchmark_returns)
        wanted = 1.0 + parts.returns
    else:
        explained, wanted = sums.sum(axis=0), parts.returns - parts.benchmark_returns
    sizes = np.maximum(parts.sizes, np.abs(effects).sum(axis=(0, 2)))
    off = ~(np.abs(explained - wanted) <= TOLERANCE * np.maximum(1.0, sizes))
    if off.any():
        row = int(off.argmax())
        raise AccountingError(
            f"effects of level {level!r} must sum to the excess return within {TOLERANCE:g}, but they are "
            f"{explained[row] - wanted[row]:g} off at {sides.place(row)}, the first of {int(off.sum())} rows."
        )


def _check_whole(linked: npt.NDArray[np.float64], level: str, parts: Parts, linking: str, sides: Sides) -> None:
    grown, other = (float(np.prod(1.0 + each)) for each in (parts.returns, parts.benchmark_returns))
    if linking == "none":
        wanted = float((parts.returns - parts.benchmark_returns).sum())
    else:
        wanted = grown / other - 1.0 if linking == "geometric" else grown - other
    growths = (1.0,) if linking == "none" else (1.0, grown, other)
    size, found = max(*growths, float(np.abs(linked).sum())), float(linked.sum())
    if not abs(found - wanted) <= TOLERANCE * size:
        raise AccountingError(
            f"linked effects of level {level!r} must sum to the excess return {wanted:g} of all rows within "
            f"{TOLERANCE:g}, but they sum to {found:g} from {sides.place(0)} on."
        )
