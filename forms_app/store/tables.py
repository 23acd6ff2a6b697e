"""Every table, each behind those that it refers to.

Beside the tables of these models there is issue_search, which issues/search.py knows.
"""

from forms_app.store.assessments import Assessment, AssessmentEntry
from forms_app.store.funds import FundEntry, FundTold
from forms_app.store.meetings import MEETING_TABLES
from forms_app.store.models import MODELS
from forms_app.store.projects import PROJECT_TABLES
from forms_app.store.public_notes import PublicNote

TABLES = (
    *MODELS, PublicNote, Assessment, AssessmentEntry, *PROJECT_TABLES, *MEETING_TABLES, FundEntry,
    FundTold,
)  # fmt: skip
