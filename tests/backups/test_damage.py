"""Whatever happens to a backup, a restore finds it, says where, and leaves the present alone."""

import io
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from forms_app.backups.databases import facts
from forms_app.backups.manifest import NAME, Manifest, Sealed, seal
from forms_app.backups.place import Place
from forms_app.backups.single_file import photos_beside
from forms_app.casework.photos import attach
from forms_app.files.photos import Photos
from forms_app.rules.steps import Step
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Entry
from tests.commands.test_upkeep import command, installed
from tests.support.actors import FIRST, NOW, SECOND, bring, dump, issue, seal_anew
from tests.support.pictures import phone_photo
from tests.support.seed import Seed, lay_key

pytestmark = pytest.mark.slow

Damage = Callable[["Backup"], None]


class Backup:
    """A copy of a place of backups with one backup in it, to be damaged."""

    def __init__(self, place: Path) -> None:
        self.place = place
        [self.folder] = Place(place).backups()
        self.database = self.folder / "database.sqlite"
        self.manifest = Manifest.read(self.folder)

    def photos(self, end: str = "") -> list[Path]:
        found = self.manifest.photos.items()
        return [Place(self.place).photo(one) for name, one in found if name.endswith(end)]

    def sql(self, *statements: str) -> None:
        """Changes the database, whose list is left as it was."""
        with closing(sqlite3.connect(self.database)) as database, database:
            for statement in statements:
                database.execute(statement)

    def reseal(self, **changes: Any) -> None:
        """Writes a new list, as somebody would who wants the change to stay unseen."""
        changed = replace(self.manifest, **{"database": seal(self.database), **changes})
        (self.folder / NAME).write_bytes(changed.as_bytes())

    def recount(self) -> None:
        with closing(open_database(f"sqlite:///{self.database}")) as database:
            held = facts(database)
            database.execute_sql("PRAGMA journal_mode = delete")
        self.reseal(rows=held.rows, schema=held.schema, installation=held.installation)


