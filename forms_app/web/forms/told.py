"""What the office says in public of each of several things, in its own words."""

from collections.abc import Mapping

from forms_app.web.forms.base import SeenForm
from forms_app.web.forms.fields import line


def told_each(labels: Mapping[int, str], letters: int) -> type[SeenForm]:
    """A form with a field told_<key> for each label, of so many letters at most."""
    need = "请用社区自己的话写一写，不写姓名和电话。"
    fields = {f"told_{key}": line(label, letters, need) for key, label in labels.items()}
    return type("ToldForm", (SeenForm,), fields)
