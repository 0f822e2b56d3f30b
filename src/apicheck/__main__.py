"""What does ``python -m apicheck`` do? The same as ``apicheck``."""

from apicheck.cli import main

main()
