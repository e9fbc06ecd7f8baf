"""Corrections to WeasyPrint's output for PDF/A-3a and PDF/UA-1 in one file.

PDF/UA-1 identification (ISO 14289-1, 5) with the schema that PDF/A requires for it (ISO 19005-3,
6.6.2.3), scopes of header cells (ISO 14289-1, 7.5), artifacts around the pages (7.8), and
characters for glyphs (7.21.7).
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

_GLYPH_PAIR = re.compile(rb"<([0-9a-f]{4})> <((?:[0-9a-f]{4})*)>")
_NO_CHARACTER = "\N{ZERO WIDTH SPACE}"
_PDFUA_SCHEMA = b"""
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


def declare_pdfua(pdf: Any) -> None:
    """Declare in the metadata of a PDF/A file that it is PDF/UA-1 as well."""
    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.stream = [
        part.replace(b"</rdf:RDF>", _PDFUA_SCHEMA) if isinstance(part, bytes) else part
        for part in metadata.stream
    ]
    # Metadata must not be compressed (ISO 19005-3, 6.6.2.1).
    metadata.compress = False


def scope_headers(pdf: Any) -> None:
    """Set on each header cell whether it heads its row or its column."""
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
    """Mark running headers, footers and a draft's watermark as artifacts.

    WeasyPrint tags them as content of elements outside the document's structure tree.
    """
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    in_tree = _object_numbers_below(pdf, root)
    nums = _object(pdf, root["ParentTree"])["Nums"]
    owners = dict(zip(nums[::2], nums[1::2], strict=True))
    for page in pdf.objects:
        if not isinstance(page, dict) or page.get("Type") != "/Page":
            continue
        elements = owners[page["StructParents"]]
        outside = [
            index for index, element in enumerate(elements) if _number(element) not in in_tree
        ]
        _as_artifacts(_object(pdf, page["Contents"]), outside)
        for index in outside:
            elements[index] = "null"


def _as_artifacts(stream: Any, marked: Collection[int]) -> None:
    """Turn these marked-content pieces of a page into artifacts."""
    parts = stream.stream
    for index, part in enumerate(parts):
        if isinstance(part, dict) and part.get("MCID") in marked:
            parts[index - 1 : index + 2] = ["/Artifact", "", b"BMC"]


def _object_numbers_below(pdf: Any, element: Any) -> set[int]:
    """Object numbers of all elements below one in the structure tree."""
    numbers, open_elements = set(), [element]
    while open_elements:
        for kid in open_elements.pop().get("K", ()):
            if not isinstance(kid, int):
                numbers.add(_number(kid))
                open_elements.append(_object(pdf, kid))
    return numbers


def map_every_glyph(pdf: Any, characters: Callable[[str], Mapping[int, Sequence[str]]]) -> None:
    """Map each glyph to a character, so that text can be extracted (ISO 14289-1, 7.21.7).

    Where a letter is drawn with two glyphs, WeasyPrint maps the first to the letter and the second
    to nothing, also for other letters drawn with that glyph. `characters` returns the characters
    of each glyph of a font, by the font's name in the file.
    """
    for font in pdf.objects:
        if not isinstance(font, dict) or "ToUnicode" not in font:
            continue
        known = characters(str(font["BaseFont"]))
        stream = _object(pdf, font["ToUnicode"])
        stream.stream = [
            _GLYPH_PAIR.sub(_corrected_pair(known), _bytes(part)) for part in stream.stream
        ]


def _corrected_pair(known: Mapping[int, Sequence[str]]) -> Callable[[re.Match[bytes]], bytes]:
    def correct(pair: re.Match[bytes]) -> bytes:
        mapped = bytes.fromhex(pair[2].decode()).decode("utf-16-be")
        own = known.get(int(pair[1], 16), ())
        # A ligature maps to its letters: they are in the text.
        if mapped and (not own or any(mapped in (sign, _letters(sign)) for sign in own)):
            return pair[0]
        sign = own[0] if own else _NO_CHARACTER
        return b"<%s> <%s>" % (pair[1], sign.encode("utf-16-be").hex().encode())

    return correct


def _letters(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign)


def _bytes(part: Any) -> bytes:
    return part if isinstance(part, bytes) else str(part).encode()


def _object(pdf: Any, reference: Any) -> Any:
    return pdf.objects[_number(reference)]


def _number(reference: Any) -> int:
    text = reference.decode() if isinstance(reference, bytes) else str(reference)
    return int(text.split()[0])
