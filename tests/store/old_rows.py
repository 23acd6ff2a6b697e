"""The rows that each old shape of the database had: what its migration left for the next ones."""

from collections.abc import Callable

import peewee

from forms_app.store.contacts import keys
from forms_app.store.sealing import seal_all
from tests.support.actors import NOW

TIME = "2026-11-23T01:00:00Z"
LATER = "2026-11-24T01:00:00Z"

# Columns that a later migration took away.
GONE = {
    "account": {"failed_logins", "locked_until", "session_no"},
    "project_entry": {"digest"},
    "fund_entry": {"digest"},
}
# What a later one called otherwise.
RENAMED = {"fund_entry": {"community_id": "book_id"}}


def insert(database: peewee.Database, table: str, **given: object) -> None:
    """A row as the schema of that time takes it: no model of today is asked."""
    here = {column.name for column in database.get_columns(table)}
    gone = GONE.get(table, set()) - here
    renamed = {old: new for old, new in RENAMED.get(table, {}).items() if new in here}
    columns = {renamed.get(name, name): value for name, value in given.items() if name not in gone}
    mark = "?" if isinstance(database, peewee.SqliteDatabase) else "%s"
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join([mark] * len(columns))
    database.execute_sql(
        f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608 (our own names)
        tuple(columns.values()),
    )


def rows_of_0001(database: peewee.Database) -> None:
    """Every table's row as 0.1.0 wrote it."""
    insert(
        database, "account", id=1, username="dan", display_name="丹", role="community_leader",
        community_id="jingui", organization_id="", password_hash="$argon2id$", session_no=3,
        failed_logins=2, locked_until=None, created_at=TIME, disabled_at=None,
    )  # fmt: skip
    insert(database, "counter", name="issues-26", value=1)
    insert(
        database, "issue", id=1, number="260001", form_key_hash="f" * 64,
        ticket_hash="$argon2id$", version=4, step="handling", round_no=2, severity_class="B",
        urgency=2, received_at=TIME, channel="web", collector_id=1, description="（示例）灯不亮",
        community_id="jingui", estate_id="guiyuan", location="2栋", category="street_light",
        reporter_name="爱丽丝", reporter_phone="0797-0000-199", consented_at=TIME,
        round_started_at=TIME, opinion_due_at=TIME, opined_at=TIME, initial_opinion="去看",
        classified_at=TIME, due_at=TIME, reply_by=None, evaluating_since=None, review_on="",
        caller_id=1, merged_into_id=None,
    )  # fmt: skip
    insert(
        database, "entry", id=1, issue_id=1, made_at=TIME, account_id=1,
        actor_role="community_leader", actor_name="丹", move="plan", from_step="responding",
        to_step="handling", round_no=2, to_round=2, severity_class="B", urgency=2, due_at=TIME,
        opinion_due_at=TIME, press="", note="修好", resident_line="解决方案已定。",
        satisfaction=None, asked_at=None, asked_how="", organization_id="",
        field="", old_value="", new_value="",
    )  # fmt: skip
    insert(
        database, "summons", id=1, issue_id=1, entry_id=1, round_no=2, severity_class="B",
        asked="会商", reply_by=TIME,
    )  # fmt: skip
    insert(
        database, "party", id=1, summons_id=1, issue_id=1, organization_id="city",
        answer="arrived", opinion="可以", answered_at=TIME, is_current=True,
    )  # fmt: skip
    insert(
        database, "assignment", id=1, issue_id=1, entry_id=1, part="lead", account_id=None,
        organization_id="city", is_current=True,
    )  # fmt: skip
    insert(
        database, "contact_attempt", id=1, issue_id=1, entry_id=1, tried_on="2026-11-23", how="电话"
    )
    insert(
        database, "rating", id=1, form_key_hash="a" * 64, about="service:meals", satisfaction=5,
        comment="好", made_at=TIME,
    )  # fmt: skip


def rows_of_0002(database: peewee.Database) -> None:
    """The same, with the addresses, a notice and a reminder."""
    rows_of_0001(database)
    for change in ("issue SET reporter_email", "account SET email"):
        database.execute_sql(f"UPDATE {change} = 'dan@example.org'")
    insert(
        database, "notice", id=1, key="entry:1:plan:account:1", issue_id=1, event="plan",
        step="handling", due_at=TIME, clock="", kind="account", recipient="1", is_urgent=False,
        state="waiting", created_at=TIME, not_before=TIME, attempts=1, first_tried_at=TIME,
        lease_until=None, message_key="", sent_at=None, error="连不上", read_at=None,
    )  # fmt: skip
    insert(database, "reminder", id=1, issue_id=1, clock="result", due_at=TIME, rank=1)


