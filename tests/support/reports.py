"""What residents report on the web, with photos or without, and what the community makes of it."""

import io
import re

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from forms_app.store.models import Issue, Photo
from tests.support.web import House, Visitor, errors_on, form_on

# What a report needs, and one with everything.
REPORT = {"description": "路灯坏了", "community_id": "jingui", "consent": "y"}
WHOLE_REPORT = {
    "description": "3栋楼下的井盖松了，\r\n车一过就响，晚上睡不着。",
    "community_id": "jingui",
    "estate_id": "guiyuan",
    "location": "3栋2单元门口",
    "category": "street_light",
    "reporter_name": "爱丽丝",
    "reporter_phone": "0797-0000-120",
    "consent": "y",
}


def resolved(house: House, number: str) -> None:
    """What the community does with an ordinary issue until the resident is asked."""
    leader, worker = house.staff("community_leader"), house.staff("worker")
    house.later(minutes=3)
    grade = {"severity_class": "C", "urgency": "2", "initial_opinion": "马上派人来看。"}
    assert leader.move(number, "classify", grade).status_code == 303
    page = leader.get(f"/staff/issues/{number}")
    choices = form_on(page, f"/staff/issues/{number}/assign").options("lead")
    lead = next(choice for choice in choices if choice)
    assert leader.move(number, "assign", {"lead": lead}).status_code == 303
    assert worker.move(number, "resolve", {"outcome": "已经修好。"}).status_code == 303


def send(
    visitor: Visitor, path: str, *contents: bytes, action: str = "", **changes: str
) -> TestResponse:
    """Opens the page, fills in the form, chooses the photos and presses the button."""
    return send_form(visitor, visitor.get(path), action or path, *contents, **changes)


def send_form(
    visitor: Visitor, page: TestResponse, action: str, *contents: bytes, **changes: str
) -> TestResponse:
    """Fills in the form of a page that is open, chooses the photos and presses the button."""
    fields = MultiDict(form_on(page, action).filled(changes))
    if "photos" in fields:
        fields.poplist("photos")
    for place, content in enumerate(contents):
        fields.add("photos", (io.BytesIO(content), f"IMG_{place}.jpg"))
    # As a browser sends the input from which nothing was chosen.
    fields.add("photos", (io.BytesIO(), ""))
    return visitor.client.post(
        action, data=fields, content_type="multipart/form-data", buffered=True
    )


def report(visitor: Visitor, *contents: bytes, **changes: str) -> str:
    """Reports a problem with these photos; its number."""
    answer = send(visitor, "/issues/new", *contents, **{**REPORT, **changes})
    assert answer.status_code == 303, errors_on(answer)
    return answer.headers["Location"].rsplit("/", 1)[-1]


def photo_keys(number: str) -> list[str]:
    """The keys of the issue's photos, as they came."""
    rows = Photo.select().join(Issue).where(Issue.number == number).order_by(Photo.id)
    return [photo.key for photo in rows]


def shown_photos(page: TestResponse) -> list[str]:
    """The addresses of the pictures that a page shows of its own issue."""
    # Beside what may be the same case, the pictures stand once more.
    case = re.sub(r'<section class="alike".*?</section>', "", page.text, flags=re.S)
    return re.findall(r'<img src="([^"?]+)', case)
