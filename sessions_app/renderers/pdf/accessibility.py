"""What WeasyPrint leaves open where a file is to be PDF/A-3a and PDF/UA-1 at once.

The file says that it is PDF/UA-1 too (ISO 14289-1, 5), with the schema that PDF/A wants for that
(ISO 19005-3, 6.6.2.3), header cells say what they head (ISO 14289-1, 7.5), and what stands around
the pages is no content (7.8).
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

_PAIR = re.compile(rb"<([0-9a-f]{4})> <((?:[0-9a-f]{4})*)>")
_NOTHING = "\N{ZERO WIDTH SPACE}"
_UA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file keeps to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def declare_ua(pdf: Any) -> None:
    """Say in the metadata of a PDF/A file that it is PDF/UA-1 as well."""
    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.stream = [
        part.replace(b"</rdf:RDF>", _UA) if isinstance(part, bytes) else part
        for part in metadata.stream
    ]
    # Metadata that a plain reader can find (ISO 19005-3, 6.6.2.1).
    metadata.compress = False


def scope_headers(pdf: Any) -> None:
    """Say of each header cell whether it heads its row or its column."""
    for row in pdf.objects:
        if not isinstance(row, dict) or row.get("S") != "/TR":
            continue
        cells = [_object(pdf, reference) for reference in row["K"]]
        heads_row = any(cell["S"] == "/TD" for cell in cells)
        for cell in cells:
            if cell["S"] == "/TH":
                attributes = cell.setdefault("A", type(row)({}))
                attributes["O"] = "/Table"
                attributes["Scope"] = "/Row" if heads_row else "/Column"


def mark_artifacts(pdf: Any) -> None:
    """Say of running heads and feet, and of a draft's mark, that they are no content.

    WeasyPrint marks them as that of elements which hang nowhere in the tree of the document.
    """
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    in_tree = _numbers_below(pdf, root)
    nums = _object(pdf, root["ParentTree"])["Nums"]
    owners = dict(zip(nums[::2], nums[1::2], strict=True))
    for page in pdf.objects:
        if not isinstance(page, dict) or page.get("Type") != "/Page":
            continue
        elements = owners[page["StructParents"]]
        outside = [place for place, each in enumerate(elements) if _number(each) not in in_tree]
        _as_artifacts(_object(pdf, page["Contents"]), outside)
        for place in outside:
            elements[place] = "null"


def _as_artifacts(stream: Any, marked: Collection[int]) -> None:
    """Open these marked pieces of a page as artifacts instead."""
    parts = stream.stream
    for place, part in enumerate(parts):
        if isinstance(part, dict) and part.get("MCID") in marked:
            parts[place - 1 : place + 2] = ["/Artifact", "", b"BMC"]


def _numbers_below(pdf: Any, element: Any) -> set[int]:
    """The objects of all elements that hang below one in the tree of the document."""
    found, open_elements = set(), [element]
    while open_elements:
        for kid in open_elements.pop().get("K", ()):
            if not isinstance(kid, int):
                found.add(_number(kid))
                open_elements.append(_object(pdf, kid))
    return found


def map_every_glyph(pdf: Any, characters: Callable[[str], Mapping[int, Sequence[str]]]) -> None:
    """Give each glyph a character to be read back as (ISO 14289-1, 7.21.7).

    Where one letter is drawn with two glyphs WeasyPrint gives the letter to the first and nothing
    to the second, and so to every other letter drawn with them. `characters` tells those that a
    font, by its name in the file, draws with each glyph.
    """
    for font in pdf.objects:
        if not isinstance(font, dict) or "ToUnicode" not in font:
            continue
        known = characters(str(font["BaseFont"]))
        stream = _object(pdf, font["ToUnicode"])
        stream.stream = [_PAIR.sub(_right(known), _bytes(part)) for part in stream.stream]


def _right(known: Mapping[int, Sequence[str]]) -> Callable[[re.Match[bytes]], bytes]:
    def right(found: re.Match[bytes]) -> bytes:
        told = bytes.fromhex(found[2].decode()).decode("utf-16-be")
        own = known.get(int(found[1], 16), ())
        # A ligature is read back as its letters: they are what the text has.
        if told and (not own or any(told in (sign, _letters(sign)) for sign in own)):
            return found[0]
        sign = own[0] if own else _NOTHING
        return b"<%s> <%s>" % (found[1], sign.encode("utf-16-be").hex().encode())

    return right


def _letters(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign)


def _bytes(part: Any) -> bytes:
    return part if isinstance(part, bytes) else str(part).encode()


def _object(pdf: Any, reference: Any) -> Any:
    return pdf.objects[_number(reference)]


def _number(reference: Any) -> int:
    text = reference.decode() if isinstance(reference, bytes) else str(reference)
    return int(text.split()[0])
