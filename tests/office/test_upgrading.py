"""What is known of an upgrade that began: the copy that is kept, put back, and never left lying."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forms_app.casework import servers
from forms_app.commands import claims
from forms_app.commands.with_data import _need_no_server, need_alone_for_change
from forms_app.files.running_lock import InUse, in_use
from forms_app.office import upgrading
from forms_app.rules.refused import Refused
from forms_app.serve import _before_change
from forms_app.settings import Settings
from forms_app.store.counts import Counter
from forms_app.store.database import open_database, proxy, writing
from forms_app.store.schema import migrate

OLD, NEW = Path("/old"), Path("/new")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An office that has worked."""
    environ = {"CIRCLE_DATA": str(tmp_path / "data")}
    if request.param == "postgres":
        environ["CIRCLE_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    settings = Settings.from_environment(environ, tmp_path)
    migrate(open_database(settings.database_url))
    count(1)
    yield settings
    proxy.close()


def count(value: int) -> None:
    with writing():
        Counter.insert(name="told", value=value).on_conflict(
            conflict_target=[Counter.name], update={Counter.value: value}
        ).execute()


def told(settings: Settings) -> int:
    with closing(open_database(settings.database_url)):
        return int(Counter.get(name="told").value)


def newer() -> None:
    """What a newer program would leave."""
    count(2)
    proxy.execute_sql(
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_new', '2026-11-28')"
    )


def test_an_old_program_puts_back_what_was_there_before_the_tables_changed(
    office: Settings,
) -> None:
    upgrading.begin(office, NEW)
    upgrading.keep_copy(office)
    newer()
    proxy.close()
    assert "已经换回升级以前的数据" in upgrading.undo(office)
    assert told(office) == 1
    assert upgrading.pending(office) is None
    assert upgrading.undo(office) == ""


def test_nothing_is_put_back_below_another_server_that_has_taken_more_since(
    office: Settings,
) -> None:
    upgrading.begin(office, NEW)
    upgrading.keep_copy(office)
    newer()
    if office.server:
        there = servers.Known("another", "second", "key", "place")
        servers.arrive(there, now=datetime.now(UTC))
    proxy.close()

    def need_alone() -> None:
        claims.need_alone(office, "什么也没有动。")

    if not office.server:  # SQLite is one server's
        assert upgrading.undo(office, need_alone)
        return
    with pytest.raises(claims.OtherThere, match="second"):
        upgrading.undo(office, need_alone)
    assert told(office) == 2
    assert upgrading.pending(office) is not None
    with closing(open_database(office.database_url)):
        servers.leave("another", now=datetime.now(UTC))
    assert upgrading.undo(office, need_alone)
    assert told(office) == 1


def begin_to_serve(settings: Settings) -> None:
    """As a server does that finds tables to change."""
    with ExitStack() as held:
        held.enter_context(in_use(settings.private_dir, alone=False))
        _before_change(settings, None, held)
        # It goes on to serve: nobody has the data alone.
        with pytest.raises(InUse), in_use(settings.private_dir, alone=True):
            pass


@pytest.mark.parametrize("how", [begin_to_serve, _need_no_server])
def test_no_tables_are_changed_below_another_program_with_the_same_data(
    office: Settings, how: Callable[[Settings], None]
) -> None:
    with (
        in_use(office.private_dir, alone=False),
        pytest.raises(Refused, match=r"另一个程序在用|正在运行的服务还是旧的"),
    ):
        how(office)
    how(office)


@pytest.mark.parametrize("how", [begin_to_serve, _need_no_server])
def test_no_tables_are_changed_below_another_server(
    office: Settings, how: Callable[[Settings], None]
) -> None:
    how(office)
    if office.server:
        there = servers.Known("another", "second", "key", "place")
        servers.arrive(there, now=datetime.now(UTC))
        with pytest.raises(claims.OtherThere, match="先停下那一台"):
            how(office)
        proxy.close()
        need_alone_for_change(office)  # it has nothing to change
        with closing(open_database(office.database_url)):
            proxy.execute_sql("DELETE FROM schema_migration WHERE name LIKE '0075%%'")
        with pytest.raises(claims.OtherThere, match="先停下那一台"):
            need_alone_for_change(office)


def test_without_an_upgrade_nothing_is_copied_and_nothing_put_back(office: Settings) -> None:
    upgrading.keep_copy(office)
    assert not list(office.private_dir.glob("upgrade/*"))
    newer()
    proxy.close()
    assert upgrading.undo(office) == ""
    assert told(office) == 2


def test_a_copy_is_made_once_and_is_of_before(office: Settings) -> None:
    upgrading.begin(office, NEW)
    upgrading.keep_copy(office)
    count(2)
    upgrading.keep_copy(office)  # started again after a power cut
    newer()
    proxy.close()
    upgrading.undo(office)
    assert told(office) == 1


def test_who_serves_first_decides_and_a_second_start_ends_it(office: Settings) -> None:
    upgrading.begin(office, NEW)
    assert upgrading.served(office, NEW) == ""
    assert upgrading.pending(office) == upgrading.Upgrade(str(NEW), has_served=True)
    assert "已经做完" in upgrading.served(office, NEW)
    assert upgrading.pending(office) is None
    upgrading.begin(office, NEW)
    upgrading.served(office, OLD)
    assert upgrading.pending(office) is None


def test_a_copy_that_nobody_asked_for_again_is_gone_after_a_day(office: Settings) -> None:
    upgrading.begin(office, NEW)
    upgrading.keep_copy(office)
    now = datetime.now(UTC)
    upgrading.tidy(office, now + timedelta(days=2))
    assert upgrading.pending(office) is not None  # the new one may still fail
    upgrading.served(office, NEW)
    upgrading.tidy(office, now + timedelta(hours=1))
    assert upgrading.pending(office) is not None
    upgrading.tidy(office, now + timedelta(days=1, minutes=1))
    assert not (office.private_dir / "upgrade").exists()
