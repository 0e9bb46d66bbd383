"""Forgetting what nobody needs any more: old sign-ins and answers, dead links, wrong passwords. The audit log stays."""

from app.core.jobs import Every
from app.staff import service


def forget_old() -> bool:
    return service.forget_old()


STEPS = (Every(600, forget_old),)