def rows_of_0003(database: peewee.Database) -> None:
    """As before, and the first entry of the log of exports."""
    rows_of_0002(database)
    insert(
        database, "export_log", id=1, made_at=TIME, account_id=1, actor_name="丹",
        actor_role="community_leader", community_id="jingui", filters="全部", row_count=1,
        with_contacts=False,
    )  # fmt: skip


def rows_of_0004(database: peewee.Database) -> None:
    """A paper form that became the issue of 0001, a row that was imported, a file's columns."""
    rows_of_0003(database)
    insert(
        database, "paper_form", id=1, serial="P26-000001-7", batch="b" * 64,
        community_id="jingui", printed_at=TIME, printed_by_id=1, issue_id=1,
    )  # fmt: skip
    insert(database, "imported_row", id=1, key="k" * 64, batch="b" * 64, issue_id=1)
    insert(
        database, "column_choice", id=1, headers_hash="h" * 64, columns='{"title": 0}',
        chosen_at=TIME,
    )  # fmt: skip


def rows_of_0005(database: peewee.Database) -> None:
    """The same, with a meeting, a duty, a one-time link and a measure."""
    rows_of_0004(database)
    database.execute_sql(
        f"UPDATE summons SET subject = '积水', place = '3栋', meet_at = '{TIME}'"  # noqa: S608
    )
    database.execute_sql("UPDATE party SET duty = '清淤', duty_basis = 'LG'")
    insert(
        database, "answer_link", id=1, party_id=1, entry_id=1, secret_hash="$argon2id$",
        issued_at=TIME, expires_at=TIME, used_at=None, replaced_at=TIME,
    )  # fmt: skip
    insert(
        database, "measure", id=1, issue_id=1, entry_id=1, what="清淤", lead="city", assist="",
        due_on="2026-12-01", done_entry_id=1, is_current=True,
    )  # fmt: skip


def rows_of_0006(database: peewee.Database) -> None:
    """The same, and what the resident wants of the office."""
    rows_of_0005(database)
    database.execute_sql("UPDATE issue SET nature = 'help'")


def rows_of_0007(database: peewee.Database) -> None:
    """The same, with an account of a sub-district."""
    rows_of_0006(database)
    database.execute_sql("UPDATE account SET street_id = 'hubian'")


def rows_of_0008(database: peewee.Database) -> None:
    """The same, compared with itself for want of another."""
    rows_of_0007(database)
    insert(database, "kept_apart", id=1, first_id=1, second_id=1, entry_id=1)


def rows_of_0009(database: peewee.Database) -> None:
    """The same, with a photo."""
    rows_of_0008(database)
    insert(
        database, "photo", id=1, issue_id=1, entry_id=1, key="p" * 22, width=1600, height=1200,
        size=200_000, made_at=TIME,
    )  # fmt: skip


def rows_of_0010(database: peewee.Database) -> None:
    """The same, with a party that is silent."""
    rows_of_0009(database)
    database.execute_sql(f"UPDATE issue SET answers_due_at = '{TIME}'")  # noqa: S608


def rows_of_0011(database: peewee.Database) -> None:
    """The same, its words in the index as it is since then."""
    rows_of_0010(database)


def rows_of_0012(database: peewee.Database) -> None:
    """The same, known as imported, and a sum."""
    rows_of_0011(database)
    database.execute_sql("UPDATE issue SET is_imported = TRUE")
    insert(database, "sum", id=1, kind="received", key="jingui", number=1)


def rows_of_0013(database: peewee.Database) -> None:
    """The same: it changed no table."""
    rows_of_0012(database)


def rows_of_0014(database: peewee.Database) -> None:
    """The same: the migration wrote its one row itself."""
    rows_of_0012(database)


def rows_of_0016(database: peewee.Database) -> None:
    """The same, with somebody who guesses, and a rating that its browser gave anew."""
    rows_of_0012(database)
    insert(
        database, "sign_in_try", id=1, name_hash="n" * 64, browser_hash="", failed=5,
        locked_until=TIME, tried_at=TIME,
    )  # fmt: skip
    database.execute_sql(f"UPDATE rating SET replaced_at = '{TIME}'")  # noqa: S608


