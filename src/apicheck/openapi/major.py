"""Which segment of a path tells the major version, as /core/uri-version has it?"""

from __future__ import annotations

import re
from typing import Final

MAJOR: Final = re.compile(r"v(0|[1-9][0-9]*)")
"""A whole segment: the letter and the number, without leading zeros."""
MORE_THAN_MAJOR: Final = re.compile(r"v[0-9]+[.\-_].*", re.DOTALL)
"""A whole segment that tells more of the version than the rule allows, such as ``v1.2``."""
