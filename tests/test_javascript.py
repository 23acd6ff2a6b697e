"""The scripts of the pages hold what their types say, and nothing that a linter knows as a mistake.

Both tools are for development alone: the scripts are served as they lie there, without a build.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, missing
from tests.support.web import House

pytestmark = pytest.mark.slow

TOOLS = ROOT / "tests" / "javascript"
STATIC = ROOT / "forms_app" / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))


def run(tool: str, *arguments: str | Path) -> str:
    """What a tool finds; nothing where all is well."""
    program = TOOLS / "node_modules" / ".bin" / tool
    if not shutil.which("node") or not program.exists():
        missing(f"{tool} is not installed: npm ci in tests/javascript")
    done = subprocess.run(
        [program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def lint(*files: Path) -> str:
    return run("biome", "lint", f"--config-path={TOOLS}", "--error-on-warnings", *files)


@pytest.fixture(params=["/staff/sw.js", "/issues/sw.js"])
def worker(request: pytest.FixtureRequest, house: House, tmp_path: Path) -> Path:
    """A worker as a phone gets it: its template alone is no script."""
    path = tmp_path / "sw.js"
    path.write_text(house.visitor().get(request.param).text, encoding="utf-8")
    return path


def check_types(folder: Path, *files: Path, library: str) -> str:
    """What is wrong with the types of a folder's scripts, by the rules of all the others."""
    own = {
        "extends": str(TOOLS / "tsconfig.json"),
        "compilerOptions": {"lib": ["ES2019", library]},
        "files": [str(file) for file in files],
        "include": [],
    }
    (folder / "tsconfig.json").write_text(json.dumps(own), encoding="utf-8")
    return run("tsc", "-p", folder)


def test_the_linter_finds_no_mistake_in_any_script() -> None:
    assert len(SCRIPTS) > 12
    assert lint(*SCRIPTS) == ""


def test_every_script_holds_what_its_types_say() -> None:
    assert run("tsc", "-p", TOOLS) == ""


def test_the_worker_is_linted_and_its_types_hold(worker: Path) -> None:
    assert lint(worker) == ""
    assert check_types(worker.parent, worker, library="WebWorker") == ""


def test_both_tools_see_what_is_wrong(tmp_path: Path) -> None:
    script = tmp_path / "wrong.js"
    script.write_text(
        'document.querySelector("main").hidden = true;\n'
        "const late = (given) => given.at(-1);\n"
        "if (late([1]) == 1) debugger;\n",
        encoding="utf-8",
    )
    found = lint(script)
    assert "noDoubleEquals" in found
    assert "noDebugger" in found
    types = check_types(tmp_path, script, library="DOM")
    assert "possibly 'null'" in types
    assert "implicitly has an 'any' type" in types


def test_the_types_see_a_name_of_another_script_that_is_not_there(tmp_path: Path) -> None:
    script = tmp_path / "wrong.js"
    script.write_text("{ Device.forget(); Elsewhere.look(); }\n", encoding="utf-8")
    found = check_types(tmp_path, TOOLS / "known.d.ts", STATIC / "device.js", script, library="DOM")
    assert "Property 'forget' does not exist" in found
    assert "Cannot find name 'Elsewhere'" in found
