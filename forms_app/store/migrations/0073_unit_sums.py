"""What each unit, each collector and each account has, and the bad ratings of a day, are counted
beside the other kept sums. Indexes of the ratings that led to work, and of clocks that few issues
have.
"""

from typing import Any

import peewee

# Frozen copies of what forms_app.issues.unit_sums counts by.
KINDS = (
    "step", "severity_class", "urgency", "category", "nature", "channel", "estate_id", "service",
    "community_id",
)  # fmt: skip
OPEN = (
    "'collected', 'classified', 'responding', 'handling', 'reported', 'evaluating', 'shelved'"
)  # fmt: skip
LEADS = "assignment.is_current AND assignment.part = 'lead'"


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql(
        "CREATE INDEX rating_asked ON rating (made_at, issue_id) WHERE issue_id IS NOT NULL"
    )
    for end in ("ruling_due_at", "district_due_at", "urge_due_at"):
        db.execute_sql(f"CREATE INDEX issue_{end} ON issue ({end}) WHERE {end} IS NOT NULL")
    is_sqlite = isinstance(db, peewee.SqliteDatabase)
    if not is_sqlite:
        # Rows that were put in with their keys, as from a copy, do not move the next one on.
        db.execute_sql(
            "SELECT setval(pg_get_serial_sequence('sum', 'id'), (SELECT MAX(id) FROM sum))"
        )
    _count_units(db)
    _count(
        db, "in hand", "CAST(holder AS TEXT)",
        "(SELECT id, caller_id AS holder FROM issue "  # noqa: S608 (our own words)
        f"WHERE caller_id IS NOT NULL AND step IN ({OPEN}) "
        "UNION SELECT issue.id, assignment.account_id FROM issue "
        f"JOIN assignment ON assignment.issue_id = issue.id AND {LEADS} "
        f"WHERE assignment.account_id IS NOT NULL AND step IN ({OPEN})) AS held",
    )  # fmt: skip
    day = "substr(datetime(made_at, '+8 hours'), 1, 10)"
    if not is_sqlite:
        day = "to_char(made_at::timestamptz AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"
    _count(db, "bad rating", day, "rating WHERE satisfaction <= 2 AND replaced_at IS NULL")


def _count_units(db: Any) -> None:
    db.execute_sql(
        "CREATE TABLE own_0073 AS "
        "SELECT organization_id AS unit, issue_id FROM party WHERE organization_id != '' "
        "UNION SELECT organization_id, issue_id FROM assignment WHERE organization_id != '' "
        "UNION SELECT '@' || collector_id, id FROM issue WHERE collector_id IS NOT NULL"
    )
    own = "own_0073 AS own JOIN issue ON issue.id = own.issue_id"
    for name in KINDS:
        value = f"CAST(issue.{name} AS TEXT)"
        _count(db, "unit", f"own.unit || ' {name}=' || {value}", f"{own} WHERE {value} != ''")
    _count(db, "unit", "own.unit || ' again=1'", f"{own} WHERE issue.round_no > 1")
    _count(
        db, "unit", "own.unit || ' lead=' || led.who",
        "own_0073 AS own JOIN (SELECT DISTINCT issue_id, "  # noqa: S608 (our own words)
        "CASE WHEN organization_id != '' THEN organization_id ELSE '@' || account_id END AS who "
        f"FROM assignment WHERE {LEADS}) AS led ON led.issue_id = own.issue_id "
        "WHERE led.who IS NOT NULL",
    )  # fmt: skip
    db.execute_sql("DROP TABLE own_0073")


def _count(db: Any, kind: str, key: str, rows: str) -> None:
    db.execute_sql(
        f"INSERT INTO sum (kind, key, number) SELECT '{kind}', {key}, COUNT(*) FROM {rows} "  # noqa: S608
        f"GROUP BY {key}"
    )
