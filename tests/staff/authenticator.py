"""A passkey's device in Python: it makes ES256 keys and signs with them as a browser would hand it on."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as coded

PRESENT, UNLOCKED, NEW = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """`flags` say that its owner touched and unlocked it; `count` goes up with every signature unless it is 0."""

    origin: str = "http://localhost:8000"
    site: str = "localhost"
    flags: int = PRESENT | UNLOCKED
    count: int = 1
    credential_id: bytes = b"a credential of tests"
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def make(self, options: str) -> str:
        """The answer to `create`."""
        credential = len(self.credential_id).to_bytes(2, "big") + self.credential_id + self._public()
        data = self._data(self.flags | NEW) + bytes(16) + credential
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._answer(attestationObject=coded(attested), clientDataJSON=coded(client), transports=["internal"])

    def sign(self, options: str) -> str:
        """The answer to `get`."""
        self.count += 1 if self.count else 0
        data, client = self._data(self.flags), self._client("webauthn.get", options)
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            authenticatorData=coded(data), clientDataJSON=coded(client), signature=coded(signature), userHandle=None
        )

    def _answer(self, **response: Any) -> str:
        name = coded(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _client(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        return sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
