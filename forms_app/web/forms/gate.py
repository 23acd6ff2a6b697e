"""What a form that anybody may send carries against programs that send it by the thousand: a field
that no person sees, and, where very many come, a small task.
"""

from wtforms import HiddenField, StringField

from forms_app.rules.tasks import ANSWER_LETTERS, MOST_NUMBERS, Task
from forms_app.web.forms.fields import line


class WithGate:
    """Mixed into a form; `web/gate` decides whether it is held back, and its page says so."""

    website = StringField()
    gate = HiddenField()
    gate_proof = HiddenField()
    gate_answer = line("请回答", ANSWER_LETTERS, autocomplete="off")

    is_held = False  # it is to be sent once more
    task: Task | None = None
    seconds_left = 0
    most_numbers = MOST_NUMBERS

    @property
    def is_sprung(self) -> bool:
        """Whether the field was filled in that no person sees: by a program, or a keeper of
        passwords. The page that asks to send it again leaves it out.
        """
        return bool(self.website.data)
