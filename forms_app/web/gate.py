"""Whether what anybody may send is taken at once, is to be sent once more, or comes too often.

Nobody who writes one report notices: a task is asked for only where many came from one address.
"""

import secrets
from typing import Any

from forms_app.limits import Limit
from forms_app.rules.tasks import MOST_NUMBERS, Task, new_task, questions, read_task, signed
from forms_app.web.forms.base import OnceForm
from forms_app.web.languages import SOURCE, language
from forms_app.web.request import form_key, server_key, this_moment
from forms_app.web.slowly import is_near, limits, too_often


def held_back(form: Any, limit: Limit) -> bool:
    """Whether a valid form is not taken yet; then it says why, and keeps all that was typed."""
    needs_task = not form.is_sprung and is_near(limit)
    form.is_held = form.is_sprung or (needs_task and not _is_proved(form, limit))
    wait = "" if form.is_held else too_often(limit, is_proved=needs_task)
    if wait:
        form.refuse("", wait)
    return bool(form.is_held or wait)


def _is_proved(form: Any, limit: Limit) -> bool:
    """Whether the form's task is done; else the form has one to do."""
    form.fresh_key()
    about, now = _about(form, limit), this_moment()
    task = read_task(form.gate.data or "", about, server_key(), now)
    if task is not None:
        answer = form.gate_answer.data or ""
        is_right = task.question.is_answered_by(answer)
        is_done = task.is_solved_by(form.gate_proof.data or "")
        if is_done or (is_right and not task.seconds_left(now)):
            # The same words again are the same report, whose button was pressed twice.
            if limits().use_once(form.gate.data, form_key(form), now):
                return True
        elif is_right or not answer:
            _ask(form, task)
            return False
        else:
            form.gate_answer.errors = ["这个回答对不上，换了一个问题。"]
    fresh = new_task(
        secrets.randbelow(len(questions())), secrets.token_hex(8),
        secrets.randbelow(MOST_NUMBERS), now,
    )  # fmt: skip
    form.gate.data = signed(fresh, about, server_key())
    form.gate_answer.data = ""
    _ask(form, fresh)
    return False


def _ask(form: Any, task: Task) -> None:
    question = task.question
    form.task, form.seconds_left = task, task.seconds_left(this_moment())
    form.gate_proof.data = ""
    form.gate_answer.label.text = question.chinese if language() == SOURCE else question.english


def _about(form: OnceForm, limit: Limit) -> str:
    return f"{limit.name}:{form.key}"
