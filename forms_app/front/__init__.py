"""The server: every connection has its deadlines, and no body is kept that its page does not take.

Waitress reads and parses; here stands what it leaves open to whoever comes slowly, silently, or
with too much. It knows no page: what a request may carry is told to it.
"""

from forms_app.front.server import Front, listen
