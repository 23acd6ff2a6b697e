"""A story in which there is a row of everything that is sealed, and what the seals find amiss."""

from datetime import date
from typing import Any

from forms_app import casework
from forms_app.casework import (
    AgendaItem,
    Intended,
    Minutes,
    PlannedMeasure,
    Spending,
)
from forms_app.queries import broken_chains
from forms_app.queries.chain import Fault
from forms_app.rules.steps import Part, Step
from forms_app.store.database import writing
from forms_app.store.funds import FundEntry
from forms_app.store.models import (
    Attachment,
    ContactAttempt,
    Issue,
    Objection,
    Photo,
    Summons,
    TakenOver,
    Urge,
)
from forms_app.store.projects import Topic, TopicIssue
from forms_app.store.public_notes import PublicNote
from forms_app.store.sealing import look, touched
from tests.support.actors import (
    BOB,
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    STELLA,
    bring,
    entries,
    make,
    submit,
)


def faults(roots: Any = ()) -> set[tuple[Fault, str]]:
    return {(one.fault, one.what) for one in broken_chains(roots)}


def tell_story() -> None:
    """The first issue has a row in every table that is sealed with it; there is a rating, too."""
    first = submit("told", reporter_name="爱丽丝", reporter_phone="0797-1", reporter_email="a@b.cn")
    bring(Step.RESPONDING, "B", first.number)
    make("answer", BOB, first.number, opinion="今天去看")
    make("plan", DAN, first.number, measures=[PlannedMeasure("清淤", "city")])
    entry = entries(first.number)[-1]
    with writing():
        look(first)
        common = {"issue": first, "entry": entry}
        Summons.create(
            **common, round_no=1, severity_class="B", asked="再来", reply_by=NOW, subject="下水"
        )
        Objection.create(**common, organization_id="city")
        Urge.create(**common, who=Part.LEAD.value, answer_by=NOW)
        ContactAttempt.create(**common, tried_on="2026-11-24", how="电话")
        Photo.create(**common, key="p", width=1, height=1, size=1, made_at=NOW)
        Attachment.create(**common, key="a", name="清单", size=1, made_at=NOW)
        PublicNote.create(issue=first, round_no=1, consented_at=NOW)
        TakenOver.create(**common, round_no=1, taken=first, taken_round=1, gone=entry)
        touched(Issue, first.id, NOW)
    for unit in ("city", "police"):
        said = casework.Statement("unit", "", unit, "来得快", quarter="2026-Q4", level="good")
        casework.say_of_office(CIRCLE, STELLA, said, form_key=unit, now=NOW)
    casework.rate(CIRCLE, "service:meals", 4, "好", form_key="r", browser_hash="b", now=NOW)
    casework.rate(CIRCLE, "service:meals", 5, "", form_key="s", browser_hash="b", now=NOW)

    keep_books()


def keep_books() -> None:
    """Two meetings, two projects, two topics that are one, and two lines of the earmarked funds
    that are told in public.
    """
    day = date(2026, 11, 20)
    item = AgendaItem("修路灯", "", "agreed", "换六盏", 9_000_00)
    for place, key in enumerate(("first", "second"), 1):
        casework.record_meeting(
            CIRCLE, DAN, "jingui", Minutes(day, "会议室", {place: item}, {"residents": 9}, {}),
            is_another=True, form_key=key, now=NOW,
        )  # fmt: skip
        topic = Topic.create(
            month=key, community_id="jingui", words="灯", centre="{}", place=1, households=1,
            rounds=1, weeks=1, first_on="", last_on="", found_at=NOW,
        )  # fmt: skip
        meant = Intended("project", "路灯", "jingui", "换线路", 1, date(2027, 3, 1))
        one = casework.open_project(CIRCLE, DAN, topic.id, meant, form_key=key, now=NOW)
        if place == 1:
            for asked in Issue.select():
                TopicIssue.create(topic=topic, issue=asked)
        casework.finish_project(DAN, one, 1, "换了", now=NOW)
    of_community = Issue.select().where(Issue.community_id == "jingui").order_by(Issue.id)
    # The told one last: only what was put in first comes in once more by the joining.
    told_last = sorted(of_community, key=lambda one: one.reporter_name == "爱丽丝")
    here = [one.number for one in told_last]
    for place, numbers in enumerate((here[:1], here[1:]), 1):
        topic = Topic.create(
            month="last", community_id="jingui", words="灯", centre="{}", place=place,
            households=1, rounds=1, weeks=1, first_on="", last_on="", found_at=NOW,
        )  # fmt: skip
        casework.put_in(DAN, topic.id, 1, numbers, now=NOW)
    casework.join_topics(DAN, topic.id, 2, topic.id - 1, now=NOW)
    for seen, line in enumerate((
        Spending("granted", day, "街道拨付", 9_000_00),
        Spending("spent", day, "灯", 1_00, f"issue:{FIRST}", "", "no 1", 1),
    )):  # fmt: skip
        key = casework.add_fund_entry(
            CIRCLE, DAN, "jingui", seen, line, form_key=str(seen), now=NOW
        )
    casework.correct_fund_entry(DAN, "jingui", 2, key, 2_00, "写错了", form_key="c", now=NOW)
    told = {row.id: "路灯" for row in FundEntry.select()}
    casework.tell_of_funds(DAN, "jingui", 2026, 3, told, now=NOW)