def rows_of_0017(database: peewee.Database) -> None:
    """The same, with a question and an addition that wait."""
    rows_of_0016(database)
    database.execute_sql(
        f"UPDATE issue SET asked_since = '{TIME}', added_since = '{TIME}'"  # noqa: S608
    )


def rows_of_0018(database: peewee.Database) -> None:
    """The same, with a result that waited for its caller and passed by itself."""
    rows_of_0017(database)
    database.execute_sql(
        f"UPDATE issue SET result = 'done', relay_due_at = '{TIME}', passed_at = '{TIME}'"  # noqa: S608
    )
    database.execute_sql("UPDATE entry SET result = 'done', told_by = '老赵'")


def rows_of_0019(database: peewee.Database) -> None:
    """The same, done in the place of a level that had nobody."""
    rows_of_0018(database)
    database.execute_sql("UPDATE entry SET stood_in_for = 'community_leader'")


def rows_of_0022(database: peewee.Database) -> None:
    """The same, with somebody who was urged."""
    rows_of_0019(database)
    database.execute_sql(f"UPDATE issue SET urge_due_at = '{TIME}'")  # noqa: S608
    insert(
        database, "urge", id=1, issue_id=1, entry_id=1, who="lead", organization_id="city",
        answer_by=TIME, ended_at=None,
    )  # fmt: skip


def rows_of_0023(database: peewee.Database) -> None:
    """The same, to be looked at again."""
    rows_of_0022(database)
    database.execute_sql(f"UPDATE issue SET review_due_at = '{TIME}'")  # noqa: S608


def rows_of_0024(database: peewee.Database) -> None:
    """The same, once merged by staff."""
    rows_of_0023(database)
    database.execute_sql(f"UPDATE issue SET merged_at = '{TIME}'")  # noqa: S608


def rows_of_0025(database: peewee.Database) -> None:
    """The same, with somebody signed in."""
    rows_of_0024(database)
    insert(
        database, "session", id=1, account_id=1, key_hash="k" * 64, kind="desk", browser="",
        started_at=TIME,
    )  # fmt: skip


def rows_of_0026(database: peewee.Database) -> None:
    """The same, with a unit that says it is not theirs."""
    rows_of_0025(database)
    database.execute_sql(
        f"UPDATE issue SET ruling_due_at = '{TIME}', ruling_between = 'units'"  # noqa: S608
    )
    insert(
        database, "objection", id=1, issue_id=1, entry_id=1, organization_id="city", whose="",
        ended_at=None,
    )  # fmt: skip


def rows_of_0028(database: peewee.Database) -> None:
    """The same, come from the page of a service."""
    rows_of_0026(database)
    database.execute_sql("UPDATE issue SET service = 'repair:meals'")


def rows_of_0030(database: peewee.Database) -> None:
    """The same, called by somebody who gave their own telephone."""
    rows_of_0028(database)
    database.execute_sql("UPDATE summons SET phone = '0797-0000-190'")


def rows_of_0031(database: peewee.Database) -> None:
    """The same, with a file beside a note."""
    rows_of_0030(database)
    insert(
        database, "attachment", id=1, issue_id=1, entry_id=1, key="a" * 22, name="清单.xlsx",
        size=9_000, made_at=TIME,
    )  # fmt: skip


def rows_of_0032(database: peewee.Database) -> None:
    """The same, put off by the community."""
    rows_of_0031(database)
    database.execute_sql("UPDATE issue SET extended_by = 'community_leader'")


def rows_of_0033(database: peewee.Database) -> None:
    """The same: it changed no table."""
    rows_of_0032(database)


def rows_of_0035(database: peewee.Database) -> None:
    """The same, open in a browser that has shown its ticket."""
    rows_of_0033(database)
    insert(database, "open_ticket", id=1, issue_id=1, key_hash="k" * 64, opened_at=TIME)


def rows_of_0036(database: peewee.Database) -> None:
    """The same, with the district, which has yet to answer."""
    rows_of_0035(database)
    database.execute_sql(f"UPDATE issue SET district_round = 1, district_due_at = '{TIME}'")  # noqa: S608


