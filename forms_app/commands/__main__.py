"""What `scripts/circle` starts: whoever presses Ctrl-C while the program is still being read, a
second or two on a small server, is answered as later on.
"""

import sys

from forms_app.commands.arguments import tell_interrupted

try:
    from forms_app.commands import cli
    from forms_app.logs import keep_values_out

    keep_values_out()  # the server writes what a command says into its log
    code = cli.main(sys.argv[1:])
except KeyboardInterrupt:
    code = tell_interrupted()
raise SystemExit(code)
