"""Which faults can be planted in the example API, and what must find each of them?"""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError, field_validator

from apicheck.catalogue import DEFAULT, read
from apicheck.errors import UnusableCatalogue
from apicheck.model import CheckRef, Frozen, Text
from apicheck.resources import resource


class PlantedFault(Frozen):
    """One deliberate fault: what it changes, the rule that must fail for it and the check that must find it.

    Without a ``rule`` it is one that no standard speaks of, and is to be told beside it. ``document`` is a JSON merge patch (RFC
    7396) on the example's document; ``server`` says whether the server has a switch with the name of the fault. ``token`` goes
    along as our own. ``twin`` marks the faults that are planted together in the broken twin. ``standard`` is the edition that the
    fault is judged by.
    """

    name: str
    title: Text
    rule: str | None = None
    found_by: CheckRef
    document: dict[str, Any] = Field(default_factory=dict)
    server: bool = False
    token: str | None = None
    twin: bool = False
    standard: str = DEFAULT

    @field_validator("found_by", mode="before")
    @classmethod
    def _as_in_a_rule_file(cls, value: Any) -> Any:
        """Take ``{lint: name}``, as a rule file binds to a check."""
        if not isinstance(value, dict):
            return value
        ((source, check),) = value.items()
        return {"source": source, "check": check}


def planted_faults() -> tuple[PlantedFault, ...]:
    """Return every fault that can be planted.

    Raises:
        UnusableCatalogue: the file that describes them is not as it should be.
    """
    file = resource("examples") / "gebouwen" / "faults.yaml"
    try:
        return tuple(PlantedFault.model_validate({"name": name, **described}) for name, described in read(file).items())
    except (TypeError, ValidationError) as error:
        raise UnusableCatalogue("unusable-rule", file=file, error=error) from None


def twin() -> tuple[PlantedFault, ...]:
    """Return the faults of the broken twin: none of them hides another."""
    return tuple(fault for fault in planted_faults() if fault.twin)
