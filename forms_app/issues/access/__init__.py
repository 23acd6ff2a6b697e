"""Who somebody is towards an issue: what they may see of the register, which parts they play."""

from forms_app.issues.access.actor import (
    ACTING_ROLES,
    CASE_ROLES,
    COMMUNITY_ROLES,
    PLACE_OF,
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
    goes_on_as,
    in_communities,
    may_see_to,
    seen_by_district,
    visible_issue,
    visible_to,
)
