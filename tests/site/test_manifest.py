"""What a phone is told of the circle, to keep it on its first screen."""

import json

from pages.manifest import ADDRESS, ICON, ICON_PIXELS, files
from PIL import Image

from forms_app.community import load
from tests.support.running import ROOT


def test_the_manifest_names_the_circle_and_icons_that_are_there() -> None:
    circle = load(ROOT / "data" / "community")
    told = json.loads(files(circle)[ADDRESS])
    assert told["name"] == circle.name
    assert told["start_url"] == told["scope"] == "./"
    for icon in told["icons"]:
        assert (ROOT / "forms_app" / icon["src"]).is_file()
    with Image.open(ROOT / "forms_app" / ICON) as image:
        assert image.size == (ICON_PIXELS, ICON_PIXELS)
