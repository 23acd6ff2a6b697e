"""Every value that cannot be used stops the start with one sentence that says what to do."""

import errno
import re
import stat
from multiprocessing import get_context
from pathlib import Path

import pytest

from forms_app.settings import SettingRefused, Settings, folders, need_limits
from tests.support.running import ROOT


def read(root: Path, **environ: str) -> Settings:
    return Settings.from_environment(environ, root)


def refusal(root: Path, **environ: str) -> str:
    with pytest.raises(SettingRefused) as refused:
        read(root, **environ)
    sentence = str(refused.value)
    assert sentence.endswith("。")
    assert sentence.count("。") == 1
    assert "\n" not in sentence
    return sentence


def test_without_any_setting_everything_lies_in_the_checkout(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.data == tmp_path / "data"
    assert settings.community_dir == tmp_path / "data" / "community"
    assert settings.private_dir == tmp_path / "data" / "private"
    assert settings.tallies_file == tmp_path / "data" / "published" / "tallies.json"
    assert settings.build == tmp_path / "build"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/private/forms.db"
    assert settings.public_url is None
    assert settings.prefix == ""


def test_an_empty_value_counts_as_none(tmp_path: Path) -> None:
    settings = read(tmp_path, CIRCLE_PUBLIC_URL="", CIRCLE_SMTP_URL="  ", CIRCLE_DATA="")
    assert settings.public_url is None
    assert settings.smtp_url is None
    assert settings.data == tmp_path / "data"


def test_a_relative_data_folder_counts_from_the_checkout(tmp_path: Path) -> None:
    assert read(tmp_path, CIRCLE_DATA="elsewhere").data == tmp_path / "elsewhere"


def test_the_data_folder_may_lie_anywhere(tmp_path: Path) -> None:
    assert read(tmp_path / "root", CIRCLE_DATA=str(tmp_path / "d")).data == tmp_path / "d"


def test_the_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    assert stat.S_IMODE(read(tmp_path).private_dir.stat().st_mode) == 0o700


def test_the_secret_key_is_made_once_and_only_for_us(tmp_path: Path) -> None:
    first = read(tmp_path)
    file = first.private_dir / "secret_key"
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read(tmp_path).secret_key == first.secret_key
    assert {path.name for path in first.private_dir.iterdir()} == {
        "secret_key", "code_key", "contact_key",
    }  # fmt: skip


def test_the_keys_of_contacts_are_made_once_and_only_for_us(tmp_path: Path) -> None:
    first = read(tmp_path)
    file = first.private_dir / "contact_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read(tmp_path).contact_keys == first.contact_keys
    assert first.contact_keys.texts[0] not in repr(first)
    assert Settings.from_environment({}, tmp_path, only_reads=True).contact_keys.texts
    file.write_text("short\n")
    assert str(file) in refusal(tmp_path)
    assert file.read_text() == "short\n"  # never another one in its place


def test_who_only_reads_makes_no_key_of_contacts(tmp_path: Path) -> None:
    (tmp_path / "data" / "private").mkdir(parents=True)
    Settings.from_environment({}, tmp_path, only_reads=True)
    assert list((tmp_path / "data" / "private").iterdir()) == []


def key_of(root: str) -> str:
    return read(Path(root)).secret_key


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    with get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(key_of, [str(tmp_path)] * 8))) == 1


def test_secrets_stay_out_of_what_is_printed(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        CIRCLE_SECRET_KEY="k" * 40,
        CIRCLE_SMTP_URL="smtp://office:hush@mail.example.cn",
        CIRCLE_DEMO_PASSWORD="hush-hush",
    )
    assert "hush" not in repr(settings)
    assert "kkkk" not in repr(settings)


def test_a_short_secret_key_is_refused(tmp_path: Path) -> None:
    assert "CIRCLE_SECRET_KEY" in refusal(tmp_path, CIRCLE_SECRET_KEY="short")


