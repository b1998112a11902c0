"""Random numbers that depend on what they are for, not on when they are drawn."""

import hashlib

import numpy as np


def random_stream(seed: int, *key: str) -> np.random.Generator:
    """Give the generator that belongs to one seed and one purpose.

    Parameters
    ----------
    seed
        Seed of the run, any whole number.
    key
        Words that name the purpose: step, series, and so on. Other words, other
        numbers; the order in which streams are asked for changes nothing.

    Returns
    -------
    A generator (PCG64) at its start.

    Examples
    --------
    >>> float(random_stream(1, "driver").random()) == float(random_stream(1, "driver").random())
    True
    >>> float(random_stream(1, "driver").random()) == float(random_stream(1, "delay").random())
    False
    """
    words = "\x1f".join([str(seed), *key]).encode()
    return np.random.default_rng(int.from_bytes(hashlib.sha256(words).digest()[:16], "big"))
