"""A spreadsheet imported by command: dry, in part, whole, and never twice."""

import shutil
from pathlib import Path

import pytest

from forms_app.commands import cli
from tests.support.running import ROOT
from tests.support.spreadsheets import HEADS, order, xlsx

pytestmark = pytest.mark.slow

COMMUNITY = ROOT / "data" / "community"
USUAL = ("--by", "dan", "--channel", "hotline_12345")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two good rows and a faulty one, in an installation with one leader."""
    shutil.copytree(COMMUNITY, tmp_path / "data" / "community")
    monkeypatch.setenv("CIRCLE_DATA", str(tmp_path / "data"))
    add = ["staff", "add", "dan", "--role", "community_leader", "--community", "jingui"]
    assert cli.main([*add, "--name", "丹"]) == 0
    assert cli.main(["staff", "add", "wendy", "--role", "worker", "--community", "jingui"]) == 0
    rows = [HEADS, order(1), order(2), order(3, 诉求内容="")]
    path = tmp_path / "工单.xlsx"
    path.write_bytes(
        xlsx([[*row[:1], str(row[1]).replace("2026-11", "2025-11"), *row[2:]] for row in rows])
    )
    return path


def test_nothing_is_taken_dry_or_with_faults_until_that_is_agreed(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", str(file), *USUAL, "--dry-run"]) == 0
    assert "可以导入2行" in capsys.readouterr().out
    assert cli.main(["import", str(file), *USUAL]) == 1
    assert "第4行，诉求内容：没有写问题" in capsys.readouterr().err
    assert cli.main(["import", str(file), *USUAL, "--take-good"]) == 0
    assert "导入了2个问题" in capsys.readouterr().out
    assert cli.main(["import", str(file), *USUAL, "--take-good"]) == 0
    assert "导入了0个问题，以前导入过的2行" in capsys.readouterr().out
    assert cli.main(["verify-log"]) == 0


def test_what_a_word_of_the_state_means_can_be_said(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["内容", "时间", "状态"], *([f"灯坏了{n}", "2025-11-03", "已阅"] for n in range(3))]
    file.write_bytes(xlsx(rows))
    assert cli.main(["import", str(file), *USUAL, "--dry-run"]) == 0
    assert "状态“已阅”（3行）：导入：还没有办完" in capsys.readouterr().out
    assert cli.main(["import", str(file), *USUAL, "--dry-run", "--over", "已阅"]) == 0
    assert "已经办结3行" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--by", "wendy", "--channel", "phone"), "不是在用的社区书记"),
        (("--by", "dan", "--channel", "pigeon"), "--channel 没有“pigeon”"),
        ((*USUAL, "--community", "moon"), "--community 没有“moon”"),
        ((*USUAL, "--sheet", "别的"), "没有叫“别的”的表。可选：工单"),
        ((*USUAL, "--mapping", "x=y"), "没有“x”这一项"),
        ((*USUAL, "--mapping", "title=标题"), "没有叫“标题”的列"),
        ((*USUAL, "--mapping", "description="), "猜不出哪一列是问题描述"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(
    file: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    assert cli.main(["import", str(file), *words]) == 1
    assert sentence in capsys.readouterr().err


def test_a_file_that_is_not_there_or_no_table_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", str(file.with_name("nothing")), *USUAL]) == 1
    assert "找不到文件" in capsys.readouterr().err
    file.write_bytes(b"\x89PNG")
    assert cli.main(["import", str(file), *USUAL]) == 1
    assert "图片" in capsys.readouterr().err


def test_the_other_column_can_be_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = ("--mapping", "location=诉求类型", "number=")
    assert cli.main(["import", str(file), *USUAL, *mapping, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "H 诉求类型 → 类别、具体位置" in said
    assert "来源编号" not in said


def test_a_path_is_meant_from_where_the_command_was_called(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    assert cli.main(["import", file.name, *USUAL, "--dry-run"]) == 0


def test_what_there_is_to_choose_from_is_named(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(xlsx([["甲", "乙"], ["1", "2"]], 另一张=[["时间", "内容"], ["11-3", "灯"]]))
    assert cli.main(["import", str(file), *USUAL, "--sheet", "工单"]) == 1
    told = capsys.readouterr().err
    assert "表里有这些列：甲、乙" in told
    assert "还有别的表，要一张一张用 --sheet 导入：另一张（1行）" in told
    assert cli.main(["import", str(file), "--by", "dan"]) == 1  # the one that holds problems
    assert "请加 --channel" in capsys.readouterr().err
    assert cli.main(["import", str(file), *USUAL, "--sheet", "另一张", "--dry-run"]) == 0
    assert "还有别的表" in capsys.readouterr().out


def test_uploads_are_erased_by_command(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert file.exists()
    assert cli.main(["erase-uploads"]) == 0
    assert "删除了0个上传的表格" in capsys.readouterr().out
