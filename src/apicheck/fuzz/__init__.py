"""How robust is the API: what does it do with everything that its document allows, and with what it does not?"""

from apicheck.fuzz.before import NOTHING, Before, Turn
from apicheck.fuzz.known import Known
from apicheck.fuzz.run import FuzzResult, run
from apicheck.fuzz.terms import Terms

__all__ = ["NOTHING", "Before", "FuzzResult", "Known", "Terms", "Turn", "run"]
