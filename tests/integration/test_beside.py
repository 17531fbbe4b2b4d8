"""Files beside the integration file: the logo and the client secret's file."""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from assistant.integration import LogoKind, check_integration, read_integration, take_client_secret
from assistant.integration.logo import LogoError, checked_logo
from assistant.language import Language
from assistant.problems import ProblemError
from tests.integration.files import GONE, Check, Write

ENGLISH = Language("en")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
)
FILE_SECRET = {"client_secret": {"from": "file", "path": "secret.txt"}, "relay": GONE}
NOT_PLAIN = [
    "../logo.svg",
    "..",
    ".",
    ".hidden",
    "/etc/passwd",
    "folder/logo.svg",
    "folder\\logo.svg",
    "C:\\logo.svg",
    "C:logo.svg",
    "\\\\server\\share\\logo.svg",
    "logo.svg:stream",
    "logo\0.svg",
    "logo.svg\n",
    "logo.svg.",
    "logo.svg ",
    "CON",
    "nul.svg",
    "COM1.txt",
    "lpt9",
    "aux .txt",
    "~/logo.svg",
    "%TEMP%",
    "$HOME",
    "",
    "x" * 101,
]


def png(width: int = 4, height: int = 4, *, end: bool = True) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * (width + 1) * height) if width * height < 10_000 else zlib.compress(b"")
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels)
    return content + chunk(b"IEND", b"") if end else content


@pytest.mark.parametrize("name", NOT_PLAIN, ids=repr)
def test_names_are_plain_names_beside_the_file(check: Check, name: str) -> None:
    assert [mistake.where(ENGLISH) for mistake in check({"look.logo": name})] == ["[look] logo"]
    secret = check({"client_secret": {"from": "file", "path": name}, "relay": GONE})
    assert [mistake.where(ENGLISH) for mistake in secret] == ["[client_secret] path"]


