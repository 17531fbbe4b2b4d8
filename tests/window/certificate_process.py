"""Scenarios of the sign-in browser with certificates that say too little, and with servers that want one.

    python -m tests.window.certificate_process SCENARIO

They run as those of `browser_process` do.
"""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.window import browser_process
from tests.window.browser_outside import trust
from tests.window.browser_process import Run
from tests.window.secure_network import Authority


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<h1>Signed in</h1>")

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A refused handshake is what is wanted here."""


def serve(context: ssl.SSLContext) -> int:
    """Serves a page over TLS as `context` says; returns the port."""
    server = _Server(("127.0.0.1", 0), _Page)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def client_certificate(_: str) -> Run:
    """A trusted server that lets nobody in without a certificate of their own."""
    folder = Path(tempfile.mkdtemp())
    authority = Authority(folder, organisation="Sajten")
    trust(authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue("127.0.0.1"))
    context.load_verify_locations(authority.root)
    context.verify_mode = ssl.CERT_REQUIRED
    # With TLS 1.3 the handshake ends before the server looks, and whether its refusal or its hanging up is seen first
    # is a matter of luck.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    run = Run()
    run.open(f"https://127.0.0.1:{serve(context)}/")
    run.wait("stopped")
    return run


def nameless(_: str) -> Run:
    """A certificate that names nobody as its issuer."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = Path(tempfile.mkdtemp()) / "server.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        certificate.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    run = Run()
    run.open(f"https://127.0.0.1:{serve(context)}/")
    run.wait("stopped")
    return run


if __name__ == "__main__":
    for _scenario in (client_certificate, nameless):
        setattr(browser_process, _scenario.__name__, _scenario)
    sys.exit(browser_process.main())
