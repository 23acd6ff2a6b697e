"""What a line of a book or an item of a meeting is about, as it is written down: "issue:260001",
"project:3"."""

from collections.abc import Collection

from peewee import Expression

from forms_app.issues.access import EVERY
from forms_app.store.models import Issue
from forms_app.store.projects import Project


def kind_of(about: str) -> str:
    """The word before the colon: "issue", "project", or another."""
    return about.partition(":")[0]


def is_of(about: str, communities: Collection[str], seen: Expression = EVERY) -> bool:
    """Whether there is such an issue, `seen` by whoever asks, or such a project of these."""
    kind, _, key = about.partition(":")
    if kind == "issue":
        here = Issue.community_id.in_(communities) & (Issue.number == key)
        return bool(Issue.select().where(here, seen).exists())
    if kind != "project" or not (key.isascii() and key.isdigit() and len(key) < 10):
        return False
    here = Project.community_id.in_(communities) & (Project.id == int(key))
    return bool(Project.select().where(here).exists())