def rows_of_0037(database: peewee.Database) -> None:
    """The same, the main issue of an incident that was told of once."""
    rows_of_0036(database)
    database.execute_sql("UPDATE issue SET of_incident = 'reported'")
    insert(
        database, "incident", id=1, issue_id=1, form_key_hash="h" * 64, version=1, kind="water",
        title="停水", community_id="jingui", is_wide=False, estate_ids="", told="正在抢修。",
        told_at=TIME,
    )  # fmt: skip
    insert(
        database, "incident_entry", id=1, incident_id=1, made_at=TIME, account_id=1,
        actor_role="community_leader", actor_name="dan", event="opened", told="", press="",
    )  # fmt: skip


def rows_of_0038(database: peewee.Database) -> None:
    """The same, with a list that somebody often looks at."""
    rows_of_0037(database)
    insert(database, "saved_view", id=1, account_id=1, name="等定级", address="step=collected")


def rows_of_0039(database: peewee.Database) -> None:
    """The same, and an account whose password an administrator gave."""
    rows_of_0038(database)
    database.execute_sql("UPDATE account SET has_first_password = NOT has_first_password")
    insert(
        database, "account_event", id=1, account_id=1, event="wrong", begun_at=TIME,
        happened_at=TIME, times=7, browser="", counted_as="wrong:1:2026-11-23",
    )  # fmt: skip


def rows_of_0040(database: peewee.Database) -> None:
    """The same, with a second factor and one code left."""
    rows_of_0039(database)
    database.execute_sql("UPDATE account SET factor_seed = 'seed', factor_step = 7")
    insert(database, "recovery_code", id=1, account_id=1, code_hash="h")


def rows_of_0043(database: peewee.Database) -> None:
    """The same, whose contacts were looked at."""
    rows_of_0042(database)
    insert(
        database, "contact_look", id=1, issue_id=1, account_id=1, looked_on="2026-11-23",
        made_at="2026-11-23T04:00:00Z", actor_name="Dan", actor_role="worker", place_id="jingui",
    )  # fmt: skip


def rows_of_0044(database: peewee.Database) -> None:
    """The same, of which something was erased."""
    rows_of_0043(database)
    insert(
        database, "erasure", id=1, code="c", number="260001", what="phone",
        made_at="2026-11-23T04:00:00Z", is_owed=False,
    )  # fmt: skip


def rows_of_0046(database: peewee.Database) -> None:
    """The same, and a resident who is to be telephoned."""
    rows_of_0045(database)
    database.execute_sql(f"UPDATE issue SET tell_by = 'phone', ring_since = '{TIME}'")  # noqa: S608
    insert(
        database, "phone_duty", id=1, issue_id=1, key="entry:1", event="opinion", made_at=TIME,
        tries=2, days=1, tried_at=TIME, ended_at=None, ended_by="",
    )  # fmt: skip


def rows_of_0047(database: peewee.Database) -> None:
    """The same, and a browser that is woken."""
    rows_of_0046(database)
    insert(
        database, "push_subscription", id=1, issue_id=1, endpoint="https://push.example.com/1",
        p256dh="p", auth="a", made_for="k", key_hash="h", made_at=TIME,
    )  # fmt: skip


def rows_of_0048(database: peewee.Database) -> None:
    """The same, with a bad rating that led to the issue."""
    rows_of_0047(database)
    database.execute_sql("UPDATE issue SET rated = 'service:meals long_wait'")
    database.execute_sql(
        "UPDATE rating SET reason = 'long_wait', issue_id = 1, way = 'paper', entered_by_id = 1"
    )


def rows_of_0050(database: peewee.Database) -> None:
    """The same, with the salt of its contacts."""
    rows_of_0048(database)
    database.execute_sql("UPDATE issue SET contact_salt = 's'")


def rows_of_0051(database: peewee.Database) -> None:
    """The same, sealed as it stands."""
    rows_of_0050(database)
    seal_all(database, NOW)


def rows_of_0052(database: peewee.Database) -> None:
    """The same, with contacts that are sealed."""
    rows_of_0051(database)
    columns = {
        "reporter_name": keys().seal("爱丽丝", "issue.reporter_name"),
        "reporter_phone": keys().seal("0797-0000-199", "issue.reporter_phone", "07970000199"),
        "reporter_email": keys().seal(
            "dan@example.org", "issue.reporter_email", "dan@example.org"
        ),
    }  # fmt: skip
    mark = "?" if isinstance(database, peewee.SqliteDatabase) else "%s"
    changes = ", ".join(f"{name} = {mark}" for name in columns)
    database.execute_sql(f"UPDATE issue SET {changes}", tuple(columns.values()))  # noqa: S608
    insert(database, "counter", name=f"contact key {keys().names[0]}", value=0)


