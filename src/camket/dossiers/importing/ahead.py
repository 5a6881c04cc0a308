"""Doing two things at once: what comes next is made in a thread beside, while what came before is used."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

__all__ = ["Ahead"]

_Item = TypeVar("_Item")


class Ahead(Generic[_Item]):
    """Items of an iterator, made beside from the moment that this is made, at most ``depth`` before they are asked for.

    Whoever leaves it before the end waits until the item that is being made is done. What making one raises is raised to
    whoever asks for it. No item is None.
    """

    def __init__(self, items: Iterator[_Item], *, depth: int = 1) -> None:
        self._items = items
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._coming: deque[Future[_Item | None]] = deque()
        for _ in range(depth):
            self._begin_next()

    def __enter__(self) -> Ahead[_Item]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beside.shutdown(cancel_futures=True)

    def __iter__(self) -> Iterator[_Item]:
        while (item := self._coming.popleft().result()) is not None:
            self._begin_next()
            yield item
            del item

    def _begin_next(self) -> None:
        self._coming.append(self._beside.submit(next, self._items, None))
