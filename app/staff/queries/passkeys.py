"""Reading passkeys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.extensions import db
from app.staff.models import Passkey


@dataclass(frozen=True)
class PasskeyLine:
    id: int
    name: str
    credential_id: bytes
    made_at: datetime
    used_at: datetime | None


def passkeys_of(account_id: int) -> list[PasskeyLine]:
    """An account's passkeys, oldest first; there are never many."""
    columns = (Passkey.id, Passkey.name, Passkey.credential_id, Passkey.made_at, Passkey.used_at)
    rows = db.session.execute(select(*columns).where(Passkey.account_id == account_id).order_by(Passkey.id))
    return [PasskeyLine(*row) for row in rows]
