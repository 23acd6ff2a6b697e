"""What the sample's offices have on record beside its issues: ratings, assessments, money."""

import secrets
from datetime import date, datetime, timedelta

from forms_app import casework
from forms_app.casework import Spending
from forms_app.demo.teller import Teller, days, hours
from forms_app.issues.access import Actor
from forms_app.rules.funds import street_book
from forms_app.rules.months import quarter_of
from forms_app.rules.steps import Role
from forms_app.rules.worktime import local_day
from forms_app.store.funds import FundEntry
from forms_app.store.meetings import MeetingItem


def rate(teller: Teller) -> None:
    """What residents rated in the last week, one of them badly."""
    things = [
        *(f"service:{key}" for key in list(teller.circle.services)[:4]),
        *(f"activity:{key}" for key in list(teller.circle.activities)[:3]),
        *(f"venue:{key}" for key in list(teller.circle.venues)[:2]),
    ]
    for ago in range(6, -1, -1):
        if ago == 0:
            _rate_badly(teller)
        for about in (one for place, one in enumerate(things) if ago < 4 + place % 4):
            casework.rate(
                teller.circle, about, 5 - ago % 4, "",
                form_key=secrets.token_urlsafe(16), now=teller.at(days(ago)),
            )  # fmt: skip


def _rate_badly(teller: Teller) -> None:
    """One who says why: somebody has to see to it, and has answered."""
    home = teller.leader.community_id
    here = [venue for venue in teller.circle.venues.values() if venue.community_id == home]
    if not here:
        return
    about = f"venue:{here[0].id}"
    complaint = casework.Complaint(next(iter(teller.circle.reasons_for(about))))
    opened = casework.rate(
        teller.circle, about, 2, "（示例）下午三点去，门关着，电话也没有人接。",
        form_key=secrets.token_urlsafe(16), complaint=complaint, now=teller.at(hours(20)),
    )  # fmt: skip
    if opened is not None:
        teller.secrets[opened.number] = ""  # nobody holds its ticket
        teller.move(
            casework.opine, teller.leader, opened.number, hours(20) - timedelta(minutes=8),
            text="那天值班的人去开会了。今天起下午都有人，电话没人接就转到社区。",
        )  # fmt: skip


def assess(teller: Teller) -> None:
    """What the sub-district and a department have on record of each other."""
    unit, home = teller.units[0], next(iter(teller.circle.communities))
    subdistrict_id = teller.circle.subdistrict_ids.get(home, "")
    today = local_day(teller.present)
    said = casework.Statement(
        "unit", subdistrict_id, unit, "（示例）来得快，方案定得实，有一件退回过一次。",
        quarter=quarter_of(today), level="fair",
    )  # fmt: skip
    asked = casework.Statement(
        "inspection", subdistrict_id, unit, "（示例）上级专项检查，要看现场和台账。",
        subject="垃圾分类台账", planned_on=today + timedelta(days=7),
    )  # fmt: skip
    for actor, one in ((teller.subdistrict_leader, said), (teller.responder, asked)):
        casework.say_of_office(
            teller.circle, actor, one, form_key=f"sample {one.kind}", now=teller.at(hours(5))
        )


def keep_books(teller: Teller, number: str) -> None:
    """A residents' meeting about an issue, and the money that it agreed to."""
    home, today = teller.leader.community_id, local_day(teller.present)
    street = street_book(teller.circle.subdistrict_ids.get(home, ""))
    day = max(today - timedelta(days=20), date(today.year, 1, 1))
    items = {
        1: casework.AgendaItem(
            "（示例）扶正路灯杆，换老旧灯头", f"issue:{number}", "agreed",
            "（示例）请有资质的队伍做，先做路口两根。", 3_600_00, "（示例）两根已经扶正。",
        ),
        2: casework.AgendaItem("（示例）花坛边加两张长椅", "", "later", "", 0, ""),
    }  # fmt: skip
    minutes = casework.Minutes(
        day, "（示例）党群服务中心一楼", items,
        {"residents": 23, "delegates": 4, "property": 1, "community": 2},
        {"5": 12, "4": 8, "3": 3, "2": 1},
    )  # fmt: skip
    now = teller.at(hours(4))
    key = casework.record_meeting(
        teller.circle, teller.staff[Role.WORKER], home, minutes, form_key="sample", now=now
    )
    words = {1: "（示例）扶正路灯杆，先做路口两根", 2: "（示例）花坛边加长椅，下次再议"}
    casework.tell_of_meeting(teller.circle, teller.leader, key, 1, words, now=now)
    item_id = MeetingItem.get(MeetingItem.meeting == key, MeetingItem.place == 1).id
    first, about = date(today.year, 1, 1), f"issue:{number}"
    spent = Spending(
        "spent", day, "（示例）扶正两根路灯杆", 1_850_00, about, "", "示例0001", item_id
    )
    planned = Spending("planned", day, "（示例）换路灯灯头", 1_200_00, about)
    granted = Spending("granted", first, "（示例）区里拨付", 80_000_00)
    _line(teller, teller.subdistrict_leader, street, granted, now)
    passed_on = Spending("granted", first, "（示例）街道拨付", 20_000_00)
    for one in (passed_on, spent, planned):
        _line(teller, teller.leader, home, one, now)
    for actor, book_id in ((teller.subdistrict_leader, street), (teller.leader, home)):
        rows = list(FundEntry.select().where(FundEntry.book_id == book_id))
        told = {row.id: row.words for row in rows}
        casework.tell_of_funds(actor, book_id, today.year, len(rows), told, now=now)
    # The newest waits for its review.
    line = Spending("planned", today, "（示例）活动室换门锁", 300_00)
    _line(teller, teller.leader, home, line, now)


def _line(teller: Teller, actor: Actor, book_id: str, line: Spending, now: datetime) -> None:
    seen = FundEntry.select().where(FundEntry.book_id == book_id).count()
    casework.add_fund_entry(
        teller.circle, actor, book_id, seen, line, form_key=f"sample {book_id} {seen}", now=now
    )
