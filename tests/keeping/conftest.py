from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from installations import ENGINES, Installation, installations
from processes import lived_in as sample


@pytest.fixture(scope="session")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Installation]]:
    """Make empty installations on an engine."""
    yield from installations(tmp_path_factory)


@pytest.fixture(scope="session")
def lived_in(install: Callable[..., Installation]) -> Installation:
    """An installation with the sample's half year of life, on the engine of this run; tests leave it as it is."""
    made = install(ENGINES[-1], is_prepared=True)
    if made.database is None:
        sample(made.folder)
    else:
        made.run("demo", "--no-serve")
    return made