def rows_of_0053(database: peewee.Database) -> None:
    """The same, and by whom something was done to an account."""
    rows_of_0052(database)
    database.execute_sql("UPDATE account_event SET by_id = account_id")


def rows_of_0055(database: peewee.Database) -> None:
    """The same, and when somebody did something in a session last."""
    rows_of_0053(database)
    database.execute_sql(f"UPDATE session SET active_at = '{LATER}'")  # noqa: S608


def rows_of_0057(database: peewee.Database) -> None:
    """The same: it changed no table."""
    rows_of_0055(database)


def rows_of_0058(database: peewee.Database) -> None:
    """The same, and what is told in public of its issue, sealed with it."""
    rows_of_0057(database)
    database.execute_sql(
        "INSERT INTO public_note (issue_id, round_no, consented_at, told, estate_id, before_key, "
        "after_key, ended_by) VALUES (1, 1, '2026-11-24T01:00:00Z', '修好了', '', '', '', '')"
    )
    database.execute_sql("DELETE FROM seal")
    seal_all(database, NOW)


def rows_of_0059(database: peewee.Database) -> None:
    """The same, and what an office said of another, sealed."""
    rows_of_0058(database)
    database.execute_sql(
        "INSERT INTO assessment (form_key_hash, version, kind, quarter, subdistrict_id, "
        "organization_id, subdistrict_name, organization_name, level, subject, words, planned_on, "
        "said_at, answer, answer_words, done_on, found) VALUES ('f', 1, 'unit', '2026-Q4', '', "
        "'city', '示例街道', '城管局', 'good', '', '来得快', '', '2026-11-24T01:00:00Z', '', '', "
        "'', '')"
    )
    database.execute_sql(
        "INSERT INTO assessment_entry (assessment_id, made_at, account_id, actor_role, actor_name, "
        "event, told, press) VALUES (1, '2026-11-24T01:00:00Z', 1, 'street_leader', 's', 'said', "
        "'来得快', '')"
    )
    database.execute_sql("DELETE FROM seal")
    seal_all(database, NOW)


def rows_of_0061(database: peewee.Database) -> None:
    """The same, with a matter that recurs and the project that came of it."""
    rows_of_0059(database)
    insert(
        database, "topic", id=1, month="2026-11", community_id="jingui", estate_id="",
        category="noise", words="麻将", centre="{}", place=1, households=3, rounds=4, weeks=3,
        first_on="2026-01-01", last_on="2026-10-31", found_at=TIME,
    )  # fmt: skip
    insert(database, "topic_issue", id=1, topic_id=1, issue_id=1, example=1)
    insert(
        database, "project", id=1, form_key_hash="p", version=1, topic_id=1,
        community_id="jingui", kind="project", title="t", lead="jingui", measures="m",
        budget_fen=100, due_on="2026-12-31", begun_at=TIME, done_at=None, result="",
    )  # fmt: skip
    insert(
        database, "project_entry", id=1, project_id=1, made_at=TIME, account_id=None,
        actor_role="community_leader", actor_name="n", event="opened", state="{}", press="",
        digest="d",
    )  # fmt: skip


def rows_of_0062(database: peewee.Database) -> None:
    """The same, with a line in a community's book of the earmarked funds."""
    rows_of_0061(database)
    insert(
        database, "fund_entry", id=1, form_key_hash="f", community_id="jingui", place=1,
        on_day="2026-11-01", kind="granted", about="", words="w", decided="",
        amount_fen=10_000_000_000, receipt="", corrects_id=None, made_at=TIME, account_id=None,
        actor_role="community_leader", actor_name="n", digest="d",
    )  # fmt: skip


def rows_of_0063(database: peewee.Database) -> None:
    """The same, in the one log, and the book by its new name."""
    rows_of_0062(database)
    database.execute_sql("DELETE FROM seal")
    seal_all(database, NOW)


