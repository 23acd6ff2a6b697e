"""A small site of two pages that MkDocs really builds, and that tells what its build saw."""

from datetime import UTC, datetime

import pytest

from forms_app.settings import Settings

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

MKDOCS = """
site_name: 示例
docs_dir: site/docs
theme:
  name: null
  custom_dir: site/overrides
hooks: [site/hooks.py]
plugins: []
"""

TEMPLATE = """<!doctype html>
<html lang="zh-CN"><head><title>{{ page.title }}</title></head>
<body><nav>menu</nav><main>{{ page.content }}</main></body></html>
"""


# Writes what the build sees of its surroundings, and waits where a test asks for it.
HOOKS = """
import json, os, time
from pathlib import Path


def on_config(config):
    config.site_url = os.environ.get("CIRCLE_PUBLIC_URL", "") + "/"

def on_post_build(config):
    root = Path(config.config_file_path).parent
    if (root / "told").exists():
        Path(os.environ["SITE_TOLD"]).write_text((root / "told").read_text())
    seen = json.dumps(dict(os.environ))
    (root / "seen.json").write_text(seen)
    if (root / "wait").exists():
        (root / "building").write_text(str(os.getpid()))
        while (root / "wait").exists():
            time.sleep(0.02)
"""


@pytest.fixture
def site(settings: Settings) -> Settings:
    """A small site of two pages that MkDocs really builds."""
    docs = settings.root / "site" / "docs"
    docs.mkdir(parents=True)
    (settings.root / "mkdocs.yml").write_text(MKDOCS)
    (docs / "index.md").write_text("# 首页\n\n欢迎。\n")
    (docs / "near.md").write_text("# 身边\n\n" + "老人助餐点。\n" * 200)
    overrides = settings.root / "site" / "overrides"
    overrides.mkdir()
    (overrides / "main.html").write_text(TEMPLATE)
    (settings.root / "site" / "hooks.py").write_text(HOOKS)
    return settings


def page(settings: Settings, path: str = "index.html") -> str:
    return (settings.build / "site" / path).read_text()


def edit(settings: Settings, words: str) -> None:
    (settings.root / "site" / "docs" / "index.md").write_text(f"# 首页\n\n{words}\n")
