"""The Dockerfile and the compose file, read as their builder reads them; nothing is built."""

import json
import os
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from scripts.deployment import container
from scripts.deployment.program import PARTS
from tests.support.running import ROOT

KNOWN = {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL",
         "HEALTHCHECK", "ENTRYPOINT"}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def test_the_dockerfile_has_nothing_that_a_builder_does_not_know() -> None:
    found = instructions()
    assert found[0][0] == "FROM"
    assert {name for name, _ in found} <= KNOWN
    assert not re.search(r":latest|curl|wget|sudo", (ROOT / "Dockerfile").read_text())
    assert re.fullmatch(r"[a-z]+:\d+\.\d+-[a-z-]+", found[0][1])


def test_what_is_copied_is_there_is_let_in_and_is_the_whole_program() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    let_in = [line[1:] for line in ignored if line.startswith("!")]
    copied = set()
    for name, rest in instructions():
        if name == "COPY":
            *sources, _target = rest.split()
            copied |= set(sources)
            for source in sources:
                assert (ROOT / source).exists(), source
                inner = any(source == one or fnmatch(source, f"{one}/*") for one in let_in)
                assert inner, source
    assert "data/private" not in " ".join(let_in)
    # A map's libraries are installed by whoever wants them, on a server.
    later = {f"requirements-{what}.lock" for what in ("walking", "postgres", "s3")}
    assert set(PARTS) - later <= copied


def test_it_runs_as_nobody_in_particular_and_is_asked_whether_it_is_well() -> None:
    found = instructions()
    names = [name for name, _ in found]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert dict(found)["USER"] != "root"
    entry = json.loads(dict(found)["ENTRYPOINT"])
    assert (ROOT / entry[-1]).is_file()
    check = json.loads(dict(found)["HEALTHCHECK"].partition("CMD ")[2])
    assert check[:2] == entry


def test_the_compose_file_holds_the_container_to_its_folders() -> None:
    text = (ROOT / "compose.yml").read_text(encoding="utf-8")
    compose = yaml.safe_load(text)
    (service,) = compose["services"].values()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    volumes = dict(one.split(":") for one in service["volumes"])
    assert set(volumes) == set(compose["volumes"])
    declared = json.loads(dict(instructions())["VOLUME"])
    assert set(volumes.values()) == set(declared)
    room = (ROOT / "forms_app" / "settings").glob("*.py")
    known = "".join(file.read_text(encoding="utf-8") for file in room)
    for name in service["environment"]:
        assert f'"{name}"' in known, name


@pytest.mark.slow
def test_an_office_is_to_be_filled_in_unless_the_sample_is_asked_for_and_never_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "python_of", lambda _root: Path(sys.executable))
    for words, shipped in (((), "starter"), (("--sample",), "community")):
        data = tmp_path / shipped
        monkeypatch.setenv("CIRCLE_DATA", str(data))
        container.make_office(*words)
        own = data / "community" / "circle.yml"
        assert own.read_bytes() == (ROOT / "data" / shipped / "circle.yml").read_bytes()
        own.write_text("ours")
        container.make_office(*words)
        assert own.read_text() == "ours"


def test_where_nothing_answers_the_container_is_not_well() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/deployment/container.py"), "--is-well"],
        env={"PATH": os.environ["PATH"], "CIRCLE_PUBLIC_URL": "https://a.cn/no-such-prefix"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