def rows_of_0064(database: peewee.Database) -> None:
    """The same, with a residents' meeting that decided of the money, and what is told of both."""
    rows_of_0063(database)
    insert(
        database, "fund_told", id=1, fund_entry_id=1, told="t", made_at=TIME, account_id=None,
        actor_role="community_leader", actor_name="n",
    )  # fmt: skip
    insert(
        database, "meeting", id=1, form_key_hash="m", version=1, community_id="jingui",
        held_on="2026-11-01", place="p", attended="{}", rated="{}", begun_at=TIME, closed_at=None,
        public="", public_at=None,
    )  # fmt: skip
    insert(
        database, "meeting_item", id=1, meeting_id=1, place=1, topic="t", about="", outcome="",
        decision="", cost_fen=10_000_000_000, result="",
    )  # fmt: skip
    insert(
        database, "meeting_entry", id=1, meeting_id=1, made_at=TIME, account_id=None,
        actor_role="worker", actor_name="n", event="opened", state="{}", reason="", press="",
    )  # fmt: skip
    database.execute_sql("UPDATE fund_entry SET meeting_item_id = 1")
    database.execute_sql("DELETE FROM seal")
    seal_all(database, NOW)


def rows_of_0065(database: peewee.Database) -> None:
    """The same, whose resident was asked whether the project made it better."""
    rows_of_0064(database)
    database.execute_sql(f"UPDATE issue SET project_asked_at = '{TIME}'")  # noqa: S608
    insert(
        database, "project_ask", id=1, project_id=1, issue_id=1, asked_at=TIME, answer="still",
        answered_at=TIME, said_by="staff",
    )  # fmt: skip
    database.execute_sql("DELETE FROM seal")
    seal_all(database, NOW)


def rows_of_0066(database: peewee.Database) -> None:
    """The same, in which it is kept that nobody was on duty."""
    rows_of_0065(database)
    database.execute_sql("UPDATE entry SET duty = 'off'")
    database.execute_sql("DELETE FROM seal")
    seal_all(database, NOW)


def rows_of_0067(database: peewee.Database) -> None:
    """The same, on two servers, one of which has the night's work."""
    rows_of_0066(database)
    for number, name in enumerate("ab", 1):
        insert(database, "server", id=number, name=name, title=name, key="k", place="p",
               seen_at=TIME)  # fmt: skip
    insert(database, "claim", id=1, name="night", holder="a", until=TIME, done="2026-11-27")


def rows_of_0068(database: peewee.Database) -> None:
    """The same: it changed no table."""
    rows_of_0067(database)


def rows_of_0069(database: peewee.Database) -> None:
    """The same; a department was called otherwise before."""
    rows_of_0068(database)
    for number, name in enumerate(("城管局", "城市管理局"), 1):
        since = f"2026-1{number}-23T01:00:00Z"
        insert(database, "unit_name", id=number, unit_id="city", name=name, since=since)


def rows_of_0070(database: peewee.Database) -> None:
    """The same: it made an index."""
    rows_of_0069(database)


def rows_of_0071(database: peewee.Database) -> None:
    """The same: it made another index of one."""
    rows_of_0070(database)


def rows_of_0072(database: peewee.Database) -> None:
    """The same; a leader took a letter out of what recurs, and joined it with what came later."""
    rows_of_0071(database)
    insert(
        database, "topic", id=2, month="2026-11", community_id="jingui", estate_id="",
        category="noise", words="牌", centre="{}", place=2, households=3, rounds=4, weeks=3,
        first_on="2026-01-01", last_on="2026-10-31", found_at=TIME, version=2, joined_into=None,
    )  # fmt: skip
    database.execute_sql("UPDATE topic SET version = 3, joined_into = 2 WHERE id = 1")
    for number, (topic, event, other) in enumerate(((1, "out", None), (2, "joined", 1)), 1):
        insert(
            database, "topic_change", id=number, topic_id=topic, event=event, other_id=other,
            made_at=TIME, account_id=None, actor_role="community_leader", actor_name="n", press="",
        )  # fmt: skip
    insert(database, "topic_change_issue", id=1, topic_change_id=1, issue_id=1)
    database.execute_sql("DELETE FROM seal")
    seal_all(database, NOW)


def rows_of_0073(database: peewee.Database) -> None:
    """The same: it made indexes, and counted what each unit and account has."""
    rows_of_0072(database)


def rows_of_0075(database: peewee.Database) -> None:
    """The same: it made an index."""
    rows_of_0073(database)


def rows_of_0076(database: peewee.Database) -> None:
    """The same: what was graded has no end of its grading."""
    rows_of_0075(database)


