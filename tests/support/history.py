"""Sequences of moves drawn at random: after each, the history leads to where every issue stands.

The moves are the procedure's own and what a page offers is what is tried: a new row of the table
is in the next run by itself. The suite runs a sample, `scripts/bench histories` the whole.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

import peewee
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from forms_app import casework, queries
from forms_app.casework import CaseError
from forms_app.casework.joining import is_kept_apart
from forms_app.issues.access import Actor, resident
from forms_app.rules.procedure import MOVES, names_where
from forms_app.rules.steps import BEFORE_VERDICT, Role, Step, is_open
from forms_app.store.models import Assignment, Entry, Issue, TakenOver
from tests.support.actors import (
    BOB,
    CAROL,
    CIRCLE,
    DAN,
    DORA,
    ELSEWHERE,
    ERIN,
    FIRST,
    HANDED_IN,
    IN_JINGUI,
    RUTH,
    SECOND,
    STELLA,
    SUNNY,
    THIRD,
    VERSIONED,
    WENDY,
    WILL,
    bring,
    call,
    entries,
    everything,
    issue,
    open_district,
    open_rows,
    submit,
)
from tests.support.seed import Seed

PEOPLE = (
    *(DAN, DORA, WENDY, WILL, ERIN, BOB, CAROL, STELLA, RUTH, SUNNY),
    *(resident(FIRST), resident(SECOND), resident(THIRD, HANDED_IN, ELSEWHERE)),
)
NUMBERS = (*IN_JINGUI, ELSEWHERE)
# Without what is made along with another issue's move alone.
MADE = tuple(
    dict.fromkeys(row.name for row in MOVES if row.name != "submit" and row.who != {Role.SYSTEM})
)
# What an issue gets on by; all the rest only adds to where it stands.
GOING_ON = frozenset(names_where(lambda move: move.to_step is not None))
# These would soon end them all.
ENDING = {"withdraw", "transfer", "join"}

# What else than the usual may be asked for, sensible or not.
CHOICES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "opine": {"text": st.sampled_from(["去看。", " "])},
    "classify": {
        "severity_class": st.sampled_from(["C", "C", "B", "A", "D"]),
        "urgency": st.sampled_from([1, 2, 3, 4]),
        "initial_opinion": st.sampled_from(["去看。", "去看。", ""]),
    },
    "summon": {"parties": st.sampled_from([["city"], ["city", "police"], ["station", "city"], []])},
    "answer": {"answer": st.sampled_from(["acknowledged", "arrived", "maybe"])},
    "decline": {"whose": st.sampled_from(["jingui", "police", "unknown", "nobody", "city"])},
    "rule": {"lead": st.sampled_from(["city", "police", "jingui", "yinxing", "station", "fire"])},
    "plan": {"lead": st.sampled_from(["city", "police", "jingui", "yinxing", "station"])},
    "refer_up": {"request": st.sampled_from(["请开会。", " "])},
    "evaluate": {"satisfaction": st.integers(0, 5), "comment": st.sampled_from(["不行。", ""])},
    "merge": {"into": st.sampled_from([*NUMBERS, "269999"])},
    "resolve": {"result": st.sampled_from(["done", "not_done", "perhaps"])},
    "transfer": {"reason": st.sampled_from(["请到窗口。", "请到窗口。", " "])},
    "join": {"into": st.sampled_from([*NUMBERS, "269999"])},
    "separate": {"other": st.sampled_from([*NUMBERS, "269999"])},
    "correct": {
        "field": st.sampled_from([*casework.CORRECTABLE, "step"]),
        "new_value": st.sampled_from(["A", "B", "1", "3", "guiyuan", "yinxing", "noise", ""]),
    },
}


class History(RuleBasedStateMachine):
    """Five issues, a dozen people, and time that only goes on."""

    database: peewee.Database
    seeded: Seed
    made: Counter[str]  # how often each move was made, in all sequences

    @initialize()
    def start(self) -> None:
        """One issue is about to be planned, one judged, one explained; two are new."""
        self.seeded.pour_into(self.database)
        open_district()
        bring(Step.RESPONDING, "B", FIRST)
        bring(Step.EVALUATING, "C", SECOND)
        bring(Step.HANDLING, "A", THIRD)
        self.now = max(entry.made_at for entry in Entry.select())
        self.forms = 0
        self.told: list[dict[str, Any]] = []
        self.disabled: set[str] = set()
        self.done: set[str] = set()

    @precondition(lambda self: self.forms < 1)
    @rule()
    def somebody_reports(self) -> None:
        self.forms += 1
        made = submit(f"machine {self.forms}", now=self.now)
        assert (made.step, made.round_no) == ("collected", 1)

    @precondition(lambda self: not self.disabled)
    @rule(left=st.sampled_from(["dan", "wendy", "stella"]))
    def somebody_leaves(self, left: str) -> None:
        self.disabled.add(left)
        casework.disable_account(left, now=self.now)

    @rule(data=st.data(), count=st.integers(1, 5))
    def some_do_what_the_page_offers(self, data: st.DataObject, count: int) -> None:
        """With the usual arguments it must succeed; so issues come far."""
        for _ in range(count):
            self.now += timedelta(minutes=data.draw(st.integers(0, 2 * 24 * 60)))
            self.do_what_the_page_offers(data, data.draw(st.sampled_from(NUMBERS)))

    def do_what_the_page_offers(self, data: st.DataObject, number: str) -> None:
        found = issue(number)
        people = self.people()
        first = data.draw(st.integers(0, len(people) - 1))
        turns = (*people[first:], *people[:first])
        offers = {actor: offered(actor, number, self.now) for actor in turns}
        wanted = self.wanted(data, {name for names in offers.values() for name in names})
        fitting = [(actor, name) for actor in offers for name in offers[actor] if name in wanted]
        if not fitting:
            return
        name = data.draw(st.sampled_from(sorted({name for _, name in fitting})))
        actor = next(one for one, offer in fitting if offer == name)
        self.done.add(name)
        what: dict[str, Any] = {}
        if name == "correct":
            what = {"field": "location", "new_value": f"{found.version}号门"}
        if name == "shelve" and found.evaluating_since is not None:
            self.now = max(self.now, found.evaluating_since + timedelta(days=2))
        if name == "classify":
            what["severity_class"] = data.draw(st.sampled_from("CBA"))
        if name == "evaluate" and data.draw(st.booleans()):
            what = {"satisfaction": 1, "comment": "又坏了。"}
        if name == "decline" and data.draw(st.booleans()):
            what["whose"] = found.community_id
        if name == "rule":
            what["lead"] = data.draw(st.sampled_from(["city", "police", found.community_id]))
        if name in ("merge", "join", "separate"):
            other = self.other_open(data, found, name)
            if other is None:
                return
            what["other" if name == "separate" else "into"] = other
        if name in ("plan", "replan"):
            what["lead"] = data.draw(st.sampled_from(sorted(plan_units(found))))
            what["assist"] = []
        if name == "summon":
            what["parties"] = data.draw(st.sampled_from([["city"], ["city", "police"]]))
        if name == "assign":
            what["worker_id"] = next(iter(queries.workers_of(found.community_id)), None)
        entry = call(name, actor, found, self.now, **what)
        assert entry.move == name
        self.made[name] += 1
        after = issue(number)
        # What is written down for a unit is handed on in the same press.
        assert after.version - found.version in ((1, 2) if name == "resolve" else (1,))
        stands = (Step(after.step), after.round_no, after.severity_class)
        assert queries.retrace(entries(number)) == stands

    @rule(hours=st.integers(0, 40))
    def time_passes(self, hours: int) -> None:
        """What nobody handed on in time passes by itself, unless it could not be done."""
        self.now += timedelta(hours=hours)
        casework.remind(CIRCLE, now=self.now)
        casework.pass_results(CIRCLE, now=self.now)
        for found in Issue.select().where(Issue.step == Step.REPORTED.value):
            assert found.result == "not_done" or found.relay_due_at >= self.now

    @rule(
        data=st.data(),
        actor=st.sampled_from(PEOPLE),
        number=st.sampled_from(NUMBERS),
        name=st.sampled_from(MADE),
        behind=st.sampled_from([0, 0, 0, 1]),
    )
    def somebody_tries_anything(
        self, data: st.DataObject, actor: Actor, number: str, name: str, behind: int
    ) -> None:
        found = issue(number)
        case = queries.case(actor, number, queries.Moment(CIRCLE.clocks, self.now))
        what = data.draw(st.fixed_dictionaries(CHOICES.get(name, {})))
        before = everything()
        try:
            call(name, actor, found, self.now, found.version - behind, **what)
        except CaseError:
            assert everything() == before
        else:
            assert case is not None
            assert name in case.moves
            self.made[name] += 1
            assert behind == 0 or name not in VERSIONED

    @rule(
        actor=st.sampled_from([DAN, STELLA, WENDY]),
        giver=st.sampled_from(["dan", "wendy", "stella"]),
        taker=st.sampled_from(["dora", "will", "steve", "dan"]),
        numbers=st.lists(st.sampled_from(NUMBERS), unique=True),
    )
    def somebody_hands_over(self, actor: Actor, giver: str, taker: str, numbers: list[str]) -> None:
        """What the sheet lists can be handed over to who is offered; else nothing is written."""
        found = queries.handover(CIRCLE, actor, giver, self.now)
        listed = {row.issue.number for row in found.movable} if found else set()
        fits = {one.account.username: one.fits for one in found.takers} if found else {}
        chosen = [number for number in numbers if number in listed] or sorted(listed)
        before = everything()
        try:
            casework.hand_over(
                CIRCLE, actor, giver=giver, taker=taker, reason="换岗。", now=self.now,
                issues={number: issue(number).version for number in chosen},
            )  # fmt: skip
        except CaseError:
            assert everything() == before
            is_offered = fits.get(taker, 0) == len(listed) and actor is not WENDY
            assert not chosen or not is_offered
        else:
            assert actor is not WENDY
            rest = queries.handover(CIRCLE, actor, giver, self.now)
            assert rest is not None
            assert {row.issue.number for row in rest.movable} == listed - set(chosen)

    @invariant()
    def whoever_leads_alone_is_whom_the_last_entry_names(self) -> None:
        rows = Assignment.select().where(Assignment.is_current, Assignment.account.is_null(False))
        for row in rows:
            last = [
                e
                for e in of_one_history(row.issue.number)
                if e.move in ("assign", "claim") or "lead" in e.field
            ]
            assert row.entry.id == last[-1].id
            assert last[-1].field == "" or last[-1].new_value == row.account.username

    @invariant()
    def the_entries_lead_to_where_every_issue_stands(self) -> None:
        of_issue = defaultdict(list)
        for entry in Entry.select().order_by(Entry.id):
            of_issue[entry.issue_id].append(entry)
        for found in Issue.select():
            history = of_issue[found.id]
            stands = (Step(found.step), found.round_no, found.severity_class)
            assert queries.retrace(history) == stands
            assert history[-1].due_at == found.due_at
            assert history[-1].opinion_due_at == found.opinion_due_at
            assert found.version == len(history)
            if found.step == Step.CLOSED:
                (closing,) = [entry for entry in history if entry.to_step == "closed"][:1]
                assert (closing.move, closing.from_step != "closed") == ("evaluate", True)
                assert closing.satisfaction >= 3

    @invariant()
    def the_kept_sums_are_what_a_full_recount_gives(self) -> None:
        assert queries.sums_hold()

    @invariant()
    def entries_are_only_ever_added(self) -> None:
        told = list(Entry.select().order_by(Entry.id).dicts())
        assert told[: len(self.told)] == self.told
        self.told = told

    @invariant()
    def nobody_follows_a_circle(self) -> None:
        for found in Issue.select().where(Issue.merged_into.is_null(False)):
            seen = set()
            while found is not None:
                assert found.id not in seen
                seen.add(found.id)
                found = found.merged_into

    def wanted(self, data: st.DataObject, offers: set[str]) -> set[str]:
        """Which of what is offered is chosen from: what goes on, what is new, or any; few ends."""
        kept = offers if data.draw(st.integers(0, 9)) == 0 else offers - ENDING
        kinds = (kept & GOING_ON, kept - self.done, kept)
        return data.draw(st.sampled_from(kinds)) or kept

    def people(self) -> list[Actor]:
        return [actor for actor in PEOPLE if actor.name not in self.disabled]

    def other_open(self, data: st.DataObject, found: Issue, name: str) -> str | None:
        """Another open issue of the community; one that is worked on, or not yet kept apart."""
        open_ones = [
            row.issue.number
            for row in open_rows(STELLA, self.now)
            if row.issue.community_id == found.community_id
            and row.issue.id != found.id
            and is_open(row.step)
            and (name != "join" or row.step in BEFORE_VERDICT)
            and (name != "separate" or not is_kept_apart(found, row.issue))
        ]
        return data.draw(st.sampled_from(open_ones)) if open_ones else None


def of_one_history(number: str) -> list[Entry]:
    """The entries of an issue, with those of what it took over in their place."""
    found: list[Entry] = []
    for entry in entries(number):
        taken = TakenOver.select().where(TakenOver.entry == entry).order_by(TakenOver.id)
        for one in taken.limit(1):
            history = of_one_history(one.taken.number)
            found += [before for before in history if before.id < one.gone_id]
        found.append(entry)
    return found


def offered(actor: Actor, number: str, now: datetime) -> list[str]:
    """The moves on this person's page of the issue."""
    case = queries.case(actor, number, queries.Moment(CIRCLE.clocks, now))
    return list(case.moves) if case is not None else []


def plan_units(found: Issue) -> set[str]:
    return {party.organization_id for party in queries.case(STELLA, found.number).parties} | {
        found.community_id
    }


def run_histories(
    database: peewee.Database, seeded: Seed, *, sequences: int, steps: int
) -> Counter[str]:
    """Runs so many sequences of so many steps each, the same every time; the moves made in them.

    Raises AssertionError with the shortest sequence after which a history was not whole.
    """

    class OnThisDatabase(History):
        pass

    OnThisDatabase.database = database
    OnThisDatabase.seeded = seeded
    OnThisDatabase.made = Counter()
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return OnThisDatabase.made
