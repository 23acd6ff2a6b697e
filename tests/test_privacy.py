"""What residents and staff write never leaves the circle of those who handle it.

Every text is a canary: planted through the forms, then looked for wherever it must not be.
"""

import gzip
import json
import logging
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from forms_app.publishing.publish import publish
from forms_app.queries import published_money, published_notes, tallies
from forms_app.store.accounts import Account
from forms_app.store.database import proxy
from forms_app.store.funds import FundEntry
from forms_app.store.meetings import MeetingItem
from forms_app.store.models import Issue
from tests.support.web import NOW, House, Visitor, form_on, ticket_on

pytestmark = pytest.mark.slow

WRITTEN = {
    "description": "CANARYdescription金丝雀一",
    "location": "CANARYlocation金丝雀二",
    "reporter_name": "CANARYname金丝雀三",
    "reporter_phone": "13912345678",
    "reporter_email": "canary@example.org",
}
STAFF_ONLY = {
    "reason": "CANARYreason金丝雀四",
    "opinion": "CANARYopinion金丝雀五",
    "asked": "CANARYasked金丝雀六",
    "subject": "CANARYsubject金丝雀十五",
    "place": "CANARYplace金丝雀十六",
    "tried": "CANARYtried金丝雀七",
    "asked_how": "CANARYhow金丝雀十四",
    "missing": "CANARYmissing金丝雀十七",
}
TOLD = {
    "initial_opinion": "CANARYinitial金丝雀八",
    "plan": "CANARYplan金丝雀九",
    "note": "CANARYnote金丝雀十",
    "outcome": "CANARYoutcome金丝雀十一",
    "comment": "CANARYcomment金丝雀十二",
    "rating": "CANARYrating金丝雀十三",
    "words": "CANARYwords金丝雀十八",
}
CANARIES = {**WRITTEN, **STAFF_ONLY, **TOLD}
PATTERN = re.compile("CANARY|金丝雀|13912345678|canary@")


def plant(house: House) -> tuple[str, str, Visitor]:
    """An issue with a canary in every field on its way through all three classes, and a rating."""
    alice, leader, subdistrict = (
        house.visitor(),
        house.staff("community_leader"),
        house.staff("street_leader"),
    )
    responder, collector = house.staff("responder"), house.staff("collector")
    unit = Account.get(Account.username == "responder").organization_id
    number, ticket = alice.report(**WRITTEN, estate_id="guiyuan", category="noise")

    def made(visitor: Visitor, move: str, **fields: str | list[str]) -> None:
        assert visitor.move(number, move, fields).status_code == 303, move

    def summoned(caller: Visitor) -> None:
        words = {name: STAFF_ONLY[name] for name in ("asked", "subject", "place")}
        made(caller, "summon", parties=[unit], **words)
        made(responder, "answer", answer="arrived", opinion=STAFF_ONLY["opinion"])
        made(caller, "plan", plan=TOLD["plan"], lead=unit)

    made(leader, "opine", initial_opinion=TOLD["initial_opinion"])
    made(leader, "classify", severity_class="B", urgency="2")
    summoned(leader)
    made(responder, "progress", note=TOLD["note"])
    made(leader, "escalate", reason=STAFF_ONLY["reason"])
    summoned(subdistrict)
    made(responder, "resolve", outcome=TOLD["outcome"])
    made(subdistrict, "send_back", missing=STAFF_ONLY["missing"])
    made(responder, "resolve", outcome=TOLD["outcome"])
    made(subdistrict, "relay", words=TOLD["words"])
    verdict = {"satisfaction": "1", "comment": TOLD["comment"]}
    assert alice.fill(f"/issues/{number}", verdict, f"/issues/{number}/verdict").status_code == 303
    about = f"service:{next(iter(house.circle.services))}"
    rating = {"satisfaction": "2", "comment": TOLD["rating"]}
    assert alice.fill(f"/ratings/new?about={about}", rating).status_code == 303
    other = house.number("楼上漏水")
    asked = {"satisfaction": "5", "asked_at": "2026-11-23T11:30",
             "asked_how": STAFF_ONLY["asked_how"], "comment": TOLD["comment"]}  # fmt: skip
    assert leader.move(other, "evaluate", asked).status_code == 303
    shelved = house.number("下水道总堵")
    assert (
        leader.move(
            shelved, "transfer", {"authority": "x", "reason": STAFF_ONLY["reason"]}
        ).status_code
        == 303
    )
    fields = {**WRITTEN, "community_id": "jingui", "channel": "counter", "consent": "y"}
    assert ticket_on(collector.fill("/staff/issues/new", fields)) is not None
    return number, ticket, alice


