"""A project that was done, whose reporters are asked whether it made it better."""

from datetime import date, datetime

from forms_app import casework
from forms_app.casework import Intended
from forms_app.store.models import Issue
from forms_app.store.projects import Topic, TopicIssue
from tests.support.actors import CIRCLE, DAN, NOW


def ask_after(*numbers: str, now: datetime = NOW, key: str = "asked") -> int:
    """The key of a project about these issues that Dan has just said is done."""
    topic = Topic.create(
        month=key, community_id="jingui", words="灯", centre="{}", place=1, households=1, rounds=1,
        weeks=1, first_on="", last_on="", found_at=now,
    )  # fmt: skip
    for found in Issue.select().where(Issue.number.in_(numbers)):
        TopicIssue.create(topic=topic, issue=found)
    meant = Intended("project", "路灯", "jingui", "换线路", 1, date(2099, 3, 1))
    project = casework.open_project(CIRCLE, DAN, topic.id, meant, form_key=key, now=now)
    casework.finish_project(DAN, project, 1, "线路都换了", now=now)
    return project