@pytest.mark.parametrize("content", [b"", b"cut off", b"\xff" * 40])
def test_a_broken_key_file_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    file = read(tmp_path).private_dir / "secret_key"
    file.write_bytes(content)
    assert str(file) in refusal(tmp_path)
    assert file.read_bytes() == content


@pytest.mark.parametrize("name", ["secret_key", "code_key", "contact_key"])
def test_a_key_that_is_closed_to_us_is_no_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    read(tmp_path)
    read_text = Path.read_text

    def closed(path: Path, **words: str) -> str:
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return read_text(path, **words)

    monkeypatch.setattr(Path, "read_text", closed)
    told = refusal(tmp_path)
    assert f"{name} 在，但是没有权限读，请不要删它" in told
    assert "重新生成" not in told


def test_a_site_that_cannot_be_built_keeps_nobody_from_taking_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(tmp_path)
    probe = folders.tempfile.TemporaryFile

    def closed(dir: Path) -> object:
        if dir.name in ("build", "published"):
            raise PermissionError(13, "Permission denied", str(dir))
        return probe(dir=dir)

    monkeypatch.setattr(folders.tempfile, "TemporaryFile", closed)
    assert read(tmp_path).build.is_dir()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "CIRCLE_DATA" in refusal(tmp_path, CIRCLE_DATA=str(tmp_path / "file" / "data"))


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    # Not even root makes a folder there.
    assert "权限" in refusal(tmp_path, CIRCLE_DATA="/proc/circle")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/name",
        "forms.db",
        "sqlite://forms.db",
        "sqlite://",
        "sqlite:///",
        "postgresql://host",
        "postgresql://host:99999/name",
    ],
)
def test_any_other_database_is_refused(tmp_path: Path, url: str) -> None:
    assert "CIRCLE_DATABASE_URL" in refusal(tmp_path, CIRCLE_DATABASE_URL=url)


def test_a_refused_database_address_does_not_repeat_its_password(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, CIRCLE_DATABASE_URL="mysql://office:hush@host/name")
    assert "hush" not in sentence


@pytest.mark.parametrize("url", ["sqlite:////srv/forms.db", "postgresql://circle@localhost/circle"])
def test_sqlite_and_postgresql_are_accepted(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, CIRCLE_DATABASE_URL=url).database_url == url


@pytest.mark.parametrize(
    ("url", "kept", "prefix"),
    [
        ("https://www.example.cn", "https://www.example.cn", ""),
        ("https://www.example.cn/", "https://www.example.cn", ""),
        ("http://10.0.0.5:8000/circle/", "http://10.0.0.5:8000/circle", "/circle"),
        ("https://www.example.cn/jd/sqc", "https://www.example.cn/jd/sqc", "/jd/sqc"),
    ],
)
def test_the_public_address_may_carry_a_prefix(
    tmp_path: Path, url: str, kept: str, prefix: str
) -> None:
    settings = read(tmp_path, CIRCLE_PUBLIC_URL=url)
    assert (settings.public_url, settings.prefix) == (kept, prefix)


@pytest.mark.parametrize(
    "url",
    [
        "www.example.cn",
        "ftp://www.example.cn",
        "https://",
        "https://www.example.cn/?a=1",
        "https://www.example.cn/#a",
        "https://office:hush@www.example.cn",
        "https://www.example.cn/a//b",
        "https://www.example.cn/a/../b",
        "https://www.example.cn/社区",
        "https://www.example.cn:http",
        "https://[::1",
    ],
)
def test_a_public_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    assert "CIRCLE_PUBLIC_URL" in refusal(tmp_path, CIRCLE_PUBLIC_URL=url)


@pytest.mark.parametrize("name", ["CIRCLE_SMTP_URL", "CIRCLE_WEBHOOK_URL"])
@pytest.mark.parametrize(
    "url", ["mail.example.cn", "gopher://mail.example.cn", "https://", "x://["]
)
def test_an_address_to_tell_others_must_be_one(tmp_path: Path, name: str, url: str) -> None:
    sentence = refusal(tmp_path, **{name: url})
    assert name in sentence


