"""Whether the user whom the service runs as can use the office's files."""

from collections.abc import Sequence

from forms_app.doctor.finding import Facts, Finding, green, red
from forms_app.rules.said import said
from forms_app.settings.owners import Ground


def look(facts: Facts) -> Sequence[Finding]:
    found = Ground.of(facts.settings).kept_out()
    if found is None:
        return green("运行服务的用户用得了所有的文件。")
    return red(found.words, said("在服务器上运行：%(command)s", command=found.command))
