"""Commands about what sources call our tokens."""

import re

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.audit.rules import Actor
from app.audit.service import record
from app.core.errors import Refusal
from app.core.extensions import db
from app.market.models import Listing, Token

SOURCE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
NAME = re.compile(r"[!-~]{1,128}")


def list_token(source: str, name: str, mint: str, *, by: Actor) -> str | None:
    """From now on the source's `name` means this token. Returns the name it had there before."""
    if not SOURCE.fullmatch(source) or not NAME.fullmatch(name):
        raise Refusal(f"{source} {name} is no name of a source and a token there.", "Write both without spaces.")
    token = db.session.execute(select(Token.id, Token.symbol).where(Token.mint == mint).with_for_update()).one_or_none()
    if token is None:
        raise Refusal(f"No token has the mint {mint}.", "Name the mint of a token that is known here.")
    owner = select(Token.symbol).join(Listing, Listing.token_id == Token.id)
    other = owner.where(Listing.source == source, Listing.name == name, Token.id != token.id)
    if (taken := db.session.scalars(other).one_or_none()) is not None:
        raise Refusal(f"{source} already calls {taken} {name}.", f"Give {taken} another name there first.")
    mine = Listing.source == source, Listing.token_id == token.id
    before = db.session.scalars(select(Listing.name).where(*mine).with_for_update()).one_or_none()
    put_listing(source, name, token.id)
    record(
        "market:listing:set", object_type="token", object_id=mint, by=by,
        before={"source": source, "name": before} if before else None, after={"source": source, "name": name},
    )  # fmt: skip
    db.session.commit()
    return before


def put_listing(source: str, name: str, token_id: int) -> None:
    """Without a commit: the caller's command goes on."""
    row = insert(Listing).values(source=source, name=name, token_id=token_id)
    db.session.execute(
        row.on_conflict_do_update(index_elements=[Listing.source, Listing.token_id], set_={"name": name})
    )
