"""A closed issue told in public: only as its resident agreed to, and no longer than they do."""

from typing import Any

import pytest

from forms_app import casework, queries
from forms_app.casework import Drafted, NotAllowed, NotPossible, StaleCase
from forms_app.issues.access import resident, visible_to
from forms_app.issues.public_notes import REVIEWS, WRITES, running_note
from forms_app.queries import broken_chains
from forms_app.rules.public_notes import NoteEnd
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account
from forms_app.store.database import writing
from forms_app.store.models import Entry, Erasure, Issue, Photo
from forms_app.store.public_notes import PublicNote
from forms_app.store.sealing import touched
from tests.support.actors import (
    ADA,
    ALICE,
    BOB,
    CIRCLE,
    COLIN,
    DAN,
    ERIN,
    FIRST,
    FRANK,
    NOW,
    SECOND,
    STAFF,
    STELLA,
    SUNNY,
    WENDY,
    bring,
    entries,
    issue,
    make,
    next_moment,
    seal_anew,
)

pytestmark = pytest.mark.usefixtures("database")

WORDS = Drafted("换了感应灯，线路也查过。")


def agreed(number: str = FIRST) -> None:
    bring(Step.EVALUATING, number=number)
    make("evaluate", ALICE, satisfaction=5, may_tell=True)


def draft(actor: Any, drafted: Drafted = WORDS, **more: Any) -> Entry:
    found = issue()
    return casework.draft_note(
        CIRCLE, actor, FIRST, more.pop("version", found.version), drafted,
        now=next_moment(FIRST), **more,
    )  # fmt: skip


def told() -> list[str]:
    return [one["told"] for one in queries.published_notes()]


def ended() -> list[str]:
    return [row.ended_by for row in PublicNote.select().order_by(PublicNote.id)]


def test_nothing_is_told_without_the_residents_own_word() -> None:
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=5)
    assert running_note(issue().id) is None
    with pytest.raises(NotAllowed):
        draft(DAN)


def test_a_verdict_that_is_not_the_residents_own_agrees_to_nothing() -> None:
    bring(Step.EVALUATING)
    asked = {"asked_at": next_moment(FIRST), "asked_how": "电话"}
    make("evaluate", STELLA, satisfaction=5, may_tell=True, **asked)
    assert running_note(issue().id) is None


def test_a_ticket_that_the_one_who_did_it_has_seen_agrees_to_nothing() -> None:
    bring(Step.EVALUATING)
    make("reissue", WENDY)
    make("evaluate", ALICE, satisfaction=5, may_tell=True)
    assert running_note(issue().id) is None


def test_who_is_not_satisfied_agrees_to_nothing() -> None:
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=1, comment="还是不亮", may_tell=True)
    assert PublicNote.select().count() == 0


def test_one_drafts_the_leader_reviews_and_only_then_it_is_told() -> None:
    agreed()
    assert "您同意社区" in entries()[-1].resident_line
    assert draft(WENDY).note == f"起草公示，等审核：{WORDS.told}"
    assert told() == []
    with pytest.raises(NotAllowed):
        draft(WENDY, publish=True)
    assert draft(DAN, publish=True).note == f"审核通过，公示：{WORDS.told}"
    assert told() == [WORDS.told]
    (note,) = queries.notes_of(DAN)
    assert (note.drafted_by, note.reviewed_by, note.days) == ("wendy", "dan", 0)
    own = queries.own_note(issue().id)
    assert own is not None
    assert own.told == WORDS.told
    assert list(broken_chains()) == []


def test_what_is_drafted_anew_is_not_told_before_it_is_reviewed_again() -> None:
    agreed()
    draft(DAN, publish=True)
    draft(WENDY, Drafted("又换了开关。"))
    assert told() == []
    draft(DAN, Drafted("又换了开关。"), publish=True)
    assert told() == ["又换了开关。"]


def test_it_is_theirs_who_work_in_the_community_and_nobody_elses() -> None:
    agreed()
    for actor in (ERIN, FRANK, COLIN, BOB, SUNNY, ADA, STELLA, ALICE):
        assert queries.note_page(actor, FIRST) is None, actor.name
        assert queries.notes_of(actor) == ()
        with pytest.raises(casework.CaseError):
            draft(actor, publish=True)
    assert queries.note_page(WENDY, FIRST) is not None


def test_where_the_leaders_have_left_the_level_above_reviews() -> None:
    agreed()
    draft(DAN, publish=True)
    Account.update(disabled_at=NOW).where(Account.community_id == "jingui").execute()
    assert told() == [WORDS.told]  # what was reviewed stays
    assert queries.note_page(STELLA, FIRST) is not None
    draft(STELLA, Drafted("街道核对过，灯亮了。"), publish=True)
    assert told() == ["街道核对过，灯亮了。"]


def test_the_rules_of_access_say_the_same_to_a_page_and_to_a_list() -> None:
    for left in (False, True):
        if left:
            Account.update(disabled_at=NOW).where(Account.community_id == "jingui").execute()
        for actor in STAFF.values():
            for rule in (WRITES, REVIEWS):
                seen = list(Issue.select().where(visible_to(actor)))
                listed = {row.number for row in Issue.select().where(rule.where(actor))}
                held = {row.number for row in seen if rule.holds(actor, row)}
                listed &= {row.number for row in seen}
                assert listed == held, actor.name


