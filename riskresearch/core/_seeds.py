"""Seeds of random draws: the number that `rng` stands for, and a stream of its own for each block of draws or job."""

from __future__ import annotations

import numpy as np

from riskresearch.core._checks import check_count

SEED_BITS = 63
"""Seeds are below 2**63, so that they fit into a signed 64-bit integer of any file format."""


def seed_of(rng: int | np.random.Generator | None) -> int:
    """Return the seed that `rng` stands for.

    An integer is the seed itself, a Generator draws one, and None takes one from the entropy of the operating system.
    """
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**SEED_BITS))
    if rng is None:
        return seed_number(np.random.SeedSequence())
    return check_count(rng, name="rng", minimum=0)


def seed_number(sequence: np.random.SeedSequence) -> int:
    """Return a seed sequence as a number below 2**63."""
    return int(sequence.generate_state(1, np.uint64)[0] >> 1)


def child_seed(seed: int, number: int) -> np.random.SeedSequence:
    """Return the seed of one job, which is the child that `SeedSequence.spawn` gives at this place."""
    return np.random.SeedSequence(seed, spawn_key=(number,))


def child_seeds(seed: int, count: int) -> list[np.random.SeedSequence]:
    """Return the seeds of `count` jobs; a larger count begins with the same ones."""
    return [child_seed(seed, number) for number in range(count)]
