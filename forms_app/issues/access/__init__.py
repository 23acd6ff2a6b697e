"""Who somebody is towards an issue: what they may see of the register, which parts they play."""

from forms_app.issues.access.actor import (
    ACTING_ROLES,
    CASE_ROLES,
    COMMUNITY_ROLES,
    SUBDISTRICT_ROLES,
    SYSTEM,
    Actor,
    Led,
    actor_of,
    party_actor,
    resident,
    still_calls,
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
from forms_app.issues.access.only import dated, what_is_so, with_district
from forms_app.issues.access.parts import HANDS, PARTS, SILENT, parts_of
from forms_app.issues.access.rule import EVERY, Rule
from forms_app.issues.access.standing import (
    ACTS_AS,
    CALLER_ROLE,
    IN_TURN,
    LEVELS,
    Levels,
    is_above_in_use,
    levels_in_use,
    levels_of,
    stood_in_for,
)
from forms_app.issues.access.unheard_units import units_without_account
from forms_app.issues.access.visibility import (
    in_communities,
    may_see_to,
    seen_by_district,
    visible_issue,
    visible_to,
)

__all__ = [
    "ACTING_ROLES",
    "ACTS_AS",
    "CALLER_ROLE",
    "CASE_ROLES",
    "COMMUNITY_ROLES",
    "EVERY",
    "HANDS",
    "HELD",
    "IN_TURN",
    "LEVELS",
    "PARTS",
    "SILENT",
    "SUBDISTRICT_ROLES",
    "SYSTEM",
    "Actor",
    "Led",
    "Levels",
    "Rule",
    "actor_of",
    "colleagues",
    "dated",
    "held_by",
    "in_communities",
    "is_above_in_use",
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
    "seen_by_district",
    "still_calls",
    "still_reaches",
    "stood_in_for",
    "units_without_account",
    "visible_issue",
    "visible_to",
    "what_is_so",
    "with_district",
]
