"""Start the sandbox alone: ``python -m sandbox``."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from .server import Sandbox


def main() -> None:
    """Serve until interrupted; print one line of JSON with the addresses when ready."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="https port (0: any)")
    parser.add_argument("--web-port", type=int, default=0, help="http port of the pages (0: any)")
    parser.add_argument("--ca-dir", type=Path, help="keep the certificate authority in this folder")
    parser.add_argument(
        "--state", type=Path, help="JSON with apps, mailboxes and options to begin with"
    )
    given = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with Sandbox(port=given.port, web_port=given.web_port, ca_dir=given.ca_dir) as sandbox:
        if given.state:
            sandbox.state.seed(json.loads(given.state.read_text()))
        ready = {
            "https_url": sandbox.https_url,
            "http_url": sandbox.http_url,
            "ca_file": sandbox.ca_file,
        }
        print(json.dumps(ready), flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
