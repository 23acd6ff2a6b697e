"""What begins and what ends with a round of an issue, whichever move it is that begins the next."""

from datetime import datetime

from forms_app.rules.worktime import Clocks, opinion_awaited
from forms_app.store.models import Assignment, Issue, Measure, Party


def fresh_round(clocks: Clocks, now: datetime) -> dict[str, object]:
    """The columns of an issue whose round begins now: ungraded, with a new 10-minute clock."""
    return {
        "severity_class": None,
        "urgency": None,
        "round_started_at": now,
        "opinion_due_at": opinion_awaited(clocks, now),
        "opined_at": None,
        "grade_due_at": None,
        "initial_opinion": "",
        "classified_at": None,
        "due_at": None,
        "reply_by": None,
        "answers_due_at": None,
        "evaluating_since": None,
        "result": "",
        "relay_due_at": None,
        "passed_at": None,
        "extended_by": "",
        "caller": None,
        "merged_into": None,
        "merged_at": None,
        "closed_at": None,
        "verdict_by": "",
        "settled_at": None,
        "asked_since": None,
        "project_asked_at": None,
        "district_due_at": None,
        "in_burst": False,
        "aside_press": "",
    }


def end_parts(issue: Issue) -> None:
    """Callers, parties, leads and measures of what went before are no longer so."""
    Party.update(is_current=False).where(Party.issue == issue).execute()
    end_plan(issue)


def end_plan(issue: Issue) -> None:
    """Whoever leads or assists no longer does, nor are the plan's measures."""
    Assignment.update(is_current=False).where(Assignment.issue == issue).execute()
    Measure.update(is_current=False).where(Measure.issue == issue).execute()
