"""An installation whose database and photos lie elsewhere."""

from pathlib import Path

import pytest

from tests.deployment.conftest import OFFICE, Scratch, run

pytestmark = pytest.mark.slow

DATABASE = (
    "postgresql://circle:hush@db1,db2/circle?target_session_attrs=read-write&connect_timeout=3"
)
BUCKET = "s3://key:more%2Fhush@s3.test/photos?region=here"


def test_database_and_bucket_are_kept_for_root_alone_and_read_alike_by_both(
    server: Scratch, small_source: Path
) -> None:
    shared = ("--database", DATABASE, "--bucket", BUCKET)
    assert server.deploy(*OFFICE, *shared, "--dry-run", source=small_source) == 0
    assert "CIRCLE_S3_URL='s3://…@s3.test/photos?region=here'" in server.words
    assert "hush" not in server.words
    assert server.deploy(*OFFICE, *shared, source=small_source) == 0, server.words
    assert "hush" not in server.words
    settings = server.root / "etc/circle/circle/service.env"
    for file in (settings, settings.with_name("plan.json")):
        assert file.stat().st_mode & 0o777 == 0o600
    read = 'set -a; . "$0"; echo "$CIRCLE_DATABASE_URL"; echo "$CIRCLE_S3_URL"'
    assert run("sh", "-c", read, str(settings)).stdout.splitlines() == [DATABASE, BUCKET]
    lines = settings.read_text(encoding="utf-8").splitlines()
    assert {f"CIRCLE_DATABASE_URL='{DATABASE}'", f"CIRCLE_S3_URL='{BUCKET}'"} <= set(lines)


def test_what_both_need_is_installed_and_once_chosen_stays(
    server: Scratch, small_source: Path
) -> None:
    server.deploy(*OFFICE, source=small_source)
    plain = (server.root / "opt/circle/running/circle").resolve()
    assert server.deploy("--database", DATABASE, "--bucket", BUCKET, source=small_source) == 0
    (installed,) = (words for words in server.commands if "bootstrap.py" in words)
    assert installed.endswith("requirements.lock requirements-postgres.lock requirements-s3.lock")
    assert any(
        "apt-get install" in words and "postgresql-client" in words for words in server.commands
    )  # its backups are made by pg_dump
    assert (server.root / "opt/circle/running/circle").resolve() != plain
    assert server.deploy(source=small_source) == 0
    assert "什么都没动" in server.words


def test_an_office_whose_accounts_are_in_the_database_gets_no_other_administrator(
    server: Scratch, small_source: Path
) -> None:
    server.accounts = "wang\tadmin\n"
    assert server.deploy(*OFFICE, "--database", DATABASE, source=small_source) == 0
    assert not [words for words in server.commands if "staff add" in words]
    server.fails = {f"{server.root}/usr/local/bin/circle staff list": "连不上数据库"}
    assert server.deploy("--port", "8199", source=small_source) == 1
    assert "连不上数据库" in server.words


@pytest.mark.parametrize(
    "given",
    [
        ("--database", "sqlite:////srv/forms.db"),
        ("--database", "postgresql://a:b'c@host/name"),
        ("--database", "postgresql://a:$(b)\\@host/name"),
        ("--bucket", "https://s3.test/photos"),
        ("--bucket", "s3://key:a b@s3.test/photos"),
    ],
)
def test_an_address_that_would_be_read_otherwise_is_refused(
    server: Scratch, small_source: Path, given: tuple[str, str]
) -> None:
    assert server.deploy(*OFFICE, *given, source=small_source) == 1
    assert f"{given[0]} 要写" in server.words