def rows_of_0078(database: peewee.Database) -> None:
    """The same: it sealed what had been given an end."""
    rows_of_0076(database)


def rows_of_0079(database: peewee.Database) -> None:
    """The same, and a round that it goes on with."""
    rows_of_0078(database)
    insert(
        database, "taken_over", id=1, issue_id=1, round_no=2, entry_id=1, taken_id=1,
        taken_round=1, gone_id=1,
    )  # fmt: skip
    database.execute_sql("DELETE FROM seal")
    seal_all(database, NOW)


def rows_of_0083(database: peewee.Database) -> None:
    """The same: it made an index."""
    rows_of_0079(database)


def rows_of_0045(database: peewee.Database) -> None:
    """The same: it changed no table."""
    rows_of_0044(database)


def rows_of_0042(database: peewee.Database) -> None:
    """The same, set aside with others that came at once."""
    rows_of_0040(database)
    database.execute_sql("UPDATE issue SET in_burst = TRUE, aside_press = 'p'")


# A migration brings a function here that writes a row of every table that it changed, as the
# schema was after it; the test reads them through the models of today.
OLD_ROWS: dict[str, Callable[[peewee.Database], None]] = {
    "0001_initial": rows_of_0001,
    "0002_notices": rows_of_0002,
    "0003_register_search": rows_of_0003,
    "0004_intake": rows_of_0004,
    "0005_summons": rows_of_0005,
    "0006_nature": rows_of_0006,
    "0007_streets": rows_of_0007,
    "0008_voices": rows_of_0008,
    "0009_photos": rows_of_0009,
    "0010_answers_due": rows_of_0010,
    "0011_words": rows_of_0011,
    "0012_growth": rows_of_0012,
    "0013_hot": rows_of_0013,
    "0014_identity": rows_of_0014,
    "0016_limits": rows_of_0016,
    "0017_conversation": rows_of_0017,
    "0018_relay": rows_of_0018,
    "0019_standing_in": rows_of_0019,
    "0022_urge": rows_of_0022,
    "0023_review": rows_of_0023,
    "0024_unmerge": rows_of_0024,
    "0025_sessions": rows_of_0025,
    "0026_ruling": rows_of_0026,
    "0028_service": rows_of_0028,
    "0030_callers_phone": rows_of_0030,
    "0031_attachments": rows_of_0031,
    "0032_extended": rows_of_0032,
    "0033_entered_verdicts": rows_of_0033,
    "0035_open_tickets": rows_of_0035,
    "0036_district": rows_of_0036,
    "0037_incidents": rows_of_0037,
    "0038_saved_views": rows_of_0038,
    "0039_first_passwords": rows_of_0039,
    "0040_second_factor": rows_of_0040,
    "0045_sums_by_month": rows_of_0045,
    "0042_set_aside": rows_of_0042,
    "0043_contact_looks": rows_of_0043,
    "0044_erasures": rows_of_0044,
    "0046_phone_duty": rows_of_0046,
    "0047_push": rows_of_0047,
    "0048_bad_ratings": rows_of_0048,
    "0050_seals": rows_of_0050,
    "0051_opening_seals": rows_of_0051,
    "0052_sealed_contacts": rows_of_0052,
    "0053_by_whom": rows_of_0053,
    "0055_idle_and_emptied": rows_of_0055,
    "0057_sums_of_months": rows_of_0057,
    "0058_public_notes": rows_of_0058,
    "0059_assessments": rows_of_0059,
    "0061_projects": rows_of_0061,
    "0062_funds": rows_of_0062,
    "0063_one_log": rows_of_0063,
    "0064_meetings": rows_of_0064,
    "0065_asked_after_projects": rows_of_0065,
    "0066_on_duty": rows_of_0066,
    "0067_servers": rows_of_0067,
    "0068_told_once": rows_of_0068,
    "0069_unit_names": rows_of_0069,
    "0070_results_by_day": rows_of_0070,
    "0071_freed_receipts": rows_of_0071,
    "0072_topics_by_hand": rows_of_0072,
    "0073_unit_sums": rows_of_0073,
    "0075_untold_notes": rows_of_0075,
    "0076_grading": rows_of_0076,
    "0078_sealed_grading": rows_of_0078,
    "0079_taken_over": rows_of_0079,
    "0083_phones": rows_of_0083,
}
