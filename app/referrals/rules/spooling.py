"""A click as one line of a file, and back."""

import json
from uuid import UUID

from app.referrals.rules.clicks import Clicked, Hashes

FILE_NAME = "clicks.spool"


def to_line(click: Clicked) -> bytes:
    hashes = click.hashes
    told = [
        click.id.hex, click.code, click.source, click.campaign, click.fault, click.is_bare,
        [hashes.epoch, hashes.address.hex(), hashes.agent.hex(), hashes.network.hex()],
        [one.hex() for one in click.fingerprints],
    ]  # fmt: skip
    return json.dumps(told, separators=(",", ":")).encode()


def from_line(line: bytes) -> Clicked | None:
    """None of a line that was cut short: nobody was told that it is kept."""
    try:
        number, code, source, campaign, fault, bare, (epoch, *hashes), fingerprints = json.loads(line)
        address, agent, network = map(bytes.fromhex, hashes)
        return Clicked(
            UUID(number), code, source, campaign, fault, bare, Hashes(epoch, address, agent, network),
            tuple(map(bytes.fromhex, fingerprints)),
        )  # fmt: skip
    except ValueError:
        return None
