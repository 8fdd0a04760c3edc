"""Office files part by part, for tests that need what no library would write."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def relations(*targets: tuple[str, str]) -> str:
    """Relations rId1, rId2, ... of these kinds to these targets."""
    entries = (
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(entries)}</Relationships>'


def word_parts(body: str, **others: str) -> dict[str, str]:
    """A docx of this body; the others are parts of those names, such as `footnotes`."""
    return {
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(*((name, f"{name}.xml") for name in others)),
        **{f"word/{name}.xml": content for name, content in others.items()},
    }


def sheet_parts(rows: str, after: str = "") -> dict[str, str]:
    """An xlsx with one sheet of these rows; `after` is what follows them."""
    sheet = f'<sheet name="Tea" sheetId="1" xmlns:r="{_OFFICE}" r:id="rId1"/>'
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook {SHEET}><sheets>{sheet}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": f"<worksheet {SHEET}><sheetData>{rows}</sheetData>{after}</worksheet>",
    }


def opendocument_parts(kind: str, content: str, styles: str = "", title: str = "") -> dict[str, str]:
    """`kind` is text, spreadsheet or presentation; `styles` are its automatic styles."""
    names = "office text table draw style presentation svg-compatible meta".split()
    spaces = " ".join(f'xmlns:{name.split("-")[0]}="{_OPENDOCUMENT}:{name}:1.0"' for name in names)
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    body = f"<office:body><office:{kind}>{content}</office:{kind}></office:body>"
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"{body}</office:document-content>",
        "meta.xml": f"<office:document-meta {spaces}><office:meta><dc:title>{title}</dc:title></office:meta>"
        "</office:document-meta>",
    }
