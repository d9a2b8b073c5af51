"""ISO 19115 metadata as ISO 19139 writes them: of the whole, and of each layer.

The order of the elements is the standard's. What is mandatory there and not known is empty with a
reason (``gco:nilReason``), as the standard provides.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from glesservice.exports.opendata.about import KEYWORDS, About

NAME = "metadata.xml"
GMD, GCO = "http://www.isotc211.org/2005/gmd", "http://www.isotc211.org/2005/gco"
CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"


def write_iso(known: About, files: Iterable[Path], path: Path) -> None:
    """Write the metadata of the results as a whole.

    Parameters
    ----------
    known
        What is said of the results.
    files
        The files in which they are distributed.
    path
        The file to write.
    """
    text = iso_document(known, known.title, known.description, "dataset", files=files)
    path.write_text(text, encoding="utf-8")


def iso_document(
    known: About,
    title: str,
    abstract: str,
    identifier: str,
    kind: str = "vector",
    files: Iterable[Path] = (),
) -> str:
    """Return the metadata of the whole or of a layer, as XML.

    Parameters
    ----------
    known
        What is said of the results as a whole.
    title, abstract
        What it is, in Swedish.
    identifier
        What tells it from the others of the run.
    kind
        ``vector``, ``grid`` or ``textTable``.
    files
        The files in which it is distributed.

    Returns
    -------
    str
        One ``gmd:MD_Metadata``, with an XML declaration.
    """
    area = known.settings.area
    root = Element("gmd:MD_Metadata", {"xmlns:gmd": GMD, "xmlns:gco": GCO})
    _text(root, "fileIdentifier", f"{area.kommun}-{area.year}-{identifier}")
    _language(root)
    _code(_in(root, "characterSet"), "MD_CharacterSetCode", "utf8")
    _code(_in(root, "hierarchyLevel"), "MD_ScopeCode", "dataset")
    _party(_in(root, "contact"), known, "pointOfContact")
    _date(_in(root, "dateStamp"), known.settings.publication.issued)
    _text(root, "metadataStandardName", "ISO 19115:2003/19139")
    _text(root, "metadataStandardVersion", "1.0")
    if kind != "textTable":
        system = _path(root, "referenceSystemInfo", "MD_ReferenceSystem")
        rs = _path(system, "referenceSystemIdentifier", "RS_Identifier")
        _text(rs, "code", "3006")
        _text(rs, "codeSpace", "EPSG")
    _identification(root, known, title, abstract, identifier, kind)
    _distribution(root, known, files)
    quality = _path(root, "dataQualityInfo", "DQ_DataQuality")
    scope = _path(quality, "scope", "DQ_Scope")
    _code(_in(scope, "level"), "MD_ScopeCode", "dataset")
    _text(_path(quality, "lineage", "LI_Lineage"), "statement", " ".join(known.lineage))
    indent(root)
    body = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _identification(
    root: Element, known: About, title: str, abstract: str, identifier: str, kind: str
) -> None:
    """Say what it is, whose it is, and where."""
    area, publication = known.settings.area, known.settings.publication
    data = _path(root, "identificationInfo", "MD_DataIdentification")
    citation = _path(data, "citation", "CI_Citation")
    _text(citation, "title", title)
    date = _path(citation, "date", "CI_Date")
    _date(_in(date, "date"), publication.issued or str(area.year))
    of = "publication" if publication.issued else "creation"
    _code(_in(date, "dateType"), "CI_DateTypeCode", of)
    code = _path(citation, "identifier", "MD_Identifier")
    _text(code, "code", f"{area.kommun}-{area.year}-{identifier}")
    _text(data, "abstract", abstract)
    _party(_in(data, "pointOfContact"), known, "owner")
    maintenance = _path(data, "resourceMaintenance", "MD_MaintenanceInformation")
    _code(
        _in(maintenance, "maintenanceAndUpdateFrequency"), "MD_MaintenanceFrequencyCode", "annually"
    )
    keywords = _path(data, "descriptiveKeywords", "MD_Keywords")
    for keyword in KEYWORDS:
        _text(keywords, "keyword", keyword)
    legal = _path(data, "resourceConstraints", "MD_LegalConstraints")
    _code(_in(legal, "useConstraints"), "MD_RestrictionCode", "otherRestrictions")
    _text(legal, "otherConstraints", known.licence)
    _code(_in(data, "spatialRepresentationType"), "MD_SpatialRepresentationTypeCode", kind)
    _language(data)
    _code(_in(data, "characterSet"), "MD_CharacterSetCode", "utf8")
    for topic in ("society", "transportation"):
        SubElement(_in(data, "topicCategory"), "gmd:MD_TopicCategoryCode").text = topic
    extent = _path(data, "extent", "EX_Extent")
    _text(extent, "description", f"{area.name} kommun ({area.kommun})")
    box = _path(extent, "geographicElement", "EX_GeographicBoundingBox")
    west, south, east, north = known.box
    sides = {
        "westBoundLongitude": west,
        "eastBoundLongitude": east,
        "southBoundLatitude": south,
        "northBoundLatitude": north,
    }
    for name, value in sides.items():
        SubElement(_in(box, name), "gco:Decimal").text = f"{value:.5f}"


def _distribution(root: Element, known: About, files: Iterable[Path]) -> None:
    """Say in which files it is, and at which address if that is known."""
    base, listed = known.settings.publication.url, sorted(files)
    if not listed:
        return
    whole = _path(root, "distributionInfo", "MD_Distribution")
    for ending in sorted({file.suffix for file in listed}):
        form = _path(whole, "distributionFormat", "MD_Format")
        _text(form, "name", ending.removeprefix("."))
        _text(form, "version", None)
    options = _path(whole, "transferOptions", "MD_DigitalTransferOptions")
    for file in listed:
        resource = _path(options, "onLine", "CI_OnlineResource")
        linkage = _in(resource, "linkage")
        SubElement(linkage, "gmd:URL").text = f"{base or ''}{file.name}"
        _text(resource, "name", file.name)


def _party(parent: Element, known: About, role: str) -> None:
    """Say who answers for the data."""
    publication = known.settings.publication
    party = SubElement(parent, "gmd:CI_ResponsibleParty")
    _text(party, "organisationName", publication.publisher)
    if publication.contact:
        contact = _path(party, "contactInfo", "CI_Contact")
        if known.telephone:
            _text(_path(contact, "phone", "CI_Telephone"), "voice", known.telephone)
        if known.email:
            address = _path(contact, "address", "CI_Address")
            _text(address, "electronicMailAddress", known.email)
        if not (known.telephone or known.email):
            _text(contact, "contactInstructions", publication.contact)
    else:
        _in(party, "contactInfo").set("gco:nilReason", "missing")
    _code(_in(party, "role"), "CI_RoleCode", role)


def _in(parent: Element, name: str) -> Element:
    """Add an element."""
    return SubElement(parent, f"gmd:{name}")


def _path(parent: Element, *names: str) -> Element:
    """Add an element in an element, and return the innermost."""
    for name in names:
        parent = _in(parent, name)
    return parent


def _text(parent: Element, name: str, text: str | None) -> None:
    """Add a text; without one, say that it is missing."""
    element = _in(parent, name)
    if text is None:
        element.set("gco:nilReason", "missing")
    else:
        SubElement(element, "gco:CharacterString").text = text


def _date(parent: Element, date: str | None) -> None:
    """Add a date; without one, say that it is missing."""
    if date is None:
        parent.set("gco:nilReason", "missing")
    else:
        SubElement(parent, "gco:Date").text = date


def _language(parent: Element) -> None:
    """Say that it is in Swedish."""
    element = SubElement(_in(parent, "language"), "gmd:LanguageCode")
    element.set("codeList", "http://www.loc.gov/standards/iso639-2/")
    element.set("codeListValue", "swe")
    element.text = "swe"


def _code(parent: Element, kind: str, word: str) -> None:
    """Add a word of one of the standard's lists."""
    element = SubElement(parent, f"gmd:{kind}")
    element.set("codeList", f"{CODES}#{kind}")
    element.set("codeListValue", word)
    element.text = word
