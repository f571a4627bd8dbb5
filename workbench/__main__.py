"""Command line of the workbench: `python3 -m workbench <command>`; `make` calls the same."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Callable, Sequence

from . import children, commands
from .cache import VARIABLE, Cache
from .console import DISK_FULL, Failure, complain

Command = Callable[[Cache, argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """Describe every command."""
    top = argparse.ArgumentParser(prog="python3 -m workbench", description=__doc__)
    kinds = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (function, text) in commands.COMMANDS.items():
        kind = kinds.add_parser(name, help=text, description=text, allow_abbrev=False)
        kind.set_defaults(function=function)
        for flags, options in commands.OPTIONS.get(name, ()):
            kind.add_argument(*flags, **options)
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; whatever a person can mend ends in one plain sentence."""
    reader = parser()
    options, rest = reader.parse_known_args(words)
    if rest and options.command not in commands.PASS_ON:
        reader.error(f"{options.command} does not know: {' '.join(rest)}")
    options.rest = rest[1:] if rest[:1] == ["--"] else rest
    children.obey_signals()
    cache = Cache.locate()
    try:
        return int(options.function(cache, options))
    except Failure as failure:
        # Not every program says why it failed: a full disk is looked for, too.
        complain(DISK_FULL if cache.is_full() else str(failure))
    except KeyboardInterrupt:
        complain("stopped.")
        return 130
    except OSError as err:
        complain(_sentence(err))
    return 1


def _sentence(err: OSError) -> str:
    if err.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    where = f" ({err.filename})" if err.filename else ""
    return f"The system refused{where}: {err.strerror}. Set {VARIABLE} to a folder of your own."


if __name__ == "__main__":
    sys.exit(main())
