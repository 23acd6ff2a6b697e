"""Every address of the app, what varies in it, who may see it and who may send its form: tables
that tests/web/test_every_page compares with what the app has.
"""

from collections.abc import Iterator

from forms_app.rules.steps import ACCOUNT_ROLES
from forms_app.rules.two_way import KINDS
from tests.support.web import House, Visitor

ROLES = [role.value for role in ACCOUNT_ROLES]
INTAKE_ROLES = ["collector", "worker", "community_leader", "street_leader"]
IMPORT_ROLES = ["community_leader", "street_leader"]
CONTENT_ROLES = ["admin", "editor"]
FIRST_STEPS = ("names", "communities", "estates", "units", "categories", "hours")
WALL_ROLES = ["worker", "community_leader", "street_leader", "supervisor"]
FINDERS = ["worker", "community_leader", "street_leader", "district_office"]
CASE_ROLES = [role for role in ROLES if role not in CONTENT_ROLES]
EVERYBODY = ["nobody", "holder", "other holder", *ROLES]
SUMMONED = ("烧烤摊油烟", "安置房产权证", "楼上漏水")


def who(house: House, name: str, number: str = "") -> Visitor:
    if name == "nobody":
        return house.visitor()
    if name == "holder":
        return house.holder(number)
    if name == "other holder":
        return house.holder(house.number("路灯杆歪了"))
    return house.staff(name)


