"""Files beside internal notes: put there, refused with the words kept, fetched by whom, erased."""

import io
from datetime import timedelta
from urllib.parse import unquote

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from forms_app import casework
from forms_app.files import objects
from forms_app.files.attachments import LARGEST_FILE, MOST_FILES, Attachments
from forms_app.store.accounts import Account
from forms_app.store.models import Attachment, Entry, Issue
from forms_app.web.attachments import LARGEST_BODY
from forms_app.web.staff import case
from tests.files.test_attachments import DOCX, PDF
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, errors_on, form_on, main_of

READERS = ("worker", "community_leader", "street_leader")
OTHERS = ("collector", "supervisor", "editor", "admin")


def note(
    visitor: Visitor, number: str, *files: tuple[str, bytes], words: str = "见附件。"
) -> TestResponse:
    action = f"/staff/issues/{number}/note"
    fields = MultiDict(
        form_on(visitor.get(f"/staff/issues/{number}"), action).filled({"note": words})
    )
    fields.poplist("files")
    for name, content in files or (("", b""),):
        fields.add("files", (io.BytesIO(content), name))
    return visitor.client.post(
        action, data=fields, content_type="multipart/form-data", buffered=True
    )


@pytest.fixture
def number(house: House) -> str:
    return house.visitor().report()[0]


def only() -> Attachment:
    (found,) = Attachment.select()
    return found


def on_disk(house: House) -> list[str]:
    folder = house.settings.photos_dir
    return sorted(one.name for one in folder.glob("*")) if folder.is_dir() else []


def test_a_file_is_put_beside_a_note_and_fetched_never_shown(house: House, number: str) -> None:
    worker = house.staff("worker")
    assert note(worker, number, ("采购 清单.pdf", PDF)).status_code == 303
    kept = only()
    address = f"/staff/issues/{number}/files/{kept.key}"
    page = worker.get(f"/staff/issues/{number}")
    assert "已经保存，反映人看不到。" in page.text
    assert "反映人可以看到最新进展" not in page.text
    assert f'href="{address}" download' in page.text.replace('href="../../', 'href="/')
    assert "采购 清单.pdf" in main_of(page)
    assert flaws(page.text) == []
    answer = worker.get(address)
    assert answer.data == PDF
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert "采购 清单.pdf" in unquote(disposition)
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_reads_notes_fetches_it_and_nobody_else(house: House, number: str) -> None:
    assert note(house.staff("worker"), number, ("a.pdf", PDF)).status_code == 303
    address = f"/staff/issues/{number}/files/{only().key}"
    for name in READERS:
        assert house.staff(name).get(address).status_code == 200, name
    for name in OTHERS:
        if Account.get_or_none(Account.username == name) is None:
            continue
        answer = house.staff(name).get(address)
        assert answer.status_code in (403, 404), name
        assert PDF not in answer.data
    holder = house.holder(number)
    assert holder.get(address).status_code in (302, 303, 401)
    assert "a.pdf" not in holder.get(f"/issues/{number}").text
    assert "a.pdf" not in house.staff("supervisor").get(f"/staff/issues/{number}").text
    # Of another issue, and of none.
    other = house.visitor().report()[0]
    for wrong in (f"/staff/issues/{other}/files/{only().key}", f"{address}x"):
        assert house.staff("worker").get(wrong).status_code == 404


def test_whoever_lost_the_issue_from_sight_has_lost_its_files(house: House, number: str) -> None:
    worker = house.staff("worker")
    assert note(worker, number, ("a.pdf", PDF)).status_code == 303
    address = f"/staff/issues/{number}/files/{only().key}"
    Issue.update(community_id="yinxing", estate_id="").where(Issue.number == number).execute()
    assert worker.get(address).status_code == 404
    Issue.update(community_id="jingui").where(Issue.number == number).execute()
    assert worker.get(address).status_code == 200
    casework.disable_account("worker", now=house.now)
    assert worker.get(address).status_code in (302, 303, 401)


