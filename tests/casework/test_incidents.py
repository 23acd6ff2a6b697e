"""What hits many at once: opened, told of, followed, ended and opened again."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.casework import (
    AlreadyMade,
    Announced,
    IncidentUnknown,
    NotAllowed,
    NotPossible,
    StaleCase,
)
from forms_app.community import Subdistrict
from forms_app.issues import sums
from forms_app.issues.access import PARTS, Actor, parts_of, resident
from forms_app.issues.following import followers, households
from forms_app.issues.incidents import hitting
from forms_app.rules.incidents import KINDS, Main
from forms_app.rules.steps import Part, Role, Step
from forms_app.store.database import proxy
from forms_app.store.incidents import Incident, IncidentEntry
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support.actors import (
    ALICE,
    CIRCLE,
    CODE_KEY,
    COLIN,
    DAN,
    DORA,
    ELSEWHERE,
    ERIN,
    FIRST,
    NOW,
    SECOND,
    STAFF,
    STELLA,
    WENDY,
    bring,
    entries,
    issue,
    make,
    next_moment,
    submit,
)
from tests.support.moves import nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")
WATER = Announced("water", "桂园停水", "水管破了，正在抢修。", "jingui")
# The same circle as a district of two sub-districts.
TWO = replace(
    CIRCLE,
    subdistricts={
        "here": Subdistrict("here", "这边街道"),
        "there": Subdistrict("there", "那边街道"),
    },
    communities={
        "jingui": replace(CIRCLE.communities["jingui"], subdistrict="here"),
        "yinxing": replace(CIRCLE.communities["yinxing"], subdistrict="there"),
    },
)
LATER = NOW + timedelta(hours=1)


def opened(
    actor: Actor = DAN,
    wanted: Announced = WATER,
    number: str = "",
    form_key: str = "the form",
    now: Any = NOW,
) -> Incident:
    key = casework.open_incident(CIRCLE, actor, wanted, number=number, form_key=form_key, now=now)
    return Incident.get_by_id(key)


def again(incident: Incident) -> Incident:
    return Incident.get_by_id(incident.id)


def join(number: str, into: str) -> None:
    casework.join(CIRCLE, resident(number), number, None, into=into, now=LATER)


def resolved(number: str) -> None:
    """Classified, given to somebody and done."""
    make("classify", DAN, number)
    make("assign", DAN, number)
    make("resolve", WENDY, number)


def judged(number: str, satisfaction: int = 5) -> None:
    make("evaluate", resident(number), number, satisfaction=satisfaction, comment="还是不好。")


def whole() -> bool:
    return queries.broken_histories() == [] and queries.sums_hold()


def test_it_is_opened_with_an_issue_of_the_office_that_nobody_holds_a_ticket_of() -> None:
    incident = opened()
    main = incident.issue
    assert (main.step, main.community_id, main.of_incident) == ("collected", "jingui", "office")
    assert main.description == "停水：桂园停水\n水管破了，正在抢修。"
    assert not casework.open_ticket(CODE_KEY, main.number, "", now=NOW)
    assert [(one.event, one.told) for one in IncidentEntry.select()] == [("opened", WATER.told)]
    assert [one.title for one in queries.running_incidents()] == ["桂园停水"]
    assert households([main]) == {main.id: 0}
    assert whole()


def test_the_same_form_opens_one() -> None:
    assert opened().id == opened().id
    assert Incident.select().count() == 1
    assert Issue.select().where(Issue.of_incident != "").count() == 1


def test_of_two_leaders_at_once_one_opens_it_and_the_other_reads_so() -> None:
    def press(actor: Actor) -> str:
        try:
            opened(actor, form_key=actor.name)
        except NotPossible as error:
            return error.field
        finally:
            proxy.close()
        return "opened"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, (DAN, STELLA))) == ["kind", "opened"]
    assert Incident.select().count() == 1


def test_what_has_no_kind_may_run_beside_another() -> None:
    other = replace(WATER, kind="other")
    one, beside = opened(wanted=other), opened(wanted=other, form_key="another")
    assert one.id != beside.id
    # Whatever is told of the one, the banner of the other says what it said.
    casework.tell_all(DAN, one.id, 1, "六点来水。", now=LATER)
    assert (again(one).told, again(beside).told) == ("六点来水。", WATER.told)
    casework.end_incident(DAN, one.id, 2, now=LATER)
    assert [running.told for running in queries.running_incidents()] == [WATER.told]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("kind", {"kind": "flood of words"}),
        ("title", {"title": " 　"}),
        ("told", {"told": ""}),
        ("community_id", {"community_id": "nowhere"}),
        ("estate_id", {"estate_ids": ("xingyuan",)}),
        ("expected_at", {"expected_at": NOW}),
    ],
)
def test_what_cannot_be_is_refused(field: str, changes: dict[str, Any]) -> None:
    with nothing_written(NotPossible, field):
        opened(wanted=replace(WATER, **changes))


def test_a_whole_sub_district_has_no_estates() -> None:
    with nothing_written(NotPossible, "estate_ids"):
        opened(STELLA, replace(WATER, is_wide=True, estate_ids=("guiyuan",)))


def test_only_leaders_open_one_and_each_where_they_lead() -> None:
    for actor in (*STAFF.values(), ALICE):
        home = actor.role is Role.COMMUNITY_LEADER and actor.community_id == "jingui"
        if home or actor.role is Role.SUBDISTRICT_LEADER:
            continue
        with nothing_written(NotAllowed):
            opened(actor)
    with nothing_written(NotAllowed):
        opened(DAN, replace(WATER, community_id="yinxing"))
    with nothing_written(NotAllowed):
        opened(DAN, replace(WATER, is_wide=True))
    assert opened(STELLA, replace(WATER, is_wide=True)).is_wide


def test_nobody_opens_one_for_another_sub_district() -> None:
    nowhere = dataclasses.replace(
        STELLA, community_ids=frozenset()
    )  # of a sub-district that is gone
    for actor in (dataclasses.replace(STELLA, community_ids=frozenset(["yinxing"])), nowhere):
        for is_wide in (True, False):
            with nothing_written(NotAllowed):
                casework.open_incident(
                    TWO, actor, replace(WATER, is_wide=is_wide), form_key="another", now=NOW
                )


def test_a_wide_one_hits_its_own_sub_district_alone() -> None:
    wide = Incident(community_id="jingui", is_wide=True, estate_ids="")
    assert hitting(TWO, [wide], "jingui")
    assert not hitting(TWO, [wide], "yinxing")
    assert hitting(CIRCLE, [wide], "yinxing")


def test_an_open_issue_becomes_its_main_one_and_keeps_its_resident_and_words() -> None:
    before = issue()
    incident = opened(number=FIRST)
    after = issue()
    assert incident.issue == after
    assert (after.of_incident, after.version) == (Main.REPORTED, before.version)
    assert before.description not in incident.told + incident.title
    assert Issue.select().where(Issue.of_incident == "office").count() == 0
    assert whole()


@pytest.mark.parametrize("number", [ELSEWHERE, "269999"])
def test_an_issue_of_another_community_is_no_main_one(number: str) -> None:
    for actor in (DAN, STELLA):
        with pytest.raises(casework.CaseError):
            opened(actor, number=number)


def test_what_was_handled_is_no_main_one() -> None:
    bring(Step.EVALUATING)
    with nothing_written(NotPossible, "number"):
        opened(number=FIRST)


def test_an_issue_is_the_main_one_of_one_that_runs() -> None:
    opened(number=FIRST)
    with nothing_written(NotPossible, "number"):
        opened(wanted=replace(WATER, kind="power"), number=FIRST, form_key="another")


def test_who_reports_where_it_hits_is_asked_whether_it_is_this() -> None:
    incident = opened()
    found = queries.case(ALICE, FIRST)
    assert found is not None
    running = queries.running_incidents()
    here = hitting(CIRCLE, running, "jingui")
    offer, *_ = queries.offers(ALICE, found.issue, str, here)
    assert (offer.code, offer.incident) == (incident.issue.number, running[0])
    assert queries.offered_number(found.issue, str, offer.code, here) == incident.issue.number
    assert hitting(CIRCLE, running, "yinxing") == ()


def test_what_was_told_long_before_is_not_taken_for_it() -> None:
    incident = opened()
    here = queries.running_incidents()
    for before, is_offered in ((timedelta(hours=20), True), (timedelta(days=2), False)):
        Issue.update(received_at=NOW - before).where(Issue.number == FIRST).execute()
        found = queries.case(ALICE, FIRST)
        assert found is not None
        offered = [one.incident for one in queries.offers(ALICE, found.issue, str, here)]
        assert (here[0] in offered) is is_offered
        compared = [one.issue.number for one in queries.alike_to(DAN, found.issue, here)]
        assert (incident.issue.number in compared) is is_offered


def test_one_estate_alone_is_asked_or_who_names_none() -> None:
    opened(wanted=replace(WATER, estate_ids=("guiyuan",)))
    running = queries.running_incidents()
    assert hitting(CIRCLE, running, "jingui", "guiyuan") == running
    assert hitting(CIRCLE, running, "jingui", "") == running
    assert hitting(CIRCLE, running, "jingui", "another") == ()


def test_whoever_follows_keeps_their_ticket_next_door_too_where_it_is_wide() -> None:
    main = opened(STELLA, replace(WATER, is_wide=True)).issue
    join(FIRST, main.number)
    join(ELSEWHERE, main.number)
    assert [one.number for one in followers(main)] == [FIRST, ELSEWHERE]
    assert issue().ticket_hash
    assert whole()


def test_nobody_of_another_community_follows_what_does_not_hit_them() -> None:
    main = opened().issue
    with nothing_written(NotPossible):
        join(ELSEWHERE, main.number)


def test_one_message_tells_all_once_and_stays_with_its_time() -> None:
    incident = opened()
    Issue.update(reporter_email="a@example.org").where(Issue.number == FIRST).execute()
    join(FIRST, incident.issue.number)
    pressing = dataclasses.replace(DORA, press="the press")
    until = LATER + timedelta(hours=3)
    casework.tell_all(pressing, incident.id, 1, "六点来水。", until, now=LATER)
    (running,) = queries.running_incidents()
    assert (running.told, running.told_at, running.expected_at) == ("六点来水。", LATER, until)
    found = queries.case(ALICE, FIRST)
    assert found is not None
    assert [one.told for one in found.incident_words] == ["六点来水。", WATER.told]
    (notice,) = Notice.select().where(Notice.event == "incident")
    assert (notice.kind, notice.recipient) == ("resident", str(issue().id))
    with nothing_written(AlreadyMade):
        casework.tell_all(pressing, incident.id, 1, "六点来水。", until, now=LATER)
    with nothing_written(StaleCase):
        casework.tell_all(DAN, incident.id, 1, "七点来水。", now=LATER)
    with nothing_written(NotPossible):
        casework.tell_all(DAN, incident.id, 2, " 　", now=LATER)


def test_only_who_leads_there_tells_and_ends_whoever_opened_it() -> None:
    incident = opened()
    for actor in (WENDY, ERIN, COLIN, ALICE, *(a for a in STAFF.values() if a.role is Role.ADMIN)):
        with nothing_written(NotAllowed):
            casework.tell_all(actor, incident.id, 1, "六点来水。", now=LATER)
        with nothing_written(NotAllowed):
            casework.end_incident(actor, incident.id, 1, now=LATER)
    casework.tell_all(STELLA, incident.id, 1, "六点来水。", now=LATER)
    casework.end_incident(DORA, incident.id, 2, now=LATER)
    with nothing_written(IncidentUnknown):
        casework.end_incident(DORA, 99, 1, now=LATER)


def test_to_end_it_takes_the_banner_away_and_closes_nothing() -> None:
    incident = opened()
    main = incident.issue
    join(FIRST, main.number)
    before = [(one.id, one.step, one.version) for one in Issue.select().order_by(Issue.id)]
    casework.end_incident(DAN, incident.id, 1, now=LATER)
    assert queries.running_incidents() == ()
    assert before == [(one.id, one.step, one.version) for one in Issue.select().order_by(Issue.id)]
    with nothing_written(NotAllowed):
        casework.end_incident(DAN, incident.id, 2, now=LATER)
    with nothing_written(NotPossible, "told"):
        casework.tell_all(DAN, incident.id, 2, "又停了。", now=LATER)


def test_ended_by_mistake_it_is_opened_again_with_all_who_follow() -> None:
    incident = opened()
    join(FIRST, incident.issue.number)
    casework.end_incident(DAN, incident.id, 1, "来水了。", now=LATER)
    casework.open_again(DAN, incident.id, 2, now=LATER)
    assert [one.id for one in queries.running_incidents()] == [incident.id]
    assert [one.number for one in followers(incident.issue)] == [FIRST]
    events = [one.event for one in IncidentEntry.select().order_by(IncidentEntry.id)]
    assert events == ["opened", "ended", "again"]
    with nothing_written(NotAllowed):
        casework.open_again(DAN, incident.id, 3, now=LATER)


def test_it_is_not_opened_again_beside_another_of_its_kind() -> None:
    incident = opened()
    casework.end_incident(DAN, incident.id, 1, now=LATER)
    opened(form_key="another")
    with nothing_written(NotPossible):
        casework.open_again(DAN, incident.id, 2, now=LATER)


def test_the_first_satisfied_verdict_closes_the_office_s_own_and_counts_once() -> None:
    main = opened().issue
    join(FIRST, main.number)
    join(SECOND, main.number)
    resolved(main.number)
    judged(SECOND, 1)
    assert stands(main.number)[0] == "evaluating"
    judged(FIRST)
    assert (stands(main.number)[0], stands(FIRST)[0]) == ("closed", "closed")
    assert entries(main.number)[-1].satisfaction is None
    assert whole()
    assert sums.kept()[sums.OWN, "2026-11 5"] == 1
    make("undo", ALICE, FIRST)
    assert (stands(main.number)[0], stands(FIRST)[0]) == ("evaluating", "evaluating")
    assert whole()


def test_it_stays_closed_while_another_who_follows_is_satisfied() -> None:
    main = opened().issue
    join(FIRST, main.number)
    join(SECOND, main.number)
    resolved(main.number)
    judged(FIRST)
    judged(SECOND)
    make("undo", ALICE, FIRST)
    assert stands(main.number)[0] == "closed"
    assert whole()


def test_what_staff_entered_for_one_who_follows_and_was_not_meant_opens_it_again() -> None:
    main = opened().issue
    join(FIRST, main.number)
    resolved(main.number)
    make("evaluate", DAN, FIRST, now=next_moment(main.number))
    assert stands(main.number)[0] == "closed"
    make("dispute", ALICE, FIRST)
    assert (stands(main.number)[0], stands(FIRST)[:2]) == ("evaluating", ("collected", 2))
    assert whole()


def test_a_resident_s_main_issue_waits_for_its_own_verdict() -> None:
    opened(number=FIRST)
    join(SECOND, FIRST)
    resolved(FIRST)
    judged(SECOND)
    assert stands(FIRST)[0] == "evaluating"
    judged(FIRST)
    assert stands(FIRST)[0] == "closed"


def test_nobody_is_asked_what_only_a_resident_could_say() -> None:
    main = opened().issue
    for name, actor in (("ask", DAN), ("contact", DAN), ("reply", DAN), ("reissue", DAN),
                        ("join", DAN)):  # fmt: skip
        with nothing_written(NotAllowed):
            make(name, actor, main.number)
    resolved(main.number)
    for name in ("evaluate", "shelve"):
        with nothing_written(NotAllowed):
            make(name, STELLA if name == "evaluate" else DAN, main.number)
    found = queries.case(DAN, main.number, queries.Moment(CIRCLE.clocks, LATER))
    assert found is not None
    assert {"ask", "evaluate", "shelve", "reissue"}.isdisjoint(found.moves)


def test_the_office_takes_its_own_back_while_nobody_follows_and_says_why() -> None:
    main = opened().issue
    with nothing_written(NotAllowed):
        make("withdraw", WENDY, main.number)
    with nothing_written(NotPossible, "reason"):
        make("withdraw", DAN, main.number, reason=" ")
    assert Part.OFFICE in parts_of(DAN, main)
    make("withdraw", DORA, main.number, reason="误报。")
    assert stands(main.number)[0] == "withdrawn"
    assert whole()


def test_the_office_takes_nothing_back_that_somebody_follows_or_reported() -> None:
    main = opened().issue
    theirs = Issue.select().where(PARTS[Part.OFFICE].where(DAN))
    assert list(theirs) == [main]
    join(FIRST, main.number)
    assert list(theirs.clone()) == []
    for number in (main.number, SECOND):
        with nothing_written(NotAllowed):
            make("withdraw", DAN, number)


@pytest.mark.parametrize("number", ["", SECOND])
def test_nobody_is_reminded_of_its_verdict(number: str) -> None:
    main = opened(number=number).issue
    join(FIRST, main.number)
    resolved(main.number)
    reminded = casework.remind(CIRCLE, now=next_moment(main.number) + timedelta(days=30))
    assert reminded.verdicts == 0
    assert Notice.select().where(Notice.event == "remind_verdict").count() == 0


def test_who_does_not_follow_is_reminded_as_ever() -> None:
    bring(Step.EVALUATING)
    assert casework.remind(CIRCLE, now=NOW + timedelta(days=30)).verdicts == 1


@pytest.mark.parametrize("number", ["", FIRST])
def test_what_others_follow_as_an_incident_follows_nothing_itself(number: str) -> None:
    main = opened(number=number).issue
    with nothing_written(NotPossible, "merged_into"):
        make("merge", DAN, main.number, into=SECOND)
    if number:
        with nothing_written(NotPossible):
            join(number, SECOND)
    make("merge", DAN, SECOND, into=main.number)
    assert [one.number for one in followers(main)] == [SECOND]


def test_erasing_a_resident_leaves_what_the_office_told() -> None:
    incident = opened(number=FIRST)
    Issue.update(reporter_phone="13800000000").where(Issue.number == FIRST).execute()
    casework.erase_asked_for(FIRST, now=LATER)
    assert again(incident).told == WATER.told
    assert whole()


def test_every_kind_has_words() -> None:
    assert all(KINDS.values())
    make_one: Callable[[str], Incident] = lambda kind: opened(  # noqa: E731
        wanted=replace(WATER, kind=kind), form_key=kind
    )
    assert [make_one(kind).kind for kind in KINDS] == list(KINDS)


def test_an_issue_may_be_told_apart_again() -> None:
    main = opened().issue
    join(FIRST, main.number)
    make("reopen", ALICE, FIRST)
    assert stands(FIRST)[:2] == ("collected", 2)
    found = queries.case(ALICE, FIRST)
    assert found is not None
    offers = queries.offers(ALICE, found.issue, str, queries.running_incidents())
    assert not [one for one in offers if one.incident]
    assert submit("one more").step == "collected"
