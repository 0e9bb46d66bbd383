"""No test fails on time alone: machines are shared, and one example of many may take long on a busy one."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