def addresses(house: House) -> dict[str, list[str]]:
    """Every rule of the app that a browser opens, with samples for what varies in it."""
    issue = house.number("楼上漏水")
    service = next(iter(house.circle.services))
    activity = next(iter(house.circle.activities))
    venue = next(iter(house.circle.venues))
    abouts = (f"service:{service}", f"activity:{activity}", f"venue:{venue}")
    return {
        "healthz": ["/healthz"],
        "robots": ["/robots.txt"],
        "security": ["/.well-known/security.txt"],
        "choose_version": ["/elder?on=1&back=issues/", "/elder?on=0&back="],
        "choose_language": ["/language?to=en&back=issues/", "/language?to=zh&back="],
        "static": ["/static/site.css", "/static/clock.js", "/static/nothing.css"],
        "published.page": ["/", "/nowhere", "/nowhere/", "/calendar/"],
        "published.search": ["/search", "/search?q=养老", "/search?q=" + "长" * 101],
        "resident.new_issue": ["/issues/new", "/issues/new?community_id=yinxing"],
        "resident.look_up": ["/issues/"],
        "resident.follow": [f"/issues/{issue}", "/issues/269999", "/issues/x"],
        "resident.verdict_page": [f"/issues/{issue}/verdict"],
        "resident.reopen_page": [f"/issues/{issue}/reopen"],
        "resident.join_page": [f"/issues/{issue}/join"],
        "resident.reply_page": [f"/issues/{issue}/reply"],
        "resident.tell_by_page": [f"/issues/{issue}/tell-by"],
        "resident.wake_page": [f"/issues/{issue}/wake"],
        "resident.undo_page": [f"/issues/{issue}/undo"],
        "resident.asked_after_page": [f"/issues/{issue}/asked-after"],
        "resident.untell_page": [f"/issues/{issue}/untell"],
        "resident.dispute_page": [f"/issues/{issue}/dispute"],
        "resident.insist_page": [f"/issues/{issue}/insist"],
        "resident.withdraw": [f"/issues/{issue}/withdraw"],
        "resident.new_rating": [f"/ratings/new?about={about}" for about in abouts]
        + ["/ratings/new", "/ratings/new?about=service:none"],
        "resident.confirm_page": ["/confirm/260001/0123456789abcdef"],
        "resident.rated": [f"/ratings/thanks?about={abouts[0]}", "/ratings/thanks"],
        "staff.sign_in_page": ["/staff/login", "/staff/login?next=/staff/register"],
        "staff.home": [
            "/staff/",
            "/staff/?waits=me",
            "/staff/?waits=others&overdue=1",
            "/staff/?step=handling&class=B&urgency=2&community=jingui&waits=others",
            "/staff/?step=x&class=x&urgency=9&community=x&waits=x&overdue=x",
        ],
        "staff.password": ["/staff/password"],
        "staff.own_password": ["/staff/password/own"],
        "staff.sign_ins": ["/staff/sign-ins"],
        "staff.code": ["/staff/login/code"],
        "staff.second_factor": ["/staff/second-factor"],
        "staff.doctor": ["/staff/doctor"],
        "accounts.listed": ["/staff/accounts"],
        "accounts.new": ["/staff/accounts/new", "/staff/accounts/new?role=worker&community=jingui"],
        "accounts.account": ["/staff/accounts/1", "/staff/accounts/9999"],
        "first_steps.listed": ["/staff/first-steps"],
        "first_steps.step": [f"/staff/first-steps/{name}" for name in (*FIRST_STEPS, "none")],
        "staff.all_sign_ins": [
            "/staff/sign-ins/all",
            "/staff/sign-ins/all?account=worker&page=2",
            "/staff/sign-ins/all?account=nobody&page=" + "9" * 400,
        ],
        "board.wall": ["/staff/wall"],
        "board.renewed": ["/staff/board", "/staff/board?waits=x&step=x"],
        "callers.form": ["/staff/callers"],
        "staff.looks": ["/staff/looks", "/staff/looks?issue=269999", "/staff/looks?issue=x"],
        "tickets.shown": [f"/staff/issues/{issue}/ticket"],
        "staff_register.page": [
            "/staff/register",
            "/staff/register?step=handling&after=2026-11-20T00%3A00%3A00Z.9",
            "/staff/register?q=没有这样的问题&class=A&from=2026-01-01&overdue=1",
            "/staff/register?step=nonsense&sort=due&before=x",
            "/staff/register?show=lead&show=extensions&show=nonsense",
        ],
        "saved_views.page": ["/staff/views/"],
        "bulk.again": ["/staff/bulk/classify", "/staff/bulk/x/confirm"],
        "staff_register.export": ["/staff/register.xlsx?step=nonsense"],
        "staff_register.print_register": [
            "/staff/register/print?paper=a4",
            "/staff/register/print?step=nonsense",
        ],
        "staff_register.exports": ["/staff/exports"],
        "staff_register.fetch": ["/staff/exports/1.xlsx", "/staff/exports/2147483647.xlsx"],
        "reports.this_month": ["/staff/reports/"],
        "reports.month": [
            "/staff/reports/2026-11",
            "/staff/reports/2020-01",
            "/staff/reports/2026-13",
            "/staff/reports/x",
        ],
        "reports.month_by": [
            *(
                f"/staff/reports/2026-11/{by}"
                for by in ("officers", "kinds", "channels", "estates")
            ),
            "/staff/reports/2026-11/x",
            "/staff/reports/x/kinds",
        ],
        "reports.month_book": ["/staff/reports/2026-11.xlsx", "/staff/reports/x.xlsx"],
        "reports.month_file": ["/staff/reports/2026-11.csv", "/staff/reports/x.csv"],
        "staff_register.print_case": [f"/staff/issues/{issue}/print", "/staff/issues/9/print"],
        "intake.collect": ["/staff/issues/new", "/staff/issues/new?channel=phone"],
        "intake.answers_again": ["/staff/issues/new/answers", "/staff/issues/new/caller"],
        "offline.shell": ["/staff/offline"],
        "offline.worker": ["/staff/sw.js"],
        "resident.worker": ["/issues/sw.js"],
        "papers.papers": [
            "/staff/paper",
            "/staff/paper?number=P26-000123-4",
            "/staff/paper?number=x",
        ],
        "projects.listed": ["/staff/projects"],
        "projects.topic": ["/staff/projects/topics/1", "/staff/projects/topics/99"],
        "topics.more": ["/staff/projects/topics/1/more", "/staff/projects/topics/99/more"],
        "topics.back": [f"/staff/projects/topics/1/{what}" for what in ("letters", "join", "undo")],
        "projects.project": ["/staff/projects/1", "/staff/projects/99"],
        "projects.back": ["/staff/projects/1/change", "/staff/projects/1/finish"],
        "funds.listed": ["/staff/funds"],
        "funds.book": ["/staff/funds/jingui/2026", "/staff/funds/none/2026"],
        "funds.workbook": ["/staff/funds/jingui/2026.xlsx", "/staff/funds/none/2026.xlsx"],
        "funds.back": ["/staff/funds/jingui/2026/correct"],
        "funds.public": ["/staff/funds/jingui/2026/public", "/staff/funds/@/2026/public"],
        "meetings.listed": ["/staff/meetings"],
        "meetings.new": ["/staff/meetings/new"],
        "meetings.paper": ["/staff/meetings/paper"],
        "meetings.meeting": ["/staff/meetings/1", "/staff/meetings/99"],
        "meetings.printed": ["/staff/meetings/1/print", "/staff/meetings/99/print"],
        "meetings.edit": ["/staff/meetings/1/edit", "/staff/meetings/99/edit"],
        "meetings.public": ["/staff/meetings/1/public", "/staff/meetings/99/public"],
        "meetings.back": ["/staff/meetings/1/untell"],
        "incidents.listed": ["/staff/incidents"],
        "incidents.new": ["/staff/incidents/new", f"/staff/incidents/new?issue={issue}"],
        "incidents.incident": ["/staff/incidents/1", "/staff/incidents/99"],
        "incidents.back": ["/staff/incidents/1/tell", "/staff/incidents/1/again"],
        "two_way.this_quarter": ["/staff/two-way/"],
        "two_way.quarter": ["/staff/two-way/2026-Q4", "/staff/two-way/2026-Q5", "/staff/two-way/x"],
        "two_way.book": ["/staff/two-way/2026-Q4.xlsx", "/staff/two-way/x.xlsx"],
        "two_way.new": [
            *(f"/staff/two-way/new/{kind}" for kind in KINDS),
            "/staff/two-way/new/x",
        ],
        "two_way.record": ["/staff/two-way/records/1", "/staff/two-way/records/99"],
        "two_way.back": ["/staff/two-way/records/1/answer", "/staff/two-way/records/1/change"],
        "public_notes.listed": ["/staff/notes/"],
        "public_notes.note": [f"/staff/notes/{issue}", "/staff/notes/9"],
        "public_notes.back": ["/staff/notes/9/end"],
        "activities.listed": [
            "/staff/activities",
            "/staff/activities?week=2026-12-01",
            "/staff/activities?week=x",
        ],
        "activities.new": ["/staff/activities/new", f"/staff/activities/new?copy={activity}"],
        "activities.activity": [f"/staff/activities/{activity}", "/staff/activities/none"],
        "activities.occurrence": [
            "/staff/activities/choir/20261202T1500",
            "/staff/activities/choir/x",
        ],
        "records.kinds": ["/staff/records"],
        "records.listed_page": [
            "/staff/records/venues",
            "/staff/records/activities",
            "/staff/records/none",
        ],
        "records.new": ["/staff/records/venues/new", f"/staff/records/venues/new?copy={venue}"],
        "records.record": [
            f"/staff/records/venues/{venue}",
            "/staff/records/duty_hours/all",
            "/staff/records/venues/none",
        ],
        "records.removing": [
            f"/staff/records/venues/{venue}/remove",
            "/staff/records/opinions/noise_evening/remove",
        ],
        "record_sheets.choose_file": [
            "/staff/records/venues/sheet",
            "/staff/records/activities/sheet",
        ],
        "record_sheets.download": ["/staff/records/venues/sheet.xlsx"],
        "record_sheets.preview": ["/staff/records/venues/sheet/x"],
        "content.publishing": ["/staff/content/publish"],
        "workdays.listed": ["/staff/workdays"],
        "workdays.page": ["/staff/workdays/2027", "/staff/workdays/1999"],
        "pages.listed": ["/staff/pages"],
        "pages.new": ["/staff/pages/new"],
        "pages.page": ["/staff/pages/handbook/goal", "/staff/pages/local/none"],
        "pages.removing": ["/staff/pages/handbook/goal/remove"],
        "pages.shown": ["/staff/pages/preview/", "/staff/pages/preview/handbook/goal/"],
        "content.history": [
            "/staff/content/activities.yml",
            "/staff/content/pages~handbook~goal.md",
            "/staff/content/x",
        ],
        "content.version": ["/staff/content/activities.yml/x"],
        "imports.choose_file": ["/staff/import"],
        "imports.columns": ["/staff/import/x"],
        "imports.preview": ["/staff/import/x/preview"],
        "imports.faults": ["/staff/import/x/faults.csv"],
        "handover.people": ["/staff/handover", "/staff/handover?mine=1"],
        "handover.sheet": ["/staff/handover/worker", "/staff/handover/nobody"],
        "handover.confirm_page": ["/staff/handover/worker/confirm"],
        "reassign.page": [f"/staff/handover/issues/{issue}", "/staff/handover/issues/x"],
        "resident.own": [f"/issues/{issue}/own", "/issues/269999/own"],
        "resident.erase_own": [f"/issues/{issue}/own/erase"],
        "resident.own_file": [f"/issues/{issue}/own/file"],
        "resident.news": [f"/issues/{issue}/news", "/issues/269999/news"],
        "resident.ticket_code": [f"/issues/{issue}/ticket.svg"],
        "resident.photo": [f"/issues/{issue}/photos/x", "/issues/x/photos/x?small"],
        "staff.attached": [f"/staff/issues/{issue}/files/x", "/staff/issues/269999/files/x"],
        "staff.photo": [f"/staff/issues/{issue}/photos/x", "/staff/issues/269999/photos/x"],
        "staff.case": [f"/staff/issues/{issue}", "/staff/issues/269999"],
        "staff.ratings": ["/staff/ratings"],
        "staff.rating_sheet": ["/staff/ratings/sheet"],
        "staff.move_page": [f"/staff/issues/{issue}/evaluate"],
        "summons.sheet": [f"/staff/issues/{house.number(words)}/summons" for words in SUMMONED],
        "summons.links": [f"/staff/issues/{house.number(words)}/links" for words in SUMMONED],
        "open311.discovery": ["/open311/v2/discovery.json", "/open311/v2/discovery.xml"],
        "open311.services": ["/open311/v2/services.json", "/open311/v2/services.xml"],
        "open311.definition": ["/open311/v2/services/noise.xml", "/open311/v2/services/x.json"],
        "open311.requests": ["/open311/v2/requests.json?status=open"],
        "open311.request_of": [f"/open311/v2/requests/{issue}.xml"],
        "open311.no_token": ["/open311/v2/tokens/1.json"],
        "open311.nowhere": ["/open311/v2", "/open311/v2/", "/open311/v2/services"],
        "answering.enter": ["/answer/"],
        "answering.reply": ["/answer/1", "/answer/99999999999999999999"],
    }


