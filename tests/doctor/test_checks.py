"""Each line is green while all is well, and says what to do where it is not."""

import dataclasses
import json
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import peewee
import pytest
from msgspec.structs import replace

from forms_app.backups import record
from forms_app.backups.record import Outcome
from forms_app.doctor import backup, certificate, clock, disk, memory
from forms_app.doctor.checks import CHECKS, Line, examine
from forms_app.doctor.community import SHOWN
from forms_app.doctor.finding import Facts, Light
from forms_app.files.nights import Night, keep_night
from forms_app.settings import Settings
from forms_app.store.accounts import Account
from forms_app.store.database import proxy
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import Notice
from tests.support.actors import CIRCLE, FIRST, NOW, issue
from tests.support.seed import Seed, copied


@pytest.fixture
def facts(settings: Settings, database: peewee.Database) -> Facts:
    """An installation of actors, on a day on which nothing is wrong."""
    is_file = isinstance(database, peewee.SqliteDatabase)
    url = f"sqlite:///{database.database}" if is_file else "postgresql://circle@localhost/circle"
    Notice.delete().execute()
    return Facts(dataclasses.replace(settings, database_url=url), CIRCLE, NOW, NOW)


@pytest.fixture
def own_facts(settings: Settings, seeded: Seed, tmp_path: Path) -> Iterator[Facts]:
    """The same with a database that nobody else uses afterwards."""
    opened = copied(seeded, tmp_path / "forms.db")
    url = f"sqlite:///{tmp_path / 'forms.db'}"
    yield Facts(dataclasses.replace(settings, database_url=url), CIRCLE, NOW, NOW)
    opened.close()


def line_of(name: str, facts: Facts) -> Line:
    return next(line for line in examine(facts) if line.check.name == name)


def told(line: Line) -> str:
    return "".join(f"{one.state}{one.remedy}" for one in line.findings)


def test_every_line_has_a_light_and_every_light_but_green_a_remedy(facts: Facts) -> None:
    lines = examine(facts)
    assert [line.check for line in lines] == list(CHECKS)
    for line in lines:
        assert line.findings
        for one in line.findings:
            assert bool(one.remedy) == (one.light is not Light.GREEN), one
            assert one.state


def test_a_line_is_as_grave_as_its_gravest_finding(facts: Facts) -> None:
    unsafe = dataclasses.replace(facts.settings, has_limits=False)
    line = line_of("safety", replace(facts, settings=unsafe))
    assert {one.light for one in line.findings} > {Light.RED}
    assert line.light is Light.RED


@pytest.mark.parametrize("name", ["code_key", "contact_key"])
def test_a_key_that_is_gone_is_told_before_the_next_start_needs_it(facts: Facts, name: str) -> None:
    assert line_of("keys", facts).light is Light.GREEN
    (facts.settings.private_dir / name).unlink()
    line = line_of("keys", facts)
    assert line.light is Light.RED
    assert name in told(line)


def test_a_key_that_a_command_made_in_the_place_of_a_lost_one_is_told(facts: Facts) -> None:
    assert line_of("keys", facts).light is Light.GREEN
    facts.settings.code_key_file.unlink()
    environment = {"CIRCLE_DATA": str(facts.settings.data)}
    Settings.from_environment(environment, facts.settings.root)  # as a tick, or any command
    assert facts.settings.code_key_file.is_file()
    line = line_of("keys", facts)
    assert line.light is Light.RED
    assert "code_key" in told(line)


def test_a_clock_apart_from_the_databases_is_told(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line_of("clock", facts).light is Light.GREEN
    ahead = datetime.now(UTC) + timedelta(minutes=7, seconds=30)
    monkeypatch.setattr(clock, "this_clock", lambda: ahead)
    line = line_of("clock", facts)
    if isinstance(proxy.obj, peewee.SqliteDatabase):  # it has no clock of its own
        assert line.light is Light.GREEN
        return
    assert line.light is Light.RED
    assert "差7分钟" in told(line)


@pytest.mark.parametrize(
    ("free_mb", "light"), [(50, Light.RED), (500, Light.YELLOW), (5000, Light.GREEN)]
)
def test_a_disk_that_fills_is_told_in_time(
    facts: Facts, monkeypatch: pytest.MonkeyPatch, free_mb: int, light: Light
) -> None:
    usage = SimpleNamespace(free=free_mb * 1024 * 1024)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage)
    assert line_of("room", facts).light is light
    assert line_of("disk", facts).light is Light.GREEN
    assert f"{free_mb} MB" in told(line_of("room", facts))


