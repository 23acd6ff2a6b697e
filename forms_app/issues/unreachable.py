"""Residents to whom no way was left: nobody can be asked to try three times to reach them."""

from datetime import datetime, timedelta

from forms_app.rules.told_by import ways_for
from forms_app.store.models import Issue
from forms_app.store.notices import PushSubscription

# A week in which they may look by themselves at what was done.
QUIET = timedelta(days=7)


def is_unreachable(issue: Issue) -> bool:
    """Whether neither a telephone nor an e-mail was left, nor a browser that is told of news."""
    phone, has_email = Issue.reporter_phone.kind_of(issue), Issue.reporter_email.is_left(issue)
    if ways_for(phone, has_email=has_email):
        return False
    return not PushSubscription.select().where(PushSubscription.issue == issue.id).exists()


def may_go_untried(issue: Issue, now: datetime) -> bool:
    """Whether it may be set aside though nobody was tried: its resident is unreachable, and has
    been waited for a week.
    """
    since = issue.evaluating_since
    return since is not None and now - since >= QUIET and is_unreachable(issue)
