"""What scripts/start becomes: it answers nothing itself, and stays small."""

import signal
import sys

from forms_app.commands.arguments import start_parser
from forms_app.keeper.keeper import Keeper
from forms_app.keeper.sockets import bind, cannot_listen


def main(argv: list[str]) -> int:
    """Runs until it is told to stop, or no server stays; the exit code."""
    arguments = start_parser().parse_args(argv)
    # From here on they are read one after another, whatever is being done.
    keeper = Keeper([sys.executable, "-P", "-m", "forms_app.serve", *argv])
    try:
        sockets = bind(arguments.host, arguments.port)
    except OSError as error:
        print(cannot_listen(arguments.host, arguments.port, error), file=sys.stderr)
        return 1
    return keeper.run(sockets)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    raise SystemExit(main(sys.argv[1:]))
