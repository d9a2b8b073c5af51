"""How the report looks in Word: pandoc's reference file with the report's styles, on A4."""

from __future__ import annotations

import io
import zipfile
from importlib import resources
from xml.etree import ElementTree as ET

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
# Twentieths of a point: A4, with margins of 2.3 cm.
PAGE = {"w": "11906", "h": "16838"}
MARGIN = "1304"
FOOTER = (
    f'<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="right"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
)


def restyled(reference: bytes) -> bytes:
    """Return a Word file that pandoc takes its look from.

    Parameters
    ----------
    reference
        Pandoc's own reference file.
    """
    ET.register_namespace("w", W)
    ET.register_namespace("r", R)
    with zipfile.ZipFile(io.BytesIO(reference)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/document.xml"] = _page(parts["word/document.xml"])
    parts["word/footer1.xml"] = FOOTER.encode()
    parts["word/_rels/document.xml.rels"] = _added(
        parts["word/_rels/document.xml.rels"],
        f"{{{RELATIONS}}}Relationship",
        {"Id": "rIdFooter", "Type": f"{R}/footer", "Target": "footer1.xml"},
        RELATIONS,
    )
    parts["[Content_Types].xml"] = _added(
        parts["[Content_Types].xml"],
        f"{{{TYPES}}}Override",
        {"PartName": "/word/footer1.xml", "ContentType": FOOTER_TYPE},
        TYPES,
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as look:
        for name, content in parts.items():
            look.writestr(name, content)
    return target.getvalue()


def _styles(styles: bytes) -> bytes:
    """Let the report's styles take the place of pandoc's."""
    asset = resources.files("glesservice.report") / "assets" / "look.xml"
    ours = ET.fromstring(asset.read_bytes())  # noqa: S314 - our own file
    theirs = ET.fromstring(styles)  # noqa: S314 - pandoc's own
    known = {style.get(f"{{{W}}}styleId") for style in ours}
    for element in list(theirs):
        is_default = element.tag == f"{{{W}}}docDefaults"
        if is_default or element.get(f"{{{W}}}styleId", "") in known:
            theirs.remove(element)
    defaults, *rest = list(ours)
    theirs.insert(0, defaults)
    theirs.extend(rest)
    return _written(theirs)


def _page(document: bytes) -> bytes:
    """Set the page's size and margins, and its number at the foot."""
    tree = ET.fromstring(document)  # noqa: S314 - pandoc's own
    section = next(tree.iter(f"{{{W}}}sectPr"))
    section.clear()
    ET.SubElement(
        section, f"{{{W}}}footerReference", {f"{{{W}}}type": "default", f"{{{R}}}id": "rIdFooter"}
    )
    ET.SubElement(section, f"{{{W}}}pgSz", {f"{{{W}}}{key}": said for key, said in PAGE.items()})
    sides = ("top", "right", "bottom", "left", "header", "footer")
    ET.SubElement(
        section,
        f"{{{W}}}pgMar",
        {**{f"{{{W}}}{side}": MARGIN for side in sides[:4]},
         **{f"{{{W}}}{side}": "708" for side in sides[4:]}, f"{{{W}}}gutter": "0"},
    )  # fmt: skip
    return _written(tree)


def _added(part: bytes, tag: str, attributes: dict[str, str], namespace: str) -> bytes:
    """Add an element to a part's outermost one."""
    ET.register_namespace("", namespace)
    tree = ET.fromstring(part)  # noqa: S314 - pandoc's own
    ET.SubElement(tree, tag, attributes)
    return _written(tree)


def _written(tree: ET.Element) -> bytes:
    """Write a part."""
    content: bytes = ET.tostring(tree, encoding="utf-8", xml_declaration=True)
    return content