def found_in(folder: Path, pattern: re.Pattern[str]) -> list[str]:
    """Every file of the folder that holds the pattern, packed ones unpacked first."""
    hits = []
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            if file.suffix == ".gz":
                content = gzip.decompress(content)
            text = content.decode("utf-8", "replace")
            unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda at: chr(int(at[1], 16)), text)
            if pattern.search(text) or pattern.search(unescaped):
                hits.append(str(file.relative_to(folder)))
    return hits


def test_the_canaries_are_really_planted(house: House) -> None:
    number, _, alice = plant(house)
    leader = house.staff("community_leader")
    leader.unfold(number)
    page = leader.get(f"/staff/issues/{number}").text
    for name, text in CANARIES.items():
        if name not in ("rating", "tried", "asked_how"):
            assert text in page, name
    follow = alice.get(f"/issues/{number}").text
    for name in ("description", "location", *[n for n in TOLD if n not in ("rating", "comment")]):
        assert CANARIES[name] in follow, name
    for name in ("reason", "opinion", "asked"):
        assert CANARIES[name] not in follow, name


def test_no_word_of_anybody_reaches_the_published_site(house: House) -> None:
    number, ticket, _ = plant(house)
    figures = json.dumps(tallies(house.circle, NOW), ensure_ascii=False)
    publish(house.settings, figures, now=NOW)
    release = (house.settings.build / "site").resolve().parent
    assert (release / "site" / "figures" / "index.html").is_file()
    assert (release / "search.json").is_file()
    secret = re.escape(ticket[7:])
    forbidden = re.compile(f"{PATTERN.pattern}|{secret}|{number}|argon2")
    assert found_in(house.settings.build, forbidden) == []
    assert found_in(house.settings.published_dir, forbidden) == []
    assert not forbidden.search(figures)
    visitor = house.visitor()
    for path in ("/", "/figures/", "/search?q=CANARY", "/search?q=金丝雀", "/search?q=13912345678"):
        assert not re.search(
            "CANARYd|金丝雀[一二三四五六]", visitor.get(path).text.replace("q=", "")
        ), path
    assert "没有找到" in visitor.get("/search?q=金丝雀").text


def test_what_is_told_of_a_closed_issue_holds_nothing_of_its_resident(house: House) -> None:
    alice, leader = house.visitor(), house.staff("community_leader")
    number, ticket = alice.report(**WRITTEN, estate_id="guiyuan", category="noise")
    settled = {"nature": "help", "outcome": "换了灯。"}
    assert leader.move(number, "settle", settled).status_code == 303
    verdict = {"satisfaction": "5", "comment": TOLD["comment"], "may_tell": "y"}
    assert alice.fill(f"/issues/{number}", verdict, f"/issues/{number}/verdict").status_code == 303
    address = f"/staff/notes/{number}"
    for text in (*WRITTEN.values(), TOLD["comment"], f"问 {WRITTEN['reporter_phone']}", "3栋201"):
        assert (
            leader.fill(address, {"told": f"社区说：{text}", "act": "publish"}).status_code == 422
        )
    told = {"told": "换了新灯，线路也查过。", "names_estate": "y", "act": "publish"}
    assert leader.fill(address, told).status_code == 303
    publish(house.settings, None, notes=published_notes(), now=NOW)
    site = house.settings.build / "site"
    assert "换了新灯，线路也查过。" in (site / "done" / "index.html").read_text()
    forbidden = re.compile(f"{PATTERN.pattern}|{re.escape(ticket[7:])}|{number}|示例社区书记")
    assert found_in(house.settings.build, forbidden) == []
    assert found_in(house.settings.published_dir, forbidden) == []
    assert alice.fill(f"/issues/{number}", {}, f"/issues/{number}/untell").status_code == 303
    publish(house.settings, None, notes=published_notes(), now=NOW)
    assert found_in(site.resolve(), re.compile("换了新灯")) == []
    assert found_in(house.settings.published_dir, re.compile("换了新灯")) == []


