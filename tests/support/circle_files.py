"""The sample's files, to be broken one at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from forms_app.community import DataError, DataRefused, load
from tests.support.running import ROOT

SAMPLE = ROOT / "data" / "community"

Broken = Callable[[str, str, str], tuple[DataError, ...]]


@contextmanager
def broken_in(folder: Path, file: str, old: str, new: str) -> Iterator[None]:
    """For as long as it lasts, one piece of the text of one file is another."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} no longer says {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    yield
    path.write_text(text, encoding="utf-8")


def errors_of(folder: Path) -> tuple[DataError, ...]:
    try:
        load(folder)
    except DataRefused as refused:
        return refused.errors
    return ()


def only(errors: tuple[DataError, ...]) -> DataError:
    assert len(errors) == 1, "\n".join(map(str, errors))
    return errors[0]
