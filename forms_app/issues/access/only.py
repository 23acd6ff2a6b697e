"""What the procedure's rows ask of an issue beside its step and class, and whether it is so."""

from peewee import ModelSelect

from forms_app.issues.access.parts import major_and_late
from forms_app.issues.access.standing import is_district_in_use
from forms_app.rules.move import Between, Only
from forms_app.rules.procedure import level_above
from forms_app.rules.steps import BEFORE_RESULT, Part, Step
from forms_app.store.models import Assignment, Issue
from forms_app.store.prepared import prepared


def is_in_own_hands(issue: Issue) -> bool:
    """Whether those who lead the issue are of its community, or the community itself."""
    units = Assignment.select(Assignment.id).where(
        Assignment.issue == issue,
        Assignment.is_current,
        Assignment.part == Part.LEAD.value,
        Assignment.account.is_null(),
        Assignment.organization_id != issue.community_id,
    )
    return not units.exists()


def with_district(issue: Issue) -> set[Only]:
    """What may pass between a sub-district and the district, of a major issue at work."""
    if issue.severity_class != "A" or Step(issue.step) not in BEFORE_RESULT:
        return set()
    so = set()
    if issue.district_due_at is None and is_district_in_use():
        so.add(Only.REFERABLE)
    is_with_it = issue.district_round == issue.round_no
    if not is_with_it and _late_ones.tuples(issue.id):
        so.add(Only.TAKEABLE)
    return so


@prepared
def _late_ones(issue_id: int) -> "ModelSelect[Issue]":
    return Issue.select(Issue.id).where(Issue.id == issue_id, major_and_late())


def what_is_so(issue: Issue) -> frozenset[Only]:
    """What the procedure's rows ask of an issue, beside its step and class."""
    so = dated(issue) | with_district(issue)
    if Step(issue.step) is Step.HANDLING:
        so.add(Only.OWN_HANDS if is_in_own_hands(issue) else Only.UNITS_HANDS)
    return frozenset(so)


def dated(issue: Issue) -> set[Only]:
    """As far as the issue's own row says it."""
    facts = {
        Only.TO_RING: issue.ring_since is not None,
        Only.PASSED: issue.passed_at is not None,
        Only.UNDER_REVIEW: issue.review_due_at is not None,
        Only.NOT_EXTENDED: not issue.extended_by,
        Only.EXTENDED_BELOW: issue.extended_by not in ("", level_above(issue.severity_class)),
        Only.DECLINED: issue.ruling_due_at is not None,
        Only.IN_BURST: issue.in_burst,
    }
    if issue.ruling_due_at is not None:
        declined = {Between.HOME: Only.DECLINED_HOME, Between.UNITS: Only.DECLINED_UNITS}
        facts[declined[Between(issue.ruling_between)]] = True
    return {only for only, holds in facts.items() if holds}
