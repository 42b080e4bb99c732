"""AWS on the loopback address for measurements: TLS, and answers from a table in memory.

A server of its own, so that a measured process pays for its calls what a client pays: signing, sending and reading.
"""

import json
import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

from botocore import xform_name
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from openhour.adapters import aws

REGION = "eu-west-2"
_SERVICES = {"DynamoDB_20120810": "dynamodb", "secretsmanager": "secretsmanager"}


class _Replaying(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    clients: ClassVar[dict[str, Any]] = {}

    def do_POST(self) -> None:
        target, _, operation = self.headers["X-Amz-Target"].partition(".")
        arguments = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = getattr(self.clients[target], xform_name(operation))(**arguments)
        answer.pop("ResponseMetadata", None)
        body = json.dumps(answer, default=lambda instant: instant.timestamp()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the figures are what is printed."""


@contextmanager
def replaying() -> Iterator[dict[str, str]]:
    """Serve what this process's clients are answered; the environment that leads a function there.

    To be used within moto's mock, so that the answers come from memory.
    """
    os.environ["AWS_DEFAULT_REGION"] = REGION
    _Replaying.clients = {target: aws.client(service) for target, service in _SERVICES.items()}
    with tempfile.TemporaryDirectory() as directory:
        certificate = _certificate(Path(directory))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Replaying)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            address = f"https://127.0.0.1:{server.server_address[1]}"
            yield {"AWS_ENDPOINT_URL": address, "AWS_CA_BUNDLE": str(certificate)}
        finally:
            server.shutdown()
            server.server_close()


def _certificate(directory: Path) -> Path:
    """A certificate for the loopback address with its key, valid for a day."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "replayed AWS")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = directory / "replay.pem"
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path