def test_the_resident_takes_it_back_at_once_and_a_backup_cannot_undo_it() -> None:
    agreed()
    draft(DAN, publish=True)
    before = issue().version
    casework.take_note_back(ALICE, FIRST, now=next_moment(FIRST))
    assert told() == []
    # Nobody of the staff has the words in their list any more, either.
    assert queries.notes_of(DAN) == ()
    assert queries.own_note(issue().id) is None
    assert ended() == [NoteEnd.RESIDENT.value]
    assert issue().version == before + 1
    assert [row.what for row in Erasure.select()] == ["note"]
    with pytest.raises(NotAllowed):
        casework.take_note_back(ALICE, FIRST, now=next_moment(FIRST))
    with pytest.raises(NotAllowed):
        draft(DAN, publish=True)
    # An older backup is put in again: the list beside it says what was taken back since.
    (listed,) = casework.owed()
    Erasure.delete().execute()
    PublicNote.update(ended_at=None, ended_by="").execute()
    with writing():
        touched(Issue, issue().id, NOW)
    casework.erase_again([listed], now=next_moment(FIRST))
    assert told() == []


def test_the_leader_takes_it_down_with_a_reason() -> None:
    agreed()
    draft(DAN, publish=True)
    with pytest.raises(NotPossible):
        casework.take_down_note(DAN, FIRST, issue().version, " ", now=next_moment(FIRST))
    casework.take_down_note(DAN, FIRST, issue().version, "写错了", now=next_moment(FIRST))
    assert told() == []
    assert ended() == [NoteEnd.OFFICE.value]
    assert "写错了" not in entries()[-1].resident_line


@pytest.mark.parametrize("move", ["reopen", "undo"])
def test_what_is_opened_again_is_told_no_more(move: str) -> None:
    agreed()
    draft(DAN, publish=True)
    made = make(move, ALICE)
    assert told() == []
    assert ended() == [NoteEnd.REOPENED.value]
    assert "撤下" in made.resident_line
    assert list(broken_chains()) == []


def test_after_another_round_it_is_asked_anew() -> None:
    agreed()
    make("undo", ALICE)
    make("evaluate", ALICE, satisfaction=5, may_tell=True)
    assert ended() == [NoteEnd.REOPENED.value, ""]


def test_contacts_that_are_erased_change_nothing_of_what_is_told() -> None:
    agreed()
    draft(DAN, publish=True)
    casework.put_right(
        ALICE, FIRST, left={"name": "小李", "phone": "", "email": ""}, now=next_moment(FIRST)
    )
    casework.erase_own(ALICE, FIRST, parts=["name"], photos=[], now=next_moment(FIRST))
    assert told() == [WORDS.told]


def test_two_who_write_at_once_do_not_overwrite_each_other() -> None:
    agreed()
    seen = issue().version
    draft(WENDY)
    with pytest.raises(StaleCase):
        draft(DAN, Drafted("别的话，另一位写的。"), version=seen)


def test_only_photos_of_the_staffs_own_may_stand_beside_it() -> None:
    agreed()
    with writing():
        first, last = entries()[0], next(one for one in entries() if one.move == "resolve")
        common = {"issue": issue(), "width": 9, "height": 9, "size": 9, "made_at": NOW}
        Photo.create(entry=first, key="residents", **common)
        Photo.create(entry=last, key="own", **common)
        touched(Issue, issue().id, NOW)
    with pytest.raises(NotPossible):
        draft(DAN, Drafted(WORDS.told, after_key="residents"), publish=True)
    draft(DAN, Drafted(WORDS.told, after_key="own"), publish=True)
    assert [(one["before"], one["after"]) for one in queries.published_notes()] == [("", "own")]
    Photo.delete().where(Photo.key == "own").execute()  # its time is over
    assert [one["after"] for one in queries.published_notes()] == [""]


def test_the_residents_words_are_refused_and_so_are_none() -> None:
    written = {"description": "天天晚上摸黑上下楼", "location": "小花园南门出来右手边"}
    Issue.update(written).where(Issue.number == FIRST).execute()
    seal_anew()
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=5, may_tell=True, comment="晚上下楼再也不用摸黑了")
    said = [f"居民说：{words}。" for words in (*written.values(), "晚上下楼，再也不用摸黑了")]
    for told in (*said, "", " 　"):
        with pytest.raises(NotPossible) as refused:
            draft(DAN, Drafted(told), publish=True)
        assert refused.value.field == "told"


def test_an_estate_that_was_corrected_since_is_not_named() -> None:
    make("correct", DAN, field="estate_id", new_value="guiyuan", reason="问清了")
    agreed()
    draft(DAN, Drafted(WORDS.told, names_estate=True), publish=True)
    assert [one["estate_id"] for one in queries.published_notes()] == ["guiyuan"]
    make("correct", DAN, field="estate_id", new_value="", reason="又问了")
    assert [one["estate_id"] for one in queries.published_notes()] == [""]


def test_whoever_follows_another_issue_is_not_told_of_apart() -> None:
    make("merge", DAN, SECOND, into=FIRST)
    bring(Step.EVALUATING)
    make("evaluate", resident(SECOND), SECOND, satisfaction=5, may_tell=True)
    assert issue(SECOND).step == Step.CLOSED.value
    assert PublicNote.select().count() == 0