def test_of_funds_and_meetings_nothing_but_the_reviewed_words_is_published(house: House) -> None:
    alice, leader = house.visitor(), house.staff("community_leader")
    number, ticket = alice.report(**WRITTEN, estate_id="guiyuan", category="noise")
    new, book = "/staff/meetings/new", "/staff/funds/jingui/2026"
    minutes = {
        "held_on": "2026-11-20", "residents": "18", "place": "CANARYplace金丝雀",
        "topic_1": "CANARYtopic", "about_1": "issue", "number_1": number, "outcome_1": "agreed",
        "cost_1": "500", "is_over": "y", "decision_1": "金丝雀定的 13912345678",
        "result_1": "CANARYresult", "rated_5": "9",
    }  # fmt: skip
    meeting = leader.fill(new, minutes, new).headers["Location"]
    fixed = {"place": "CANARYelsewhere", "reason": "CANARYreason"}
    assert leader.fill(f"{meeting}/edit", fixed, f"{meeting}/edit").status_code == 303
    grant = {"kind": "granted", "on": "2026-11-01", "amount": "900", "words": "CANARYgrant"}
    assert leader.fill(book, grant, book).status_code == 303
    spent = {
        "kind": "spent", "on": "2026-11-21", "amount": "5.25", "words": "金丝雀 13912345678",
        "decided": "CANARYdecided", "receipt": "CANARYreceipt", "about": "issue", "number": number,
        "item": str(MeetingItem.get(MeetingItem.topic == "CANARYtopic").id),
    }  # fmt: skip
    assert leader.fill(book, spent, book).status_code == 303
    line = FundEntry.select().order_by(FundEntry.id.desc()).get()
    wrong = {"entry": str(line.id), "right": "6", "reason": "CANARYwrong金丝雀"}
    assert leader.fill(book, wrong, f"{book}/correct").status_code == 303
    publish(house.settings, None, money=published_money(), now=NOW)
    assert "CANARY" not in json.dumps(published_money())
    public = f"{meeting}/public"
    for text in (*WRITTEN.values(), "示例社区书记", "community_leader", f"问{number[:3]}3栋201"):
        assert leader.fill(public, {"told_1": f"社区说：{text}"}, public).status_code == 422, text
    assert leader.fill(public, {"told_1": "修好路口的灯"}, public).status_code == 303
    public = f"{book}/public"
    own = (FundEntry.book_id == "jingui") & (FundEntry.kind != "corrected")
    lines = [row.id for row in FundEntry.select().where(own)]
    for text in (*WRITTEN.values(), "示例社区书记", "community_leader"):
        told = {f"told_{key}": text for key in lines}
        assert leader.fill(public, told, public).status_code == 422, text
    told = {f"told_{key}": "修灯的钱" for key in lines}
    assert leader.fill(public, told, public).status_code == 303
    publish(house.settings, None, money=published_money(), now=NOW)
    site = house.settings.build / "site"
    assert "修好路口的灯" in (site / "funds" / "index.html").read_text()
    assert "修灯的钱" in (site / "funds" / "jingui" / "index.html").read_text()
    told_by = "示例社区书记|community_leader|CANARY|13912345678"
    forbidden = re.compile(f"{PATTERN.pattern}|{re.escape(ticket[7:])}|{number}|{told_by}")
    assert found_in(house.settings.published_dir, forbidden) == []
    assert found_in(house.settings.build, forbidden) == []
    with ZipFile(site / "funds" / "funds.zip") as tables:
        for name in tables.namelist():
            assert not forbidden.search(tables.read(name).decode()), name


def test_nobody_else_reads_a_word_of_it_in_the_forms(house: House) -> None:
    number, ticket, alice = plant(house)
    other = house.holder(house.number("路灯杆歪了"))
    about = f"service:{next(iter(house.circle.services))}"
    paths = ["/issues/", "/issues/new", f"/issues/{number}", f"/issues/{number}/withdraw",
             f"/issues/{house.number('路灯杆歪了')}", f"/ratings/new?about={about}",
             f"/ratings/thanks?about={about}", "/search?q=x", "/staff/login"]  # fmt: skip
    staff = ["/staff/", "/staff/register", f"/staff/issues/{number}"]
    for visitor in (house.visitor(), other, house.staff("erin"), house.staff("admin"),
                    house.staff("frank"), alice):  # fmt: skip
        for path in [*paths, *staff]:
            if visitor is alice and path == f"/issues/{number}":
                continue
            assert not PATTERN.search(visitor.get(path).text), path
            assert ticket[7:] not in visitor.get(path).text


