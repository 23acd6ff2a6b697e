"""The sample's files, to be broken one at a time."""

from collections.abc import Callable
from pathlib import Path

from forms_app.community import DataError, DataRefused, load
from tests.support.running import ROOT

SAMPLE = ROOT / "data" / "community"

Broken = Callable[[str, str, str], tuple[DataError, ...]]


def errors_of(folder: Path) -> tuple[DataError, ...]:
    try:
        load(folder)
    except DataRefused as refused:
        return refused.errors
    return ()


def only(errors: tuple[DataError, ...]) -> DataError:
    assert len(errors) == 1, "\n".join(map(str, errors))
    return errors[0]
