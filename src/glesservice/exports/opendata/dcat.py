"""``dcat.ttl``: the results as a catalogue by DCAT-AP-SE 3, in RDF/Turtle.

Addresses are relative: published beside the files, the description points at them. With ``url``
under ``[publication]`` they are absolute, for a catalogue that lies elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, XSD

from glesservice.exports.opendata.about import KEYWORDS, About, missing
from glesservice.sources.fingerprints import fingerprint
from glesservice.tables.words import service_place

NAME = "dcat.ttl"
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
# The Publications Office's lists of fixed words.
EU = "http://publications.europa.eu/resource/authority/"
THEMES = ("REGI", "SOCI", "TRAN")
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
SWEREF99TM = "http://www.opengis.net/def/crs/EPSG/0/3006"


# Of each format its media type, and what a file of it is.
FORMATS = {
    ".gpkg": ("application/geopackage+sqlite3", "Kartlager (GeoPackage)"),
    ".parquet": ("application/vnd.apache.parquet", "Kartlager (GeoParquet)"),
    ".geojson": ("application/geo+json", "Kartlager (GeoJSON)"),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Tabeller (Excel)",
    ),
    ".html": ("text/html", "Karta och listor att läsa i en webbläsare"),
    ".csv": ("text/csv", "Tabell med semikolon och decimalkomma, UTF-8"),
    ".json": ("application/json", "Tabell för program (JSON)"),
    ".tif": ("image/tiff", "Raster (molnoptimerad GeoTIFF)"),
}


@dataclass(frozen=True)
class _Dataset:
    """Files that hold the same data."""

    id: str
    title: str
    english: str
    description: str
    files: Sequence[Path]


def write_dcat(known: About, folder: Path, path: Path) -> None:
    """Write the description of a run's products.

    Parameters
    ----------
    known
        What is said of the results as a whole.
    folder
        The run's folder, with the products written.
    path
        The file to write. Comments at its top name what the settings leave unsaid.
    """
    graph = Graph(bind_namespaces="none")
    prefixes = {"dcat": DCAT, "dcterms": DCTERMS, "foaf": FOAF, "vcard": VCARD, "spdx": SPDX}
    for prefix, space in (prefixes | {"geo": GEO, "locn": LOCN, "xsd": XSD}).items():
        graph.bind(prefix, space)
    base = known.settings.publication.url or ""
    datasets = [one for one in _datasets(known, folder) if one.files]
    _catalogue(graph, known, base, datasets)
    for one in datasets:
        _dataset(graph, known, base, one)
    path.write_text(_unsaid(known) + graph.serialize(format="turtle"), encoding="utf-8")


def _unsaid(known: About) -> str:
    """Say in comments what is missing."""
    keys = missing(known.settings)
    return "".join(f"# Saknas i inställningarna, under [publication]: {key}.\n" for key in keys)


def _datasets(known: About, folder: Path) -> Iterator[_Dataset]:
    """Group the files by the data that they hold."""

    def found(*patterns: str) -> list[Path]:
        return sorted({path for pattern in patterns for path in folder.glob(pattern)})

    area = known.settings.area.name
    yield _Dataset(
        "service",
        known.title,
        f"Access to services in {area}",
        known.description,
        found("glesservice.gpkg", "*.parquet", "*.geojson", "tabeller.xlsx", "karta.html"),
    )
    yield _Dataset(
        "indikatorer",
        f"Serviceindikatorer för {area}",
        f"Service indicators for {area}",
        "Indikatorer för servicestrategins mål, en rad per indikator och år, med definition, "
        "enhet, riktning och källor.",
        found("indikatorer.csv", "indikatorer.json"),
    )
    for raster in found("restid_*.tif"):
        service = raster.stem.removeprefix("restid_")
        yield _Dataset(
            raster.stem.replace("_", "-"),
            f"Restid till {service_place(service)} i {area}",
            f"Travel time to {service} in {area}",
            f"Minuter med bil (band 1) och km längs väg (band 2) till närmaste "
            f"{service_place(service)} från hela kommunen, SWEREF 99 TM.",
            [raster],
        )


def _catalogue(graph: Graph, known: About, base: str, datasets: Sequence[_Dataset]) -> None:
    """Describe the catalogue, the publisher, the contact and the place."""
    catalogue = URIRef(f"{base}#katalog")
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    _texts(graph, catalogue, known.title, known.description)
    graph.add((catalogue, DCTERMS.language, URIRef(f"{EU}language/SWE")))
    graph.add((catalogue, DCAT.themeTaxonomy, URIRef(f"{EU}data-theme")))
    for one in datasets:
        graph.add((catalogue, DCAT.dataset, URIRef(f"{base}#{one.id}")))
    _answering(graph, known, base, catalogue)
    _place(graph, known, URIRef(f"{base}#plats"))
    period, year = URIRef(f"{base}#tid"), known.settings.area.year
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    graph.add((period, DCAT.startDate, Literal(f"{year}-01-01", datatype=XSD.date)))
    graph.add((period, DCAT.endDate, Literal(f"{year}-12-31", datatype=XSD.date)))


def _answering(graph: Graph, known: About, base: str, catalogue: URIRef) -> None:
    """Describe who answers for the data, as far as it is said."""
    publication = known.settings.publication
    publisher, contact = URIRef(f"{base}#utgivare"), URIRef(f"{base}#kontakt")
    if publication.publisher:
        graph.add((publisher, RDF.type, FOAF.Agent))
        graph.add((publisher, FOAF.name, Literal(publication.publisher, lang="sv")))
        graph.add((catalogue, DCTERMS.publisher, publisher))
    if publication.contact:
        name = publication.publisher or publication.contact
        graph.add((contact, RDF.type, VCARD.Organization))
        graph.add((contact, VCARD.fn, Literal(name)))
    if known.email:
        graph.add((contact, VCARD.hasEmail, URIRef(f"mailto:{quote(known.email, safe='@+')}")))
    if known.telephone:
        number = "".join(sign for sign in known.telephone if sign.isdigit() or sign == "+")
        telephone = URIRef(f"{base}#telefon")
        graph.add((telephone, RDF.type, VCARD.Voice))
        graph.add((telephone, VCARD.hasValue, URIRef(f"tel:{number}")))
        graph.add((contact, VCARD.hasTelephone, telephone))
    if known.licence:
        graph.add((catalogue, DCTERMS.license, URIRef(known.licence)))
    if publication.issued:
        graph.add((catalogue, DCTERMS.issued, Literal(publication.issued, datatype=XSD.date)))


def _place(graph: Graph, known: About, place: URIRef) -> None:
    """Describe the municipality's place."""
    west, south, east, north = known.box
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ", ".join(f"{x:.5f} {y:.5f}" for x, y in corners)
    graph.add((place, RDF.type, DCTERMS.Location))
    name = Literal(f"{known.settings.area.name} kommun", lang="sv")
    graph.add((place, LOCN.geographicName, name))
    graph.add((place, DCAT.bbox, Literal(f"POLYGON(({ring}))", datatype=GEO.wktLiteral)))