def test_a_resident_reads_nothing_that_was_written_for_colleagues(house: House) -> None:
    number, _, alice = plant(house)
    page = alice.get(f"/issues/{number}").text
    for text in STAFF_ONLY.values():
        assert text not in page
    for account in ("示例社区书记", "示例街道书记", "示例响应单位"):
        assert account not in page


def test_a_sheet_and_a_one_time_link_say_nothing_of_the_resident(house: House) -> None:
    number, _, _ = plant(house)
    leader, resident = house.staff("community_leader"), house.visitor()
    number, _ = resident.report(**WRITTEN)
    grade = {"severity_class": "B", "urgency": "1", "initial_opinion": "去看。"}
    assert leader.move(number, "classify", grade).status_code == 303
    called = {"parties": ["justice_bureau"], "asked": "请来。", "subject": "进水"}
    assert leader.move(number, "summon", called).status_code == 303
    code = ticket_on(links := leader.get(f"/staff/issues/{number}/links")) or ""
    guest = house.visitor()
    address = guest.fill("/answer/", {"code": code}).headers["Location"]
    for page in (links, leader.get(f"/staff/issues/{number}/summons"), guest.get(address)):
        assert page.status_code == 200
        assert not PATTERN.search(page.text)


def test_not_even_the_staff_read_a_ticket_again(house: House) -> None:
    number, ticket, _ = plant(house)
    for name in ("community_leader", "street_leader", "supervisor", "worker"):
        page = house.staff(name).get(f"/staff/issues/{number}").text
        assert ticket[7:] not in page
        assert "argon2" not in page
    assert ticket[7:] not in str(Issue.get(Issue.number == number).__data__)


def test_the_log_says_nothing_of_anybody(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("forms_app", "werkzeug", "waitress", "peewee"):
        logging.getLogger(name).setLevel(logging.WARNING if name == "peewee" else logging.DEBUG)
    _, ticket, _ = plant(house)
    assert not PATTERN.search(caplog.text)
    assert ticket[7:] not in caplog.text


def test_an_error_says_nothing_of_what_was_sent(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    alice = house.visitor()
    fields = form_on(alice.get("/issues/new"), "/issues/new").filled(
        {**WRITTEN, "community_id": "jingui", "consent": "y"}
    )
    house.app.testing = False
    proxy.execute_sql("ALTER TABLE entry RENAME TO elsewhere")
    answer = alice.post("/issues/new", fields)
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "no such table entry" in caplog.text
    assert not PATTERN.search(caplog.text)


def test_contacts_are_gone_from_sight_where_they_were_corrected(house: House) -> None:
    number, _, _ = plant(house)
    leader = house.staff("community_leader")
    changes = {"reporter_name": "别的称呼", "reason": "反映人要求改"}
    assert leader.move(number, "correct", changes).status_code == 303
    assert WRITTEN["reporter_name"] not in leader.get(f"/staff/issues/{number}").text


@pytest.mark.parametrize("months", range(4))
def test_the_samples_own_figures_name_nobody(house: House, months: int) -> None:
    told: dict[str, Any] = tallies(house.circle, NOW + timedelta(days=31 * months))
    parts = [*told["verdicts"].values(), *told["ratings"]]
    steps = [step for part in parts for step in part["steps"]]
    for part in (*parts, *steps):
        for count in (part["count"], part["satisfied"], *part.get("levels", {}).values()):
            assert count is None or count == 0 or count >= 5
        if part["satisfied"]:
            assert part["count"] - part["satisfied"] >= 5
    lists = [rows for name, rows in told.items() if name.startswith("by_")]
    for row in (told["totals"], *(row for rows in lists for row in rows)):
        for value in row.values():
            assert not isinstance(value, int) or value == 0 or value >= 5
