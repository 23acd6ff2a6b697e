"""A whole office as plain files and into an empty one: the same rows, by count and hash."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import peewee
import pytest

from forms_app import casework, queries
from forms_app.backups import portable
from forms_app.backups.databases import facts
from forms_app.backups.portable import LINES, NAME
from forms_app.casework.photos import attach
from forms_app.commands import cli, move
from forms_app.content.versions import Shelf, Version, content_of, versions, write
from forms_app.files.photos import Photos
from forms_app.files.running_lock import in_use
from forms_app.rules.steps import Step
from forms_app.settings import Settings
from forms_app.store.accounts import Account, Session
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import Notice
from tests.support.actors import DAN, FIRST, NOW, SECOND, bring, issue, make, seal_anew
from tests.support.pictures import phone_photo
from tests.support.running import ROOT
from tests.support.seed import Seed

pytestmark = pytest.mark.slow

PHONE = "0797-0000-199"


@pytest.fixture
def old(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An office that has worked: a merged issue, a photo, words of its own in circle.yml."""
    data = tmp_path / "old"
    shutil.copytree(ROOT / "data" / "community", data / "community")
    circle = data / "community" / "circle.yml"
    circle.write_text(circle.read_text() + "# ours\n")
    (data / "private").mkdir(mode=0o700)
    (data / "published").mkdir()
    (data / "published" / "tallies.json").write_text("{}")
    made = Version(NOW, "wang", "", "")
    place = Shelf(data / "private", data / "community")
    write(place, {circle.name: circle.read_bytes() + b"# again\n"}, made)
    page = "---\ntitle: 茶话会\n---\n\n每周三。\n".encode()
    write(place, {"pages/local/tea.md": page}, made)
    seeded.copy_to(data / "private" / "forms.db")
    monkeypatch.delenv("CIRCLE_DATABASE_URL", raising=False)
    at(data, monkeypatch)
    open_database(f"sqlite:///{data / 'private' / 'forms.db'}")
    settings = Settings.from_environment({"CIRCLE_DATA": str(data)}, tmp_path)
    assert casework.is_code_key(settings.code_key)
    bring(Step.CLOSED)
    taken = Photos(data / "private" / "photos").stage("form", BytesIO(phone_photo(300, 200)))
    attach(Entry.get(Entry.issue == issue(FIRST)), [taken], NOW)
    left = {"reporter_name": "爱丽丝", "reporter_phone": PHONE, "contact_salt": "s"}
    Issue.update(**left, merged_into=issue(SECOND).id).where(Issue.number == FIRST).execute()
    seal_anew()
    proxy.close()
    yield data
    proxy.close()


