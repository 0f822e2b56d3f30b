"""How does one see apicheck at work without an API of one's own?

An example API that keeps every rule a machine can check, and faults that can be planted in it one by one or together.
"""

from apicheck.demo.example import Example, describe, running_example, written_document
from apicheck.demo.faults import PlantedFault, planted_faults, twin

__all__ = ["Example", "PlantedFault", "describe", "planted_faults", "running_example", "twin", "written_document"]