def seeded_by(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311 - the same damage in every run


def flip(path: Path, chance: random.Random, at: int | None = None) -> None:
    content = bytearray(path.read_bytes())
    place = chance.randrange(len(content)) if at is None else at
    content[place] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def in_text(backup: Backup) -> int:
    return backup.database.read_bytes().index("楼道灯不亮".encode())


def foreign(backup: Backup) -> None:
    backup.database.unlink()
    backup.sql("CREATE TABLE moz_places (id INTEGER)", "PRAGMA application_id = 42")
    backup.reseal()


def swapped(backup: Backup) -> None:
    one, other = backup.photos(".small.jpg")
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


OF_SECOND = "WHERE issue_id = (SELECT id FROM issue WHERE number = '260002')"


def without_issue(backup: Backup) -> None:
    """A whole issue gone with all that hangs on it, and the list's hash made anew."""
    backup.sql(
        f"DELETE FROM notice {OF_SECOND}",  # noqa: S608 - our own words
        f"DELETE FROM entry {OF_SECOND}",  # noqa: S608
        "DELETE FROM issue WHERE number = '260002'",
    )
    backup.reseal()


def changed(*statements: str) -> Damage:
    """The database changed, and the list made anew for it: it must prove itself."""

    def damage(backup: Backup) -> None:
        backup.sql(*statements)
        backup.recount()

    return damage


def escaping(name: str) -> Damage:
    """A file of this name in the list, and one where it is taken from."""

    def damage(backup: Backup) -> None:
        evil = backup.folder / name.replace("//", "/")
        evil.parent.mkdir(parents=True, exist_ok=True)
        evil.write_bytes(b"x")
        backup.reseal(files={**backup.manifest.files, name: seal(evil)})

    return damage


def linked(backup: Backup) -> None:
    backup.database.replace(backup.place / "elsewhere")
    backup.database.symlink_to(backup.place / "elsewhere")


def emptied(backup: Backup) -> None:
    shutil.rmtree(backup.folder)


def json_edit(old: str, new: str) -> Damage:
    def damage(backup: Backup) -> None:
        path = backup.folder / NAME
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return damage


# What was done, and what the sentence must say.
DAMAGES: dict[str, tuple[Damage, str]] = {
    "no list": (lambda b: (b.folder / NAME).unlink(), "没有清单"),
    "an empty list": (lambda b: (b.folder / NAME).write_bytes(b""), "清单"),
    "half a list": (lambda b: cut(b.folder / NAME), "清单"),
    "another kind of list": (lambda b: (b.folder / NAME).write_text("[1]"), "清单"),
    "another program's list": (json_edit("ten-minute-circle", "other-program"), "不是本程序"),
    "a newer program's list": (json_edit('"format": 2', '"format": 3'), "更新版本"),
    "a number in the list": (json_edit('"issue": 5', '"issue": 4'), "清单"),
    "a hash in the list": (json_edit('"sha256": "', '"sha256": "0'), "清单"),
    "an empty folder": (emptied, "没有备份"),
    "no database": (lambda b: b.database.unlink(), "少了数据库"),
    "an empty database": (lambda b: b.database.write_bytes(b""), "长短不对"),
    "half a database": (lambda b: cut(b.database), "长短不对"),
    "a bit of a text": (lambda b: flip(b.database, seeded_by(1), in_text(b)), "内容变了"),
    "a folder for a database": (lambda b: (b.database.unlink(), b.database.mkdir())[0], "数据库"),
    "a link for a database": (linked, "少了数据库"),
    "another program's database": (foreign, "不是本程序"),
    "a role": (lambda b: b.sql("UPDATE account SET role = 'admin'"), "数据库"),
    "an unknown kind of database": (lambda b: b.reseal(kind="mysql"), "mysql"),
    "no photos at all": (lambda b: shutil.rmtree(b.place / "photos"), "少了照片"),
    "one photo gone": (lambda b: b.photos(".jpg")[0].unlink(), "少了照片"),
    "one small photo gone": (lambda b: b.photos(".small.jpg")[0].unlink(), "少了照片"),
    "half a photo": (lambda b: cut(b.photos()[0]), "长短不对"),
    "a bit of a photo": (lambda b: flip(b.photos()[0], seeded_by(2), 500), "内容变了"),
    "two photos swapped": (swapped, "照片"),
    "a file of the community gone": (
        lambda b: (b.folder / "community" / "circle.yml").unlink(), "circle.yml"),
    "a file of the community changed": (
        lambda b: flip(b.folder / "community" / "circle.yml", seeded_by(3)), "circle.yml"),
    "the ledger changed": (
        lambda b: flip(b.folder / "published" / "coverage.csv", seeded_by(4)), "coverage.csv"),
    **{
        f"a name that leads elsewhere: {name}": (escaping(name), "不该有的文件名")
        for name in (
            "../evil", "private/evil", "evil", "content/../private/evil",
            "content/../../evil", "content//dev/shm/evil", "published/./evil",
        )
    },
    "a photo's name that leads elsewhere": (
        changed("UPDATE photo SET key = '/../evil' WHERE id = 1"), "不该有的照片名"),
    "an issue gone": (without_issue, "应有"),
    "an issue gone, its entries not": (
        changed("DELETE FROM issue WHERE number = '260002'"), "指向已经没有的"),
    "a newer schema": (
        changed("INSERT INTO schema_migration (name, applied) VALUES ('9999_x', '2030-01-01')"),
        "新版本"),
    "an entry gone": (changed("DELETE FROM entry WHERE move = 'classify'"), FIRST),
    "a step forged": (
        changed("UPDATE issue SET step = 'closed' WHERE number = '260002'"), SECOND),
    "a step that is none": (changed("UPDATE issue SET step = 'x'"), "读不懂"),
    "a time that is none": (changed("UPDATE issue SET received_at = 'yesterday'"), "读不懂"),
    "a number that is a word": (changed("UPDATE entry SET round_no = 'one'"), FIRST),
    "a column gone": (changed("ALTER TABLE rating DROP COLUMN comment"), "comment"),
    "a table gone": (changed("DROP TABLE rating"), "rating"),
    "another program's mark": (changed("PRAGMA application_id = 42"), "不是本程序"),
    "another photo by its size": (changed("UPDATE photo SET size = size + 1"), "绕开系统"),
    "another word in a history": (changed("UPDATE entry SET resident_line = '别的话'"), "和封签"),
    "without its seals": (changed("DELETE FROM seal"), "没有封签"),
    "another office's": (changed("UPDATE installation SET code = 'another'"), "另一处"),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, seeded: Seed) -> Path:
    """An office with two photos and a proved backup, after which it went on; made once."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        for office in installed(folder, seeded, patch):
            bring(Step.HANDLING)
            photos = Photos(office / "private" / "photos")
            for seed in (1, 2):
                taken = photos.stage("form", io.BytesIO(phone_photo(300, 200, seed=seed)))
                attach(Entry.get(Entry.issue == issue(FIRST)), [taken], NOW)
                seal_anew()
            (office / "published").mkdir(exist_ok=True)
            (office / "published" / "coverage.csv").write_text("month,share\n2026-11,80\n")
            assert command("backup", str(folder / "backups")) == 0
            open_database(f"sqlite:///{office / 'private' / 'forms.db'}")
            bring(Step.CLOSED, number=SECOND)
            shutil.rmtree(office / "private" / "photos")
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it, its database open."""
    shutil.copytree(made, tmp_path / "here")
    monkeypatch.setenv("CIRCLE_DATA", str(tmp_path / "here" / "data"))
    monkeypatch.delenv("CIRCLE_DATABASE_URL", raising=False)
    reopened(tmp_path / "here" / "data")
    yield tmp_path / "here"
    if not proxy.is_closed():
        proxy.close()


@pytest.fixture
def office(here: Path) -> Path:
    return here / "data"


@pytest.fixture
def backup(here: Path) -> Backup:
    return Backup(here / "backups")


def files_of(office: Path) -> dict[Path, Sealed]:
    """All that the office has, but for its database, locks, and the key that any command makes."""
    return {
        path: seal(path)
        for path in office.rglob("*")
        if path.is_file()
        and not path.name.startswith(
            ("forms.db", "serving.lock", "secret_key", "code_key", "contact_key")
        )
    }


def reopened(office: Path) -> list[object]:
    proxy.close()
    open_database(f"sqlite:///{office / 'private' / 'forms.db'}")
    return dump()


def refused(office: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a restore says that refuses, in one line, and changes nothing."""
    before, files = reopened(office), files_of(office)
    capsys.readouterr()
    assert command("restore", str(path), "--yes") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert reopened(office) == before
    assert files_of(office) == files
    assert not list((office / "private").glob("*restor*"))
    return said


@pytest.mark.parametrize("what", DAMAGES)
def test_each_damage_is_found_and_named(
    office: Path, backup: Backup, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    damage, words = DAMAGES[what]
    damage(backup)
    assert words in refused(
        office, backup.folder if backup.folder.exists() else backup.place, capsys
    )


def test_an_undamaged_one_comes_back_with_its_photos(office: Path, backup: Backup) -> None:
    assert len(DAMAGES) >= 26
    assert command("restore", str(backup.place), "--yes") == 0
    reopened(office)
    assert issue(SECOND).step != Step.CLOSED
    photos = office / "private" / "photos"
    assert {path.name: seal(path) for path in photos.glob("*.jpg")} == backup.manifest.photos


def test_any_flipped_bit_is_found(
    office: Path, backup: Backup, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = seeded_by(18)
    files = sorted(
        path for path in backup.place.rglob("*") if path.is_file() and path.stat().st_size
    )
    for _ in range(60):
        path = chance.choice(files)
        kept = path.read_bytes()
        flip(path, chance)
        refused(office, backup.folder, capsys)
        path.write_bytes(kept)
    assert command("restore", str(backup.folder), "--check") == 0


def test_no_flipped_bit_makes_a_traceback_where_nothing_tells_of_it(
    office: Path, backup: Backup, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The small form has no list: what is found is refused, what is not changes no more than a text.
    single = tmp_path / "circle.db"
    proxy.close()
    shutil.copy(backup.database, single)
    kept = single.read_bytes()
    chance = seeded_by(26)
    found = 0
    for _ in range(60):
        flip(single, chance)
        before = reopened(office)
        found += command("restore", str(single), "--check", "--without-photos")
        assert capsys.readouterr().err.count("\n") <= 1
        assert reopened(office) == before
        single.write_bytes(kept)
    assert found > 0


def test_photos_that_are_lost_need_a_yes_of_their_own(
    office: Path, backup: Backup, capsys: pytest.CaptureFixture[str]
) -> None:
    backup.photos(".jpg")[0].unlink()
    assert "--without-photos" in refused(office, backup.folder, capsys)
    assert command("restore", str(backup.folder), "--yes", "--without-photos") == 0
    assert "还缺1张" in capsys.readouterr().out
    assert len(list((office / "private" / "photos").glob("*.jpg"))) == 2


def test_a_damaged_photo_of_the_office_is_put_right(office: Path, backup: Backup) -> None:
    photos = office / "private" / "photos"
    photos.mkdir()
    for name, one in backup.manifest.photos.items():
        shutil.copy(Place(backup.place).photo(one), photos / name)
    flip(next(photos.glob("*.jpg")), seeded_by(5), 300)
    assert command("restore", str(backup.folder), "--yes") == 0
    assert {path.name: seal(path) for path in photos.glob("*.jpg")} == backup.manifest.photos


def test_another_offices_backup_is_taken_where_it_is_meant(backup: Backup) -> None:
    backup.sql("UPDATE installation SET code = 'another'")
    backup.recount()
    assert command("restore", str(backup.folder), "--yes", "--other-office") == 0


def test_a_lost_server_has_everything_back(office: Path, backup: Backup) -> None:
    """A new machine with the program and the key that lay elsewhere: data, photos, what the office
    edits and published.
    """
    proxy.close()
    before = {path: one for path, one in files_of(office).items() if "private" not in path.parts}
    shutil.rmtree(office)
    (office / "private").mkdir(parents=True)
    lay_key(office / "private")
    assert command("restore", str(backup.place), "--yes") == 0
    reopened(office)
    assert issue(FIRST).step == Step.HANDLING
    after = {path: one for path, one in files_of(office).items() if "private" not in path.parts}
    assert after == before


SMALL: dict[str, tuple[Callable[[Path], None], str]] = {
    "a bit of a text": (
        lambda p: flip(p, seeded_by(1), p.read_bytes().index("楼道灯不亮".encode())), "内容变了"),
    "a bit of its seal": (lambda p: flip(p, seeded_by(1), p.stat().st_size - 9), "内容变了"),
    "a role": (lambda p: statement(p, "UPDATE account SET role = 'admin'"), "内容变了"),
    "half of it": (cut, "备份"),
    "a trigger": (
        lambda p: unsealed(p, "CREATE TRIGGER t AFTER INSERT ON issue BEGIN SELECT 1; END"),
        "被人加过东西"),
    "an entry gone": (lambda p: unsealed(p, "DELETE FROM entry WHERE move = 'classify'"), FIRST),
    "another program's": (lambda p: unsealed(p, "PRAGMA application_id = 42"), "不是本程序"),
    "a column gone": (lambda p: unsealed(p, "ALTER TABLE rating DROP COLUMN comment"), "comment"),
    "no photos": (lambda p: photos_beside(p).unlink(), "--without-photos"),
    "half the photos": (lambda p: cut(photos_beside(p)), "坏了"),
    "a bit of a photo": (lambda p: flip(photos_beside(p), seeded_by(1), 4000), "内容变了"),
    "no archive at all": (lambda p: photos_beside(p).write_bytes(b"x" * 2000), "坏了"),
}  # fmt: skip


def statement(path: Path, text: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(text)


def unsealed(path: Path, text: str) -> None:
    """As backups were before they had a seal."""
    os.truncate(path, path.stat().st_size // 512 * 512)
    statement(path, text)


@pytest.fixture
def single(office: Path, backup: Backup) -> Path:
    """A backup in the small form, of an office that has lost its photos since."""
    photos = office / "private" / "photos"
    photos.mkdir()
    for name, one in backup.manifest.photos.items():
        shutil.copy(Place(backup.place).photo(one), photos / name)
    path = office.parent / "circle.db"
    assert command("backup", str(path)) == 0
    shutil.rmtree(photos)
    return path


@pytest.mark.parametrize("what", SMALL)
def test_each_damage_of_the_small_form_is_found_and_named(
    office: Path, single: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    damage, words = SMALL[what]
    damage(single)
    assert words in refused(office, single, capsys)


def test_any_flipped_bit_of_the_small_form_is_found(
    office: Path, single: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = seeded_by(27)
    kept = single.read_bytes()
    for _ in range(40):
        flip(single, chance)
        refused(office, single, capsys)
        single.write_bytes(kept)
    assert command("restore", str(single), "--yes") == 0
