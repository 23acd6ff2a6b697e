"""What a phone needs to put the circle on its first screen: a name, an icon, where it begins."""

import json

from forms_app.community import Circle

ADDRESS = "manifest.webmanifest"
ICON = "static/icon.png"
ICON_PIXELS = 512


def files(circle: Circle) -> dict[str, bytes]:
    """The manifest by path; its addresses are relative, so that it works below any prefix."""
    told = {
        "name": circle.name,
        "short_name": "十分钟服务圈",
        "lang": "zh-CN",
        "start_url": "./",
        "scope": "./",
        "display": "browser",
        "background_color": "#fbf8f1",
        "theme_color": "#0d5546",
        "icons": [
            {"src": "static/favicon.svg", "sizes": "any", "type": "image/svg+xml"},
            {"src": ICON, "sizes": f"{ICON_PIXELS}x{ICON_PIXELS}", "type": "image/png"},
        ],
    }
    return {ADDRESS: json.dumps(told, ensure_ascii=False, indent=1).encode()}