def test_the_disk_of_a_database_that_lies_elsewhere_is_looked_at_as_well(
    facts: Facts, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "gone" / "forms.db"
    settings = dataclasses.replace(facts.settings, database_url=f"sqlite:///{elsewhere}")
    line = line_of("disk", replace(facts, settings=settings))
    assert line.light is Light.RED
    assert str(elsewhere.parent) in told(line)
    assert disk.worst(settings) != disk.OK


def test_a_disk_that_takes_nothing_is_red(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(disk.tempfile, "TemporaryFile", full)
    assert line_of("disk", facts).light is Light.RED
    assert "写不进去（磁盘满了）" in told(line_of("disk", facts))


@pytest.mark.parametrize(
    ("free_mb", "light"), [(20, Light.RED), (100, Light.YELLOW), (400, Light.GREEN)]
)
def test_memory_that_runs_out_is_told(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_mb: int, light: Light
) -> None:
    source = tmp_path / "meminfo"
    source.write_text(f"MemTotal:  1000000 kB\nMemAvailable:  {free_mb * 1024} kB\n")
    monkeypatch.setattr(memory, "SOURCE", source)
    assert line_of("memory", facts).light is light
    source.unlink()
    assert line_of("memory", facts).light is Light.GREEN


def test_a_backup_is_wanted_fresh_proved_and_in_a_second_place(
    facts: Facts, tmp_path: Path
) -> None:
    assert line_of("backup", facts).light is Light.YELLOW
    facts = replace(
        facts, settings=dataclasses.replace(facts.settings, backup_dir=tmp_path / "disk")
    )
    for place in facts.settings.backup_places:
        record.note(facts.settings.private_dir, str(place), Outcome(NOW, "", NOW, "one"))
    assert line_of("backup", facts).light is Light.GREEN
    assert line_of("backup", replace(facts, now=NOW + timedelta(days=3))).light is Light.RED
    place = str(facts.settings.backup_places[1])
    record.note(facts.settings.private_dir, place, Outcome(NOW, "磁盘不在。", NOW, "one"))
    line = line_of("backup", facts)
    assert (line.light, "磁盘不在。" in told(line)) == (Light.RED, True)


def test_a_second_place_on_the_same_disk_is_told_as_one_that_is_not_mounted(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = dataclasses.replace(facts.settings, backup_dir=tmp_path / "disk")
    (tmp_path / "disk").mkdir()
    for place in own.backup_places:
        record.note(own.private_dir, str(place), Outcome(NOW, "", NOW, "one"))
    line = line_of("backup", replace(facts, settings=own))
    assert (line.light, "同一块磁盘" in told(line)) == (Light.YELLOW, True)
    monkeypatch.setattr(backup, "device_of", str)
    assert line_of("backup", replace(facts, settings=own)).light is Light.GREEN


def test_a_tick_that_nobody_makes_is_red(facts: Facts) -> None:
    assert line_of("tick", facts).light is Light.GREEN
    assert line_of("tick", replace(facts, looked_at=None)).light is Light.RED
    assert line_of("tick", replace(facts, now=NOW + timedelta(minutes=9))).light is Light.RED


def test_what_does_not_go_out_is_red(facts: Facts) -> None:
    Notice.create(
        key="old", issue=issue(FIRST), event="submit", step="collected", kind="account",
        recipient="1", created_at=NOW, not_before=NOW,
    )  # fmt: skip
    assert line_of("outbox", facts).light is Light.GREEN
    assert line_of("outbox", replace(facts, now=NOW + timedelta(minutes=31))).light is Light.RED


def test_texts_and_wake_ups_that_do_not_arrive_are_told_with_what_went_wrong(facts: Facts) -> None:
    assert line_of("phones", facts).light is Light.GREEN
    for place, kind in enumerate(("sms", "sms", "push")):
        Notice.create(
            key=f"vain {place}", issue=issue(FIRST), event="opinion", step="collected", kind=kind,
            recipient="1", created_at=NOW, not_before=NOW + timedelta(minutes=5), attempts=2,
            error=f"没有收（{kind}）",
        )  # fmt: skip
    line = line_of("phones", facts)
    assert line.light is Light.YELLOW
    assert "2条短信没有送到，正在再试：没有收（sms）" in told(line)
    assert "1次手机通知没有送到，正在再试：没有收（push）" in told(line)
    Notice.update(state="sent").execute()
    assert line_of("phones", facts).light is Light.GREEN


def test_without_a_database_every_other_line_is_told(own_facts: Facts) -> None:
    proxy.obj.execute_sql("DROP TABLE notice")
    proxy.obj.execute_sql("DROP TABLE counter")
    lines = {line.check.name: line for line in examine(own_facts)}
    assert lines["database"].light is Light.RED
    assert lines["outbox"].light is Light.YELLOW
    assert lines["phones"].light is Light.YELLOW
    assert lines["disk"].light is Light.GREEN


def test_tables_of_another_version_are_told(own_facts: Facts) -> None:
    proxy.obj.execute_sql("DELETE FROM schema_migration WHERE name LIKE '0014%'")
    assert line_of("database", own_facts).light is Light.YELLOW
    proxy.obj.execute_sql("UPDATE schema_migration SET name = '9999_later' WHERE name LIKE '0013%'")
    assert line_of("database", own_facts).light is Light.RED


def test_mail_wants_an_administrator_whom_it_reaches(facts: Facts) -> None:
    assert line_of("mail", facts).light is Light.YELLOW
    with_mail = dataclasses.replace(facts.settings, smtp_url="smtps://office:hush@mail.example.cn")
    facts = replace(facts, settings=with_mail)
    Account.update(role="admin", email="").where(Account.username == "wendy").execute()
    assert "没有邮箱" in told(line_of("mail", facts))
    Account.update(email="a@example.cn").where(Account.username == "wendy").execute()
    line = line_of("mail", facts)
    assert line.light is Light.GREEN
    assert "hush" not in told(line)


def test_a_wrong_robot_is_red_without_its_secret(facts: Facts) -> None:
    assert line_of("robots", facts).light is Light.GREEN
    file = facts.settings.private_dir / "notify.yml"
    file.write_text("hooks:\n  - { name: a, community: all, kind: x, url: 'https://h/?key=hush' }")
    line = line_of("robots", facts)
    assert line.light is Light.RED
    assert "hush" not in told(line)


@pytest.mark.parametrize(("days", "light"), [(3, Light.RED), (14, Light.YELLOW), (60, Light.GREEN)])
def test_a_certificate_is_renewed_in_time(
    facts: Facts, monkeypatch: pytest.MonkeyPatch, days: int, light: Light
) -> None:
    public = dataclasses.replace(facts.settings, public_url="https://circle.example.cn:8443/x")
    facts = replace(facts, settings=public)
    asked = []

    def expires(host: str, port: int) -> object:
        asked.append((host, port))
        return NOW + timedelta(days=days, hours=1)

    monkeypatch.setattr(certificate, "expires", expires)
    line = line_of("certificate", facts)
    assert line.light is light
    assert f"{days}天" in told(line)
    assert asked == [("circle.example.cn", 8443)]


@pytest.mark.parametrize(
    ("error", "light"),
    [(ssl.SSLCertVerificationError(1, "expired"), Light.RED), (TimeoutError(), Light.YELLOW)],
)
def test_an_address_that_cannot_be_looked_at_is_no_failure_of_the_page(
    facts: Facts, monkeypatch: pytest.MonkeyPatch, error: OSError, light: Light
) -> None:
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_message = "certificate has expired"

    def expires(*_: object) -> None:
        raise error

    monkeypatch.setattr(certificate, "expires", expires)
    public = dataclasses.replace(facts.settings, public_url="https://circle.example.cn")
    assert line_of("certificate", replace(facts, settings=public)).light is light


def test_a_clock_behind_what_is_written_down_is_red(facts: Facts) -> None:
    assert line_of("clock", facts).light is Light.GREEN
    Entry.update(made_at=NOW + timedelta(hours=1)).execute()
    assert line_of("clock", facts).light is Light.RED


def test_a_level_without_anybody_is_told(facts: Facts) -> None:
    Account.update(disabled_at=NOW).execute()
    assert line_of("accounts", facts).light is Light.YELLOW


def test_mistakes_in_the_data_are_red_and_the_first_is_told(facts: Facts) -> None:
    broken = replace(facts, circle=None, mistakes=("circle.yml，第 3 行：空的；写上名称", "b"))
    line = line_of("community", broken)
    assert (line.light, "circle.yml，第 3 行" in told(line)) == (Light.RED, True)
    assert {line.light for line in examine(broken) if line.check.name == "robots"} == {Light.GREEN}


def test_other_mistakes_in_the_data_are_told_beside_the_first(facts: Facts) -> None:
    broken = replace(
        facts, mistakes=tuple(f"walks.csv，第 {row} 行：空的；写上" for row in range(9))
    )
    words = told(line_of("community", broken))
    assert "社区数据有9处要改" in words
    assert "先改第一处：walks.csv，第 0 行" in words
    assert words.count("还要改：") == SHOWN - 1
    assert "check-data" in words


def test_telephones_of_the_sample_are_told_once_an_office_is_open(facts: Facts) -> None:
    own = {key: replace(one, phone="") for key, one in CIRCLE.departments.items()}
    called = replace(own["city"], name="城管局", phone="0797-0000-121")
    left = replace(CIRCLE, departments={**own, "city": called}, sample=False)
    words = told(line_of("community", replace(facts, circle=left)))
    assert "居民看到的电话还有1个是示例的：城管局。" in words
    shown, emptied = replace(left, sample=True), replace(left, departments=own)
    for circle in (shown, emptied):
        assert "是示例的" not in told(line_of("community", replace(facts, circle=circle)))


def test_codes_that_are_still_in_use_and_gone_from_the_data_are_red(facts: Facts) -> None:
    assert "少了代号" not in told(line_of("community", facts))
    units = {key: one for key, one in CIRCLE.departments.items() if key != "city"}
    estates = {key: one for key, one in CIRCLE.estates.items() if key != issue(FIRST).estate_id}
    line = line_of("community", replace(facts, circle=replace(CIRCLE, departments=units)))
    assert line.light is Light.RED
    assert "departments.yml：少了代号 city，" in told(line)
    assert "请把它加回来，只改名称，不改代号。" in told(line)
    Issue.update(estate_id="gone").where(Issue.number == FIRST).execute()
    line = line_of("community", replace(facts, circle=replace(CIRCLE, estates=estates)))
    assert f"estates.csv：少了代号 gone，问题 {FIRST}还在用。" in told(line)
    Issue.update(step="closed").where(Issue.number == FIRST).execute()
    line = line_of("community", replace(facts, circle=replace(CIRCLE, estates=estates)))
    assert "少了代号" not in told(line)


def test_a_gateway_for_text_messages_that_is_written_wrongly_is_red(facts: Facts) -> None:
    assert line_of("phones", facts).light is Light.GREEN
    file = facts.settings.private_dir / "sms.yml"
    file.write_text("url: nowhere\n", encoding="utf-8")
    try:
        line = line_of("phones", facts)
    finally:
        file.unlink()
    assert line.light is Light.RED
    assert "sms.yml" in told(line)
    assert "先改第一处" in told(line)


def test_next_years_days_off_are_asked_for_before_deadlines_need_them(facts: Facts) -> None:
    working = replace(CIRCLE.clocks, counts_working_days=True)
    needs = replace(facts, circle=replace(CIRCLE, clocks=working))
    in_2040 = line_of("community", replace(needs, now=NOW.replace(year=2040)))
    assert in_2040.light is Light.RED
    assert "2040年的放假和补班还没有录入，现在就" in told(in_2040)


@pytest.mark.parametrize(
    ("change", "light", "words"),
    [
        (lambda s: dataclasses.replace(s, public_url=None), Light.YELLOW, "CIRCLE_PUBLIC_URL"),
        (lambda s: dataclasses.replace(s, public_url="http://a.cn"), Light.YELLOW, "https"),
        (lambda s: dataclasses.replace(s, has_limits=False), Light.RED, "CIRCLE_LIMITS"),
        (
            lambda s: dataclasses.replace(s, demo_password="demo", public_url="https://a.cn"),
            Light.RED,
            "DEMO",
        ),
        (
            lambda s: dataclasses.replace(s, smtp_url="smtp://mail.example.cn"),
            Light.YELLOW,
            "starttls",
        ),
    ],
)
def test_unsafe_settings_are_named(
    facts: Facts, change: Callable[[Settings], Settings], light: Light, words: str
) -> None:
    line = line_of("safety", replace(facts, settings=change(facts.settings)))
    assert line.light is light
    assert words in told(line)


def test_a_private_folder_that_others_may_open_is_red(facts: Facts) -> None:
    facts.settings.private_dir.chmod(0o755)
    assert line_of("safety", facts).light is Light.RED


def test_the_checks_write_nothing(facts: Facts) -> None:
    before = sorted(path.name for path in facts.settings.private_dir.iterdir())
    count = Issue.select().count()
    examine(facts)
    assert sorted(path.name for path in facts.settings.private_dir.iterdir()) == before
    assert Issue.select().count() == count


def test_a_chapter_over_an_older_text_and_a_dead_link_are_told(facts: Facts) -> None:
    assert line_of("pages", facts).light is Light.GREEN
    settings = facts.settings
    chapters = settings.root / "site" / "docs" / "handbook"
    chapters.mkdir(parents=True)
    (settings.root / "mkdocs.yml").write_text("nav: [handbook/goal.md]\n")
    (chapters / "goal.md").write_text("# 目标\n\n新的。\n", encoding="utf-8")
    own = settings.community_dir / "pages" / "handbook"
    own.mkdir(parents=True)
    for name, title in (("goal", "我们的目标"), ("gone", "旧的一章")):
        words = f"---\ntitle: {title}\nbased_on: older\n---\n我们的。\n"
        (own / f"{name}.md").write_text(words, encoding="utf-8")
    release = settings.build / "releases" / "one"
    (release / "site").mkdir(parents=True)
    (settings.build / "site").symlink_to(release / "site")
    row = {"file": "pages/local/tea.md", "line": 3, "problem": "没有这一页", "remedy": "改"}
    (release / "told.json").write_text(json.dumps([row]), encoding="utf-8")
    line = line_of("pages", facts)
    assert line.light is Light.YELLOW
    said = told(line)
    assert "升级带来了新的手册原文，网站上还是自己的旧话：我们的目标。" in said
    assert "没有上网：旧的一章。" in said
    assert "pages/local/tea.md：没有这一页。" in said
    (own / "goal.md").write_bytes("旧的".encode("gbk"))
    assert "UTF-8" in told(line_of("pages", facts))


def test_what_the_night_did_not_do_is_told_once_for_each_reason(facts: Facts) -> None:
    private = facts.settings.private_dir
    keep_night(private, Night(NOW.date(), {"publish": "满了", "erase-contacts": "满了"}))
    line = line_of("nights", facts)
    assert line.light is Light.RED
    assert [one.state for one in line.findings] == ["夜里的publish、erase-contacts没有做成：满了"]
    keep_night(private, Night(NOW.date()))
    assert line_of("nights", facts).light is Light.GREEN
