"""A company's network on loopback: an authority of its own, servers with its certificates, and a proxy in the middle.

Everything is real: certificates are made when a test runs, the proxy speaks CONNECT (RFC 9110, 9.3.6) and asks for a
password as RFC 7617 says, and an intercepting one opens the TLS connection and makes a certificate for the host asked.
"""

from __future__ import annotations

import base64
import datetime
import ipaddress
import socket
import ssl
import struct
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_PEM = serialization.Encoding.PEM
_PLAIN = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()


class Authority:
    """A root certificate and what it signs. `root` is its certificate in a PEM file."""

    def __init__(self, folder: Path, *, organisation: str) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{organisation} Root"),
        ])  # fmt: skip
        made = (
            _begun(self._name, self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.root = folder / f"{organisation}.pem"
        self.root.write_bytes(made.public_bytes(_PEM))

    def issue(self, host: str, *, to_person: bool = False) -> Path:
        """Certificate and key for the server `host`, or for a person of that name, in one PEM file."""
        use = ExtendedKeyUsageOID.CLIENT_AUTH if to_person else ExtendedKeyUsageOID.SERVER_AUTH
        key = ec.generate_private_key(ec.SECP256R1())
        name: x509.GeneralName = x509.DNSName(host)
        with suppress(ValueError):
            name = x509.IPAddress(ipaddress.ip_address(host))
        made = (
            _begun(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), self._name, key.public_key())
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        file = Path(tempfile.mkdtemp(dir=self._folder)) / "server.pem"
        file.write_bytes(made.public_bytes(_PEM) + key.private_bytes(_PEM, *_PLAIN))
        return file


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=signs, crl_sign=signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


class Proxy:
    """A running CONNECT proxy that leads every host to one port of this computer.

    Args:
        to: the port every tunnel ends at.
        password: "user:password" that it wants; None for none.
        offers: its `Proxy-Authenticate` headers when it wants something.
        refuses: a status it answers every CONNECT with, such as "403 Forbidden".
        intercepts: opens every TLS connection with a certificate of this authority.

    Attributes:
        asked: of every CONNECT: the host, and the credentials that came with it ("" for none).
    """

    def __init__(
        self,
        *,
        to: int,
        password: str | None = None,
        offers: tuple[str, ...] = ('Basic realm="Company"',),
        refuses: str = "",
        intercepts: Authority | None = None,
    ) -> None:
        self.asked: list[tuple[str, str]] = []
        self._to, self._password, self._offers = to, password, offers
        self._refuses, self._intercepts = refuses, intercepts
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _serve(self) -> None:
        while True:
            client, _ = self._listening.accept()
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client, suppress(OSError, ssl.SSLError):
            while True:
                head = self._head(client)
                if not head:
                    return
                lines = head.decode("latin-1").split("\r\n")
                host = lines[0].split(" ")[1].rpartition(":")[0]
                named = dict(line.partition(": ")[::2] for line in lines[1:])
                credentials = {name.lower(): value for name, value in named.items()}.get("proxy-authorization", "")
                self.asked.append((host, credentials))
                if self._refuses:
                    client.sendall(f"HTTP/1.1 {self._refuses}\r\nContent-Length: 0\r\n\r\n".encode())
                elif self._password is not None and credentials != self._right():
                    wanted = "".join(f"Proxy-Authenticate: {each}\r\n" for each in self._offers)
                    client.sendall(
                        f"HTTP/1.1 407 Proxy Authentication Required\r\n{wanted}Content-Length: 0\r\n\r\n".encode()
                    )
                else:
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    self._tunnel(client, host)
                    return

    def _right(self) -> str:
        return "Basic " + base64.b64encode((self._password or "").encode()).decode()

    @staticmethod
    def _head(client: socket.socket) -> bytes:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            part = client.recv(1)
            if not part:
                return b""
            head += part
        return head

    def _tunnel(self, client: socket.socket, host: str) -> None:
        with socket.create_connection(("127.0.0.1", self._to)) as server:
            near, far = client, server
            if self._intercepts is not None:
                showing = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                showing.load_cert_chain(self._intercepts.issue(host))
                believing = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                believing.check_hostname = False
                believing.verify_mode = ssl.CERT_NONE
                near = showing.wrap_socket(client, server_side=True)
                far = believing.wrap_socket(server, server_hostname=host)
            back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
            back.start()
            self._pump(near, far)
            back.join(10)

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError, ValueError):
            while part := source.recv(65_536):
                target.sendall(part)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class SocksProxy:
    """A running SOCKS5 proxy (RFC 1928, and 1929 for a password) that leads every host to one port of this computer.

    Args:
        to: the port every connection ends at.
        password: "user:password" that it wants; None for none.
        refuses: what it answers every CONNECT with, such as "not allowed"; in the greeting's place where it is no
            SOCKS5 answer.

    Attributes:
        asked: of every CONNECT: the host, and the credentials that came before it ("" for none).
    """

    def __init__(self, *, to: int, password: str | None = None, refuses: bytes | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self._to, self._password, self._refuses = to, password, refuses
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"socks5://127.0.0.1:{self.port}"

    def _serve(self) -> None:
        while True:
            client, _ = self._listening.accept()
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client, suppress(OSError, struct.error), client.makefile("rb") as heard:
            offered = heard.read(struct.unpack("!BB", heard.read(2))[1])
            if self._refuses is not None and not self._refuses.startswith(b"\x05"):
                client.sendall(self._refuses)
                return
            method = 0 if self._password is None else 2
            if method not in offered:
                client.sendall(b"\x05\xff")
                return
            client.sendall(bytes([5, method]))
            credentials = ""
            if method == 2:
                heard.read(1)
                credentials = ":".join(heard.read(heard.read(1)[0]).decode() for _ in range(2))
                client.sendall(b"\x01\x00" if credentials == self._password else b"\x01\x01")
            kind = heard.read(4)[3]
            host = heard.read(heard.read(1)[0]).decode() if kind == 3 else socket.inet_ntoa(heard.read(4))
            heard.read(2)
            self.asked.append((host, credentials))
            client.sendall(self._refuses or b"\x05\x00\x00\x01\0\0\0\0\0\0")
            if self._refuses is None:
                with socket.create_connection(("127.0.0.1", self._to)) as server:
                    back = threading.Thread(target=Proxy._pump, args=(server, client), daemon=True)
                    back.start()
                    Proxy._pump(client, server)
                    back.join(10)
