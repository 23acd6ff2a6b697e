"""The forms about files of the office's: to go back to an earlier version."""

from wtforms import HiddenField

from forms_app.web.forms.base import Form


class PutBackForm(Form):
    """`seen` is the digest of the file as the page showed it."""

    seen = HiddenField()