def _texts(graph: Graph, node: URIRef, title: str, description: str) -> None:
    """Add title and description."""
    graph.add((node, DCTERMS.title, Literal(title, lang="sv")))
    graph.add((node, DCTERMS.description, Literal(description, lang="sv")))


def _dataset(graph: Graph, known: About, base: str, one: _Dataset) -> None:
    """Describe a dataset and the files that hold it."""
    settings = known.settings
    node = URIRef(f"{base}#{one.id}")
    graph.add((node, RDF.type, DCAT.Dataset))
    _texts(graph, node, one.title, one.description)
    graph.add((node, DCTERMS.title, Literal(one.english, lang="en")))
    identifier = f"{settings.area.kommun}-{settings.area.year}-{one.id}"
    graph.add((node, DCTERMS.identifier, Literal(identifier)))
    for theme in THEMES:
        graph.add((node, DCAT.theme, URIRef(f"{EU}data-theme/{theme}")))
    for keyword in KEYWORDS:
        graph.add((node, DCAT.keyword, Literal(keyword, lang="sv")))
    graph.add((node, DCTERMS.language, URIRef(f"{EU}language/SWE")))
    graph.add((node, DCTERMS.accrualPeriodicity, URIRef(f"{EU}frequency/ANNUAL")))
    graph.add((node, DCTERMS.spatial, URIRef(f"{base}#plats")))
    graph.add((node, DCTERMS.temporal, URIRef(f"{base}#tid")))
    _provenance(graph, known, base, node)
    publication = settings.publication
    if publication.publisher:
        graph.add((node, DCTERMS.publisher, URIRef(f"{base}#utgivare")))
    if publication.contact:
        graph.add((node, DCAT.contactPoint, URIRef(f"{base}#kontakt")))
    if publication.issued:
        graph.add((node, DCTERMS.issued, Literal(publication.issued, datatype=XSD.date)))
    for file in one.files:
        distribution = URIRef(f"{base}#fil-{quote(file.name)}")
        graph.add((node, DCAT.distribution, distribution))
        _distribution(graph, known, distribution, URIRef(f"{base}{quote(file.name)}"), file)


def _provenance(graph: Graph, known: About, base: str, node: URIRef) -> None:
    """Say how the data came about."""
    statement = URIRef(f"{base}#tillkomst")
    graph.add((statement, RDF.type, DCTERMS.ProvenanceStatement))
    words = Literal(" ".join(known.lineage), lang="sv")
    graph.add((statement, DCTERMS.description, words))
    graph.add((node, DCTERMS.provenance, statement))


def _distribution(graph: Graph, known: About, node: URIRef, address: URIRef, file: Path) -> None:
    """Describe one file."""
    media, what = FORMATS[file.suffix]
    held = fingerprint(file)
    graph.add((node, RDF.type, DCAT.Distribution))
    _texts(graph, node, file.name, f"{what}.")
    graph.add((node, DCAT.accessURL, address))
    graph.add((node, DCAT.downloadURL, address))
    # The Swedish profile writes the media type as text; the European one points at it.
    graph.add((node, DCTERMS.format, Literal(media)))
    graph.add((node, DCAT.mediaType, URIRef(f"{MEDIA_TYPES}{media}")))
    graph.add((node, DCAT.byteSize, Literal(held["bytes"], datatype=XSD.nonNegativeInteger)))
    if file.suffix in {".gpkg", ".tif", ".parquet"}:
        graph.add((node, DCTERMS.conformsTo, URIRef(SWEREF99TM)))
    if known.licence:
        graph.add((node, DCTERMS.license, URIRef(known.licence)))
    checksum = URIRef(f"{node}-sha256")
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    digest = Literal(held["sha256"], datatype=XSD.hexBinary)
    graph.add((checksum, SPDX.checksumValue, digest))
    graph.add((node, SPDX.checksum, checksum))