STAFF_PAGES: dict[str, list[str]] = {
    "/staff/": ROLES,
    "/staff/password": ROLES,
    "/staff/sign-ins": ROLES,
    "/staff/second-factor": ROLES,
    "/staff/sign-ins/all": ["admin"],
    "/staff/accounts": ["admin"],
    "/staff/accounts/new": ["admin"],
    "/staff/accounts/1": ["admin"],
    "/staff/first-steps": ["admin"],
    **{f"/staff/first-steps/{name}": ["admin"] for name in FIRST_STEPS},
    "/staff/wall": WALL_ROLES,
    "/staff/register": CASE_ROLES,
    "/staff/register/print": CASE_ROLES,
    "/staff/exports": ROLES,
    "/staff/views/": CASE_ROLES,
    "/staff/reports/2026-11": ["community_leader", "street_leader", "supervisor"],
    "/staff/reports/2026-11/officers": ["worker", "community_leader"],
    "/staff/reports/2026-11/kinds": ["community_leader", "street_leader", "supervisor"],
    "/staff/reports/2026-11.xlsx": ["worker", "community_leader", "street_leader", "supervisor"],
    "/staff/reports/2026-11.csv": ["community_leader", "street_leader", "supervisor"],
    "/staff/issues/{number}/print": ["worker", "community_leader", "street_leader", "supervisor"],
    "/staff/issues/new": INTAKE_ROLES,
    "/staff/activities": CONTENT_ROLES,
    "/staff/activities/new": CONTENT_ROLES,
    "/staff/activities/choir": CONTENT_ROLES,
    "/staff/activities/choir/20261202T1500": CONTENT_ROLES,
    "/staff/records": CONTENT_ROLES,
    "/staff/workdays": CONTENT_ROLES,
    "/staff/workdays/2027": CONTENT_ROLES,
    "/staff/records/venues": CONTENT_ROLES,
    "/staff/records/venues/new": CONTENT_ROLES,
    "/staff/records/venues/jingui_hall": CONTENT_ROLES,
    "/staff/records/venues/jingui_hall/remove": CONTENT_ROLES,
    "/staff/records/venues/sheet": CONTENT_ROLES,
    "/staff/records/venues/sheet.xlsx": CONTENT_ROLES,
    "/staff/pages": CONTENT_ROLES,
    "/staff/pages/new": CONTENT_ROLES,
    "/staff/pages/handbook/goal": CONTENT_ROLES,
    "/staff/content/publish": CONTENT_ROLES,
    "/staff/content/activities.yml": CONTENT_ROLES,
    "/staff/import": IMPORT_ROLES,
    "/staff/paper": INTAKE_ROLES,
    "/staff/projects": ["community_leader", "street_leader"],
    "/staff/funds": ["community_leader", "street_leader", "supervisor"],
    "/staff/meetings": ["worker", "community_leader", "street_leader", "supervisor"],
    "/staff/meetings/new": ["worker", "community_leader"],
    "/staff/incidents": CASE_ROLES,
    "/staff/two-way/2026-Q4": ["responder", "street_leader", "supervisor", "district_office"],
    "/staff/two-way/new/unit": ["street_leader"],
    "/staff/two-way/new/subdistrict": ["responder"],
    "/staff/two-way/new/inspection": ["responder"],
    "/staff/notes/": ["worker", "community_leader", "street_leader", "district_office"],
    "/staff/incidents/new": ["community_leader", "street_leader"],
    "/staff/handover/worker": ["worker", "community_leader", "street_leader"],
    "/staff/ratings": ["worker", "community_leader", "street_leader", "supervisor"],
    "/staff/ratings/sheet": ["collector", "worker", "community_leader"],
    "/staff/issues/{number}": ["worker", "community_leader", "street_leader", "supervisor"],
    "/staff/issues/{summoned}/summons": [
        "worker", "community_leader", "responder", "street_leader", "supervisor",
    ],
    "/staff/issues/{summoned}/links": ["community_leader"],
    "/staff/callers": FINDERS,
    "/staff/looks": ["community_leader", "street_leader", "supervisor"],
    "/staff/board": CASE_ROLES,
}  # fmt: skip


