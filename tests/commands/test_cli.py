"""The administrator's commands as they are typed: what they print and how they end."""

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import peewee
import pytest

from forms_app import casework
from forms_app.commands import cli
from forms_app.spreadsheets.register_export import finish, part_of
from tests.support.running import ROOT

pytestmark = pytest.mark.slow

COMMUNITY = ROOT / "data" / "community"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, as CIRCLE_DATA names it."""
    shutil.copytree(COMMUNITY, tmp_path / "community")
    monkeypatch.setenv("CIRCLE_DATA", str(tmp_path))
    return tmp_path


def add(username: str, *more: str) -> int:
    return cli.main(["staff", "add", username, *more])


def test_an_account_is_made_listed_disabled_and_enabled(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add("wang", "--role", "worker", "--community", "jingui", "--name", "王干事") == 0
    assert "密码：" in capsys.readouterr().out
    assert cli.main(["staff", "disable", "wang"]) == 0
    assert cli.main(["staff", "reset", "wang"]) == 1
    assert "已经停用" in capsys.readouterr().err
    assert cli.main(["staff", "enable", "wang"]) == 0
    assert cli.main(["staff", "reset", "wang"]) == 0
    assert cli.main(["staff", "list"]) == 0
    assert "wang\tworker\tjingui\t王干事\t在用\t-\n" in capsys.readouterr().out
    assert (data / "private" / "forms.db").exists()


def test_disabling_says_how_many_issues_are_still_in_hand_and_where_to_hand_them_over(
    data: Path, capsys: pytest.CaptureFixture[str], sample_data: Path
) -> None:
    shutil.copytree(sample_data / "private", data / "private")
    assert cli.main(["staff", "disable", "worker"]) == 0
    told = capsys.readouterr().out
    assert "他手上还有 4 件没办完" in told
    assert "/staff/handover/worker" in told
    assert "示例）" not in told
    assert cli.main(["staff", "disable", "frank"]) == 0
    assert "手上" not in capsys.readouterr().out


def test_an_account_has_an_address_for_its_notices(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert data.exists()
    assert add("boss", "--role", "admin", "--email", "boss@example.org") == 0
    assert cli.main(["staff", "list"]) == 0
    assert "\tboss@example.org\n" in capsys.readouterr().out
    assert cli.main(["staff", "email", "boss", "b@example.org"]) == 0
    assert "以后发到 b@example.org" in capsys.readouterr().out
    assert cli.main(["staff", "email", "boss", "no address"]) == 1
    assert "写法不对" in capsys.readouterr().err
    assert cli.main(["staff", "email", "boss"]) == 0
    assert "不发邮件" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--role", "worker"), "要写明社区"),
        (("--role", "worker", "--community", "nowhere"), "可选：jingui"),
        (("--role", "responder"), "要写明单位"),
    ],
)
def test_a_role_without_its_place_is_refused_with_a_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], sentence: str
) -> None:
    assert data.exists()
    assert add("li", *more) == 1
    assert sentence in capsys.readouterr().err


def test_a_name_that_is_taken_or_unknown_is_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert data.exists()
    assert add("boss", "--role", "admin") == 0
    assert add("boss", "--role", "admin") == 1
    assert "已经有人用了" in capsys.readouterr().err
    assert cli.main(["staff", "disable", "nobody"]) == 1
    assert "没有用户名" in capsys.readouterr().err


def test_wrong_words_end_with_two(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert data.exists()
    for words in (["nonsense"], ["staff"], ["staff", "add"], ["staff", "add", "x", "--role", "x"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        assert ended.value.code == 2
    assert "用法" in capsys.readouterr().err


def test_checking_the_data_makes_no_database(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check-data"]) == 0
    assert "没有错误" in capsys.readouterr().out
    assert not (data / "private" / "forms.db").exists()


def test_pages_are_counted_and_what_would_not_stand_there_is_a_hint(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = data / "community" / "pages" / "local" / "tea.md"
    page.parent.mkdir(parents=True)
    page.write_text("---\ntitle: 茶\n---\n好。\n\n<b>粗</b> [x](javascript:x)\n", encoding="utf-8")
    assert cli.main(["check-data"]) == 0
    said = capsys.readouterr().out
    assert "手册和自己的页面：1" in said
    assert "提醒：pages/local/tea.md，正文第 3 行：“<b>”" in said
    assert "javascript:x" in said
    page.write_bytes("没有标题".encode("gbk"))
    assert cli.main(["check-data"]) == 1
    assert "pages/local/tea.md：文件存成了GBK编码" in capsys.readouterr().err


def test_every_mistake_is_told_at_once(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    estates = data / "community" / "estates.csv"
    broken = estates.read_text().replace("guiyuan,jingui", "guiyuan,nowhere").replace("860", "many")
    estates.write_text(broken)
    assert cli.main(["check-data"]) == 1
    told = capsys.readouterr().err
    assert "nowhere" in told
    assert "many" in told


def test_an_id_that_accounts_still_use_is_missed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add("bob", "--role", "responder", "--organization", "partner_market") == 0
    departments = data / "community" / "departments.yml"
    departments.write_text(departments.read_text().replace("partner_market", "new_market"))
    assert cli.main(["check-data"]) == 1
    told = capsys.readouterr().err
    assert "partner_market" in told
    assert "账号 bob" in told


def test_publishing_refuses_a_ledger_that_somebody_changed(
    data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    (data / "published").mkdir()
    (data / "published" / "coverage.csv").write_text("month\n")
    assert cli.main(["publish"]) == 1
    told = capsys.readouterr().err
    assert "coverage.csv 第 1 行读不懂" in told
    assert "Traceback" not in told


def test_a_database_that_cannot_be_reached_is_a_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIRCLE_DATABASE_URL", f"sqlite:///{data}/nowhere/forms.db")
    assert cli.main(["staff", "list"]) == 1
    assert "数据库打不开" in capsys.readouterr().err


def test_where_nothing_can_be_written_a_command_says_so(
    data: Path, capsys: pytest.CaptureFixture[str], sample_data: Path
) -> None:
    shutil.copytree(sample_data / "private", data / "private")
    target = Path("/proc/register.xlsx")  # where nobody makes a file, whoever they are
    assert cli.main(["export", str(target)]) == 1
    told = capsys.readouterr().err
    assert "没有办成：/proc/register." in told
    assert "（没有这个文件或文件夹）" in told


def test_a_command_that_finds_the_disk_full_says_so(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data.exists()
    assert cli.main(["erase-sign-ins"]) == 0

    def full(*_: object, **__: object) -> None:
        raise peewee.OperationalError(OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr(casework, "erase_account_events", full)
    assert cli.main(["erase-sign-ins"]) == 1
    assert "现在不行：磁盘满了" in capsys.readouterr().err


def test_who_has_read_enough_of_a_command_is_told_nothing_more(data: Path) -> None:
    assert data.exists()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-P", "-m", "forms_app.commands.cli", "check-data"]
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=writes, stderr=subprocess.PIPE, text=True,
        check=False,
    )  # fmt: skip
    os.close(writes)
    assert (done.returncode, done.stderr) == (1, "")


def test_an_export_that_is_interrupted_leaves_no_half_of_it(tmp_path: Path) -> None:
    target = tmp_path / "register.xlsx"
    part_of(target).touch()
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], text=True)
    timer = threading.Timer(0.3, signal.raise_signal, (signal.SIGINT,))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        finish(program, target)
    timer.join()
    assert program.poll() is not None
    assert not part_of(target).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "还要写命令"),
        (["nonsense"], "没有 nonsense 这个命令"),
        (["staff", "reset"], "还要写用户名"),
        (["staff", "add", "x", "--role", "x"], "--role不能写 x，可以写 collector, worker"),
        (["tick", "now"], "不认识 now"),
        (["export", "a.xlsx", "--step"], "--step 后面还要写一个值"),
        (["walk-times"], "--map --add --import 里要写一个"),
        (["walk-times", "--map", "a", "--import", "b"], "--import 和 --map 只能写一个"),
        (["walk-times", "--add", "a"], "--add 后面要写4个值"),
    ],
)
def test_a_wrong_word_is_answered_in_words(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    with pytest.raises(SystemExit):
        cli.main(words)
    told = capsys.readouterr().err
    assert said in told
    assert "upgrade-step" not in told
    assert not re.search("argument|required|choose", told)


@pytest.mark.parametrize(
    ("words", "helps"),
    [
        (["--nonsense", "tick"], "scripts/circle"),
        (["tick", "--nonsense"], "scripts/circle tick"),
        (["staff", "list", "--nonsense"], "scripts/circle staff list"),
    ],
)
def test_an_unknown_option_leads_to_the_help_of_its_own_command(
    capsys: pytest.CaptureFixture[str], words: list[str], helps: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told == f"参数不对：不认识 --nonsense。请用 {helps} --help 查看用法。\n"


def test_ctrl_c_is_one_sentence_while_the_program_is_still_being_read(data: Path) -> None:
    # As the real one does, from the first import on, whatever the machine's pace.
    slow = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"
    (data / "peewee.py").write_text(slow, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "forms_app.commands", "check-data"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{data}{os.pathsep}{ROOT}", "PYTHONUTF8": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "已中断。\n")
    assert "-m forms_app.commands " in (ROOT / "scripts" / "circle").read_text(encoding="utf-8")