class TestLogo:
    def test_it_is_read_with_the_file(self, write: Write, tmp_path: Path) -> None:
        drawing = DRAWING.format('<path d="M0 0h9v9Z" fill="#1a6b4f"/>').encode()
        (tmp_path / "logo.svg").write_bytes(drawing)
        logo = read_integration(write({"look.logo": "logo.svg"})).look.logo
        assert logo is not None
        assert (logo.kind, logo.content) == (LogoKind.SVG, drawing)

    @pytest.mark.provokes("FILE-10")
    def test_a_link_is_refused(self, write: Write, tmp_path: Path) -> None:
        (tmp_path / "real.svg").write_text(DRAWING.format(""))
        (tmp_path / "logo.svg").symlink_to(tmp_path / "real.svg")
        (mistake,) = check_integration(write({"look.logo": "logo.svg"}))
        assert "link" in mistake.text(ENGLISH)
        with pytest.raises(ProblemError, match="FILE-10"):
            read_integration(write({"look.logo": "logo.svg"}))

    def test_a_link_of_windows_is_refused(self, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "logo.svg").write_text(DRAWING.format(""))
        seen = os.lstat(tmp_path / "logo.svg")
        junction = SimpleNamespace(st_mode=seen.st_mode, st_file_attributes=0x420)  # what Windows says of a junction
        monkeypatch.setattr(os, "lstat", lambda _path: junction)
        (mistake,) = check_integration(write({"look.logo": "logo.svg"}))
        assert "link" in mistake.text(ENGLISH)

    def test_a_file_exchanged_for_a_link_while_it_is_read_is_not_followed(
        self, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write({"look.logo": "logo.svg"})
        (tmp_path / "real.svg").write_text(DRAWING.format(""))
        (tmp_path / "logo.svg").symlink_to(tmp_path / "real.svg")
        monkeypatch.setattr(os, "lstat", os.stat)  # the look still sees an ordinary file
        assert len(check_integration(path)) == (1 if hasattr(os, "O_NOFOLLOW") else 0)

    def test_a_folder_an_empty_file_and_a_large_file_are_refused(self, write: Write, tmp_path: Path) -> None:
        for content, words in ((None, "ordinary"), (b"", "empty"), (b" " * 200_001, "large")):
            path = tmp_path / "logo.svg"
            path.mkdir() if content is None else path.write_bytes(content)
            (mistake,) = check_integration(write({"look.logo": "logo.svg"}))
            assert words in mistake.text(ENGLISH)
            path.rmdir() if content is None else path.unlink()

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
    def test_a_pipe_does_not_hang(self, write: Write, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "logo.svg")
        assert len(check_integration(write({"look.logo": "logo.svg"}))) == 1

    @pytest.mark.parametrize(
        "inside",
        [
            '<g><path d="M0 0h9"/><circle r="3"/><text x="1">Lager</text></g>',
            '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
            '<rect width="9" height="9" fill="url(#a)" style="stroke:url(\'#a\')"/>',
            '<defs><path id="p" d="M0 0h9"/></defs><use xlink:href="#p"/><use href="#p" x="3"/>',
            "<style>.a { fill: #1a6b4f }</style><title>Lagerkoll</title>",
            "<!-- drawn by hand --><metadata/>",
            '<mask id="m" style="mask-type:alpha"><rect fill="#fff"/></mask>'
            '<g mask="url(#m)"><rect mask="url(#m)"/></g>',
            '<style>.a{clip-path:url(#c)}</style><clipPath id="c"><rect/></clipPath>'
            '<g class="a"><rect fill="#ccc"/></g>',
            '<linearGradient id="a"/>' + '<rect fill="url(#a)"/>' * 60,
            '<g id=""/><g id=""/>',
        ],
    )
    def test_drawings_of_shapes_are_taken(self, inside: str) -> None:
        assert checked_logo(DRAWING.format(inside).encode()).kind is LogoKind.SVG
        prologue = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        assert checked_logo((prologue + DRAWING.format(inside)).encode()).kind is LogoKind.SVG

    @pytest.mark.parametrize(
        "inside",
        [
            '<image href="file:///etc/passwd"/>',
            '<image xlink:href="data:image/png;base64,AA=="/>',
            '<x:image xmlns:x="urn:x" href="#a"/>',
            "<script>alert(1)</script>",
            '<rect onload="alert(1)"/>',
            '<rect OnClick="alert(1)"/>',
            "<foreignObject/>",
            "<animate/>",
            "<filter/>",
            "<feImage/>",
            '<pattern id="p"/>',
            '<a href="https://evil.example"/>',
            '<use href="other.svg#x"/>',
            '<use xlink:href="https://evil.example/#x"/>',
            '<use x:href="file.svg" xmlns:x="urn:x"/>',
            '<rect fill="url(https://evil.example/x)"/>',
            '<rect style="fill: url( file:///etc/passwd )"/>',
            '<rect style="fill: u\\72l(x)"/>',
            "<style>@import 'x.css';</style>",
            "<style><title/>@import 'x.css';</style>",
            "<style>rect { fill: URL(x.svg#a) }</style>",
            '<g xml:base="https://evil.example/"/>',
            '<rect fill="javascript:alert(1)"/>',
            "<?xml-stylesheet href='x.css'?>",
            "<![CDATA[x]]>",
        ],
    )
    def test_whatever_points_outside_is_refused(self, inside: str) -> None:
        with pytest.raises(LogoError):
            checked_logo(DRAWING.format(inside).encode())

    @pytest.mark.parametrize(
        "content",
        [
            b'<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg/>',
            b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
            b"<svg>&x;</svg>",
            b'<?xml version="1.0" encoding="utf-7"?><svg/>',
            b'<?xml version="1.0" encoding="iso-8859-1"?><svg/>',
            "<svg/>".encode("utf-16"),
            b"<html/>",
            b"<svg>",
            b"<svg/><svg/>",
            b"GIF89a",
            b"\xff\xd8\xff\xe0",
            b"",
            DRAWING.format("<g>" * 60 + "</g>" * 60).encode(),
            DRAWING.format("<g/>" * 6_000).encode(),
            DRAWING.format('<path id="p"/>' + '<use href="#p"/>' * 60).encode(),
            DRAWING.format(
                '<g id="a"><path/></g><g id="b"><use href="#a"/><use href="#a"/></g><use href="#b"/>'
            ).encode(),
            DRAWING.format('<g id="a"><use href="#a"/></g>').encode(),
            DRAWING.format('<g id="a"><path/></g><g id="a"><use href="#b"/></g><use href="#a"/>').encode(),
            DRAWING.format('<g id="a"/><g xml:id="a"/>').encode(),
            DRAWING.format('<g id="a b"/>').encode(),
            DRAWING.format('<mask id="m"><rect/></mask><g id="a" mask="url(#m)"/><use href="#a"/>').encode(),
            DRAWING.format('<mask id="n"/><mask id="m" mask="url(#n)"/>').encode(),
            DRAWING.format('<mask id="n"/><mask id="m"><g style="mask: url( \'#n\' )"/></mask>').encode(),
            DRAWING.format('<clipPath id="n"/><clipPath id="m"><path clip-path="url(#n)"/></clipPath>').encode(),
            DRAWING.format('<path id="p"/><mask id="m"><use href="#p"/></mask>').encode(),
            DRAWING.format('<path id="p"/><symbol><use href="#p"/></symbol>').encode(),
            DRAWING.format("<style>rect{mask:url(#m)}</style><mask id='m'><rect/></mask><rect/>").encode(),
            DRAWING.format('<mask id="m"/>' + '<g mask="url(#m)"/>' * 51).encode(),
            DRAWING.format('<g id="a">' + "<path/>" * 400 + "</g>" + '<use href="#a"/>' * 12).encode(),
        ],
        ids=lambda content: repr(content[:50]),
    )
    def test_what_is_no_drawing_or_too_much_of_one_is_refused(self, content: bytes) -> None:
        with pytest.raises(LogoError):
            checked_logo(content)

    def test_masks_in_masks_are_refused_before_they_are_drawn(self) -> None:
        """Sixteen levels, 2.4 kB: each doubles the time, and QtSvg took five seconds for them."""
        masks = "".join(
            f'<mask id="m{level}">' + f'<rect width="9" height="9" mask="url(#m{level + 1})"/>' * 2 + "</mask>"
            for level in range(16)
        )
        drawing = DRAWING.format(masks + '<mask id="m16"/><rect width="9" height="9" mask="url(#m0)"/>')
        with pytest.raises(LogoError, match="intricate"):
            checked_logo(drawing.encode())

    def test_what_is_taken_is_drawn_at_once(self, qapp: QApplication) -> None:
        """The most references, and as many outlined circles as they may repeat, at twice the header's size."""
        inside = '<g id="a">' + '<circle r="9" stroke="#123"/>' * 96 + "</g>" + '<use xlink:href="#a"/>' * 50
        content = checked_logo(DRAWING.format(inside).encode()).content
        image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(image)
        begun = time.process_time()
        QSvgRenderer(QByteArray(content)).render(painter)
        painter.end()
        assert time.process_time() - begun < 2

    def test_png_is_taken_within_limits(self) -> None:
        assert checked_logo(png()).kind is LogoKind.PNG
        for wrong in (
            png(0),
            png(2049),
            png(4, 100_000),
            png(end=False),
            png()[:-1],
            png()[:20],
            png()[:-5] + b"xxxxx",
        ):
            with pytest.raises(LogoError):
                checked_logo(wrong)

    @given(
        content=st.binary(max_size=200)
        | st.text(max_size=200).map(lambda text: DRAWING.format(text).encode("utf-8", "replace"))
    )
    def test_any_content_is_taken_or_refused(self, content: bytes) -> None:
        with contextlib.suppress(LogoError):
            assert checked_logo(content).content == content


class TestClientSecret:
    def test_relay_and_ask_have_none_here(self, write: Write) -> None:
        assert take_client_secret(read_integration(write()), {}) is None
        assert take_client_secret(read_integration(write({"client_secret.from": "ask", "relay": GONE})), {}) is None

    def test_a_file_gives_its_one_line(self, write: Write, tmp_path: Path) -> None:
        (tmp_path / "secret.txt").write_bytes(b"\xef\xbb\xbfcanary-1\r\n")
        secret = take_client_secret(read_integration(write(FILE_SECRET)), {})
        assert secret is not None
        assert secret.reveal() == "canary-1"

    @pytest.mark.parametrize("content", [None, b"", b"\n", b"x" * 4097, b"one\ntwo", b"\xff\xfe", "räka".encode()])
    @pytest.mark.provokes("FILE-11")
    def test_a_file_that_holds_no_secret(self, write: Write, tmp_path: Path, content: bytes | None) -> None:
        if content is not None:
            (tmp_path / "secret.txt").write_bytes(content)
        with pytest.raises(ProblemError) as caught:
            take_client_secret(read_integration(write(FILE_SECRET)), {})
        assert caught.value.code == "FILE-11"
        assert caught.value.occurrence.facts["source"] == "secret.txt"
        assert "one" not in repr(caught.value.occurrence.details)

    def test_a_link_gives_no_secret(self, write: Write, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").write_text("canary-2")
        (tmp_path / "secret.txt").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(ProblemError, match="FILE-11"):
            take_client_secret(read_integration(write(FILE_SECRET)), {})

    def test_a_variable_is_removed_so_that_no_child_inherits_it(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        environment = {"client_secret": {"from": "environment", "variable": "LAGERKOLL_SECRET"}, "relay": GONE}
        integration = read_integration(write(environment))
        monkeypatch.setenv("LAGERKOLL_SECRET", "canary-3")
        secret = take_client_secret(integration, os.environ)
        assert secret is not None
        assert secret.reveal() == "canary-3"
        command = [sys.executable, "-c", "import os; print(dict(os.environ))"]
        assert "canary-3" not in subprocess.run(command, capture_output=True, text=True, check=True).stdout
        with pytest.raises(ProblemError, match="FILE-11"):
            take_client_secret(integration, os.environ)

    @pytest.mark.provokes("FILE-11")
    def test_an_unfit_variable_is_removed_too(self, write: Write) -> None:
        environ = {"LAGERKOLL_SECRET": "two\nlines"}
        environment = {"client_secret": {"from": "environment", "variable": "LAGERKOLL_SECRET"}, "relay": GONE}
        with pytest.raises(ProblemError, match="FILE-11"):
            take_client_secret(read_integration(write(environment)), environ)
        assert environ == {}
