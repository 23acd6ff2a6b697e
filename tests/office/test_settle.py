"""Where a start finds the office's data: outside the checkout, from the first day or once moved."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from forms_app import community
from forms_app.demo.laying import first_administrator
from forms_app.files.running_lock import in_use
from forms_app.office import settle as settling
from forms_app.office.moving import LIST
from forms_app.office.settle import Settled, settle
from forms_app.office.shipped import SAMPLE, STARTER, FolderRefused, make_office
from forms_app.settings import Settings
from forms_app.store.accounts import Account
from forms_app.store.counts import Counter
from forms_app.store.database import open_database, writing
from forms_app.store.schema import migrate
from tests.support.running import ROOT

OWN = b"name: ours\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout that nobody has started."""
    folder = tmp_path / "circle"
    for part in (SAMPLE, STARTER):
        shutil.copytree(ROOT / part, folder / part)
    return folder


@pytest.fixture
def own(root: Path) -> Path:
    """Where the office's folder is to be."""
    return root.with_name("circle-data")


def start(root: Path, *, is_demo: bool = False, **environ: str) -> Settled:
    return settle(environ, root, is_demo=is_demo)


def worked_in(data: Path, *, is_demo: bool = False) -> None:
    """As an installation leaves it that ran with its data there."""
    environ = {"CIRCLE_DATA": str(data)}
    settings = Settings.from_environment(environ, data.parent)
    database = open_database(settings.database_url)
    migrate(database)
    first_administrator(datetime.now(UTC))
    if is_demo:
        with writing():
            Counter.create(name="demo", value=1)
    database.close()
    (settings.private_dir / "notify.yml").write_text("hooks: []")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.cn", "-C", str(folder), *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def tracked(root: Path) -> Path:
    """Makes the checkout a clone; the repository that it came from."""
    origin = root.with_name("origin")
    shutil.copytree(root, origin)
    (origin / ".gitignore").write_text("build/\ndata/private/\ndata/published/\n")
    git(origin, "init", "--quiet", "--initial-branch", "main")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "--message", "first")
    shutil.rmtree(root)
    git(origin.parent, "clone", "--quiet", str(origin), str(root))
    return origin


def test_the_first_start_makes_a_folder_that_is_found_again(root: Path, own: Path) -> None:
    first = start(root)
    assert first.folder == own
    assert "community/circle.yml" in first.said[0]
    (own / "community" / "circle.yml").write_bytes(OWN)
    assert start(root) == Settled(own)
    assert (own / "community" / "circle.yml").read_bytes() == OWN
    assert Settings.from_environment({}, root).data == own  # of the commands, too


def test_a_new_office_is_empty_and_without_a_mistake(root: Path, own: Path) -> None:
    start(root)
    circle = community.load(own / "community")
    assert circle.sample
    assert "待填" in circle.name
    for empty in (circle.estates, circle.venues, circle.services, circle.activities, circle.walks):
        assert not empty
    assert circle.categories
    assert circle.departments
    assert "0797-0000-1" not in (own / "community" / "circle.yml").read_text()
    assert (own / "community" / "README.md").is_file()


def test_what_a_new_office_begins_with_takes_the_place_of_samples() -> None:
    for file in (ROOT / STARTER).iterdir():
        assert (ROOT / SAMPLE / file.name).is_file()


def test_a_new_office_hears_its_kinds_by_the_words_of_the_sample() -> None:
    kinds, fresh = (
        {
            kind["code"]: (kind.get("words"), kind.get("asked"))
            for kind in yaml.safe_load((ROOT / part / "circle.yml").read_text())["categories"]
        }
        for part in (SAMPLE, STARTER)
    )
    assert fresh == kinds


def test_the_demonstration_uses_the_sample_where_it_lies(root: Path, own: Path) -> None:
    assert start(root, is_demo=True) == Settled(root / "data")
    assert not own.exists()


def test_the_demonstrations_records_are_no_offices(root: Path, own: Path) -> None:
    worked_in(root / "data", is_demo=True)
    assert start(root).folder == own
    assert not (own / "private").exists()
    assert (root / "data" / "private" / "forms.db").exists()


@pytest.mark.parametrize(("is_demo", "estates"), [(False, False), (True, True)])
def test_a_folder_that_is_named_is_made_there(
    root: Path, tmp_path: Path, is_demo: bool, estates: bool
) -> None:
    folder = tmp_path / "srv" / "town"
    (folder / ".community.half").mkdir(parents=True)  # of a start that was interrupted
    assert start(root, is_demo=is_demo, CIRCLE_DATA=str(folder)).folder == folder
    assert bool(community.load(folder / "community").estates) == estates
    (folder / "community" / "circle.yml").unlink()
    assert start(root, is_demo=is_demo, CIRCLE_DATA=str(folder)) == Settled(folder)
    assert not (folder / "community" / "circle.yml").exists()  # missed, and not new


