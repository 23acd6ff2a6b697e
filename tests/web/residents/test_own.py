"""What a resident left of themselves, by their ticket: shown, put right, taken along or back."""

import json
from collections.abc import Sequence
from contextlib import closing

import peewee
import pytest
from werkzeug.test import TestResponse

from forms_app import casework, queries
from forms_app.backups import erasures
from forms_app.store.accounts import Account
from forms_app.store.database import proxy
from forms_app.store.models import Erasure, Issue, Photo
from forms_app.store.notices import Notice
from tests.support.page_audit import flaws
from tests.support.pictures import phone_photo
from tests.support.reports import report, send
from tests.support.web import House, Visitor, form_on, main_of

NAME, PHONE, EMAIL = "诸葛金丝雀", "13912345678", "canary@example.org"
LEFT = {"reporter_name": NAME, "reporter_phone": PHONE, "reporter_email": EMAIL}
SECRETS = (NAME, PHONE, EMAIL)


def bytes_kept(house: House) -> bytes:
    """All that lies in the office's private folder: the database, its log, photos, spreadsheets."""
    files = [path for path in house.settings.private_dir.rglob("*") if path.is_file()]
    return b"\n".join(path.read_bytes() for path in files)


def found_in_files(house: House, secrets: Sequence[str] = SECRETS) -> list[str]:
    kept = bytes_kept(house)
    return [secret for secret in secrets if secret.encode() in kept]


def sealed(number: str) -> list[str]:
    """All contacts of the issue, as the database holds them."""
    columns = "reporter_name, reporter_phone, reporter_email, confirmed_email"
    sql = f"SELECT {columns} FROM issue WHERE number = ?"  # noqa: S608
    return list(proxy.execute_sql(sql, (number,)).fetchone())


def erase(visitor: Visitor, number: str, *what: str) -> TestResponse:
    path = f"/issues/{number}/own/erase"
    form = form_on(visitor.get(path), path)
    return visitor.post(path, {**form.filled({}), "what": list(what)})


@pytest.fixture
def number(alice: Visitor) -> str:
    return alice.report(**LEFT)[0]


def test_a_resident_sees_what_they_left_and_who_looked_at_it_without_names(
    house: House, alice: Visitor, number: str
) -> None:
    assert f"/issues/{number}/own" in alice.get(f"/issues/{number}").text
    page = alice.get(f"/issues/{number}/own")
    assert "不能单独收回；说错了的，再补充一句说清楚" in main_of(page)
    assert flaws(page.text) == []
    form = form_on(page, f"/issues/{number}/own")
    assert tuple(map(form.value, ("name", "phone", "email"))) == SECRETS
    assert "还没有人看过" in main_of(page)
    house.staff("worker").unfold(number)
    told = main_of(alice.get(f"/issues/{number}/own"))
    assert "金桂社区（示例）的社区干部" in told
    assert Account.get(Account.username == "worker").display_name not in told


@pytest.mark.parametrize("path", ["own", "own/erase", "own/file"])
def test_nobody_else_sees_or_changes_any_of_it(house: House, number: str, path: str) -> None:
    other = house.holder(house.number("路灯杆歪了"))
    for visitor in (house.visitor(), other, house.staff("community_leader")):
        answer = visitor.get(f"/issues/{number}/{path}")
        assert answer.status_code == 403
        assert not any(secret in answer.text for secret in SECRETS)
    if path != "own/file":
        fields = {"csrf_token": other.token(), "name": "别人", "what": "phone"}
        assert other.post(f"/issues/{number}/{path}", fields).status_code == 403
    assert house.issue(number).reporter_name == NAME


def test_what_was_wrong_is_put_right_and_the_history_says_so_without_the_value(
    house: House, alice: Visitor, number: str
) -> None:
    before = len(house.entries(number))
    answer = alice.fill(f"/issues/{number}/own", {"phone": "138 0000-0001", "email": "a@b.cn"})
    assert answer.status_code == 303
    issue = house.issue(number)
    assert (issue.reporter_name, issue.reporter_phone) == (NAME, "138 0000-0001")
    assert (issue.reporter_email, issue.confirmed_email) == ("a@b.cn", "")
    (entry,) = house.entries(number)[before:]
    assert (entry.move, entry.actor_role, entry.field) == (
        "correct",
        "resident",
        "reporter_contact",
    )
    assert not {"0001", "a@b.cn", PHONE} & set(repr(entry.__data__).split("'"))
    assert entry.note.endswith("电话、邮箱")
    assert Notice.select().where(Notice.event == "confirm").count() == 1
    assert queries.broken_histories() == []
    assert queries.sums_hold()
    leader = house.staff("community_leader")
    assert "反映人自己更正" in leader.get(f"/staff/issues/{number}").text


