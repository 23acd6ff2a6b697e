"""Backups that only a passphrase opens: nothing of them is in plain, and each damage is found."""

import errno
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest

from forms_app import serve
from forms_app.backups import make, passphrase, record
from forms_app.backups.encryption import END, KEY, OPENED, BackupLocked, key_of, new_key
from forms_app.backups.make import BackupFailed, back_up
from forms_app.backups.place import Place
from forms_app.files.photos import Photos
from forms_app.rules.steps import Step
from forms_app.settings import Settings
from forms_app.store.database import open_database, proxy
from tests.backups.test_damage import cut, files_of, flip, refused, reopened, seeded_by
from tests.backups.test_make import entries_at, reopen, stored, with_photo
from tests.commands.test_upkeep import command, installed
from tests.support.actors import FIRST, NOW, SECOND, bring, issue
from tests.support.running import ROOT
from tests.support.seed import Seed, lay_key, world

pytestmark = pytest.mark.slow

PASSPHRASE = "four words that nobody says"
OTHER = "four other words that nobody says"


LOG_N = passphrase.LOG_N


@pytest.fixture(scope="module", autouse=True)
def derived_at_once() -> Iterator[None]:
    """Nearly a second each on purpose, and there are many here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase, "LOG_N", 2)
        yield


def test_each_word_that_is_tried_costs_a_thief_what_age_itself_asks_and_any_age_opens_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert LOG_N == 18
    key = new_key(PASSPHRASE)
    assert b" 2\n" in key.sealed.splitlines(keepends=True)[1]  # how slow, it says itself
    assert pyrage.passphrase.decrypt(key.sealed, PASSPHRASE).decode() == str(key.identity)
    monkeypatch.setattr(passphrase, "LOG_N", LOG_N)
    (tmp_path / KEY).write_bytes(new_key(PASSPHRASE).sealed)
    assert f" {LOG_N}\n".encode() in (tmp_path / KEY).read_bytes()
    assert key_of(tmp_path, PASSPHRASE)


def test_what_another_machine_locked_is_opened_however_busy_or_slow_this_one_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / KEY).write_bytes(pyrage.passphrase.encrypt(str(identity).encode(), PASSPHRASE))

    def busy(*_: object) -> None:
        raise pyrage.DecryptError("Excessive work parameter for passphrase.")

    monkeypatch.setattr(pyrage.passphrase, "decrypt", busy)
    assert str(key_of(tmp_path, PASSPHRASE).identity) == str(identity)


def test_a_machine_without_the_memory_that_the_words_take_is_told_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / KEY).write_bytes(new_key(PASSPHRASE).sealed)

    def derive(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(passphrase.Scrypt, "derive", derive)
    with pytest.raises(BackupLocked, match="MB 内存"):
        key_of(tmp_path, PASSPHRASE)


def test_no_flipped_bit_of_a_locked_key_is_taken_for_another_key(tmp_path: Path) -> None:
    sealed = new_key(PASSPHRASE).sealed
    for place in range(0, len(sealed), 3):
        other = bytearray(sealed)
        other[place] ^= 1
        (tmp_path / KEY).write_bytes(other)
        with pytest.raises(BackupLocked, match="口令不对，或者这个文件坏了"):
            key_of(tmp_path, PASSPHRASE)


@pytest.fixture
def office(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("CIRCLE_BACKUP_DIR", raising=False)
    monkeypatch.setenv("CIRCLE_BACKUP_PASSPHRASE", PASSPHRASE)
    yield from installed(tmp_path, seeded, monkeypatch)


def own(office: Path, passphrase: str | None = PASSPHRASE) -> Settings:
    given = {"CIRCLE_BACKUP_PASSPHRASE": passphrase} if passphrase else {}
    return Settings.from_environment({"CIRCLE_DATA": str(office), **given}, ROOT)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, seeded: Seed) -> Path:
    """An office with one proved backup of two photos, after which it went on and lost its photos;
    made once.
    """
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        for data in installed(folder, seeded, patch):
            (data / "published").mkdir(exist_ok=True)
            (data / "published" / "coverage.csv").write_text("month,share\n2026-11,80\n")
            for seed in (1, 2):
                with_photo(data, seed)
            assert back_up(own(data), Place(folder / "backups"), NOW).is_restored
            reopen(data)
            bring(Step.CLOSED, number=SECOND)
            shutil.rmtree(data / "private" / "photos")
    return folder


@pytest.fixture
def place(made: Path, office: Path) -> Place:
    """A copy of that backup; the office's data are a copy of what they became."""
    proxy.close()
    shutil.rmtree(office)
    shutil.copytree(made, office.parent, dirs_exist_ok=True)
    open_database(f"sqlite:///{office / 'private' / 'forms.db'}")
    return Place(office.parent / "backups")


