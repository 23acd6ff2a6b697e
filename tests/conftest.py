"""What many tests share: an installation of their own, and the machine's browser and database."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from forms_app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def missing(reason: str) -> NoReturn:
    """Skips the test for want of a system package; where everything must be there, fails it."""
    if os.environ.get("TESTS_REQUIRE_ALL"):
        pytest.fail(f"needed here: {reason}")
    pytest.skip(reason)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty installation."""
    (tmp_path / "data" / "community").mkdir(parents=True)
    return Settings.from_environment({}, tmp_path)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Debian's Chromium is."""
    path = shutil.which("chromium")
    return path or missing("Chromium is not installed")


@pytest.fixture(scope="session")
def chromium_arguments() -> list[str]:
    """What Chromium needs to keep to this machine, and to run as root."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return [*quiet, "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    server = os.environ.get("TEST_POSTGRES_URL")
    if not server:
        missing("no PostgreSQL server: TEST_POSTGRES_URL is not set")
    name = f"test_{os.urandom(6).hex()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    base, _, query = server.partition("?")
    yield (
        f"{base.rsplit('/', 1)[0]}/{name}?{query}" if query else f"{base.rsplit('/', 1)[0]}/{name}"
    )
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