def test_a_service_needs_no_more_than_its_own_folder_to_be_writable(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "srv" / "town"
    folder.mkdir(parents=True)
    made: list[Path] = []
    real = Path.mkdir

    def mkdir(path: Path, *arguments: object, **named: object) -> None:
        made.append(path)
        real(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", mkdir)
    start(root, CIRCLE_DATA=str(folder))
    start(root, CIRCLE_DATA=str(folder))
    assert [path for path in made if not path.is_relative_to(folder)] == []
    assert [path.name for path in folder.iterdir()] == ["community"]


def test_two_first_starts_at_once_make_one_folder(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "town"
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda _: make_office(root, folder, is_sample=False), range(4)))
    assert [path.name for path in folder.iterdir()] == ["community"]
    assert "待填" in community.load(folder / "community").name


def test_data_in_the_checkout_are_moved_out_of_it_once(root: Path, own: Path) -> None:
    worked_in(root / "data")
    keys = (root / "data" / "private" / "secret_key").read_bytes()
    moved = start(root)
    assert moved.folder == own
    assert str(own) in moved.said[0]
    assert (own / "private" / "secret_key").read_bytes() == keys
    assert (own / "community" / "estates.csv").is_file()
    left = [path.name for path in (root / "data" / "private").iterdir()]
    assert left == [settling.MOVED]
    assert str(own) in (root / "data" / "private" / settling.MOVED).read_text()
    settings = Settings.from_environment({}, root)
    database = open_database(settings.database_url)
    assert Account.select().count() == 1
    database.close()
    assert start(root) == Settled(own)


def test_after_the_move_nothing_of_the_offices_keeps_git_from_pulling(
    root: Path, own: Path
) -> None:
    origin = tracked(root)
    worked_in(root / "data")
    circle, venues = root / SAMPLE / "circle.yml", root / SAMPLE / "venues.csv"
    circle.write_bytes(OWN)
    venues.unlink()
    (root / SAMPLE / "workdays" / "2027.yml").write_text("[]\n")
    (root / SAMPLE / "estates.csv").write_text("staged\n")
    git(root, "add", "data/community/estates.csv")
    assert len(start(root).said) == 1
    assert git(root, "status", "--porcelain") == ""
    assert (own / "community" / "circle.yml").read_bytes() == OWN
    assert (own / "community" / "workdays" / "2027.yml").is_file()
    assert not (own / "community" / "venues.csv").exists()
    (origin / SAMPLE / "circle.yml").write_text("name: newer\n")
    git(origin, "commit", "--quiet", "--all", "--message", "second")
    git(root, "pull", "--quiet")
    assert circle.read_text() == "name: newer\n"
    assert (own / "community" / "circle.yml").read_bytes() == OWN


def test_what_was_edited_before_the_first_start_is_taken_along(root: Path, own: Path) -> None:
    tracked(root)
    (root / SAMPLE / "circle.yml").write_bytes(OWN)
    start(root)
    assert (own / "community" / "circle.yml").read_bytes() == OWN
    assert git(root, "status", "--porcelain") == ""


def test_what_changes_between_copying_and_clearing_is_kept(
    root: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracked(root)
    worked_in(root / "data")
    (root / SAMPLE / "circle.yml").write_bytes(OWN)
    with monkeypatch.context() as patch:
        patch.setattr(settling, "_cleared", lambda *_: ())  # the power went here
        start(root)
    assert (own / LIST).exists()
    (root / SAMPLE / "circle.yml").write_bytes(b"name: edited at the old place\n")
    (root / "data" / "private" / "notify.yml").write_text("edited")
    said = start(root).said
    assert "notify.yml" in said[1]
    assert str(root / SAMPLE) in said[2]
    assert (root / SAMPLE / "circle.yml").read_bytes() == b"name: edited at the old place\n"
    assert (root / "data" / "private" / "notify.yml").read_text() == "edited"
    assert not (own / LIST).exists()


def test_beside_a_running_server_everything_stays_where_it_is(root: Path, own: Path) -> None:
    worked_in(root / "data")
    with in_use(root / "data" / "private", alone=False):
        stayed = start(root)
    assert stayed.folder == root / "data"
    assert "仍在程序文件夹里" in stayed.said[0]
    assert not own.exists()
    assert start(root).folder == own


def test_where_nothing_can_be_made_beside_the_checkout_the_old_place_goes_on(
    root: Path, own: Path
) -> None:
    worked_in(root / "data")
    own.write_text("a file")
    stayed = start(root)
    assert stayed.folder == root / "data"
    assert (root / "data" / "private" / "forms.db").exists()


def test_somebody_elses_folder_of_that_name_is_not_taken(root: Path, own: Path) -> None:
    own.mkdir()
    (own / "letters.txt").write_text("dear")
    with pytest.raises(FolderRefused, match="CIRCLE_DATA"):
        start(root)
    assert [path.name for path in own.iterdir()] == ["letters.txt"]


@pytest.mark.parametrize("linked", ["data", "data/private"])
def test_data_behind_a_link_lie_outside_already(
    root: Path, own: Path, tmp_path: Path, linked: str
) -> None:
    worked_in(root / "data")
    (root / linked).rename(tmp_path / "disk")
    (root / linked).symlink_to(tmp_path / "disk")
    assert start(root) == Settled(root / "data")
    assert not own.exists()


def test_a_database_that_is_named_within_the_checkout_keeps_its_place(
    root: Path, own: Path
) -> None:
    worked_in(root / "data")
    url = f"sqlite:///{root / 'data' / 'private' / 'forms.db'}"
    assert start(root, CIRCLE_DATABASE_URL=url) == Settled(root / "data")
    assert not own.exists()
