"""Text of a PDF file."""

from io import BytesIO

from pypdf import PdfReader


def extract_text(pdf: bytes) -> str:
    """Text of all pages, with white space collapsed."""
    pages = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(pages.split())
