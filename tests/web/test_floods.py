"""Whoever comes too often is told how long to wait, keeps what they typed, and is let in again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from forms_app.limits import ISSUE_WRITES, RATINGS, REPORTS, SIGN_INS, TICKETS, WRITES, Limit
from forms_app.queries import tallies
from forms_app.rules import keys
from forms_app.store.accounts import Account
from forms_app.store.models import Entry, Issue, Rating
from forms_app.store.notices import Notice
from forms_app.web.slowly import too_often
from tests.support.light_hashes import THOROUGH
from tests.support.tasks import answer_on, number_on, send, use_up
from tests.support.web import PASSWORD, House, errors_on, form_on, main_of

pytestmark = pytest.mark.slow

ABOUT = "service:streetlight_repair"
REPORT = {"description": "楼道灯不亮", "community_id": "jingui", "consent": "y"}


@pytest.fixture
def limited(house: House) -> House:
    return House(replace(house.settings, has_limits=True), house.circle, house.now)


def test_reports_from_one_address_end_in_a_wait_that_keeps_the_text(limited: House) -> None:
    use_up(limited, REPORTS, 3)
    for _ in range(3):
        assert send(limited.visitor(), "/issues/new", REPORT).status_code == 303
    before = Issue.select().count()
    visitor = limited.visitor()
    answer = send(visitor, "/issues/new", REPORT)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= REPORTS.seconds
    assert "请过1分钟再试" in main_of(answer)
    assert form_on(answer, "/issues/new").value("description") == REPORT["description"]
    assert Issue.select().count() == before
    limited.later(seconds=REPORTS.seconds + 1)
    assert send(visitor, "/issues/new", REPORT).status_code == 303


def test_a_right_ticket_after_many_guesses_is_an_answer_like_any_other(limited: House) -> None:
    number, ticket = limited.visitor().report()
    limits = limited.app.extensions["limits"]
    assert limits.take(TICKETS, "127.0.0.1", limited.now, TICKETS.burst) == 0
    bob = limited.visitor()
    sent = {"ticket": ticket, "written": "还在漏", "about": number, "csrf_token": bob.token()}
    answer = bob.post("/issues/", sent)
    assert (answer.status_code, "还在漏" in answer.text) == (200, True)


def test_a_household_of_ipv6_is_one_address_and_each_of_ipv4_its_own(limited: House) -> None:
    one = Limit("one", 1, 600)

    def is_taken(address: str) -> bool:
        with limited.app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return not too_often(one)

    households = ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
    assert [is_taken(address) for address in households] == [True, False, True]
    people = ("203.0.113.7", "::ffff:203.0.113.8", "::ffff:203.0.113.9", "::ffff:203.0.113.7")
    assert [is_taken(address) for address in people] == [True, True, True, False]


def test_an_estate_behind_one_address_gets_through_within_ten_minutes(limited: House) -> None:
    limits = limited.app.extensions["limits"]
    for limit in (REPORTS, RATINGS):
        begun, came = limited.now, 0
        while came < 300 and limited.now - begun < timedelta(minutes=10):
            is_proved = limits.is_near(limit, "estate", limited.now)
            if limits.take(limit, "estate", limited.now, is_proved=is_proved) == 0:
                came += 1
            limited.later(seconds=1)
        assert came == 300
        # And whoever does no task is where they were.
        assert limits.take(limit, "estate", limited.now, limit.burst) > 0
        limited.later(days=1)


def test_an_issue_takes_so_many_additions_and_the_next_one_keeps_its_words(limited: House) -> None:
    visitor = limited.visitor()
    number, ticket = visitor.report()
    path = f"/issues/{number}"
    reply = f"{path}/reply"
    for count in range(ISSUE_WRITES.burst):
        assert visitor.fill(path, {"text": f"补充{count}"}, reply).status_code == 303
    before = Entry.select().count()
    # By the same ticket elsewhere, too.
    other = limited.visitor()
    other.fill("/issues/", {"ticket": ticket}, "/issues/")
    for one in (visitor, other):
        refused = one.fill(path, {"text": "还有一句"}, reply)
        assert refused.status_code == 429
        assert "请过15分钟再试" in main_of(refused)
        assert form_on(refused, reply).value("text") == "还有一句"
    for move in ("wake", "withdraw", "own", "undo", "untell"):
        assert visitor.post(f"{path}/{move}", {"csrf_token": visitor.token()}).status_code == 429
    assert Entry.select().count() == before
    # Others', and what is only looked at, go on.
    assert limited.holder(limited.number("楼上漏水")).report()
    assert visitor.get(path).status_code == 200
    limited.later(seconds=ISSUE_WRITES.seconds + 1)
    assert other.submit(refused, reply).status_code == 303


def test_an_estate_behind_one_address_says_within_ten_minutes_what_it_thinks() -> None:
    assert WRITES.burst + 600 // WRITES.seconds >= 300


def test_many_reports_at_once_are_one_notice_from_the_eleventh_on(limited: House) -> None:
    begun = Notice.select().count()
    for _ in range(REPORTS.burst):
        send(limited.visitor(), "/issues/new", REPORT)
    told = Notice.select().where(Notice.id > begun)
    burst = [row.recipient for row in told if row.event == "burst"]
    assert 0 < len(burst) == len(set(burst))
    assert {row.event for row in told} == {"submit", "burst"}


def test_of_a_browsers_ratings_of_a_day_the_newest_counts_and_all_are_seen(house: House) -> None:
    path = f"/ratings/new?about={ABOUT}"
    same, other = house.visitor(), house.visitor()
    before = Rating.select().count()
    for satisfaction in ("5", "5", "1"):
        same.fill(path, {"satisfaction": satisfaction})
    other.fill(path, {"satisfaction": "5"})
    house.later(days=1)
    same.fill(path, {"satisfaction": "4"})
    rows = list(Rating.select().where(Rating.id > before).order_by(Rating.id))
    assert [(row.satisfaction, row.replaced_at is None) for row in rows] == [
        (5, False), (5, False), (1, True), (5, True), (4, True)
    ]  # fmt: skip
    assert len({row.browser_hash for row in rows}) == 3
    page = main_of(house.staff("community_leader").get("/staff/ratings"))
    assert page.count("当天又评过，这条不计") == 2


def test_two_thousand_ratings_of_one_session_are_one(house: House) -> None:
    visitor = house.visitor()
    path = f"/ratings/new?about={ABOUT}"
    before = Rating.select().count()
    for _ in range(40):
        visitor.fill(path, {"satisfaction": "1"})
    assert Rating.select().count() == before + 40
    counted = Rating.select().where(Rating.id > before, Rating.replaced_at.is_null())
    assert counted.count() == 1
    assert "ratings" in tallies(house.circle, house.now)


def test_ratings_of_many_browsers_behind_one_address_end_in_a_wait(limited: House) -> None:
    path = f"/ratings/new?about={ABOUT}"
    use_up(limited, RATINGS, 3)
    answers = [send(limited.visitor(), path, {"satisfaction": "1"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303] * 3 + [429]


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/issues/new", REPORT),
        (f"/ratings/new?about={ABOUT}", {"satisfaction": "2", "comment": "吵"}),
    ],
)
def test_who_fills_in_what_nobody_sees_is_asked_to_send_it_once_more_and_loses_nothing(
    limited: House, path: str, typed: dict[str, str]
) -> None:
    def stored() -> tuple[int, int]:
        return Issue.select().count(), Rating.select().count()

    before, visitor, action = stored(), limited.visitor(), path.partition("?")[0]
    answer = visitor.fill(path, {**typed, "website": "https://example.org"})
    assert answer.status_code == 422
    assert "请再点一次" in main_of(answer)
    assert "处需要改一下" not in main_of(answer)
    assert stored() == before
    again = form_on(answer, action)
    assert {name: again.value(name) for name in typed if name in ("description", "comment")} == {
        name: words for name, words in typed.items() if name in ("description", "comment")
    }
    # Whatever fills it in of itself cannot do so again.
    assert "website" not in again.names
    assert visitor.submit(answer, action).status_code == 303
    assert stored() != before


def near(limited: House, limit: Limit = REPORTS, path: str = "/issues/new") -> None:
    """So many came from this address that the limit is near, and stays so for a minute."""
    typed = REPORT if limit is REPORTS else {"satisfaction": "1"}
    for _ in range(limit.burst // 2 + 3):
        assert send(limited.visitor(), path, typed).status_code == 303


def test_near_a_limit_a_form_is_taken_with_its_task_done_and_once(limited: House) -> None:
    first = limited.visitor().get("/issues/new").text
    assert "gate.js" not in first
    assert "prove.js" not in first
    near(limited)
    before, visitor = Issue.select().count(), limited.visitor()
    asked = visitor.fill("/issues/new", REPORT)
    assert asked.status_code == 422
    assert "gate.js" in asked.text
    assert form_on(asked, "/issues/new").value("description") == REPORT["description"]
    assert Issue.select().count() == before
    for wrong in ("", "0", "x", "9" * 400, "１２"):
        answer = visitor.submit(asked, "/issues/new", {"gate_proof": wrong})
        assert answer.status_code == 422
    proof = {"gate_proof": number_on(asked)}
    taken = visitor.submit(asked, "/issues/new", proof)
    assert taken.status_code == 303
    # Its button pressed twice: the same report. Other words with the same proof: asked again.
    twice = visitor.submit(asked, "/issues/new", proof)
    assert twice.headers["Location"] == taken.headers["Location"]
    other = visitor.submit(asked, "/issues/new", {**proof, "description": "另一件事"})
    assert other.status_code == 422
    assert Issue.select().count() == before + 1


def test_a_task_is_of_one_form_of_its_kind_and_hour(limited: House) -> None:
    near(limited)
    visitor = limited.visitor()
    asked = visitor.fill("/issues/new", REPORT)
    form = form_on(asked, "/issues/new")
    done = {"gate": form.value("gate"), "gate_proof": number_on(asked)}
    fresh = visitor.get("/issues/new")
    other = {**form_on(fresh, "/issues/new").filled(REPORT), **{k: [v] for k, v in done.items()}}
    assert visitor.post("/issues/new", other).status_code == 422
    forged = done["gate"][:-1] + ("0" if done["gate"][-1] != "0" else "1")
    assert visitor.submit(asked, "/issues/new", {**done, "gate": forged}).status_code == 422
    assert visitor.submit(asked, "/issues/new", done).status_code == 303
    late = visitor.fill("/issues/new", REPORT)
    limited.later(minutes=61)
    near(limited)
    proof = {"gate_proof": number_on(late)}
    again = visitor.submit(late, "/issues/new", proof)
    assert again.status_code == 422
    assert form_on(again, "/issues/new").value("description") == REPORT["description"]


def test_without_a_script_a_short_wait_and_an_answer_do_as_well(limited: House) -> None:
    near(limited)
    visitor = limited.visitor()
    asked = visitor.fill("/issues/new", REPORT)
    assert "等10秒" in main_of(asked)
    answer = {"gate_answer": answer_on(asked)}
    early = visitor.submit(asked, "/issues/new", answer)
    assert early.status_code == 422
    # The same question, and what was answered stays: only the wait is not over.
    assert form_on(early, "/issues/new").value("gate") == form_on(asked, "/issues/new").value(
        "gate"
    )
    assert form_on(early, "/issues/new").value("gate_answer") == answer["gate_answer"]
    limited.later(seconds=4)
    assert "等6秒" in main_of(visitor.submit(early, "/issues/new"))
    wrong = visitor.submit(asked, "/issues/new", {"gate_answer": "不知道"})
    assert wrong.status_code == 422
    assert "换了一个问题" in errors_on(wrong)["gate_answer"]
    assert form_on(wrong, "/issues/new").value("description") == REPORT["description"]
    limited.later(seconds=10)
    right = visitor.submit(wrong, "/issues/new", {"gate_answer": f" {answer_on(wrong)}。"})
    assert right.status_code == 303


def test_ratings_near_their_limit_ask_for_the_same(limited: House) -> None:
    path = f"/ratings/new?about={ABOUT}"
    near(limited, RATINGS, path)
    asked = limited.visitor().fill(path, {"satisfaction": "1", "comment": "吵"})
    assert asked.status_code == 422
    assert form_on(asked, "/ratings/new").value("comment") == "吵"
    assert send(limited.visitor(), path, {"satisfaction": "1"}).status_code == 303


def test_an_elder_who_mistypes_ten_times_still_gets_in_and_a_guesser_does_not(
    limited: House,
) -> None:
    number, ticket = limited.visitor().report()
    elder = limited.visitor()
    for _ in range(10):
        assert elder.fill("/issues/", {"ticket": "260001-0000-0000-0000"}).status_code == 422
    assert elder.fill("/issues/", {"ticket": ticket}).status_code == 303
    for _ in range(TICKETS.burst):
        limited.visitor().fill("/issues/", {"ticket": f"{number}-0000-0000-0000"})
    answer = limited.visitor().fill("/issues/", {"ticket": f"{number}-0000-0000-0000"})
    assert answer.status_code == 429
    assert "请过1分钟再试" in errors_on(answer)["ticket"]
    # Whoever has the ticket is let in beside them, and it makes no room for the guesser.
    assert limited.visitor().fill("/issues/", {"ticket": ticket}).status_code == 303
    assert limited.visitor().fill("/issues/", {"ticket": "260001-0-0"}).status_code == 429


def test_a_ticket_that_was_kept_slowly_opens_once_the_guesser_has_gone(limited: House) -> None:
    number, ticket = limited.visitor().report()
    slow = THOROUGH.hash(keys.parse_ticket(ticket)[1])  # type: ignore[index]
    Issue.update(ticket_hash=slow).where(Issue.number == number).execute()
    use_up(limited, TICKETS, 0)
    assert limited.visitor().fill("/issues/", {"ticket": ticket}).status_code == 429
    limited.later(seconds=TICKETS.seconds + 1)
    assert limited.visitor().fill("/issues/", {"ticket": ticket}).status_code == 303


def test_whoever_guesses_passwords_is_stopped_before_one_is_looked_at(
    limited: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(
        "forms_app.casework.signing_in.matches", lambda *_: looked_at.append("") or False
    )
    guesser = limited.visitor()
    page = guesser.get("/staff/login")
    answers = [
        guesser.submit(page, "/staff/login", {"username": f"name{n}", "password": "guess"})
        for n in range(SIGN_INS.burst + 10)
    ]
    assert [answer.status_code for answer in answers] == [422] * SIGN_INS.burst + [429] * 10
    assert len(looked_at) == SIGN_INS.burst


def test_a_name_that_there_is_and_one_that_is_not_take_one_hash_each_and_read_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    monkeypatch.setattr(
        "forms_app.casework.signing_in.matches", lambda kept, _: checked.append(kept) or False
    )
    # As an office's passwords are kept.
    Account.update(password_hash=THOROUGH.hash("another")).execute()
    answers = {}
    for name in ("worker", "nobody-of-that-name"):
        visitor = house.visitor()
        seen = []
        for _ in range(7):  # five are free, then both are made to wait
            before = len(checked)
            answer = visitor.fill("/staff/login", {"username": name, "password": "guess"})
            seen.append((answer.status_code, len(checked) - before, errors_on(answer)))
        answers[name] = seen
    assert answers["worker"] == answers["nobody-of-that-name"]
    assert [hashes for _, hashes, _ in answers["worker"]] == [1] * 5 + [0] * 2
    # One and the other cost the same: both are Argon2id of the same setting.
    settings = {kept.rpartition("$")[0].rpartition("$")[0] for kept in checked}
    assert len(settings) == 1


def test_who_was_signed_in_here_before_gets_in_whatever_strangers_do(limited: House) -> None:
    sign_in = {"username": "worker", "password": PASSWORD}
    desk, stranger = limited.visitor(), limited.visitor()
    signed_in = desk.fill("/staff/login", sign_in)
    desk.submit(desk.get(signed_in.headers["Location"]), "/staff/logout")
    for _ in range(SIGN_INS.burst + 5):
        stranger.fill("/staff/login", {"username": "worker", "password": "guess"})
    assert stranger.fill("/staff/login", sign_in).status_code in (422, 429)
    assert desk.fill("/staff/login", sign_in).status_code == 303


def test_that_the_limits_are_off_stands_on_every_page_of_staff(
    house: House, limited: House
) -> None:
    for path in ("/staff/", "/staff/register", "/staff/issues/new", "/staff/password"):
        assert "限制已关闭" in main_of(house.staff("worker").get(path))
        assert "限制已关闭" not in main_of(limited.staff("worker").get(path))
    assert "限制已关闭" not in main_of(house.visitor().get("/issues/new"))


def test_an_address_is_confirmed_by_a_press_and_not_by_looking(house: House) -> None:
    number, _ = house.visitor().report(reporter_email="alice@example.org")
    code = keys.email_code(str(house.app.secret_key), number, "alice@example.org")
    somebody = house.visitor()
    path = f"/confirm/{number}/{code}"
    page = somebody.get(path)
    assert page.status_code == 200
    assert house.issue(number).confirmed_email == ""
    assert somebody.post(path).status_code == 422
    assert "有新进展会发到您的邮箱" in main_of(somebody.submit(page, path))
    assert house.issue(number).confirmed_email == "alice@example.org"
    wrong = f"/confirm/{number}/{'0' * 32}"
    assert somebody.submit(somebody.get(wrong), wrong).status_code == 404
