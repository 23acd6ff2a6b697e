"""A draft built as the real page: bounded, one at a time, and of no consequence."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forms_app.files.locks import holding
from forms_app.publishing import preview as previews
from forms_app.publishing.outcome import BuildFailed
from forms_app.publishing.preview import PreviewBusy, kept_page, preview, was_sound
from forms_app.settings import Settings
from tests.support.running import ROOT

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
FILE, ADDRESS = "pages/local/tea.md", "local/tea/"
TEA = "---\ntitle: 茶话会\n---\n每周三，[没有](/nowhere/)。\n".encode()


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    shutil.copytree(ROOT / "data" / "community", tmp_path / "data" / "community")
    environ = {"CIRCLE_DATA": str(tmp_path / "data"), "CIRCLE_BUILD": str(tmp_path / "build")}
    return Settings.from_environment(environ, ROOT)


def state(folder: Path) -> set[tuple[str, int]]:
    return {(str(path), path.stat().st_mtime_ns) for path in folder.rglob("*")}


def test_the_page_is_kept_and_nothing_else_has_changed(office: Settings) -> None:
    before = state(office.data)
    told = preview(office, FILE, ADDRESS, TEA, "mine", NOW)
    assert [one["line"] for one in told] == [1]
    page = (kept_page(office, "mine") or b"").decode()
    assert "<h1>茶话会</h1>" in page
    assert state(office.data) == before
    assert kept_page(office, "yours") is None
    assert not was_sound(office, "mine", TEA)  # of its links one leads nowhere
    left = sorted(path.name for path in (office.build / "previews").iterdir())
    assert left == ["lock", "mine.html", "mine.sound", "preview.log"]
    assert (office.build / "previews").stat().st_mode & 0o077 == 0


def test_a_build_that_takes_too_much_ends_and_says_so(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "BOUNDS", (1024**3, 1))  # a second of the processor's time
    monkeypatch.setattr(previews, "SECONDS", 60)
    with pytest.raises(BuildFailed, match="已停止"):
        preview(office, FILE, ADDRESS, TEA, "mine", NOW)
    monkeypatch.setattr(previews, "BOUNDS", (1024**3, 60))
    monkeypatch.setattr(previews, "SECONDS", 0.2)
    with pytest.raises(BuildFailed, match="已停止"):
        preview(office, FILE, ADDRESS, TEA, "mine", NOW)
    monkeypatch.setattr(previews, "SECONDS", 60)
    monkeypatch.setattr(previews, "BOUNDS", (1024**2, 60))
    with pytest.raises(BuildFailed):
        preview(office, FILE, ADDRESS, TEA, "mine", NOW)
    assert kept_page(office, "mine") is None
    assert not list((office.build / "previews").glob("tmp*"))


def test_what_keeps_the_site_from_being_made_is_told(office: Settings) -> None:
    venues = office.community_dir / "venues.csv"
    venues.write_bytes(venues.read_bytes().replace(b"jingui_hall,", b",", 1))
    with pytest.raises(BuildFailed) as failed:
        preview(office, FILE, ADDRESS, TEA, "mine", NOW)
    assert "venues.csv" in str(failed.value)


def test_one_draft_at_a_time(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "WAIT_SECONDS", 0.0)
    place = office.build / "previews"
    place.mkdir(parents=True)
    with holding(place / "lock"), pytest.raises(PreviewBusy):
        preview(office, FILE, ADDRESS, TEA, "mine", NOW)


def test_a_full_disk_is_an_error_of_the_disk(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_about: object, **_more: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(shutil, "copytree", full)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        preview(office, FILE, ADDRESS, TEA, "mine", NOW)
    assert not list((office.build / "previews").glob("tmp*"))
