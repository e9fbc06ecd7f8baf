"""manage.py build_fonts: build the web fonts from the installed font packages."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# Latin with Vietnamese and the symbols of our pages; Lao.
LATIN = "U+0020-024F,U+0300-0303,U+0309,U+0323,U+1E00-1EFF,U+2000-206F,U+20AB,U+20AC,U+2122,U+2212"
LAO = "U+0020,U+00A0,U+0E80-0EFF,U+200B-200D,U+25CC"
FONTS = (
    ("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf", LATIN, "noto-sans.woff2"),
    (
        "justmytype_intl_sea",
        "fonts/ofl/notosanslao/NotoSansLao[wdth,wght].ttf",
        LAO,
        "noto-sans-lao.woff2",
    ),
)


class Command(BaseCommand):
    help = "Build the web fonts in static/fonts/ from the installed font packages."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "static" / "fonts"
        folder.mkdir(exist_ok=True)
        for package, path, characters, name in FONTS:
            _build(Path(str(files(package))) / path, characters, folder / name)
            self.stdout.write(f"static/fonts/{name}: {(folder / name).stat().st_size // 1024} kB")


def _build(source: Path, characters: str, target: Path) -> None:
    """Write a font with these characters, at normal width and weights 400 to 700."""
    font = TTFont(source)
    options = subset.Options(layout_features=["*"], flavor="woff2")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(characters.replace("U+", "")))
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wdth": 100, "wght": (400, 700)})
    font["head"].modified = font["head"].created
    font.flavor = "woff2"
    # Atomic write: a server can read the file at any time.
    temporary = target.with_suffix(".part")
    font.save(temporary, reorderTables=False)
    temporary.replace(target)