def test_a_second_press_and_the_same_again_change_nothing(
    house: House, alice: Visitor, number: str
) -> None:
    path = f"/issues/{number}/own"
    fields = form_on(alice.get(path), path).filled({"phone": "13800000001"})
    assert [alice.post(path, fields).status_code for _ in range(2)] == [303, 303]
    count = len(house.entries(number))
    assert alice.fill(path, {}).status_code == 422
    assert len(house.entries(number)) == count


def test_what_was_put_right_elsewhere_meanwhile_is_not_overwritten(
    house: House, alice: Visitor, number: str
) -> None:
    path = f"/issues/{number}/own"
    fields = form_on(alice.get(path), path).filled({"name": "张三"})
    leader = house.staff("community_leader")
    leader.move(number, "correct", {"reporter_phone": "13900001111", "reason": "来电话说的"})
    answer = alice.post(path, fields)
    assert answer.status_code == 409
    # What is there now, beside what they typed; pressed again, they have seen it.
    assert "13900001111" in answer.text
    again = form_on(answer, path)
    assert (again.value("name"), again.value("phone")) == ("张三", PHONE)
    kept = house.issue(number)
    assert (kept.reporter_name, kept.reporter_phone) == (NAME, "13900001111")
    assert alice.post(path, again.filled({"phone": "13900001111"})).status_code == 303
    assert house.issue(number).reporter_name == "张三"


def test_erasing_pressed_twice_is_erased_once(alice: Visitor, number: str) -> None:
    path = f"/issues/{number}/own/erase"
    fields = {**form_on(alice.get(path), path).filled({}), "what": ["phone"]}
    assert [alice.post(path, fields).status_code for _ in range(2)] == [303, 303]
    assert Erasure.select().count() == 1


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"phone": "打我"}, "电话只写数字"),
        ({"email": "nowhere"}, "邮箱请写成"),
        ({"name": "长" * 31}, "最多30字"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    alice: Visitor, number: str, typed: dict[str, str], why: str
) -> None:
    answer = alice.fill(f"/issues/{number}/own", typed)
    assert answer.status_code == 422
    assert why in answer.text
    assert next(iter(typed.values())) in answer.text
    assert flaws(answer.text) == []


