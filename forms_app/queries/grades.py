"""What the office made of earlier issues with the same words: counted anew each time, never kept.

A correction counts at once; whoever grades sees which words and how many, and decides.
"""

from collections import Counter
from collections.abc import Sequence

from peewee import ModelSelect

from forms_app.issues.kind_words import OTHER
from forms_app.issues.search import newest
from forms_app.issues.suggestions import Counted, telling
from forms_app.queries.facts import IssueFacts
from forms_app.store.models import Issue
from forms_app.store.prepared import prepared

WORDS = 12  # of a letter's beginning, the rarest
LOOKED_AT = 60  # newest issues with each


def grades(issue: IssueFacts) -> tuple[Counted, ...]:
    """For each telling word of an issue, as what the graded issues that have it were filed."""
    words = telling(issue.description)[:WORDS]
    _, found = newest(words)
    having = {word: ids[:LOOKED_AT] for word, ids in zip(words, found, strict=True)}
    others = {one for ids in having.values() for one in ids} - {issue.id}
    filed = dict(_filed.tuples(sorted(others)))
    counted = []
    for word, ids in having.items():
        kinds = Counter(filed[one] for one in ids if one in filed)
        counted += [Counted(word, kind, n, kinds.total()) for kind, n in kinds.items()]
    return tuple(counted)


@prepared
def _filed(issue_ids: Sequence[int]) -> "ModelSelect[Issue]":
    """Of the graded ones among these, as what each was filed."""
    return Issue.select(Issue.id, Issue.category).where(
        Issue.id.in_(issue_ids),
        Issue.severity_class.is_null(False),
        Issue.category.not_in(["", OTHER]),
    )
