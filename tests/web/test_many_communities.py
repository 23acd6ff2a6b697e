"""In a district of dozens of communities a page lists their telephones behind one line."""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile, copytree

import pytest

from forms_app.community import Circle
from forms_app.store import database
from tests.support.district import crowd
from tests.support.web import House, house_at

MANY = 40
FOLDED = re.compile(r"<details.*?</details>", re.DOTALL)
CALLS = re.compile(r"tel:0797-?0001")


@pytest.fixture
def wide(tmp_path: Path, district_data: Path, district_circle: Circle) -> Iterator[House]:
    """The app over a district of forty communities and more."""
    copytree(district_data, tmp_path / "data", copy_function=copyfile)
    yield house_at(tmp_path / "data", crowd(district_circle, MANY), tmp_path / "build")
    database.proxy.close()


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("", "/issues/new"),
        ("", "/issues/nothing"),
        ("", "/search?q=社区电话"),
        ("lars", "/staff/"),
    ],
)
def test_dozens_of_telephones_are_opened_by_one_press(
    wide: House, username: str, path: str
) -> None:
    visitor = wide.staff(username) if username else wide.visitor()
    text = visitor.get(path).text
    calls = re.findall(r"0797-0001-1\d\d</a>|0797-0001-1\d\d</strong>|0797-0001-1\d\d</span>", text)
    assert len(calls) >= MANY
    assert not CALLS.search(FOLDED.sub("", text))
    if not username:
        assert "<summary>打电话找社区</summary>" in text


def test_two_telephones_stand_open(district: House) -> None:
    assert "0797-0000-103" in FOLDED.sub("", district.visitor().get("/issues/new").text)
