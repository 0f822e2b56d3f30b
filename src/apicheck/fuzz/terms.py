"""What was agreed about one run?"""

from __future__ import annotations

from dataclasses import dataclass, field

from apicheck.budget import Budget
from apicheck.courtesy import USER_AGENT
from apicheck.credentials import Keyring
from apicheck.leave import Leave
from apicheck.model import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a run may do to an API, and how it can be done again.

    Args:
        base_url: where the paths of the document start; no request leaves its origin and path.
        headers: sent with every request.
        keyring: what makes the API know us, as for the probes.
        user_agent: how we introduce ourselves.
        mode: whether the run may write; whoever allows that has seen a consent record.
        leave: what may be sent, shared with the probes; what the mode allows when absent.
        seed: the same seed sends the same requests to the same server.
        budget: what may be asked in all, together with the probes.
        rate: requests per second at most; lowered for good whenever the server asks us to slow down.
        request_timeout: seconds that the server may be silent.
    """

    base_url: str
    headers: tuple[tuple[str, str], ...] = ()
    keyring: Keyring = field(default_factory=Keyring)
    user_agent: str = USER_AGENT
    mode: Mode = Mode.READ_ONLY
    leave: Leave | None = None
    seed: int = 1
    budget: Budget = field(default_factory=Budget)
    rate: float = 20.0
    request_timeout: float = 10.0

    @property
    def allowed(self) -> Leave:
        """What may be sent."""
        return self.leave or Leave(self.base_url, self.mode)
