"""Databases of every version, in either program that keeps rows."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import peewee
import pytest

from forms_app.store.database import open_database
from tests.store.ladder import Ladder, of_files, of_postgres

POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


Led = Callable[[str], peewee.Database]


@pytest.fixture(params=["sqlite", POSTGRES])
def kind(request: pytest.FixtureRequest) -> str:
    """Whose database it is."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def ladders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ladder]]:
    both = {"sqlite": of_files(tmp_path_factory.mktemp("ladder")), "postgres": of_postgres()}
    yield both
    for ladder in both.values():
        ladder.close()


@pytest.fixture
def led(kind: str, ladders: dict[str, Ladder]) -> Iterator[Led]:
    """Gives an empty database whose last migration is this one."""
    with ExitStack() as stack:

        def at(migration: str) -> peewee.Database:
            address = stack.enter_context(ladders[kind].at(migration))
            return stack.enter_context(closing(open_database(address)))

        yield at


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is, or may be made."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'forms.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def empty(address: str) -> Iterator[peewee.Database]:
    with closing(open_database(address)) as opened:
        yield opened
