"""A push service on this machine, and a browser that reads what came through it.

Both are written by the standards (RFC 8291, 8292) and share nothing with what sends.
"""

import json
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from forms_app.notices import http
from forms_app.rules.waking import Woken, packed, unpacked

HOST = "push.example.com"


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(salt: bytes, secret: bytes, told: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, told).derive(secret)


@dataclass
class Browser:
    """One that asked to be woken, with keys of its own."""

    made_for: str
    name: str = "a"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def woken(self) -> Woken:
        point = packed(_point(self.key.public_key()))
        endpoint = f"https://{HOST}/{self.name}"
        return Woken(endpoint, point, packed(self.secret), self.made_for)

    def read(self, body: bytes) -> bytes:
        """What came, unsealed. Raises InvalidTag where it was not for this browser."""
        salt, (size, length) = body[:16], struct.unpack("!IB", body[16:21])
        point, text = body[21 : 21 + length], body[21 + length :]
        assert len(text) <= size
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = self.key.exchange(ec.ECDH(), theirs)
        told = b"WebPush: info\0" + _point(self.key.public_key()) + point
        secret = _derived(self.secret, shared, told, 32)
        key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
        message, end, padding = AESGCM(key).decrypt(nonce, text, None).rpartition(b"\x02")
        assert end
        assert not padding.strip(b"\0")
        return message


def claims(authorization: str) -> dict[str, Any]:
    """What was signed, with the key that it names. Raises InvalidSignature."""
    told = dict(part.strip().split("=", 1) for part in authorization[len("vapid ") :].split(","))
    point = unpacked(told["k"])
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    signed, _, signature = told["t"].rpartition(".")
    raw = unpacked(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    header, body = (json.loads(unpacked(part)) for part in signed.split("."))
    assert header == {"typ": "JWT", "alg": "ES256"}
    return {**body, "k": told["k"]}


@dataclass
class PushService:
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""
    delay_seconds: float = 0
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def push_service(tmp_path: Path, patch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """It is found under HOST by whoever asks for that, and trusted."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.got.append((self.path, headers, body))
            time.sleep(service.delay_seconds)
            try:
                self.send_response(service.status)
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(service.answer)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, *_: object) -> None:
            pass

    certificate = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        lead_to(patch, "127.0.0.1", server.server_address[1])
        patch.setattr(http, "is_public", lambda _address: True)
        trusting = ssl.create_default_context(cafile=certificate)
        patch.setattr(http.ssl, "create_default_context", lambda: trusting)
        yield service
        server.shutdown()


def lead_to(patch: pytest.MonkeyPatch, address: str, port: int = 443) -> None:
    """Has HOST stand for this address, and other names for what they stood for."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = (family, socket.SOCK_STREAM, 6, "", (address, port))
    others = socket.getaddrinfo

    def looked_up(host: Any, *asked: Any, **how: Any) -> Any:
        return [found] if host == HOST else others(host, *asked, **how)

    patch.setattr(http.socket, "getaddrinfo", looked_up)


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "push.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path
