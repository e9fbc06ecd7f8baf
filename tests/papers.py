"""What a paper says, read back from the file."""

from io import BytesIO

from pypdf import PdfReader


def printed(pdf: bytes) -> str:
    """The text of all pages, white space folded."""
    pages = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(pages.split())
