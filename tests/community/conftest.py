"""The sample circle, and a copy of it to be broken."""

from pathlib import Path
from shutil import copytree

import pytest

from forms_app.community import (
    Circle,
    DataError,
    load,
)
from tests.support.circle_files import SAMPLE, Broken, broken_in, errors_of


@pytest.fixture(scope="module")
def circle() -> Circle:
    return load(SAMPLE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample, to be broken."""
    return copytree(SAMPLE, tmp_path / "community")


@pytest.fixture
def broken(folder: Path) -> Broken:
    """The errors after replacing one piece of text in one file of the sample."""

    def replace(file: str, old: str, new: str) -> tuple[DataError, ...]:
        with broken_in(folder, file, old, new):
            return errors_of(folder)

    return replace