def posts(house: House, number: str) -> Iterator[tuple[str, set[str]]]:
    """Every address that takes a form, and who may send one there."""
    everybody, staff = set(EVERYBODY), set(ROLES)
    yield "/issues/new", everybody
    yield "/issues/new/photos", everybody
    yield "/issues/", everybody
    yield "/issues/leave", everybody
    yield "/confirm/260001/0123456789abcdef", everybody
    yield "/open311/v2/requests.json", everybody
    yield "/open311/v2/nothing.json", set()
    yield "/answer/", everybody
    yield "/answer/1", set()
    yield f"/issues/{number}/verdict", {"holder"}
    yield f"/issues/{number}/withdraw", {"holder"}
    yield f"/issues/{number}/reopen", {"holder"}
    for move in ("join", "reply", "undo", "untell", "dispute", "insist", "tell-by", "asked-after"):
        yield f"/issues/{number}/{move}", {"holder"}
    for path in ("own", "own/erase", "wake"):
        yield f"/issues/{number}/{path}", {"holder"}
    yield f"/ratings/new?about=service:{next(iter(house.circle.services))}", everybody
    yield "/staff/ratings/sheet", {"collector", "worker", "community_leader"}
    yield "/staff/login", everybody
    yield "/staff/logout", staff
    yield "/staff/wall/keep", set(WALL_ROLES)
    yield "/staff/password", staff
    yield "/staff/password/own", staff
    yield "/staff/login/code", staff
    for path in ("", "/done", "/codes", "/off"):
        yield f"/staff/second-factor{path}", staff
    yield "/staff/sessions/end", staff
    yield "/staff/notices/read", staff - {*CONTENT_ROLES}
    yield "/staff/doctor/trial", {"admin"}
    for path in ("new", "1", "1/reset", "1/disable", "1/enable", "1/unlock", "1/lost-phone"):
        yield f"/staff/accounts/{path}", {"admin"}
    for path in (*FIRST_STEPS, "open", "sample", "sample/away"):
        yield f"/staff/first-steps/{path}", {"admin"}
    yield "/staff/notices/resend", {"community_leader", "street_leader", "admin"}
    yield "/staff/callers", set(FINDERS)
    for path in ("classify", "assign/confirm"):
        yield f"/staff/bulk/{path}", {"community_leader", "street_leader"}
    for path in ("", "rename", "drop"):
        yield f"/staff/views/{path}", staff - {*CONTENT_ROLES}
    yield "/staff/issues/new", set(INTAKE_ROLES)
    yield "/staff/issues/new/answers", {"worker", "community_leader"}
    yield "/staff/issues/new/caller", set(FINDERS) & set(INTAKE_ROLES)
    yield "/staff/import", set(IMPORT_ROLES)
    yield "/staff/paper", set(INTAKE_ROLES)
    yield "/staff/incidents/new", {"community_leader", "street_leader"}
    for path in ("tell", "end", "again"):
        yield f"/staff/incidents/1/{path}", set()
    for kind, who in (
        ("unit", "street_leader"), ("proposal", "street_leader"), ("subdistrict", "responder"),
        ("inspection", "responder"), ("consent", "responder"),
    ):  # fmt: skip
        yield f"/staff/two-way/new/{kind}", {who}
    for path, whose in (
        ("change", {"street_leader"}), ("withdraw", {"street_leader"}), ("answer", {"responder"}),
        ("finish", set[str]()),
    ):  # fmt: skip
        yield f"/staff/two-way/records/1/{path}", whose
    for path in ("", "/end"):
        yield f"/staff/notes/{number}{path}", set()
    for path in ("", "/letters", "/more", "/join", "/undo"):
        yield f"/staff/projects/topics/1{path}", {"community_leader", "street_leader"}
    for path in ("change", "finish"):
        yield f"/staff/projects/1/{path}", set()
    for path in ("", "/correct", "/public"):
        yield f"/staff/funds/jingui/2026{path}", {"community_leader", "street_leader"}
    for path in ("new", "1/edit"):
        yield f"/staff/meetings/{path}", {"worker", "community_leader"}
    for path in ("1/public", "1/untell"):
        yield f"/staff/meetings/{path}", {"community_leader"}
    yield f"/staff/handover/issues/{number}", {"community_leader", "street_leader"}
    for path in ("", "/confirm"):
        yield f"/staff/handover/worker{path}", {"community_leader", "street_leader"}
    for path in ("activities/new", "activities/choir", "activities/choir/20261202T1500",
                 "content/publish"):  # fmt: skip
        yield f"/staff/{path}", set(CONTENT_ROLES)
    yield "/staff/content/activities.yml/x", set()
    for path in ("new", "jingui_hall", "jingui_hall/remove", "sheet", "sheet/x"):
        yield f"/staff/records/venues/{path}", set(CONTENT_ROLES)
    for path in ("new", "handbook/goal"):
        yield f"/staff/pages/{path}", set(CONTENT_ROLES)
    yield "/staff/pages/local/none/remove", set(CONTENT_ROLES)
    yield "/staff/workdays/2027", set(CONTENT_ROLES)
    for path in ("", "/words", "/preview", "/cancel"):
        yield f"/staff/import/x{path}", set()
    yield f"/staff/issues/{number}/contacts", {"worker", "community_leader", "street_leader"}
    # Not the worker, who handled it.
    yield f"/staff/issues/{number}/evaluate", {"community_leader", "street_leader"}
