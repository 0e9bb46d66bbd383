"""API clients: as a key is looked at, and as the desk shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.core.paging import Page, Place, page
from app.staff.models import Account, ApiClient

NOW = func.clock_timestamp()
SIZE = 25
MOST_KNOWN = 1000
COLUMNS: tuple[Any, ...] = (
    ApiClient.id, ApiClient.name, ApiClient.scopes, ApiClient.sources, ApiClient.prefix, ApiClient.key_hash,
    ApiClient.last_used_at, ApiClient.expires_at, ApiClient.revoked_at,
    func.coalesce(ApiClient.expires_at <= NOW, False), ApiClient.previous_prefix, ApiClient.previous_key_hash,
    ApiClient.previous_until, ApiClient.previous_used_at, func.coalesce(ApiClient.previous_until > NOW, False),
)  # fmt: skip


@dataclass(frozen=True)
class ClientLine:
    """`has_previous` while the key before this one works too."""

    id: int
    name: str
    scopes: list[str]
    sources: list[str]
    prefix: str
    key_hash: bytes
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    has_expired: bool
    previous_prefix: str | None
    previous_key_hash: bytes | None
    previous_until: datetime | None
    previous_used_at: datetime | None
    has_previous: bool

    @property
    def state(self) -> str:
        return "revoked" if self.revoked_at else "expired" if self.has_expired else "active"


@dataclass(frozen=True)
class ListedClient:
    line: ClientLine
    made_at: datetime
    made_by: str | None


def clients() -> list[ClientLine]:
    """API clients, those whose keys work first, then by name; beyond the most that are read only dead ones are missing.

    In a transaction of its own, for a key is looked at before anything else.
    """
    is_dead = or_(ApiClient.revoked_at.is_not(None), func.coalesce(ApiClient.expires_at <= NOW, False))
    wanted = select(*COLUMNS).order_by(is_dead, func.lower(ApiClient.name)).limit(MOST_KNOWN)
    with Session(db.engine, join_transaction_mode="create_savepoint") as asking:
        return [ClientLine(*row) for row in asking.execute(wanted)]


def clients_page(at: Place) -> Page[ListedClient]:
    """The newest first."""
    maker = select(Account.display_name).where(Account.id == ApiClient.created_by).scalar_subquery()
    wanted: Select[Any] = select(*COLUMNS, ApiClient.created_at, maker).limit(SIZE + 1)
    wanted = wanted.order_by(ApiClient.id.asc() if at.backwards else ApiClient.id.desc())
    if at.key:
        wanted = wanted.where(ApiClient.id > at.key[0] if at.backwards else ApiClient.id < at.key[0])
    rows = [ListedClient(ClientLine(*row[:-2]), row[-2], row[-1]) for row in db.session.execute(wanted)]
    return page(rows, at, SIZE, lambda row: (row.line.id,))
