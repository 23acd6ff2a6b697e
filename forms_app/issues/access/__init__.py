"""Who somebody is towards an issue: what they may see of the register, which parts they play."""

from forms_app.issues.access.actor import (
    CASE_ROLES,
    COMMUNITY_ROLES,
    SUBDISTRICT_ROLES,
    SYSTEM,
    Actor,
    actor_of,
    communities_of_account,
    party_actor,
    resident,
    still_reaches,
)
from forms_app.issues.access.handover import (
    HELD,
    colleagues,
    held_by,
    may_hold,
    may_lead,
    personal_parts,
)
from forms_app.issues.access.links import link_refusal
from forms_app.issues.access.parts import (
    HANDS,
    PARTS,
    SILENT,
    dated,
    parts_of,
    units_without_account,
    what_is_so,
)
from forms_app.issues.access.rule import EVERY, Rule
from forms_app.issues.access.standing import (
    ACTS_AS,
    CALLER_ROLE,
    LEVELS,
    Levels,
    levels_in_use,
    levels_of,
    stood_in_for,
)
from forms_app.issues.access.visibility import in_communities, may_see_to, visible_issue, visible_to

__all__ = [
    "ACTS_AS",
    "CALLER_ROLE",
    "CASE_ROLES",
    "COMMUNITY_ROLES",
    "EVERY",
    "HANDS",
    "HELD",
    "LEVELS",
    "PARTS",
    "SILENT",
    "SUBDISTRICT_ROLES",
    "SYSTEM",
    "Actor",
    "Levels",
    "Rule",
    "actor_of",
    "colleagues",
    "communities_of_account",
    "dated",
    "held_by",
    "in_communities",
    "levels_in_use",
    "levels_of",
    "link_refusal",
    "may_hold",
    "may_lead",
    "may_see_to",
    "parts_of",
    "party_actor",
    "personal_parts",
    "resident",
    "still_reaches",
    "stood_in_for",
    "units_without_account",
    "visible_issue",
    "visible_to",
    "what_is_so",
]