def at(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_DATA", str(data))


def told(out: Path) -> dict[str, dict[str, object]]:
    kept: dict[str, dict[str, object]] = json.loads((out / NAME).read_text())
    return kept


def new(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation with the keys of the old one."""
    data = tmp_path / "new"
    (data / "private").mkdir(parents=True, mode=0o700)
    for key in ("code_key", "contact_key"):
        shutil.copy(old / "private" / key, data / "private" / key)
    at(data, monkeypatch)
    return data


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_what_comes_in_is_what_went_out(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest,
    kind: str,
) -> None:  # fmt: skip
    out, again = tmp_path / "out", tmp_path / "again"
    assert cli.main(["move-out", str(out)]) == 0
    assert (out / NAME).is_file()
    data = new(old, tmp_path, monkeypatch)
    if kind == "postgres":
        monkeypatch.setenv("CIRCLE_DATABASE_URL", request.getfixturevalue("postgres_url"))
    assert cli.main(["move-in", str(out)]) == 0
    assert "# ours" in (data / "community" / "circle.yml").read_text()
    assert (data / "published" / "tallies.json").read_text() == "{}"
    place = Shelf(data / "private", data / "community")
    assert "每周三。" in (data / "community" / "pages" / "local" / "tea.md").read_text()
    assert [one.who for one in versions(place, "pages/local/tea.md")] == ["wang"]
    made = versions(place, "circle.yml")
    assert [one.who for one in made] == ["wang", ""]
    assert (content_of(place, "circle.yml", made[1]) or b"").endswith(b"# ours\n")
    assert (data / "private" / "content").stat().st_mode & 0o777 == 0o700
    photos = {path.name: path.read_bytes() for path in (old / "private" / "photos").glob("*.jpg")}
    assert photos == {p.name: p.read_bytes() for p in (data / "private" / "photos").glob("*.jpg")}
    assert len(photos) == 2
    open_database(str(Settings.from_environment(os.environ, ROOT).database_url))
    assert (issue(FIRST).reporter_name, issue(FIRST).reporter_phone) == ("爱丽丝", PHONE)
    proxy.close()
    lines = (out / "tables" / "issue.jsonl").read_text(encoding="utf-8")
    assert PHONE not in lines
    assert "爱丽丝" not in lines
    assert cli.main(["move-out", str(again)]) == 0
    first, second = told(out)["tables"], told(again)["tables"]
    # What a restored office does not do again: sessions, and notices that lapse.
    for name in ("session", "open_ticket", "notice"):
        first.pop(name), second.pop(name)
    assert first == second
    assert told(out)["files"] == told(again)["files"]


def test_two_do_not_write_the_same_export_at_once(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old.exists()
    first = tmp_path / ".out.unfinished"
    first.mkdir()
    (first / "half").touch()
    handle = os.open(first, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert cli.main(["move-out", str(tmp_path / "out")]) == 1
    assert "正在导出" in capsys.readouterr().err
    assert (first / "half").exists()
    os.close(handle)
    assert cli.main(["move-out", str(tmp_path / "out")]) == 0
    assert not (tmp_path / "out" / "half").exists()


def test_an_export_that_was_interrupted_leaves_nothing_lying(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert old.exists()

    def interrupted(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(portable, "write_tables", interrupted)
    assert cli.main(["move-out", str(tmp_path / "out")]) == 130
    assert not list(tmp_path.glob("*out*"))


def test_the_office_goes_on_where_it_was_moved_to(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    Issue.update(merged_into=None).execute()
    seal_anew()
    last = Issue.select(peewee.fn.MAX(Issue.id)).scalar()
    proxy.close()
    assert cli.main(["move-out", str(out)]) == 0
    new(old, tmp_path, monkeypatch)
    assert cli.main(["move-in", str(out)]) == 0
    assert cli.main(["verify-log"]) == 0
    open_database(f"sqlite:///{tmp_path / 'new' / 'private' / 'forms.db'}")
    assert queries.broken_histories() == []
    assert Session.select().count() == Notice.select().where(Notice.state == "waiting").count() == 0
    make("note", DAN, number=SECOND, note="moved")
    assert Issue.select(peewee.fn.MAX(Issue.id)).scalar() == last


def test_a_line_that_was_changed_lets_nothing_in(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["move-out", str(out)]) == 0
    lines = out / LINES / "issue.jsonl"
    lines.write_text(lines.read_text().replace('"description":"', '"description":"not ', 1))
    data = new(old, tmp_path, monkeypatch)
    assert cli.main(["move-in", str(out)]) == 1
    assert "issue.jsonl" in capsys.readouterr().err
    open_database(f"sqlite:///{data / 'private' / 'forms.db'}")
    assert not Issue.select().exists()
    assert not Account.select().exists()


@pytest.mark.parametrize(
    "line",
    [
        b"{", b"[" * 50_000, b"1", b"[]", b"\xff", b'{"id": 1}', b"x" * 1000,
        {"id": "x"}, {"id": 1e99}, {"id": None}, {"id": [1]}, {"username": None}, {"made_at": 7},
        {"made_at": "2026-13-40T99:00:00Z"},
    ],
)  # fmt: skip
def test_a_line_that_no_export_holds_is_a_sentence(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    line: bytes | dict[str, object],
) -> None:  # fmt: skip
    out = tmp_path / "out"
    assert cli.main(["move-out", str(out)]) == 0
    lines = out / LINES / "account.jsonl"
    if isinstance(line, dict):
        line = json.dumps(json.loads(lines.read_bytes().splitlines()[0]) | line).encode()
    lines.write_bytes(line + b"\n")
    new(old, tmp_path, monkeypatch)
    capsys.readouterr()
    assert cli.main(["move-in", str(out)]) == 1
    said = capsys.readouterr().err
    assert "account.jsonl" in said
    assert said.count("\n") == 1


def test_broken_off_at_any_step_it_is_taken_whole_by_the_next(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert cli.main(["move-out", str(out)]) == 0
    data = new(old, tmp_path, monkeypatch)

    def crash(*_: object, **__: object) -> None:
        raise SystemExit(9)

    copied: list[str] = []

    def crash_behind_circle(source: Path, target: Path) -> None:
        if any(name.endswith("community/circle.yml") for name in copied):
            crash()
        copied.append(str(source))
        target.write_bytes(source.read_bytes())

    steps = (
        (shutil, "copyfile", crash), (shutil, "copyfile", crash_behind_circle),
        (portable, "read_tables", crash), (move, "_need_keys", crash),
        (casework, "drop_every_session", crash), (casework, "let_notices_lapse", crash),
    )  # fmt: skip
    for place, name, how in steps:
        with monkeypatch.context() as patch:
            patch.setattr(place, name, how)
            with pytest.raises(SystemExit):
                raise SystemExit(cli.main(["move-in", str(out)]))
        proxy.close()
    again = tmp_path / "again"
    assert cli.main(["move-in", str(out)]) == 1  # the last of them had come to its end
    assert cli.main(["move-out", str(again)]) == 0
    assert told(out)["files"] == told(again)["files"]
    open_database(f"sqlite:///{data / 'private' / 'forms.db'}")
    assert issue(FIRST).number == FIRST
    assert not Session.select().exists()
    assert not Notice.select().where(Notice.state == "waiting").exists()


OUTSIDE = ("photos/../../../x", "photos//dev/shm/x", "content/../private/x", "content//dev/shm/x")


@pytest.mark.parametrize("damage", ["photo", "list", *OUTSIDE, "schema", "format"])
def test_an_export_that_is_not_whole_is_refused(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out = tmp_path / "out"
    assert cli.main(["move-out", str(out)]) == 0
    content = told(out)
    if damage == "photo":
        next((out / "photos").iterdir()).write_bytes(b"")
    elif damage in OUTSIDE:
        file = out / damage.replace("//", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        content["files"][damage] = {"sha256": hashlib.sha256().hexdigest(), "size": 0}
    elif damage == "list":
        del content["tables"]["issue"]
    else:
        content[damage] = {"schema": "0001_x", "format": 2}[damage]  # type: ignore[assignment]
    (out / NAME).write_text(json.dumps(content))
    new(old, tmp_path, monkeypatch)
    assert cli.main(["move-in", str(out)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert damage not in OUTSIDE or "不该有的文件名" in said


def test_only_an_empty_office_that_nobody_serves_takes_it(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["move-out", str(out)]) == 0
    assert cli.main(["move-out", str(out)]) == 1
    assert cli.main(["move-in", str(out)]) == 1
    assert "空的" in capsys.readouterr().err
    data = new(old, tmp_path, monkeypatch)
    with in_use(data / "private", alone=False):
        assert cli.main(["move-in", str(out)]) == 1
    (data / "private" / "code_key").write_text("k" * 64)
    assert cli.main(["move-in", str(out)]) == 1
    assert "code_key" in capsys.readouterr().err
    open_database(f"sqlite:///{data / 'private' / 'forms.db'}")
    assert not Issue.select().exists()
    assert facts(proxy.obj).rows["account"] == 0


def test_without_the_key_of_the_contacts_nothing_comes_in(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["move-out", str(out)]) == 0
    data = new(old, tmp_path, monkeypatch)
    (data / "private" / "contact_key").unlink()
    assert cli.main(["move-in", str(out)]) == 1
    assert "contact_key" in capsys.readouterr().err
    open_database(f"sqlite:///{data / 'private' / 'forms.db'}")
    assert not Issue.select().exists()