def test_nothing_is_in_plain(office: Path, place: Place) -> None:
    files = [path for path in place.folder.rglob("*") if path.is_file()]
    sealed = [path for path in files if path.name != "backup.lock"]
    assert len(sealed) > 8
    for path in sealed:
        content = path.read_bytes()
        assert path.name.endswith(END)
        assert content.startswith(b"age-encryption.org/v1")
        assert path.stat().st_mode & 0o077 == 0
    everything = b"".join(path.read_bytes() for path in sealed)
    for plain in ("楼道灯不亮".encode(), b"SQLite format", b"JFIF", b"2026-11,80"):
        assert plain not in everything
    shown = " ".join(path.name for path in files)
    for photo in (office / "private").rglob("*.jpg"):
        assert photo.stem not in shown
    assert not list((office / "private").glob(f"{OPENED}*"))


def test_it_comes_back_with_its_passphrase(
    office: Path, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("restore", str(place.folder), "--check") == 0
    assert "备份是完整的" in capsys.readouterr().out
    assert command("restore", str(place.folder), "--yes") == 0
    reopened(office)
    assert issue(SECOND).step != Step.CLOSED
    assert len(list((office / "private" / "photos").glob("*.jpg"))) == 4
    assert not list((office / "private").glob(f"{OPENED}*"))


def test_a_lost_server_has_everything_back(office: Path, place: Place) -> None:
    proxy.close()
    before = {path: one for path, one in files_of(office).items() if "private" not in path.parts}
    shutil.rmtree(office)
    (office / "private").mkdir(parents=True)
    lay_key(office / "private")  # kept elsewhere, as the page of promises asks
    assert command("restore", str(place.folder), "--yes") == 0
    after = {path: one for path, one in files_of(office).items() if "private" not in path.parts}
    assert after == before


@pytest.mark.parametrize(
    ("given", "words"), [(OTHER, "口令不对"), (None, "给出做这份备份时的口令")]
)
def test_without_its_passphrase_it_is_a_sentence(
    office: Path, place: Place, given: str | None, words: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.delenv("CIRCLE_BACKUP_PASSPHRASE")
    if given:
        monkeypatch.setenv("CIRCLE_BACKUP_PASSPHRASE", given)
    assert words in refused(office, place.folder, capsys)


def test_whoever_sits_there_is_asked_for_it(
    office: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CIRCLE_BACKUP_PASSPHRASE")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("forms_app.commands.restore.getpass", lambda _asked: PASSPHRASE)
    assert command("restore", str(place.folder), "--check") == 0
    assert office.exists()


def only(place: Place) -> Path:
    return place.backups()[-1]


def swapped(place: Place) -> None:
    one, other = sorted(stored(place.folder), key=lambda path: path.stat().st_size)[:2]
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def forged(place: Place) -> None:
    """As somebody would who knows the public key of it, and not the passphrase."""
    recipient = key_of(only(place), PASSPHRASE).identity.to_public()
    (only(place) / f"database.sqlite{END}").write_bytes(pyrage.encrypt(b"x" * 4096, [recipient]))


def in_anothers(place: Place) -> None:
    recipient = pyrage.x25519.Identity.generate().to_public()
    (only(place) / f"manifest.json{END}").write_bytes(pyrage.encrypt(b"{}", [recipient]))


def file(name: str, damage: Callable[[Path], None]) -> Callable[[Place], None]:
    return lambda place: damage(only(place) / f"{name}{END}")


def photo(damage: Callable[[Path], None]) -> Callable[[Place], None]:
    return lambda place: damage(stored(place.folder)[0])


DAMAGES: dict[str, tuple[Callable[[Place], None], str]] = {
    "no list": (file("manifest.json", Path.unlink), "没有清单"),
    "an empty list": (file("manifest.json", lambda p: p.write_bytes(b"") and None), "内容变了"),
    "half a list": (file("manifest.json", cut), "内容变了"),
    "a bit of the list": (file("manifest.json", lambda p: flip(p, seeded_by(1), -1)), "内容变了"),
    "a list in another key": (in_anothers, "内容变了"),
    "no key": (lambda place: (only(place) / KEY).unlink(), "少了密钥"),
    "half a key": (lambda place: cut(only(place) / KEY), "打不开备份的密钥"),
    "a bit of the key": (lambda place: flip(only(place) / KEY, seeded_by(1), -1), "打不开"),
    "no database": (file("database.sqlite", Path.unlink), "少了数据库"),
    "half a database": (file("database.sqlite", cut), "内容变了"),
    "a bit of the database": (
        file("database.sqlite", lambda p: flip(p, seeded_by(1), 9000)), "内容变了"),
    "a forged database": (forged, "长短不对"),
    "no photos at all": (lambda place: shutil.rmtree(place.folder / "photos"), "少了照片"),
    "one photo gone": (photo(Path.unlink), "少了照片"),
    "half a photo": (photo(cut), "内容变了"),
    "a bit of a photo": (photo(lambda p: flip(p, seeded_by(1), 400)), "内容变了"),
    "two photos swapped": (swapped, "内容变了"),
    "a file of the community gone": (file("community/circle.yml", Path.unlink), "circle.yml"),
    "a file of the community changed": (
        file("community/circle.yml", lambda p: flip(p, seeded_by(3), -1)), "circle.yml"),
    "the ledger gone": (file("published/coverage.csv", Path.unlink), "coverage.csv"),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGES)
def test_each_damage_is_found_and_named(
    office: Path, place: Place, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    damage, words = DAMAGES[what]
    folder = only(place)
    damage(place)
    assert words in refused(office, folder, capsys)
    assert not list((office / "private").glob(f"{OPENED}*"))


def test_any_flipped_bit_is_found(
    office: Path, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = seeded_by(18)
    files = sorted(
        path for path in place.folder.rglob("*") if path.stat().st_size and path.is_file()
    )
    folder = only(place)
    for _ in range(30):
        path = chance.choice(files)
        kept = path.read_bytes()
        flip(path, chance)
        refused(office, folder, capsys)
        path.write_bytes(kept)
    assert command("restore", str(folder), "--check") == 0


def test_a_photo_is_encrypted_once_and_a_damaged_one_anew(office: Path, tmp_path: Path) -> None:
    with_photo(office, 1)
    place = Place(tmp_path / "backups")
    assert back_up(own(office), place, NOW).new_photos == 2
    before = {path: path.read_bytes() for path in stored(place.folder)}
    reopen(office)
    with_photo(office, 2)
    flip(stored(place.folder)[0], random.Random(1), 400)  # noqa: S311 - the same each time
    second = back_up(own(office), place, NOW + timedelta(days=1))
    assert second.new_photos == 3
    assert len(stored(place.folder)) == 4
    same = [path for path, content in before.items() if path.read_bytes() == content]
    assert len(same) == 1


def test_of_some_in_plain_and_some_with_another_passphrase_old_ones_go_all_the_same(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_photo(office, 1)
    place = Place(tmp_path / "backups")
    plain = back_up(own(office, None), place, NOW).folder
    old = back_up(own(office, OTHER), place, NOW + timedelta(days=1)).folder
    new = back_up(own(office), place, NOW + timedelta(days=2))
    assert new.new_photos == 2
    assert len(stored(place.folder)) == 6
    for folder, words in ((plain, None), (old, OTHER), (new.folder, PASSPHRASE)):
        monkeypatch.setenv("CIRCLE_BACKUP_PASSPHRASE", words or "")
        assert command("restore", str(folder), "--check") == 0
    monkeypatch.setattr(make, "kept", lambda made, _now: {max(made)})
    last = back_up(own(office), place, NOW + timedelta(days=3))
    assert (last.removed, last.new_photos) == (3, 0)
    assert place.backups() == [last.folder]
    assert len(stored(place.folder)) == 2
    assert command("restore", str(last.folder), "--check") == 0


def test_where_another_passphrase_opens_a_list_no_photo_is_removed(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_photo(office, 1)
    place = Place(tmp_path / "backups")
    old = back_up(own(office, OTHER), place, NOW + timedelta(days=1)).folder
    gone = back_up(own(office), place, NOW).folder
    moments = {NOW + timedelta(days=1), NOW + timedelta(days=2)}
    monkeypatch.setattr(make, "kept", lambda _made, _now: moments)
    back_up(own(office), place, NOW + timedelta(days=2))
    assert not gone.exists()
    monkeypatch.setenv("CIRCLE_BACKUP_PASSPHRASE", OTHER)
    assert command("restore", str(old), "--check") == 0


def test_one_that_does_not_open_again_is_no_backup(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(*_: object) -> None:
        raise BackupLocked("口令不对。")

    monkeypatch.setattr(make, "key_of", shut)
    with pytest.raises(BackupFailed, match="核对不过：口令不对"):
        back_up(own(office), Place(tmp_path / "backups"), NOW)


def test_the_nights_own_are_encrypted_at_both_places_and_noted(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    second = tmp_path / "disk"
    second.mkdir()
    monkeypatch.setenv("CIRCLE_BACKUP_DIR", str(second))
    assert command("backup") == 0
    assert capsys.readouterr().out.count("这份备份加了密") == 2
    outcomes = record.read(office / "private")
    for folder in (office / "private" / "backups", second):
        [backup] = Place(folder).backups()
        assert outcomes[str(folder)].name == backup.name
        assert (backup / KEY).exists()


def test_a_full_disk_is_no_damage(tmp_path: Path) -> None:
    key = new_key(PASSPHRASE)
    (tmp_path / "plain").write_bytes(bytes(100_000))
    with pytest.raises(OSError, match="No space left") as full:
        key.encrypt(tmp_path / "plain", Path("/dev/full"))
    assert full.value.errno == errno.ENOSPC
    key.encrypt(tmp_path / "plain", tmp_path / "sealed")
    with pytest.raises(OSError, match="No space left"):
        key.decrypt(tmp_path / "sealed", Path("/dev/full"))
    with pytest.raises(FileNotFoundError):
        key.decrypt(tmp_path / "nothing", tmp_path / "plain")


def test_one_file_is_in_plain_and_says_so(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("backup", str(tmp_path / "circle.db")) == 0
    assert "不加密" in capsys.readouterr().out
    assert office.exists()


def test_what_a_crash_left_in_plain_is_cleared_at_the_next_start(office: Path) -> None:
    left = office / "private" / f"{OPENED}x" / "20261128T000000Z"
    left.mkdir(parents=True)
    (left / "database.sqlite").write_bytes(b"x")
    serve._clear_leftovers(own(office))
    assert not list((office / "private").glob(".*"))


@pytest.mark.postgres
def test_postgresql_too(
    office: Path, postgres_url: str, seeded: Seed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.close()
    world(seeded, postgres_url)
    seeded.pour_into(open_database(postgres_url))
    bring(Step.HANDLING)
    key = with_photo(office, 1)
    proxy.close()
    monkeypatch.setenv("CIRCLE_DATABASE_URL", postgres_url)
    assert command("backup", str(tmp_path / "backups")) == 0
    [folder] = Place(tmp_path / "backups").backups()
    assert (folder / f"database.dump{END}").exists()
    before = entries_at(postgres_url)
    bring(Step.CLOSED, number=SECOND)
    shutil.rmtree(office / "private" / "photos")
    assert command("restore", str(folder), "--yes") == 0
    assert entries_at(postgres_url) == before
    assert issue(FIRST).step == Step.HANDLING
    assert Photos(office / "private" / "photos").file(key)
