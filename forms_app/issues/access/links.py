"""One-time links: whether one still opens its form, and why not."""

from datetime import datetime

from forms_app.rules.steps import Step
from forms_app.store.models import AnswerLink


def link_refusal(link: AnswerLink, now: datetime) -> str | None:
    """Why a one-time link opens nothing any more, as a sentence; None while it does."""
    if link.used_at is not None:
        return "这个链接已经用过，只能用一次。要补充意见，请打电话告诉号召人。"
    if link.replaced_at is not None:
        return "号召人已经发了新的链接，这一个不能再用。请用最近收到的那一个。"
    if Step(link.party.issue.step) is Step.HANDLING and link.party.is_current:
        return "解决方案已经定下，不再收响应。有意见请打电话告诉号召人。"
    if not link.party.is_current or Step(link.party.issue.step) is not Step.RESPONDING:
        return "这次号召已经结束，不用再响应。"
    if link.expires_at <= now:
        return "这个链接已经过期。仍要响应，请打电话给号召人，请他发一个新的。"
    return None
