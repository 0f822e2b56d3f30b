"""apicheck: does an API do what the Dutch public sector agreed on, and what proves it?"""

__version__ = "0.1.0"