def test_a_file_that_is_not_what_it_is_called_is_refused_and_the_words_stay(
    house: House, number: str
) -> None:
    worker = house.staff("worker")
    answer = note(worker, number, ("好.pdf", PDF), ("假的.pdf", DOCX), words="请看合同。")
    assert answer.status_code == 422
    (told,) = errors_on(answer).values()
    assert "假的.pdf" in told
    assert "里面其实是Word 文档" in told
    assert "文件要重新选一次" in told
    assert form_on(answer, f"/staff/issues/{number}/note").value("note") == "请看合同。"
    assert flaws(answer.text) == []
    assert Attachment.select().count() == 0
    assert on_disk(house) == []
    assert [entry.move for entry in house.entries(number)] == ["submit"]


def test_too_many_are_refused_and_a_body_that_is_too_large_is_a_clear_page(
    house: House, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LARGEST_BODY > MOST_FILES * LARGEST_FILE
    worker = house.staff("worker")
    answer = note(worker, number, *(("a.pdf", PDF) for _ in range(4)))
    assert answer.status_code == 422
    assert "一次最多3个文件" in str(errors_on(answer))
    monkeypatch.setattr(case, "LARGEST_WITH_FILES", 2_000)
    answer = note(worker, number, ("a.pdf", PDF + b"\0" * 2_000))
    assert answer.status_code == 413
    assert on_disk(house) == []


def test_a_file_needs_no_words_and_a_note_needs_one_of_both(house: House, number: str) -> None:
    worker = house.staff("worker")
    assert note(worker, number, words="").status_code == 422
    assert note(worker, number, ("a.docx", DOCX), words="").status_code == 303
    assert only().entry.resident_line == ""


def test_where_the_disk_is_full_the_page_says_so_and_the_words_stay(
    house: House, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(objects, "sync", full)
    worker = house.staff("worker")
    answer = note(worker, number, ("a.pdf", PDF), words="先记一句。")
    assert answer.status_code == 422
    assert "文件现在存不下" in str(errors_on(answer))
    assert form_on(answer, f"/staff/issues/{number}/note").value("note") == "先记一句。"
    assert on_disk(house) == []


def test_pressed_twice_it_counts_once_and_leaves_no_second_file(house: House, number: str) -> None:
    worker = house.staff("worker")
    action = f"/staff/issues/{number}/note"
    form = form_on(worker.get(f"/staff/issues/{number}"), action)
    for _ in range(2):
        fields = MultiDict(form.filled({"note": "一次。"}))
        fields.poplist("files")
        fields.add("files", (io.BytesIO(PDF), "a.pdf"))
        answer = worker.client.post(
            action, data=fields, content_type="multipart/form-data", buffered=True
        )
        assert answer.status_code == 303
    assert on_disk(house) == [f"{only().key}.file"]


def test_without_a_token_nothing_is_looked_at(house: House, number: str) -> None:
    worker = house.staff("worker")
    answer = worker.client.post(
        f"/staff/issues/{number}/note",
        data={"note": "x", "files": (io.BytesIO(PDF), "a.pdf")},
        content_type="multipart/form-data",
        buffered=True,
    )
    assert answer.status_code in (400, 422)
    assert on_disk(house) == []


def test_when_an_issues_time_is_over_its_files_go_with_an_entry_that_no_resident_reads(
    house: House, number: str
) -> None:
    assert note(house.staff("worker"), number, ("a.pdf", PDF)).status_code == 303
    key = only().key
    long = house.now + timedelta(days=5 * 366)
    assert casework.erase_attachments(house.circle, now=long) == []  # it is open
    left = {"step": "closed", "reporter_phone": "0797-0000-199"}
    Issue.update(left).where(Issue.number == number).execute()
    assert casework.erase_attachments(house.circle, now=long) == [key]
    assert casework.erase_attachments(house.circle, now=long) == []
    last = Entry.select().where(Entry.issue == house.issue(number)).order_by(Entry.id.desc()).get()
    assert (last.note, last.resident_line) == ("保存期满，备注里的文件已删除。", "")
    # That it was erased is no move, for which all else would be kept another term.
    assert casework.erase_contacts(house.circle, now=long) == 1
    Attachments(house.settings.photos_dir).erase([key])
    assert on_disk(house) == []
