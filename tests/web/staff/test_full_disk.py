"""On a full disk the office's own books say so, keep what was typed, and hold nothing half."""

import pytest

from forms_app import queries
from forms_app.store.database import proxy
from forms_app.store.tables import TABLES
from tests.support.web import House, form_on, main_of
from tests.web.staff.test_funds import BOOK, GRANT
from tests.web.staff.test_meetings import NEW, minutes
from tests.web.staff.test_projects import found

LONG = "写得很长的话" * 12
SHEET = "/staff/ratings/sheet"
TOPIC = "/staff/projects/topics/1"
LEVEL = "/staff/two-way/new/unit"


@pytest.fixture
def house(house: House) -> House:
    found()
    # A house that answers an error as it does in earnest, instead of raising it into the test.
    house.app.testing = False
    proxy.execute_sql("PRAGMA busy_timeout = 0")
    return house


def fill_disk() -> None:
    # In small pages and packed, so that no line fits into what is there.
    for statement in ("journal_mode = DELETE", "page_size = 512"):
        proxy.execute_sql(f"PRAGMA {statement}")
    proxy.execute_sql("VACUUM")
    proxy.execute_sql("PRAGMA journal_mode = WAL")
    proxy.execute_sql("PRAGMA max_page_count = 1")  # as many as there are


def rows() -> dict[str, int]:
    return {model._meta.table_name: model.select().count() for model in TABLES}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("community_leader", BOOK), ("worker", NEW), ("community_leader", TOPIC),
        ("street_leader", LEVEL), ("worker", SHEET),
    ],
)  # fmt: skip
def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    house: House, name: str, path: str
) -> None:
    visitor = house.staff(name)
    form = form_on(visitor.get(path), path)
    written = {
        BOOK: GRANT | {"words": LONG},
        NEW: minutes() | {"decision_1": LONG, "result_1": LONG},
        TOPIC: {
            "kind": "project", "title": "路灯改造", "lead": "jingui", "measures": LONG * 5,
            "budget": "100", "due_on": "2026-12-30",
        },
        LEVEL: {"level": "fair", "words": LONG * 5}
        | ({"organization_id": unit} if (unit := first_of(form, "organization_id")) else {}),
        SHEET: {"about": "service:streetlight_repair", "way": "paper"}
        | {f"satisfaction_{place}": "2" for place in range(1, 11)}
        | {f"comment_{place}": LONG for place in range(1, 11)},
    }[path]  # fmt: skip
    sent = form.filled(written)
    before = rows()
    fill_disk()
    answer = visitor.post(path, sent)
    assert answer.status_code == 503
    assert "磁盘满了" in main_of(answer)
    assert LONG in answer.text
    assert rows() == before
    proxy.execute_sql("PRAGMA max_page_count = 1000000")
    # As the page says: the very same again, by its own button.
    again = visitor.submit(answer, path)
    assert again.status_code == 303
    assert rows() != before
    assert list(queries.broken_chains()) == []


def first_of(form: object, name: str) -> str:
    options = [value for value in form.options(name) if value]  # type: ignore[attr-defined]
    return options[0] if options else ""
