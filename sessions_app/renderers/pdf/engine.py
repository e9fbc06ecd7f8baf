"""HTML to accessible PDF with WeasyPrint: PDF/UA-1, and PDF/A-3a too for archived documents.

Only the project's own fonts are loaded: the fontconfig file beside this module lists no system
folder, and the URL fetcher refuses every other address. WeasyPrint is imported for the first
document, since the import takes a second and needs Pango.
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
from sessions_app.renderers.pdf.progress import (
    ProgressCallback,
    captured_warnings,
    reporting_progress,
)

STYLESHEETS = ("css/pdf.css",)
_FONTCONFIG = Path(__file__).with_name("fontconfig.xml")


# Characters without a glyph: controls except line feeds and tabs, line and paragraph separators.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class FontFace:
    """A font to embed: its file, the characters that require it, and its OpenType features."""

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


FONT_FACES = (
    # No "ccmp": letters split into base and mark could not be extracted as text.
    FontFace("Noto Sans", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf", "", '"ccmp" 0'),
    FontFace(
        "Noto Sans Lao",
        "justmytype_intl_sea",
        "fonts/ofl/notosanslao/NotoSansLao[wdth,wght].ttf",
        "\u0e80-\u0eff",
    ),
    FontFace(
        "Noto Sans KR",
        "justmytype_intl_cjk",
        "fonts/ofl/notosanskr/NotoSansKR[wght].ttf",
        "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef",
    ),
)


class RenderFailed(RuntimeError):
    """A document could not be rendered correctly; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to the PDF with the same content in another format."""

    name: str
    content: bytes
    description: str
    made_at: datetime


def render(
    html: str,
    *,
    archived: bool = False,
    attachments: tuple[Attachment, ...] = (),
    on_progress: ProgressCallback | None = None,
) -> bytes:
    """The HTML as a PDF; equal input gives equal bytes. Raises RenderFailed.

    `archived` makes it PDF/A-3a as well, which attachments require. `on_progress` is called with
    the number of pages laid out.
    """
    try:
        with reporting_progress(on_progress):
            content, logged = _render(html, archived=archived, attachments=attachments)
    except Exception as error:
        raise RenderFailed(f"{type(error).__name__}: {error}") from error
    if logged:
        raise RenderFailed("; ".join(logged))
    return content


def _render(
    html: str, *, archived: bool, attachments: tuple[Attachment, ...]
) -> tuple[bytes, list[str]]:
    """The PDF and the warnings that WeasyPrint logged."""
    weasyprint = _import_weasyprint()
    html = _printable(html)
    fonts = weasyprint.text.fonts.FontConfiguration()
    faces = [face for face in FONT_FACES if not face.characters or _is_needed(face, html)]
    with _project_fontconfig(), captured_warnings() as logged:
        css = [
            weasyprint.CSS(string=text, font_config=fonts, url_fetcher=_fetcher(faces))
            for text in (_font_face_css(faces), *map(stylesheet, STYLESHEETS))
        ]
        content = weasyprint.HTML(string=html, url_fetcher=_fetcher(faces)).write_pdf(
            stylesheets=css,
            font_config=fonts,
            finisher=_pdf_finisher(archived=archived),
            pdf_variant="pdf/a-3a" if archived else "pdf/ua-1",
            attachments=[
                _weasyprint_attachment(weasyprint, attachment) for attachment in attachments
            ],
            optimize_images=False,
        )
    return bytes(content), logged


@lru_cache(maxsize=1)
def _import_weasyprint() -> Any:
    warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
    import weasyprint
    import weasyprint.text.fonts
    import weasyprint.urls

    return weasyprint


@contextmanager
def _project_fontconfig() -> Iterator[None]:
    """The project's fontconfig while rendering, not for processes started later."""
    variables = {
        "FONTCONFIG_FILE": str(_FONTCONFIG),
        # fontTools writes this time into every font subset; default: now.
        "SOURCE_DATE_EPOCH": "0",
    }
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _printable(html: str) -> str:
    """The text with `�` for characters that no font has, and spaces for controls."""
    html = _CONTROLS.sub(" ", html)
    missing = {ord(sign) for sign in set(html) if ord(sign) > 126} - _covered_characters()
    return html.translate(dict.fromkeys(missing, "�"))


@lru_cache(maxsize=1)
def _covered_characters() -> frozenset[int]:
    return frozenset().union(*(_glyphs(face).keys() for face in FONT_FACES))


@lru_cache(maxsize=len(FONT_FACES))
def _glyphs(face: FontFace) -> dict[int, int]:
    """Glyph IDs of a font by character."""
    with TTFont(face.file, lazy=True) as font:
        return {sign: font.getGlyphID(glyph) for sign, glyph in font.getBestCmap().items()}


def _is_needed(face: FontFace, html: str) -> bool:
    return re.search(f"[{face.characters}]", html) is not None


def _font_face_css(faces: list[FontFace]) -> str:
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; src: url("{face.address}");'
        f" font-feature-settings: {face.features}; }}"
        for face in faces
    )


@lru_cache(maxsize=8)
def stylesheet(name: str) -> str:
    """The text of a style sheet, by its name among the static files."""
    path = finders.find(name)
    if not isinstance(path, str):
        raise RenderFailed(f"{name} is missing")
    return Path(path).read_text()


def _fetcher(faces: list[FontFace]) -> Any:
    """A URL fetcher that returns the fonts' files and refuses every other address."""
    urls = _import_weasyprint().urls
    allowed = {face.address: face for face in faces}

    class Fetcher(urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: object = None) -> Any:
            del headers
            if url not in allowed:
                raise ValueError(f"{url[:200]} is not among the project's own files")
            return urls.URLFetcherResponse(url, allowed[url].file.read_bytes())

    return Fetcher()


def _pdf_finisher(*, archived: bool) -> Callable[[Any, Any], None]:
    def finish(_document: Any, pdf: Any) -> None:
        if archived:
            accessibility.declare_pdfua(pdf)
        accessibility.scope_headers(pdf)
        accessibility.mark_artifacts(pdf)
        accessibility.map_every_glyph(pdf, _characters_by_glyph)

    return finish


@lru_cache(maxsize=8)
def _characters_by_glyph(base_font: str) -> dict[int, list[str]]:
    """Characters of each glyph of the font that a PDF names `/ABCDEF+Noto-Sans-Lao-Bold`."""
    name = base_font.partition("+")[2]
    face = max(
        (face for face in FONT_FACES if name.startswith(face.family.replace(" ", "-"))),
        key=lambda face: len(face.family),
        default=FONT_FACES[0],
    )
    characters: dict[int, list[str]] = {}
    for sign, glyph in sorted(_glyphs(face).items()):
        characters.setdefault(glyph, []).append(chr(sign))
    return characters


def _weasyprint_attachment(weasyprint: Any, attachment: Attachment) -> Any:
    return weasyprint.Attachment(
        file_obj=BytesIO(attachment.content),
        name=attachment.name,
        description=attachment.description,
        created=attachment.made_at,
        modified=attachment.made_at,
        relationship="Alternative",
    )
