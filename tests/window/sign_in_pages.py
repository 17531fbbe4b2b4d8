"""A server of small pages, each of which does one thing a sign-in page might do. It writes down every request."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CODE = "code-that-must-not-leave"


def page(body: str) -> bytes:
    return f"<!doctype html><title>Title</title><body style='background:#fff'><h1>Sign in</h1>{body}".encode()


def script(text: str) -> bytes:
    return page(f"<script>{text}</script>")


class Pages:
    """The running server. `requests` holds (method, path with query, headers) of everything it was asked.

    With `asks_by`, a file of authorities, it asks every visitor for a certificate and takes none as well;
    `certificates` holds what was given with each request.
    """

    def __init__(
        self, *, certificate: Path | None = None, asks_by: Path | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.certificates: list[Any] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.answer(self)

            def log_message(self, *_words: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        self._host = f"[{host}]" if ":" in host else host
        self._server = Server((host, 0), Handler)
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            if asks_by:
                context.verify_mode = ssl.CERT_OPTIONAL
                context.load_verify_locations(asks_by)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "https" if certificate else "http"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_port

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self._host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.requests]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.append((handler.command, handler.path, dict(handler.headers.items())))
        if isinstance(handler.connection, ssl.SSLSocket):
            self.certificates.append(handler.connection.getpeercert() or None)
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        to = query.get("to", "")
        headers = {"Content-Type": "text/html; charset=utf-8"}
        status, body = 200, page("")
        match parts.path:
            case "/redirect":
                status, body = int(query.get("status", "302")), b""
                headers["Location"] = to
            case "/post":
                body = page(
                    f"<form method=post action='/redirect?status={query['status']}&to={query['escaped']}'>"
                    "<input name=a value=b></form><script>document.forms[0].submit()</script>"
                )
            case "/script":
                body = script(f"location.href={to!r}")
            case "/blank":
                body = f"<!doctype html><body><script>setTimeout(()=>location.href={to!r},300)</script>".encode()
            case "/frame":
                body = page(f"<iframe src='{to}'></iframe>")
            case "/link":
                body = page(
                    f"<a href='{to}' target='{query.get('target', '_self')}'"
                    " style='position:fixed;inset:0;background:#def'>Go</a>"
                )
            case "/open":
                body = script(f"window.child=window.open({to!r})")
            case "/opened":
                body = script(
                    "addEventListener('message',e=>{if(e.data=='done')location.href=" + repr(to) + "});"
                    "window.open('/inner')"
                )
            case "/inner":
                body = script("opener.postMessage('done','*');setTimeout(()=>close(),200)")
            case "/do":
                body = script(query["js"])
            case "/cookie":
                headers["Set-Cookie"] = "session=old; Path=/"
                body = script("localStorage.setItem('a','b')")
            case "/download":
                headers |= {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
                body = b"file"
            case "/empty":
                body = b""
            case "/fault":
                status = 503
            case "/unauthorised":
                status, body = 401, page("Wrong password")
            case "/leads-on":
                status, body = 403, script("setTimeout(()=>location.href='/after',200)")
            case "/login-box":
                status, body = 401, b""
                headers["WWW-Authenticate"] = "Basic realm=x"
            case "/cut":
                handler.close_connection = True
                return
            case "/slow":
                threading.Event().wait(5)
            case "/nothing":
                status, body = 204, b""
            case "/shell":
                body = f"<!doctype html><body><script src='/late.js?{parts.query}'></script>".encode()
            case "/late.js":
                threading.Event().wait(float(query["seconds"]))
                headers["Content-Type"] = "text/javascript"
                body = b"document.body.innerHTML='<h1>Sign in</h1>'"
            case "/favicon.ico":
                status, body = 404, b""
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def self_signed(folder: Path, *, issuer: str) -> Path:
    """A certificate for 127.0.0.1 from an authority `issuer` that nobody trusts, with its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named("127.0.0.1"))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(authority, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file
