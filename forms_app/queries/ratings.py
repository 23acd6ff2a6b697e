"""What residents said of services, activities and venues, and what came of what was bad."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from peewee import JOIN

from forms_app.queries.facts import columns
from forms_app.store.models import Issue, Rating

SHOWN = 100


class RatingFacts(Struct, frozen=True):
    about: str  # "service:elder-meals"
    satisfaction: int
    comment: str
    made_at: datetime
    replaced_at: datetime | None  # counted no more: the same browser gave a newer one that day
    reason: str  # of Circle.reasons_for
    way: str  # of bad_ratings.WAYS; "": the resident gave it themselves
    number: str | None  # of the issue that came of it
    community_id: str | None  # of that issue


def ratings(about: Collection[str] | None) -> list[RatingFacts]:
    """The newest ratings of services, activities and venues, with their words.

    `about` says of which ones; None: of all, also of what the circle no longer has.
    """
    found = (
        Rating.select(
            *columns(RatingFacts, Rating, "number", "community_id"),
            Issue.number,
            Issue.community_id,
        )
        .join(Issue, JOIN.LEFT_OUTER, on=(Rating.issue == Issue.id))
        .order_by(Rating.id.desc())
        .limit(SHOWN)
    )
    wanted = found if about is None else found.where(Rating.about.in_(sorted(about)))
    return [RatingFacts(*row) for row in wanted.tuples().iterator()]
