"""Files on their way to another folder: none is lost, whenever the move is interrupted."""

from pathlib import Path

import pytest

from forms_app.office import moving
from forms_app.office.moving import (
    LIST,
    NotMoved,
    clear,
    copy_verified,
    done_clearing,
    not_cleared,
)


class PowerCut(Exception):
    """Nothing after it is done."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    (folder / "private" / "photos").mkdir(parents=True, mode=0o700)
    (folder / "private").chmod(0o700)
    (folder / "private" / "forms.db").write_bytes(b"rows" * 10_000)
    (folder / "private" / "forms.db").chmod(0o600)
    for n in range(5):
        (folder / "private" / "photos" / f"{n}.jpg").write_bytes(bytes([n]) * 1000)
    (folder / "private" / "backup.jpg").hardlink_to(folder / "private" / "photos" / "1.jpg")
    (folder / "private" / "elsewhere").symlink_to("/no/such/place")
    (folder / "published").mkdir()
    (folder / "published" / "tallies.json").write_text("{}")
    return folder


def parts(old: Path) -> dict[str, Path]:
    return {name: old / name for name in ("private", "published")}


def content(folder: Path) -> dict[str, bytes | str]:
    return {
        path.relative_to(folder).as_posix():
            str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.name != LIST and (path.is_symlink() or path.is_file())
    }  # fmt: skip


def test_copies_are_the_same_files_with_the_same_rights(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    copy_verified(parts(old), new)
    assert content(new) == content(old)
    assert (new / "private").stat().st_mode & 0o777 == 0o700
    assert (new / "private" / "forms.db").stat().st_mode & 0o777 == 0o600
    one, other = new / "private" / "photos" / "1.jpg", new / "private" / "backup.jpg"
    assert one.samefile(other)  # a photo and its backup take the disk once


def test_the_old_files_go_once_they_are_found_to_be_the_same(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    before = content(old)
    copy_verified(parts(old), new)
    assert content(old) == before
    (old / "private" / "late").write_text("nobody copied this")
    (old / "published" / "tallies.json").write_text("changed since")
    seals = not_cleared(new)
    assert seals is not None
    assert clear(old, seals) == ["published/tallies.json"]
    assert set(content(old)) == {"private/late", "published/tallies.json"}
    done_clearing(new)
    assert not_cleared(new) is None
    assert content(new) == before


@pytest.mark.parametrize("steps", range(16))
def test_whenever_it_is_interrupted_it_goes_on_from_there(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    new, before = tmp_path / "new", content(old)
    left = iter(range(steps))
    real = moving.sync

    def cut(path: Path) -> None:
        if next(left, None) is None:
            raise PowerCut
        real(path)

    with monkeypatch.context() as patch:
        patch.setattr(moving, "sync", cut)
        try:
            copy_verified(parts(old), new)
        except PowerCut:
            assert content(old) == before
    if not new.exists():
        copy_verified(parts(old), new)
    assert content(new) == content(old) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_was_copied_is_not_copied_again_and_what_is_gone_does_not_come_back(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "new"
    half = tmp_path / ".new.moving"
    (half / "private").mkdir(parents=True)
    (half / "private" / "forms.db").write_bytes((old / "private" / "forms.db").read_bytes())
    (half / "private" / "erased.jpg").write_bytes(b"erased since")
    copied = []
    real = moving.shutil.copy2

    def told(source: Path, copy: Path, *, follow_symlinks: bool) -> object:
        copied.append(source.name)
        return real(source, copy, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(moving.shutil, "copy2", told)
    copy_verified(parts(old), new)
    assert "forms.db" not in copied
    assert content(new) == content(old)


def test_a_file_that_changes_meanwhile_keeps_everything_where_it_is(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, real = tmp_path / "new", moving._clear_others

    def changed(*arguments: object) -> None:
        (old / "private" / "forms.db").write_bytes(b"written by somebody")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(moving, "_clear_others", changed)
    with pytest.raises(NotMoved, match=r"forms\.db"):
        copy_verified(parts(old), new)
    assert not new.exists()


def test_too_small_a_disk_is_said_before_anything_is_copied(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = moving.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(moving.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(NotMoved, match="MB"):
        copy_verified(parts(old), tmp_path / "new")
    assert list(tmp_path.iterdir()) == [old]


def test_a_place_where_nothing_can_be_made_is_one_sentence(old: Path) -> None:
    with pytest.raises(NotMoved, match="CIRCLE_DATA"):
        copy_verified(parts(old), old / "private" / "forms.db" / "new")
