"""What does ``apicheck`` do when it is started, also as ``python -m apicheck``?"""

from __future__ import annotations

import gc


def main() -> None:
    """Load the command line and run it. What was loaded stays, so no collection of garbage needs to look at it, then or later."""
    gc.disable()
    from apicheck import cli  # noqa: PLC0415  # all that is loaded is loaded by this

    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
