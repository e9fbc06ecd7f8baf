"""HTML becomes an accessible PDF: PDF/UA-1, and PDF/A-3a in the same file where it is archived.

Nothing is loaded but the project's own fonts: the fontconfig file beside this module knows no
folder of the machine, and the fetcher refuses every other address. WeasyPrint is imported when
the first paper is written, since it takes a second and needs Pango.
"""

import os
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from sessions_app.renderers.pdf import accessibility
from sessions_app.renderers.pdf.progress import Told, complaints_of_this_thread, telling

STYLES = ("css/paper.css",)
_FONTCONFIG = Path(__file__).with_name("fontconfig.xml")


# Signs that stand for no ink: controls but line feeds and tabs, line and paragraph separators.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Face:
    """A font to embed: where it lies, which characters call for it, and how it is to be set."""

    family: str
    package: str
    path: str
    characters: str
    features: str = "normal"

    @property
    def file(self) -> Path:
        return Path(str(files(self.package))) / self.path

    @property
    def address(self) -> str:
        return self.file.as_uri()


FACES = (
    # Letters with marks stay whole (no "ccmp"): taken apart, they cannot be read back from a file.
    Face("Noto Sans", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf", "", '"ccmp" 0'),
    Face(
        "Noto Sans Lao",
        "justmytype_intl_sea",
        "fonts/ofl/notosanslao/NotoSansLao[wdth,wght].ttf",
        "\u0e80-\u0eff",
    ),
    Face(
        "Noto Sans KR",
        "justmytype_intl_cjk",
        "fonts/ofl/notosanskr/NotoSansKR[wght].ttf",
        "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef",
    ),
)


class PaperFailed(RuntimeError):
    """A paper that could not be written as it should be; the message says what was in the way."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in the PDF that says the same in another form."""

    name: str
    content: bytes
    description: str
    made_at: datetime


def write(
    html: str,
    *,
    archived: bool = False,
    attachments: tuple[Attachment, ...] = (),
    told: Told | None = None,
) -> bytes:
    """The HTML as a PDF; equal input gives equal bytes. Raises PaperFailed.

    `archived` makes it PDF/A-3a as well, the only kind here that carries attachments. `told`
    hears meanwhile how far it is.
    """
    try:
        with telling(told):
            written, complaints = _written(html, archived=archived, attachments=attachments)
    except Exception as problem:
        raise PaperFailed(f"{type(problem).__name__}: {problem}") from problem
    if complaints:
        raise PaperFailed("; ".join(complaints))
    return written


def _written(
    html: str, *, archived: bool, attachments: tuple[Attachment, ...]
) -> tuple[bytes, list[str]]:
    """The PDF and what WeasyPrint complained of meanwhile."""
    weasyprint = _weasyprint()
    html = _drawable(html)
    fonts = weasyprint.text.fonts.FontConfiguration()
    faces = [face for face in FACES if not face.characters or _needs(face, html)]
    with _own_fonts(), complaints_of_this_thread() as complaints:
        css = [
            weasyprint.CSS(string=text, font_config=fonts, url_fetcher=_fetcher(faces))
            for text in (_font_faces(faces), *map(style, STYLES))
        ]
        written = weasyprint.HTML(string=html, url_fetcher=_fetcher(faces)).write_pdf(
            stylesheets=css,
            font_config=fonts,
            finisher=_finisher(archived=archived),
            pdf_variant="pdf/a-3a" if archived else "pdf/ua-1",
            attachments=[_attached(weasyprint, each) for each in attachments],
            optimize_images=False,
        )
    return bytes(written), complaints


@lru_cache(maxsize=1)
def _weasyprint() -> Any:
    warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
    import weasyprint
    import weasyprint.text.fonts
    import weasyprint.urls

    return weasyprint


@contextmanager
def _own_fonts() -> Iterator[None]:
    """The project's fontconfig while a paper is set, and not for processes started later."""
    ours = {
        "FONTCONFIG_FILE": str(_FONTCONFIG),
        # fontTools writes the moment into every font that it makes smaller, unless told which.
        "SOURCE_DATE_EPOCH": "0",
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _drawable(html: str) -> str:
    """The text with what no face can draw as `�`, controls as spaces."""
    html = _CONTROLS.sub(" ", html)
    missing = {ord(sign) for sign in set(html) if ord(sign) > 126} - _covered()
    return html.translate(dict.fromkeys(missing, "�"))


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    return frozenset().union(*(_signs(face).keys() for face in FACES))


@lru_cache(maxsize=len(FACES))
def _signs(face: Face) -> dict[int, int]:
    """The glyph that the face draws each character with."""
    with TTFont(face.file, lazy=True) as font:
        return {sign: font.getGlyphID(glyph) for sign, glyph in font.getBestCmap().items()}


def _needs(face: Face, html: str) -> bool:
    return re.search(f"[{face.characters}]", html) is not None


def _font_faces(faces: list[Face]) -> str:
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; src: url("{face.address}");'
        f" font-feature-settings: {face.features}; }}"
        for face in faces
    )


@lru_cache(maxsize=8)
def style(name: str) -> str:
    """A style sheet of the project's own, by its name among the static files."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise PaperFailed(f"{name} is missing")
    return Path(found).read_text()


def _fetcher(faces: list[Face]) -> Any:
    """Hands out the faces' files and nothing else, whatever an address says."""
    urls = _weasyprint().urls
    allowed = {face.address: face for face in faces}

    class Fetcher(urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: object = None) -> Any:
            del headers
            if url not in allowed:
                raise ValueError(f"{url[:200]} is not among the project's own files")
            return urls.URLFetcherResponse(url, allowed[url].file.read_bytes())

    return Fetcher()


def _finisher(*, archived: bool) -> Callable[[Any, Any], None]:
    def finish(_document: Any, pdf: Any) -> None:
        if archived:
            accessibility.declare_ua(pdf)
        accessibility.scope_headers(pdf)
        accessibility.mark_artifacts(pdf)
        accessibility.map_every_glyph(pdf, _characters)

    return finish


@lru_cache(maxsize=8)
def _characters(base_font: str) -> dict[int, list[str]]:
    """The characters of each glyph of the face that a PDF calls `/ABCDEF+Noto-Sans-Lao-Bold`."""
    name = base_font.partition("+")[2]
    face = max(
        (face for face in FACES if name.startswith(face.family.replace(" ", "-"))),
        key=lambda face: len(face.family),
        default=FACES[0],
    )
    found: dict[int, list[str]] = {}
    for sign, glyph in sorted(_signs(face).items()):
        found.setdefault(glyph, []).append(chr(sign))
    return found


def _attached(weasyprint: Any, attachment: Attachment) -> Any:
    return weasyprint.Attachment(
        file_obj=BytesIO(attachment.content),
        name=attachment.name,
        description=attachment.description,
        created=attachment.made_at,
        modified=attachment.made_at,
        relationship="Alternative",
    )
