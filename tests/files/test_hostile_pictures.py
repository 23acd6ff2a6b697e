"""Every picture that wants to do harm is made anew, or refused with a reason: soon and for good."""

import io
import resource
from pathlib import Path

import pytest

from forms_app.files.photo_press import LONG_SIDE
from forms_app.files.photos import REFUSALS, PhotoRefused, Photos
from tests.support.hostile_pictures import FOREIGN, HOSTILE
from tests.support.pictures import opened

pytestmark = pytest.mark.slow

MOST_SECONDS = 6.0  # of the processor, for any one of them


def used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_there_are_many_and_of_every_kind() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_made_anew_or_refused_soon(tmp_path: Path, name: str) -> None:
    photos, content, before = Photos(tmp_path / "photos"), HOSTILE[name](), used()
    taken = reason = None
    try:
        taken = photos.stage("form", io.BytesIO(content))
    except PhotoRefused as refused:
        reason = str(refused)
    assert used() - before < MOST_SECONDS
    if taken is None:
        assert reason in REFUSALS.values()
        assert photos.staged("form") == []
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        return
    for small in (False, True):
        path = photos.file(taken.key, small=small)
        assert path is not None
        assert opened(path).format == "JPEG"
        assert max(opened(path).size) <= LONG_SIDE
        assert not any(foreign in path.read_bytes() for foreign in FOREIGN)
