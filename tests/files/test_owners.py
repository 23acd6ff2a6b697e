"""What root laid among an office's files keeps its user out, and is handed over where root can."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from forms_app.files import owners
from forms_app.settings.owners import Ground

SOMEBODY = 65534


@pytest.fixture
def office(tmp_path: Path) -> Path:
    for name in ("private/backups", "published", "community"):
        (tmp_path / "data" / name).mkdir(parents=True)
    for name in ("private/code_key", "private/forms.db", "community/circle.yml"):
        (tmp_path / "data" / name).write_text("x")
    return tmp_path


def ground(office: Path) -> Ground:
    return Ground.before(
        {"CIRCLE_DATA": str(office / "data"), "CIRCLE_BACKUP_DIR": str(office / "second")}, office
    )


def close(monkeypatch: pytest.MonkeyPatch, *paths: Path, to: int = os.R_OK) -> None:
    """Everything is another's, and these may not be used so."""
    monkeypatch.setattr(owners.os, "geteuid", lambda: SOMEBODY - 1)

    def access(path: str | Path, needed: int) -> bool:
        return not (Path(path) in paths and needed & to)

    monkeypatch.setattr(owners.os, "access", access)


def test_what_is_anothers_and_can_be_used_all_the_same_keeps_nobody_out(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(monkeypatch)
    assert ground(office).kept_out() is None


def test_what_keeps_the_user_out_is_named_with_the_command_that_mends_it(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = office / "data" / "private" / "code_key"
    close(monkeypatch, key)
    told = str(ground(office).kept_out())
    assert f"用不了：{key}（" in told
    assert told.endswith(f"请先运行一次：sudo chown -R {SOMEBODY - 1}: {office / 'data'}")


def test_a_folder_is_told_once_and_not_all_that_is_in_it(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office / "second").mkdir()
    private = office / "data" / "private"
    close(monkeypatch, private, private / "code_key", office / "second", to=os.W_OK)
    told = str(ground(office).kept_out())
    assert "code_key" not in told
    assert told.endswith(f": {office / 'data'} {office / 'second'}")


def test_the_offices_own_files_may_be_closed_to_writing_by_whoever_looks_after_the_server(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    community = office / "data" / "community"
    close(monkeypatch, community, community / "circle.yml", to=os.W_OK)
    assert ground(office).kept_out() is None
    close(monkeypatch, community / "circle.yml")
    assert "circle.yml" in str(ground(office).kept_out())


def test_root_hands_over_what_it_made_in_anothers_folder_and_nothing_else(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = office / "data" / "private"
    if os.geteuid() == 0:
        os.chown(private, SOMEBODY, SOMEBODY)
    made_by_root = {"backups", "code_key"}
    given: list[tuple[str, int]] = []

    look = os.stat

    def stat(name: str | Path, **words: Any) -> object:
        if isinstance(name, Path):
            return look(name, **words)
        return SimpleNamespace(st_uid=0 if name in made_by_root else 7)

    def chown(name: str, uid: int, _gid: int, **_words: object) -> None:
        given.append((name, uid))

    with monkeypatch.context() as patch:
        patch.setattr(owners.os, "geteuid", lambda: 0)
        patch.setattr(owners.os, "stat", stat)
        patch.setattr(owners.os, "chown", chown)
        patch.setattr(owners.os, "fwalk", lambda _: [("", ["backups"], ["code_key", "x"], 3)])
        owners.hand_over(private)
        owners.hand_over(office / "not there")
    assert given == [(name, private.stat().st_uid) for name in ("backups", "code_key")]
    given.clear()
    monkeypatch.setattr(owners.os, "geteuid", lambda: 7)
    owners.hand_over(private)
    assert given == []
