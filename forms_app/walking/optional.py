"""What is loaded only when it is asked for: spreadsheets, maps and graphs are heavy."""

import importlib
from types import ModuleType

from forms_app.walking.refusal import WalksRefused

EXTRA = ("osmium", "networkx", "shapely", "numpy")
INSTALL = "python3 scripts/bootstrap.py requirements.lock requirements-walking.lock"


def loaded(name: str) -> ModuleType:
    """One of our modules. Raises WalksRefused where the libraries it needs are not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name not in EXTRA:
            raise
        raise WalksRefused(f"读地图要先装附加软件，请在程序文件夹里运行：{INSTALL}") from None
