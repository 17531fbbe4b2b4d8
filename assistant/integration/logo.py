"""The vendor's logo: what may be drawn and what is refused.

QtSvg reads local files that a drawing names by path, and looks at local names without their namespace. So only
elements on a list may stand in a drawing, by local name, and everything that points outside it is refused. Expat, which
reads the drawing here, resolves no external entity; document type declarations are refused before it sees them.
"""

from __future__ import annotations

import re
import struct
import zlib
from xml.etree import ElementTree

from assistant.integration.model import Logo, LogoKind
from assistant.language import N_

MOST_BYTES = 200_000
MOST_PIXELS = 2048  # on either side
MOST_ELEMENTS = 5_000
MOST_DEPTH = 40
MOST_REFERENCES = 50  # to parts that are drawn again: uses, masks, clip paths

_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
_PARTS = {"svg", "g", "defs", "symbol", "use", "clipPath", "mask", "title", "desc", "style"}
_PAINT = {"linearGradient", "radialGradient", "stop"}
_REMARKS = {"metadata", "namedview", "RDF", "Work", "format", "type"}  # what drawing programs leave behind; not drawn
_ALLOWED = _SHAPES | _PARTS | _PAINT | _REMARKS
_HOLDERS = {"mask", "clipPath", "symbol"}
_ID = re.compile(r"[\w.:-]+")
_NAMED = re.compile(r"#\s*([\w.:-]+)")
_INSIDE = re.compile(r"#[A-Za-z_][\w.:-]*")
_URL = re.compile(r"""url\(\s*(["']?)#[A-Za-z_][\w.:-]*\1\s*\)""", re.IGNORECASE)
_PROLOGUE = re.compile(
    r"""<\?xml\s+version=["']1\.[01]["'](\s+encoding=["'](utf-8|us-ascii)["'])?(\s+standalone=["'](yes|no)["'])?\s*\?>""",
    re.IGNORECASE,
)
_PNG = b"\x89PNG\r\n\x1a\n"

NOT_A_LOGO = (N_("The logo is neither an SVG drawing nor a PNG picture."), N_("Save it as plain SVG, or as PNG."))
POINTS_OUTSIDE = (
    N_("The logo has pictures, scripts or links to other files in it."),
    N_("Save it as plain SVG with shapes only, or as PNG."),
)
TOO_INTRICATE = (N_("The logo is too intricate."), N_("Use a simpler drawing, or save it as PNG."))
SAME_ID = (
    N_("Two parts of the logo have the same id, or one has an id with spaces or signs in it."),
    N_("Give each part a plain id of its own, or save the logo as PNG."),
)
TOO_BIG = (N_("The logo has too many pixels, or none."), N_("Use a picture of at most 2048 pixels on each side."))


class LogoError(Exception):
    """A logo was refused; `fault` is what is wrong and how to mend it."""

    def __init__(self, fault: tuple[str, str]) -> None:
        super().__init__(fault[0])
        self.fault = fault


def checked_logo(content: bytes) -> Logo:
    """The logo in `content`, which is at most `MOST_BYTES` long.

    Raises:
        LogoError: it is neither SVG nor PNG, points outside itself, or would be slow to draw.
    """
    if content.startswith(_PNG):
        _check_png(content)
        return Logo(kind=LogoKind.PNG, content=content)
    _check_svg(_text(content))
    return Logo(kind=LogoKind.SVG, content=content)


def _check_png(content: bytes) -> None:
    """Header, size and checksums; the pixels themselves are the picture library's to read."""
    position, first, ended = len(_PNG), True, False
    while position < len(content) and not ended:
        if position + 12 > len(content):
            raise LogoError(NOT_A_LOGO)
        length, name = struct.unpack_from(">I4s", content, position)
        body = content[position + 8 : position + 8 + length]
        checksum = content[position + 8 + length : position + 12 + length]
        if len(body) != length or checksum != struct.pack(">I", zlib.crc32(name + body)):
            raise LogoError(NOT_A_LOGO)
        if first:
            if name != b"IHDR" or length != 13:
                raise LogoError(NOT_A_LOGO)
            width, height = struct.unpack_from(">II", body)
            if not (1 <= width <= MOST_PIXELS and 1 <= height <= MOST_PIXELS):
                raise LogoError(TOO_BIG)
        first, ended = False, name == b"IEND"
        position += 12 + length
    if not ended:
        raise LogoError(NOT_A_LOGO)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LogoError(NOT_A_LOGO) from None
    text = text.lstrip()
    if text.startswith("<?xml"):
        prologue = _PROLOGUE.match(text)
        if prologue is None:  # another encoding would let QtSvg read other signs than were checked here
            raise LogoError(NOT_A_LOGO)
        text = text[prologue.end() :]
    if "<?" in text or re.search(r"<!(?!--)", text):  # style sheets, document types, entities, CDATA
        raise LogoError(POINTS_OUTSIDE)
    return text


