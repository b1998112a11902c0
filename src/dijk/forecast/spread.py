"""The same pure function over many parts, here, on processes or on a cluster: one map, the same result."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""Keeps the order of the parts, as the built-in ``map`` does. Job and parts must be picklable for any other."""

CHUNKS_EACH = 4
"""Parts go to a process in so many chunks, so that none waits long for the last."""


def on_processes(workers: int) -> Map:
    """Give a map over processes of this machine; the built-in ``map`` for one.

    They are spawned, so a script that calls it needs a main guard.

    Examples
    --------
    >>> list(on_processes(1)(abs, [-2, 3]))
    [2, 3]
    """

    def mapped(job: Callable[[Any], Any], parts: Iterable[Any]) -> list[Any]:
        every = list(parts)
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            return list(pool.map(job, every, chunksize=max(-(-len(every) // (CHUNKS_EACH * workers)), 1)))

    return map if workers == 1 else mapped


def on_dask(client: Any) -> Map:
    """Give a map over the workers of a Dask client (extra ``cluster``)."""

    def mapped(job: Callable[[Any], Any], parts: Iterable[Any]) -> list[Any]:
        done: list[Any] = client.gather(client.map(job, list(parts), pure=False))
        return done

    return mapped
