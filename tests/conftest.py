"""A property holds or it does not: how long an example takes on a busy machine says nothing about it."""

from hypothesis import settings

settings.register_profile("whatever-the-machine", deadline=None)
settings.load_profile("whatever-the-machine")
