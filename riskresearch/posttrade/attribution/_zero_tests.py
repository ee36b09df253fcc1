"""The settings of the test of an effect, and the fewest rows of which it speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    from riskresearch.metrics.inference._bootstrap import Bootstrap

FEWEST_ROWS = 20
"""Below it the measured size of the test is too far from the nominal one: docs/conventions.md."""


def check_settings(settings: Bootstrap) -> Bootstrap:
    """Return settings of a bootstrap of blocks or single rows, with their seed as a number; others are refused."""
    if settings.resampling == "filtered":
        raise InvalidInputError(
            "resampling must be 'stationary', 'circular' or 'iid' for effects, got 'filtered': they are sums of rows."
        )
    if settings.method is not None:
        raise InvalidInputError(
            f"method must be left out for effects, got {settings.method!r}: their interval is the standard error "
            "times a Student-t quantile."
        )
    return replace(settings, rng=settings.seed())
