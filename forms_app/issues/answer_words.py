"""What the community's files answer to a question, in the words that a resident is told.

It knows neither who asks nor where the answer is shown.
"""

from forms_app.community import Circle, Department, Elsewhere, Service
from forms_app.issues.duty_words import likeliest_duty

LONGEST = 300  # letters


def of_service(circle: Circle, service: Service) -> str:
    """What a service's page says, in sentences: when, where, how, with what."""
    places = "、".join(circle.venues[one].name for one in service.venues)
    steps = "；".join(service.application_process.splitlines())
    told = (
        ("", service.description),
        ("时间：", service.schedules),
        ("地点：", places),
        ("怎么办：", steps),
        ("带：", "、".join(service.documents)),
        ("收费：", service.fees),
        ("电话：", service.phone),
    )
    return "".join(f"{label}{words.rstrip('。；')}。" for label, words in told if words)


def of_others(other: Elsewhere) -> str:
    """Who does what is not done here, and how to get it."""
    phone = f"电话：{other.phone}。" if other.phone else ""
    return f"这件事归{other.who}办。{other.advice.rstrip('。')}。{phone}"


def of_duty(unit: Department, text: str) -> str:
    """What of the unit's duties the question is about; empty where none of them is."""
    duty = likeliest_duty(unit.duties, text)
    phone = f"电话：{unit.phone}。" if unit.phone else ""
    return f"这件事归{unit.name}管：{duty.rstrip('。')}。{phone}" if duty else ""


def whole(words: str) -> str:
    """The beginning of a text, cut behind a sentence."""
    line = " ".join(words.split())
    if len(line) <= LONGEST:
        return line
    end = max(line.rfind(mark, 0, LONGEST) for mark in "。！？")
    return line[: end + 1] if end > 0 else line[:LONGEST]
