"""The devices of a person in tests: an app that shows codes (RFC 6238), and a passkey (WebAuthn, ES256)."""

import base64
import hashlib
import hmac
import json
import secrets
import struct
import time
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

HOST, ORIGIN = "testserver", "https://testserver"
USER_PRESENT, USER_VERIFIED, NEW_KEY = 0x01, 0x04, 0x40


def app_code(secret: str, *, steps: int = 0) -> str:
    """The six digits of now, or of so many half minutes later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Passkey:
    """One key pair. `create` and `get` answer what the page was given, as static/js/passkey.js would."""

    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user: bytes = b""

    def create(self, options: dict) -> str:
        options = options["publicKey"]
        self.user = base64.urlsafe_b64decode(options["user"]["id"] + "==")
        point = self.key.public_key().public_numbers()
        cose = cbor.encode({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        known = bytes(16) + struct.pack(">H", len(self.number)) + self.number + cose
        about = self._about(USER_PRESENT | USER_VERIFIED | NEW_KEY) + known
        client = self._client("webauthn.create", options["challenge"])
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": about})
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(attestation)})

    def get(self, options: dict) -> str:
        about = self._about(USER_PRESENT | USER_VERIFIED)
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        signature = self.key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"clientDataJSON": _text(client), "authenticatorData": _text(about), "signature": _text(signature),
             "userHandle": _text(self.user)}
        )  # fmt: skip

    def _about(self, flags: int) -> bytes:
        return hashlib.sha256(HOST.encode()).digest() + struct.pack(">BI", flags, 1)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": ORIGIN}).encode()

    def _answer(self, response: dict) -> str:
        answer = {"id": _text(self.number), "rawId": _text(self.number), "type": "public-key", "response": response,
                  "clientExtensionResults": {}}  # fmt: skip
        return json.dumps(answer)
