"""Where everything lies and what the environment says. Checked once before anything starts.

It knows no database, no web and none of the community's data. Secrets stay out of its `repr` and
out of its sentences.
"""

from forms_app.settings.folders import data_folder as data_folder
from forms_app.settings.folders import is_office as is_office
from forms_app.settings.folders import office_folder as office_folder
from forms_app.settings.refused import CodeKeyLost as CodeKeyLost
from forms_app.settings.refused import ContactKeyLost as ContactKeyLost
from forms_app.settings.refused import SettingRefused as SettingRefused
from forms_app.settings.settings import Settings as Settings
from forms_app.settings.settings import need_limits as need_limits