@pytest.mark.parametrize("query", ["?ssl=1", "?starttls&x", "?from=office", "?from=a%0Ab@c.cn"])
def test_an_option_of_the_mail_server_that_is_none_is_refused(tmp_path: Path, query: str) -> None:
    sentence = refusal(tmp_path, CIRCLE_SMTP_URL=f"smtp://office:hush@mail.example.cn/{query}")
    assert "CIRCLE_SMTP_URL" in sentence
    assert "hush" not in sentence


def test_addresses_to_tell_others_are_kept(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        CIRCLE_SMTP_URL="smtps://office@mail.example.cn:465",
        CIRCLE_WEBHOOK_URL="https://hook.example.cn/x",
    )
    assert settings.smtp_url == "smtps://office@mail.example.cn:465"
    assert settings.webhook_url == "https://hook.example.cn/x"


def test_limits_are_off_on_this_machine_alone(tmp_path: Path) -> None:
    assert Settings.from_environment({}, tmp_path).has_limits
    off = Settings.from_environment({"CIRCLE_LIMITS": "off"}, tmp_path)
    for host in ("127.0.0.1", "127.0.0.9", "::1", "localhost"):
        need_limits(off, host)
    for host in ("0.0.0.0", "::", "192.168.1.2", "example.cn", ""):  # noqa: S104
        with pytest.raises(SettingRefused, match="只能用在本机"):
            need_limits(off, host)
        need_limits(Settings.from_environment({}, tmp_path), host)
    with pytest.raises(SettingRefused, match="CIRCLE_LIMITS"):
        Settings.from_environment({"CIRCLE_LIMITS": "none"}, tmp_path)


def test_a_proxy_is_believed_where_it_is_named(tmp_path: Path) -> None:
    assert Settings.from_environment({}, tmp_path).proxy is None
    named = Settings.from_environment({"CIRCLE_PROXY": "127.0.0.1"}, tmp_path)
    assert named.proxy == "127.0.0.1"
    with pytest.raises(SettingRefused, match="CIRCLE_PROXY"):
        Settings.from_environment({"CIRCLE_PROXY": "nginx"}, tmp_path)


def test_a_full_disk_below_an_office_is_no_reason_not_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("forms_app.settings.folders.tempfile.TemporaryFile", full)
    assert read(tmp_path).secret_key == before.secret_key
    assert "full" in refusal(tmp_path, CIRCLE_DATA="new")


def test_the_site_may_be_built_outside_of_the_program(tmp_path: Path) -> None:
    settings = read(tmp_path / "program", CIRCLE_BUILD=str(tmp_path / "built"))
    assert settings.build == tmp_path / "built"
    assert settings.build.is_dir()
    assert not (tmp_path / "program" / "build").exists()


def test_the_passphrase_of_backups_comes_from_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    file = tmp_path / "words"
    file.write_text("four words that nobody says\n")
    file.chmod(0o644)
    given = {"CIRCLE_BACKUP_PASSPHRASE_FILE": str(file)}
    assert "chmod 600" in refusal(tmp_path, **given)
    file.chmod(0o600)
    settings = read(tmp_path, **given)
    assert settings.backup_passphrase == "four words that nobody says"
    assert "four words" not in repr(settings)
    assert "只能写一个" in refusal(tmp_path, CIRCLE_BACKUP_PASSPHRASE="x" * 20, **given)
    assert "太短" in refusal(tmp_path, CIRCLE_BACKUP_PASSPHRASE="short")
    file.write_text("\n")
    assert "太短" in refusal(tmp_path, **given)
    file.unlink()
    assert "读不出" in refusal(tmp_path, **given)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_whoever_installs_reads_of_every_setting(readme: str) -> None:
    code = "".join(file.read_text() for file in (ROOT / "forms_app/settings").glob("*.py"))
    told = set(re.findall(r"`(CIRCLE_[A-Z0-9_]+)`", (ROOT / readme).read_text()))
    assert told == set(re.findall(r"\b(CIRCLE_[A-Z0-9_]+)", code))
