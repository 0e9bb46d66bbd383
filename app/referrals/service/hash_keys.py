"""The keys under which addresses are hashed: made in time, and forgotten with everything under them."""

import json
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.extensions import db, settings
from app.core.keys import SealBroken, seal, unseal
from app.referrals.models import Device, HashKey
from app.referrals.rules.hashing import matching_epochs, oldest_kept

PURPOSE = "hash key"
FILE_NAME = "hash_keys"

Keys = Mapping[int, bytes]


def matching_keys() -> Keys:
    """Of this epoch and the one before, from the database; one that is missing is made. Noted for when it is away."""
    now = database_now()
    newest = matching_epochs(now)[0]
    found = _stored(now)
    if newest not in found:
        make_key(newest, by=SYSTEM)
        found = _stored(now)
    _note(found)
    return found


def noted_keys() -> Keys:
    """What was noted on this machine, without the database. Raises SQLAlchemyError when nothing was."""
    try:
        told = json.loads(unseal(PURPOSE, _file().read_bytes()))
    except (OSError, ValueError, SealBroken) as error:
        raise SQLAlchemyError("no hash keys are noted on this machine") from error
    return {int(epoch): bytes.fromhex(key) for epoch, key in told.items()}


def make_key(epoch: int, *, by: Actor) -> None:
    """Of several who make it at once, the first one's counts."""
    sealed = seal(PURPOSE, secrets.token_hex(32))
    made = insert(HashKey).values(epoch=epoch, sealed=sealed).on_conflict_do_nothing().returning(HashKey.epoch)
    if db.session.execute(made).one_or_none() is not None:
        record("referrals:hash_key:make", object_type="hash_key", object_id=epoch, by=by)
    db.session.commit()


def forget_keys(now: datetime, *, by: Actor) -> int:
    """Deletes keys 90 days after their epoch, and where people were seen under them; how many keys."""
    oldest = oldest_kept(now)
    gone = db.session.scalars(delete(HashKey).where(HashKey.epoch < oldest).returning(HashKey.epoch)).all()
    if gone:
        devices = db.session.execute(delete(Device).where(Device.key_epoch < oldest).returning(Device.id)).all()
        record(
            "referrals:hash_key:forget", object_type="hash_key", object_id=max(gone), by=by,
            before={"keys": len(gone), "devices": len(devices)},
        )  # fmt: skip
    db.session.commit()
    return len(gone)


def _stored(now: datetime) -> dict[int, bytes]:
    found = select(HashKey.epoch, HashKey.sealed).where(HashKey.epoch.in_(matching_epochs(now)))
    return {row.epoch: bytes.fromhex(unseal(PURPOSE, row.sealed)) for row in db.session.execute(found)}


def _note(keys: Keys) -> None:
    path = _file()
    told = json.dumps({epoch: key.hex() for epoch, key in sorted(keys.items())})
    if path.exists() and _told(path) == told:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{FILE_NAME}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(seal(PURPOSE, told))
    draft.replace(path)


def _told(path: Path) -> str | None:
    try:
        return unseal(PURPOSE, path.read_bytes())
    except (OSError, SealBroken):
        return None


def _file() -> Path:
    return settings().instance_path / FILE_NAME