class _Bounded(ElementTree.TreeBuilder):
    """Builds the tree, but no deep or endless one."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: str, attributes: dict[str, str], /) -> ElementTree.Element:
        self._depth += 1
        self._count += 1
        if self._depth > MOST_DEPTH or self._count > MOST_ELEMENTS:
            raise LogoError(TOO_INTRICATE)
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def _check_svg(text: str) -> None:
    bounded = _Bounded()
    parser = ElementTree.XMLParser(target=bounded)  # noqa: S314 - see _text
    try:
        parser.feed(text)
        root = parser.close()
    except (ElementTree.ParseError, ValueError):
        raise LogoError(NOT_A_LOGO) from None
    if _local(root.tag) != "svg":
        raise LogoError(NOT_A_LOGO)
    for element in root.iter():
        _check_element(element)
    _check_references(root, _named(root))


def _check_element(element: ElementTree.Element) -> None:
    name = _local(element.tag)
    if name not in _ALLOWED:
        raise LogoError(POINTS_OUTSIDE)
    if name == "style" and not _is_plain_style("".join(element.itertext())):
        raise LogoError(POINTS_OUTSIDE)
    for key, value in element.attrib.items():
        attribute = _local(key).lower()
        if attribute.startswith("on") or attribute in ("src", "base", "data", "action"):
            raise LogoError(POINTS_OUTSIDE)
        if attribute == "href" and not _INSIDE.fullmatch(value.strip()):
            raise LogoError(POINTS_OUTSIDE)
        if not _is_plain_style(value):
            raise LogoError(POINTS_OUTSIDE)


def _is_plain_style(text: str) -> bool:
    """Whether `text` imports nothing and names nothing outside. A backslash could hide either, so it is refused."""
    rest = _URL.sub("", text).lower()
    return "\\" not in rest and "@" not in rest and "url(" not in rest and "script:" not in rest


def _named(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """Every part that has an id. No id stands twice: which of the two is drawn would be QtSvg's choice, not ours."""
    named: dict[str, ElementTree.Element] = {}
    for element in root.iter():
        ids = {value for key, value in element.attrib.items() if _local(key) == "id"}  # also xml:id, which QtSvg reads
        for name in ids - {""}:
            if name in named or not _ID.fullmatch(name):
                raise LogoError(SAME_ID)
            named[name] = element
    return named


def _check_references(root: ElementTree.Element, named: dict[str, ElementTree.Element]) -> None:
    """What is drawn by reference refers to nothing itself: a few lines could otherwise mean millions of shapes.

    A style sheet may give a mask to any part, also to one inside a mask, so none may name one.
    """
    referring: dict[ElementTree.Element, list[ElementTree.Element]] = {}
    for element in root.iter():
        parts = _drawn_by(element, named)
        if _local(element.tag) == "style" and any(_local(part.tag) == "mask" for part in parts):
            raise LogoError(TOO_INTRICATE)
        if parts or _local(element.tag) == "use":
            referring[element] = parts
    targets = [part for parts in referring.values() for part in parts]
    if len(targets) > MOST_REFERENCES or len(referring) > MOST_REFERENCES:
        raise LogoError(TOO_INTRICATE)
    drawn = sum(1 for part in (root, *targets) for _ in part.iter())
    holders = {*targets, *(element for element in root.iter() if _local(element.tag) in _HOLDERS)}
    if drawn > MOST_ELEMENTS or any(part in referring for holder in holders for part in holder.iter()):
        raise LogoError(TOO_INTRICATE)


def _drawn_by(element: ElementTree.Element, named: dict[str, ElementTree.Element]) -> list[ElementTree.Element]:
    """The parts that `element` names to be drawn: anything for a `use`, else masks and the like; no gradients."""
    is_use, is_style = _local(element.tag) == "use", _local(element.tag) == "style"
    texts = [*element.attrib.values(), "".join(element.itertext()) if is_style else ""]
    parts = [named[name] for text in texts for name in _NAMED.findall(text) if name in named]
    return [part for part in parts if is_use or _local(part.tag) in _HOLDERS]


def _local(name: str) -> str:
    return name.rpartition("}")[2]
