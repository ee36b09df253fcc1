"""The number that a function's random draws start from."""

import numpy as np

from riskresearch.core._checks import check_count

SEED_BITS = 63
"""A seed fits into a signed 64-bit integer, so it can be stored anywhere and passed back as `rng`."""


def seed_of(rng: int | np.random.Generator | None) -> int:
    """Return `rng` itself, or a number drawn from a generator, or a new number that is different each time.

    All draws of a call come from children of this number (`SeedSequence.spawn`), so passing the number as `rng` gives
    the same draws again, whatever the number of workers.
    """
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**SEED_BITS))
    if rng is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0]) >> (64 - SEED_BITS)
    return check_count(rng, name="rng", minimum=0)
