"""The administrators' handbook: its commands do what it says, its words and pictures are those of
the pages of today.
"""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from forms_app.backups.make import back_up
from forms_app.backups.place import Place
from forms_app.commands import cli
from forms_app.settings import Settings
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Issue
from scripts.handbook_pictures import FOLDER, LARGEST_BYTES, PICTURES, ROLE, shown
from tests.deployment.conftest import Scratch
from tests.support.actors import NOW
from tests.support.running import ROOT
from tests.support.web import House

pytestmark = pytest.mark.slow

PAGES = ("index", "safekeeping", "trouble")
FENCE = re.compile(r"^( *)```\n(.*?)^ *```$", re.M | re.S)
QUOTED = re.compile(r"“([^”]+)”")
# What the handbook quotes and no page of ours says: words to be typed, and of a command.
NOT_OURS = {"恢复", "升级完成", "没有升级"}
# These take their whole test: a version in use, and a build of the site.
ELSEWHERE = {
    "upgrade": "tests/upgrading/test_upgrade.py",
    "publish": "tests/publishing/test_publish.py",
}
# Of the system, and changing nothing of ours.
SYSTEMS = ("apt-get clean", "journalctl --vacuum-size=100M", "timedatectl set-ntp true")


def text_of(page: str) -> str:
    return (FOLDER / f"{page}.md").read_text(encoding="utf-8")


def commands(page: str) -> list[str]:
    """Every line to be typed, as it stands, in its order."""
    found = FENCE.findall(text_of(page))
    lines = [line.strip() for _, block in found for line in block.splitlines()]
    inline = re.findall(r"`(sudo [^`\s]+ [^`]+)`", text_of(page))
    return [*lines, *(line for line in inline if "…" not in line and "用户名" not in line)]


@pytest.fixture
def office(tmp_path: Path, sample_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample's office, with a backup on another disk, and an administrator of its own."""
    data, backups = tmp_path / "data", tmp_path / "backup"
    shutil.copytree(sample_data, data)
    for folder in (backups, tmp_path / "usb"):
        folder.mkdir()
    monkeypatch.delenv("CIRCLE_DATABASE_URL", raising=False)
    monkeypatch.setenv("CIRCLE_BACKUP_DIR", str(backups))
    monkeypatch.setenv("CIRCLE_DATA", str(data))
    settings = Settings.from_environment({"CIRCLE_DATA": str(data)}, ROOT)
    back_up(settings, Place(backups), NOW)
    settings.push_key_file.touch()
    assert cli.main(["staff", "add", "zhao", "--role", "admin"]) == 0
    return data


def one_with_contacts(office: Path) -> str:
    """The number of an issue whose resident left a telephone."""
    open_database(f"sqlite:///{office / 'private' / 'forms.db'}")
    try:
        return Issue.select(Issue.number).where(Issue.reporter_phone != "").scalar()
    finally:
        proxy.close()


def carry_out(line: str, office: Path, tmp_path: Path, server: Scratch, source: Path) -> str:
    """Does what the line says on the office, or on a scratch server; "" or why it did not."""
    words = shlex.split(line.removeprefix("sudo "))
    places = {"/var/lib/circle/": f"{office}/", "/mnt/usb": f"{tmp_path}/usb",
              "/mnt/backup": f"{tmp_path}/backup"}  # fmt: skip
    here = [
        next((w.replace(old, new) for old, new in places.items() if w.startswith(old)), w)
        for w in words
    ]
    program, *rest = here
    match program:
        case "scripts/deploy":
            if "--uninstall" not in words:
                rest = [word.replace(f"{tmp_path}/backup", "/mnt/backup") for word in rest]
                rest += ["--yes"] * (len(rest) == 0)
            return "" if server.deploy(*rest, source=source) == 0 else server.words
        case "circle" if rest[0] in ELSEWHERE:
            return "" if (ROOT / ELSEWHERE[rest[0]]).is_file() else "no test"
        case "circle":
            if rest[0] == "restore" and "--check" not in rest:
                rest.append("--yes")  # whoever sits there types 恢复
            rest = [one_with_contacts(office) if word == "260001" else word for word in rest]
            code = cli.main(rest)
            # Something is always red in a test; nobody here has a second factor to lose.
            may_be_1 = rest[0] == "doctor" or rest[:2] == ["staff", "lost-phone"]
            return "" if code == 0 or may_be_1 else f"exit {code}"
        case "cp":
            return subprocess.run(here, check=False, capture_output=True, text=True).stderr
        case "systemctl" | "journalctl" if "circle" in words:
            return "" if (server.root / "etc/systemd/system/circle.service").exists() else "no unit"
        case "nano":  # an editor, of a file that is there
            return "" if (server.root / rest[0].removeprefix("/")).is_file() else "no file"
        case setting if setting.startswith("CIRCLE_"):
            name, _, value = setting.partition("=")
            given = {"CIRCLE_DATA": str(office), name: value}
            taken = Settings.from_environment(given, ROOT)
            return "" if taken != Settings.from_environment({**given, name: ""}, ROOT) else "unread"
        case "chown":
            return "" if "circle" in server.users and words[-1] == "/var/lib/circle" else "nobody"
    return "" if " ".join(words) in SYSTEMS else "nothing runs it"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_handbook_is_run(
    page: str, office: Path, tmp_path: Path, server: Scratch, small_source: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert server.deploy("--yes", source=small_source) == 0
    lines = commands(page)
    assert len(lines) > 5
    for line in lines:
        if "move-in" in line:  # on the new server, which has what was copied to it
            new = tmp_path / "new"
            (new / "private").mkdir(parents=True)
            for name in ("code_key", "contact_key"):
                shutil.copy(tmp_path / "usb" / name, new / "private" / name)
            shutil.copytree(office / "in", new / "in")
            monkeypatch.setenv("CIRCLE_DATA", str(new))
            office = new
        assert carry_out(line, office, tmp_path, server, small_source) == "", line


def test_what_it_quotes_stands_on_a_page() -> None:
    pages = [*(ROOT / "forms_app").rglob("*.html"), *(ROOT / "forms_app").rglob("*.py")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    quoted = {words for page in PAGES for words in QUOTED.findall(text_of(page))} - NOT_OURS
    assert {words for words in quoted if words not in said} == set()


def test_the_pictures_show_pages_that_are_there_and_headed_so(house: House) -> None:
    administrator = house.staff(ROLE)
    for picture in PICTURES:
        answer = administrator.get(picture.path)
        assert answer.status_code == 200, picture.path
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.S)
        assert heading is not None
        assert heading[1].strip() == picture.heading, "run scripts/handbook-pictures"
        assert picture.file.stat().st_size <= LARGEST_BYTES


def test_every_picture_is_shown_and_none_is_left_over() -> None:
    named = {name for page in PAGES for name in re.findall(r"\]\(([\w-]+\.png)\)", text_of(page))}
    assert named == {picture.file.name for picture in PICTURES} == {file.name for file in shown()}


def test_the_first_week_takes_two_commands_at_a_terminal() -> None:
    first = text_of("index").partition("## 第一天")[2].partition("剩下的在浏览器里做")[0]
    assert [line for _, block in FENCE.findall(first) for line in block.splitlines()] == [
        "sudo scripts/deploy", "sudo circle doctor",
    ]  # fmt: skip
