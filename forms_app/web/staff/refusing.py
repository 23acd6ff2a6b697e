"""A form that was refused: its reason stands on it, and what was typed stays."""

from forms_app.casework import CaseError
from forms_app.web.forms.base import Form


def refuse(form: Form, error: CaseError) -> None:
    """Puts the reason beside the field at fault, or above the form."""
    form.refuse(getattr(error, "field", ""), error.sentence)
