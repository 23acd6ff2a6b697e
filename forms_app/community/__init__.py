"""What the office edits in data/community, read into frozen structs.

Every problem is collected with its file, row and column, so that one bad line never hides the
next. It knows nothing of the database, the web or MkDocs.
"""

from forms_app.community.bases import DUTY_BASES
from forms_app.community.circle import Circle
from forms_app.community.doors import FOLDER as DOORS
from forms_app.community.doors import PHOTO_BYTES as DOOR_PHOTO_BYTES
from forms_app.community.doors import door_content
from forms_app.community.errors import DataError, DataHint, DataRefused
from forms_app.community.load import load, what_is_refused
from forms_app.community.shapes import (
    ACTIVITY_CATEGORIES,
    ACTIVITY_STATUSES,
    CLOSED,
    DEPARTMENT_KINDS,
    ORGANIZATION_KINDS,
    PACES,
    SERVICE_CATEGORIES,
    SERVICE_KINDS,
    WALK_BASES,
    Activity,
    Category,
    CommitteeMember,
    Community,
    DedicatedOfficer,
    Department,
    Door,
    Duty,
    Elsewhere,
    Entrance,
    Estate,
    OfficePage,
    Organization,
    RatingReason,
    SchoolTerm,
    Service,
    Subdistrict,
    Venue,
    Walk,
    ZoneDuty,
    in_term,
    still_open,
)
from forms_app.community.streets import (
    STREET_KINDS,
    StreetLine,
    Streets,
    check_streets,
    read_streets,
)
