"""Every table that there is, those that others point at first."""

from forms_app.store import models
from forms_app.store.projects import PROJECT_TABLES

TABLES = (*models.TABLES, *PROJECT_TABLES)