def test_who_leaves_something_for_the_first_time_is_asked_for_consent(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    path = f"/issues/{number}/own"
    fields = form_on(alice.get(path), path).filled({"phone": PHONE})
    assert alice.post(path, fields).status_code == 422
    assert house.issue(number).reporter_phone == ""
    assert alice.post(path, {**fields, "consent": "y"}).status_code == 303
    assert house.issue(number).reporter_phone == PHONE


def test_each_of_it_is_erased_by_itself(house: House, alice: Visitor, number: str) -> None:
    assert erase(alice, number, "phone").status_code == 303
    issue = house.issue(number)
    assert (issue.reporter_name, issue.reporter_phone, issue.reporter_email) == (NAME, "", EMAIL)
    last = house.entries(number)[-1]
    assert (last.actor_role, last.resident_line) == ("resident", "您删除了自己留下的联系方式。")
    assert erase(alice, number, "name", "email").status_code == 303
    assert house.issue(number).reporter_name == ""
    assert alice.get(f"/issues/{number}/own/erase").status_code == 303
    assert queries.broken_histories() == []
    assert [(row.what, row.is_owed) for row in Erasure.select().order_by(Erasure.id)] == [
        ("phone", False),
        ("name email", False),
    ]


def test_nothing_chosen_or_what_is_no_such_thing_erases_nothing(
    house: House, alice: Visitor, number: str
) -> None:
    assert erase(alice, number).status_code == 422
    assert erase(alice, number, "description").status_code == 422
    assert erase(alice, number, "photo:x").status_code == 422
    assert house.issue(number).reporter_phone == PHONE
    assert Erasure.select().count() == 0


def test_what_was_erased_stands_in_no_file_any_more(
    house: House, alice: Visitor, number: str
) -> None:
    Issue.update(confirmed_email=EMAIL).where(Issue.number == number).execute()
    kept = sealed(number)
    assert found_in_files(house, kept) == kept  # the canaries are really planted
    assert found_in_files(house) == []
    exports = house.settings.exports_dir
    exports.mkdir(parents=True)
    (exports / "1.xlsx").write_text(f"{NAME} {PHONE} {EMAIL}", encoding="utf-8")
    (exports / "2.part").write_text(PHONE, encoding="utf-8")
    assert found_in_files(house) == list(SECRETS)
    erase(alice, number, "name", "phone", "email")
    assert found_in_files(house, [*SECRETS, *kept]) == []
    assert list(exports.iterdir()) == []


def test_what_is_put_right_leaves_nothing_of_what_it_was(
    house: House, alice: Visitor, number: str
) -> None:
    Issue.update(confirmed_email=EMAIL).where(Issue.number == number).execute()
    kept = sealed(number)
    assert found_in_files(house, kept) == kept
    changes = {"name": "张三", "phone": "13800000001", "email": "a@b.cn"}
    assert alice.fill(f"/issues/{number}/own", changes).status_code == 303
    assert found_in_files(house, [*SECRETS, *kept]) == []


@pytest.mark.slow
def test_one_photo_is_taken_away_and_the_others_and_those_of_staff_stay(
    house: House, alice: Visitor
) -> None:
    number = report(alice, phone_photo(seed=1), phone_photo(seed=2))
    first, second = (photo.key for photo in Photo.select().order_by(Photo.id))
    page = alice.get(f"/issues/{number}/own/erase")
    assert flaws(page.text) == []
    assert page.text.count("/photos/") == 4
    assert erase(alice, number, f"photo:{first}").status_code == 303
    assert [photo.key for photo in Photo.select()] == [second]
    left = {path.name.partition(".")[0] for path in house.settings.photos_dir.glob("*.jpg")}
    assert left == {second}
    assert alice.get(f"/issues/{number}/photos/{first}").status_code == 404
    assert house.entries(number)[-1].resident_line == "您删除了自己的照片。"
    # Another's photo is not theirs to take away.
    other = house.visitor()
    other_number = report(other, phone_photo(seed=3))
    third = Photo.get(Photo.issue == house.issue(other_number)).key
    assert erase(alice, number, f"photo:{third}").status_code == 422
    assert Photo.select().count() == 2


@pytest.mark.slow
def test_what_waits_for_a_form_of_the_issue_goes_too_and_anothers_stays(
    house: House, alice: Visitor, number: str
) -> None:
    send(
        alice,
        f"/issues/{number}",
        b"no photo",
        phone_photo(seed=4),
        action=f"/issues/{number}/reply",
    )
    other = house.visitor()
    send(other, "/issues/new", phone_photo(seed=5), description="")
    waiting = house.settings.photos_dir / "waiting"
    Photo.delete().execute()
    before = len(list(waiting.glob("*/*")))
    erase(alice, number, "phone")
    after = len(list(waiting.glob("*/*")))
    assert before - after <= 1
    assert after == 1


def test_all_of_it_comes_as_a_file(house: House, alice: Visitor, number: str) -> None:
    alice.fill(f"/issues/{number}", {"text": "门口也不亮"}, f"/issues/{number}/reply")
    house.staff("worker").unfold(number)
    answer = alice.get(f"/issues/{number}/own/file")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={number}.json"
    assert "no-store" in answer.headers["Cache-Control"]
    told = json.loads(answer.text)
    assert (told["称呼"], told["电话"], told["邮箱"]) == SECRETS
    assert told["反映的内容"] == "楼道灯不亮"
    assert [one["内容"] for one in told["后来补充和评价的"]] == ["门口也不亮"]
    assert [one["身份"] for one in told["谁看过联系方式"]] == ["社区干部"]
    assert told["照片"] == []


def test_a_reader_in_the_way_leaves_it_to_the_next_tick(
    house: House, alice: Visitor, number: str
) -> None:
    with closing(peewee.SqliteDatabase(str(house.settings.database_file))) as reader:
        reader.execute_sql("BEGIN")
        reader.execute_sql("SELECT COUNT(*) FROM issue").fetchall()
        assert erase(alice, number, "phone").status_code == 303
        assert [row.is_owed for row in Erasure.select()] == [True]
        assert casework.has_work(house.circle, house.now)
    assert erasures.carry_out(house.settings)
    assert [row.is_owed for row in Erasure.select()] == [False]
    assert PHONE.encode() not in bytes_kept(house)


def test_a_disk_of_backups_that_is_shut_leaves_it_to_the_next_tick_too(
    house: House, alice: Visitor, number: str
) -> None:
    place = house.settings.backups_dir
    (place / erasures.LIST).mkdir(parents=True)
    assert erase(alice, number, "phone").status_code == 303
    assert [row.is_owed for row in Erasure.select()] == [True]
    (place / erasures.LIST).rmdir()
    assert erasures.carry_out(house.settings)
    office = queries.installation_code()
    assert [one.what for one in erasures.listed(place, office)] == ["phone"]
    assert erasures.listed(place, "another") == []
    assert PHONE not in (place / erasures.LIST).read_text(encoding="utf-8")


def test_nobody_else_on_the_machine_reads_the_database(house: House, number: str) -> None:
    assert house.issue(number)
    for path in house.settings.private_dir.glob("forms.db*"):
        if not path.name.endswith(".lock"):
            assert path.stat().st_mode & 0o077 == 0, path
