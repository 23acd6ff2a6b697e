"""The office edits its files while the app runs: visitors never meet a half-made change."""

import shutil
import threading
from pathlib import Path

import pytest

from forms_app.community import load
from forms_app.community.current_circle import CurrentCircle
from tests.support.running import ROOT

SAMPLE = ROOT / "data" / "community"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(SAMPLE, tmp_path / "community")


def current(folder: Path, look_again_seconds: float = 0) -> CurrentCircle:
    return CurrentCircle(folder, load(folder), look_again_seconds)


def rename(folder: Path, name: str) -> None:
    """Gives the circle another name, of another length: the clock of a file system may be slow."""
    file = folder / "circle.yml"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines = [f"name: {name}" if line.startswith("name:") else line for line in lines]
    file.write_text("\n".join(lines), encoding="utf-8")


def test_a_changed_file_is_taken_up(folder: Path) -> None:
    circle = current(folder)
    before = circle.get()
    assert circle.get() is before
    rename(folder, "示例新名字服务圈")
    assert circle.get().name == "示例新名字服务圈"


def test_between_two_looks_nobody_waits_for_the_disk(folder: Path) -> None:
    circle = current(folder, look_again_seconds=60)
    before = circle.get()
    rename(folder, "示例新名字服务圈")
    assert circle.get() is before


def test_a_broken_file_leaves_the_old_data_and_is_logged_once(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    circle = current(folder)
    before = circle.get()
    good = (folder / "estates.csv").read_bytes()
    (folder / "estates.csv").write_text("not,the,columns\n")
    for _ in range(3):
        assert circle.get() is before
    assert caplog.text.count("the old data stay") == 1
    (folder / "estates.csv").write_bytes(good)
    rename(folder, "示例改好的服务圈")
    assert circle.get().name == "示例改好的服务圈"


def test_a_folder_that_vanishes_leaves_the_old_data_until_it_is_back(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    circle = current(folder)
    before = circle.get()
    folder.rename(folder.with_name("elsewhere"))
    for _ in range(3):
        assert circle.get() is before
    assert caplog.text.count("the old data stay") == 1
    rename(folder.with_name("elsewhere"), "示例搬回来的服务圈")
    folder.with_name("elsewhere").rename(folder)
    assert circle.get().name == "示例搬回来的服务圈"


@pytest.mark.slow
def test_files_that_come_and_go_at_every_moment_reach_no_visitor(folder: Path) -> None:
    circle = current(folder)
    name = circle.get().name
    is_over = threading.Event()

    def copy_and_remove() -> None:
        while not is_over.is_set():
            for number in range(20):
                inner = folder / f"copy{number}"
                inner.mkdir()
                (inner / "half.csv").write_text("")
            for number in range(20):
                shutil.rmtree(folder / f"copy{number}")

    office = threading.Thread(target=copy_and_remove)
    office.start()
    try:
        for _ in range(100):
            assert circle.get().name == name
    finally:
        is_over.set()
        office.join()
