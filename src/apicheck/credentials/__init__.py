"""How does an API know who we are, and how do we stay nobody when that is asked?"""

from apicheck.credentials.config import Scheme, sourced
from apicheck.credentials.keyring import Demand, Keyring, Pass

__all__ = ["Demand", "Keyring", "Pass", "Scheme", "sourced"]
