"""A sample to look at in an empty office: it comes and goes as a whole, and nothing real goes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forms_app import casework, queries
from forms_app.casework import Report
from forms_app.community import load
from forms_app.demo.laying import DemoRefused, RealInside, first_administrator
from forms_app.issues.access import resident
from forms_app.office import sample
from forms_app.office.shipped import make_office
from forms_app.settings import Settings
from forms_app.store import database
from forms_app.store.accounts import Account
from forms_app.store.counts import Counter
from forms_app.store.models import Issue
from forms_app.store.schema import migrate
from forms_app.store.tables import TABLES
from tests.support.running import ROOT

pytestmark = pytest.mark.slow
RESIDENT = resident()
NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    make_office(ROOT, tmp_path / "office", is_sample=False)
    settings = Settings.from_environment({"CIRCLE_DATA": str(tmp_path / "office")}, ROOT)
    opened = database.open_database(settings.database_url)
    migrate(opened)
    first_administrator(NOW)
    return settings


def files(settings: Settings) -> dict[str, bytes]:
    found = settings.community_dir.rglob("*")
    return {str(one): one.read_bytes() for one in found if one.is_file()}


def rows() -> dict[str, int]:
    return {table.__name__: table.select().count() for table in TABLES}


def test_the_sample_comes_and_goes_without_a_trace(office: Settings) -> None:
    before, counted = files(office), rows()
    password, tickets = sample.put_in(office, "管理员", NOW)
    assert len(tickets) == 2
    assert "（示例）" in load(office.community_dir).name
    assert casework.sign_in("worker", password, now=NOW)
    assert Issue.select().count() > 20
    sample.take_away(office, "管理员", NOW)
    assert files(office) == before
    assert rows() == counted
    assert [one.username for one in Account.select()] == ["admin"]
    assert not sample.is_in(office)
    sample.put_in(office, "管理员", NOW)  # and once more


def test_what_was_played_with_goes_along(office: Settings) -> None:
    sample.put_in(office, "管理员", NOW)
    circle = load(office.community_dir)
    worker = queries.account_named(circle, "worker")
    assert worker is not None
    issue = Issue.get(Issue.description.contains("楼道灯"))
    later = NOW + timedelta(minutes=1)
    casework.opine(circle, worker, issue.number, issue.version, "马上去看。", now=later)
    sample.take_away(office, "管理员", later)
    assert not queries.has_issues()


def test_a_real_problem_keeps_it_where_it_is(office: Settings) -> None:
    sample.put_in(office, "管理员", NOW)
    circle = load(office.community_dir)
    report = Report(description="真的：井盖坏了", community_id="jingui")
    casework.submit(circle, RESIDENT, report, form_key="k", ticket_hash="h", now=NOW)
    with pytest.raises(RealInside):
        sample.take_away(office, "管理员", NOW)
    assert sample.is_in(office)
    assert Issue.select().where(Issue.description.contains("真的")).exists()


def test_there_is_none_where_anybody_works(office: Settings) -> None:
    casework.add_account(
        load(office.community_dir), username="wang", display_name="王", role="worker",
        community_id="first", password="one of its own", now=NOW,
    )  # fmt: skip
    before = files(office)
    with pytest.raises(DemoRefused):
        sample.put_in(office, "管理员", NOW)
    assert files(office) == before
    assert not sample.is_in(office)


def test_what_was_interrupted_goes_away_all_the_same(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(office)

    def stop(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("forms_app.demo.story.Story.tell", stop)
    with pytest.raises(KeyboardInterrupt):
        sample.put_in(office, "管理员", NOW)
    assert sample.is_in(office)
    sample.take_away(office, "管理员", NOW)
    assert files(office) == before
    assert not Counter.select().where(Counter.name.startswith("laid")).exists()
