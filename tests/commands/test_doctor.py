"""`scripts/circle doctor`, and the one mail that tells of a line that turned red."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms_app.commands import cli
from forms_app.community import load
from forms_app.doctor import told
from forms_app.files.looked import note_look
from forms_app.rules.contact_keys import ContactKeys
from forms_app.store.accounts import Account
from forms_app.store.database import open_database, proxy
from forms_app.store.notices import Notice
from tests.support.receivers import MailSink, mail_sink
from tests.support.running import ROOT
from tests.support.seed import Seed


@pytest.fixture
def private(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An office with an administrator whom mail reaches, and a server that has just looked."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "community", data / "community")
    (data / "private").mkdir(mode=0o700)
    seeded.copy_to(data / "private" / "forms.db")
    (data / "private" / "code_key").write_text("x" * 64)
    (data / "private" / "contact_key").write_text(ContactKeys.fresh().told())
    for name in ("CIRCLE_DATABASE_URL", "CIRCLE_PUBLIC_URL", "CIRCLE_SMTP_URL", "CIRCLE_LIMITS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIRCLE_DATA", str(data))
    open_database(f"sqlite:///{data / 'private' / 'forms.db'}")
    Account.update(role="admin", email="boss@example.org").where(
        Account.username == "wendy"
    ).execute()
    # The actors' units are not the sample's.
    known = next(iter(load(data / "community").departments))
    Account.update(organization_id=known).where(Account.organization_id != "").execute()
    Notice.delete().execute()
    proxy.close()
    note_look(data / "private")
    yield data / "private"
    proxy.close()


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSink]:
    with mail_sink() as sink:
        monkeypatch.setenv("CIRCLE_SMTP_URL", sink.url)
        yield sink


def tell() -> None:
    assert cli.main(["doctor", "--tell"]) == 0


def test_it_says_every_line_and_ends_with_1_where_one_is_red(
    private: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["doctor"]) == 0
    assert "【正常】数据库：" in capsys.readouterr().out
    (private / "looked_at").unlink()
    assert cli.main(["doctor"]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("【要处理】按时提醒：")
    assert "→ " in first


@pytest.mark.parametrize(
    ("file", "text", "label"),
    [
        ("community/circle.yml", "name: [", "社区数据"),
        ("community/streets/nowhere.geojson", "{}", "社区数据"),
        ("community/estates.csv", "", "社区数据"),  # of which issues hold names
        ("private/notify.yml", "hooks: [", "群机器人"),
        ("private/sms.yml", "url: x", "短信和手机通知"),
    ],
)
def test_whatever_check_data_refuses_is_red(
    private: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, label: str
) -> None:
    assert cli.main(["check-data"]) == 0
    assert cli.main(["doctor"]) == 0
    path = private.parent / file
    if not text:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        text = "".join(line.replace("guiyuan,", "guiyuan2,", 1) for line in lines)
    path.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["check-data"]) == 1
    first = capsys.readouterr().err.splitlines()[1].partition("；")[0]
    assert cli.main(["doctor"]) == 1
    told = capsys.readouterr().out
    assert f"【要处理】{label}：" in told
    assert first in told


def test_broken_data_and_a_missing_database_are_lines_and_nothing_is_made(
    private: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (private.parent / "community" / "estates.csv").write_text("x")
    (private / "forms.db").unlink()
    assert cli.main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "【要处理】社区数据：" in said
    assert "【要处理】数据库：找不到数据库" in said
    assert "【正常】磁盘：" in said
    assert not (private / "forms.db").exists()


def test_a_line_that_turns_red_is_told_once_until_it_was_green_again(
    private: Path, sink: MailSink
) -> None:
    tell()
    assert sink.got == []
    (private / "looked_at").unlink()
    for _ in range(3):
        tell()
    [(to, mail)] = sink.got
    assert to == "boss@example.org"
    assert "按时提醒" in mail["Subject"]
    assert "怎么办：" in mail.get_content()
    last = told.last(private)
    assert last is not None
    assert last.red == 1
    private.chmod(0o755)
    tell()
    assert ["安全设置" in mail["Subject"] for _to, mail in sink.got] == [False, True]
    note_look(private)
    private.chmod(0o700)
    tell()
    (private / "looked_at").unlink()
    tell()
    assert len(sink.got) == 3


def test_what_did_not_reach_anybody_is_told_the_next_time(private: Path, sink: MailSink) -> None:
    (private / "looked_at").unlink()
    sink.answers["RCPT"] = "450 later"
    tell()
    assert sink.got == []
    del sink.answers["RCPT"]
    tell()
    assert len(sink.got) == 1


def test_without_mail_the_page_still_knows(private: Path) -> None:
    (private / "looked_at").unlink()
    tell()
    last = told.last(private)
    assert last is not None
    assert (last.red, last.told) == (1, frozenset())
    (private / told.NAME).write_text("{")
    assert told.last(private) is None
