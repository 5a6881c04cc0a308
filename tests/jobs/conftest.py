from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from installations import Installation, installations


@pytest.fixture(scope="session")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Installation]]:
    """Make empty installations on an engine."""
    yield from installations(tmp_path_factory)
