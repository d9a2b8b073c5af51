"""The results as open data: a catalogue by DCAT-AP-SE, metadata by ISO 19139, nothing made up."""

from __future__ import annotations

import hashlib
import os
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF

from glesservice.analysis import Result, analyse
from glesservice.config import load_settings
from glesservice.disclosure import publish
from glesservice.errors import SettingsError
from glesservice.exports.describing import ISO_19139
from glesservice.exports.opendata import dcat
from glesservice.exports.opendata.about import About, about, missing
from glesservice.exports.opendata.iso import GCO, GMD
from glesservice.exports.opendata.writing import write_open_data
from glesservice.sources import read_inputs

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
GIVEN = {
    "publisher": "Leksaks kommun",
    "contact": "oppnadata@leksak.example",
    "licence": "CC-BY-4.0",
    "url": "https://data.leksak.example/service",
    "issued": "2027-01-31",
}
BASE = "https://data.leksak.example/service/"
# Of each class what DCAT-AP-SE 3 wants, or recommends and we know.
WANTED = {
    DCAT.Catalog: (
        *(DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset, DCTERMS.license),
        *(DCTERMS.issued, DCTERMS.language, DCAT.themeTaxonomy),
    ),
    DCAT.Dataset: (
        *(DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint, DCAT.theme),
        *(DCAT.distribution, DCAT.keyword, DCTERMS.spatial, DCTERMS.temporal, DCTERMS.issued),
        *(DCTERMS.identifier, DCTERMS.accrualPeriodicity, DCTERMS.provenance),
    ),
    DCAT.Distribution: (
        *(DCAT.accessURL, DCAT.downloadURL, DCTERMS.license, DCTERMS.format, DCTERMS.title),
        *(DCTERMS.description, DCAT.byteSize, SPDX.checksum),
    ),
    VCARD.Organization: (VCARD.fn, VCARD.hasEmail),
    FOAF.Agent: (FOAF.name,),
    DCTERMS.Location: (DCAT.bbox,),
    DCTERMS.PeriodOfTime: (DCAT.startDate, DCAT.endDate),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
}
DESCRIBED = (
    *("glesservice.gpkg", "tabeller.xlsx", "karta.html", "indikatorer.csv", "indikatorer.json"),
    *("restid_dagligvaror.tif", "restid_drivmedel.tif"),
)


@pytest.fixture(scope="module")
def small(toy: tuple[Path, Path]) -> Result:
    settings = load_settings(toy[0])
    return analyse(read_inputs(settings), settings)


def saying(result: Result, **said: str) -> Result:
    """Give a result's settings a publication, checked as a settings file is."""
    given = type(result.settings.publication).model_validate(said)
    settings = result.settings.model_copy(update={"publication": given})
    return replace(result, settings=settings)


def products(toy: tuple[Path, Path], folder: Path) -> Path:
    """Lay a run's products out, without their description."""
    folder.mkdir()
    for name in DESCRIBED:
        (folder / name).write_bytes((toy[1] / name).read_bytes())
    return folder


def graph_of(folder: Path) -> Graph:
    return Graph().parse(folder / "dcat.ttl", format="turtle", publicID=f"{BASE}dcat.ttl")


@pytest.fixture(scope="module")
def given(toy: tuple[Path, Path], small: Result, tmp_path_factory) -> Path:
    folder = products(toy, tmp_path_factory.mktemp("given") / "run")
    write_open_data(saying(small, **GIVEN), folder)
    return folder


def test_a_run_describes_its_products_as_open_data(toy):
    graph = graph_of(toy[1])
    addresses = {str(one).removeprefix(BASE) for one in graph.objects(None, DCAT.downloadURL)}
    assert addresses == set(DESCRIBED)
    ET.parse(toy[1] / "metadata.xml")  # noqa: S314 - our own file


def test_everything_that_the_profile_wants_is_there(given):
    graph = graph_of(given)
    for kind, properties in WANTED.items():
        nodes = list(graph.subjects(RDF.type, kind))
        assert nodes, kind
        for node in nodes:
            for name in properties:
                assert list(graph.objects(node, name)), (node, name)
    for name in (DCTERMS.title, DCTERMS.description):
        for node in graph.subjects(RDF.type, DCAT.Dataset):
            assert "sv" in {text.language for text in graph.objects(node, name)}


def test_every_node_that_is_pointed_at_is_described(given):
    graph = graph_of(given)
    local = {one for one in graph.objects() if isinstance(one, URIRef) and f"{BASE}#" in one}
    assert local
    for node in local:
        assert (node, RDF.type, None) in graph, node
    assert not [one for one in graph.all_nodes() if not isinstance(one, URIRef | Literal)]


def test_who_publishes_and_how_to_reach_them_is_what_the_settings_say(given):
    graph = graph_of(given)
    publisher = graph.value(URIRef(f"{BASE}#service"), DCTERMS.publisher)
    assert graph.value(publisher, FOAF.name) == Literal("Leksaks kommun", lang="sv")
    contact = graph.value(URIRef(f"{BASE}#service"), DCAT.contactPoint)
    assert graph.value(contact, VCARD.hasEmail) == URIRef("mailto:oppnadata@leksak.example")
    licences = set(graph.objects(None, DCTERMS.license))
    assert licences == {URIRef("http://creativecommons.org/licenses/by/4.0/")}
    assert "Saknas" not in (given / "dcat.ttl").read_text(encoding="utf-8")


def test_sizes_and_digests_are_those_of_the_files(given):
    graph = graph_of(given)
    for name in DESCRIBED:
        data = (given / name).read_bytes()
        node = next(iter(graph.subjects(DCAT.downloadURL, URIRef(BASE + name))))
        assert int(graph.value(node, DCAT.byteSize)) == len(data)
        digest = graph.value(graph.value(node, SPDX.checksum), SPDX.checksumValue)
        assert str(digest) == hashlib.sha256(data).hexdigest()


def test_what_the_settings_do_not_say_is_missing_and_told_never_made_up(toy, small, tmp_path):
    folder = products(toy, tmp_path / "run")
    write_open_data(small, folder)
    text = (folder / "dcat.ttl").read_text(encoding="utf-8")
    told = [line for line in text.splitlines() if line.startswith("# Saknas")]
    assert [line.rpartition(" ")[2].rstrip(".") for line in told] == list(GIVEN)
    assert missing(small.settings) == tuple(GIVEN)
    graph = graph_of(folder)
    for kind in (FOAF.Agent, VCARD.Organization):
        assert not list(graph.subjects(RDF.type, kind))
    for name in (DCTERMS.publisher, DCAT.contactPoint, DCTERMS.license, DCTERMS.issued):
        assert not list(graph.objects(None, name))
    root = ET.parse(folder / "metadata.xml").getroot()  # noqa: S314 - our own file
    empty = {one.tag.rpartition("}")[2] for one in root.iter() if one.get(f"{{{GCO}}}nilReason")}
    assert empty == {"organisationName", "contactInfo", "otherConstraints", "dateStamp", "version"}


def test_without_an_address_the_description_points_at_the_files_beside_it(toy):
    text = (toy[1] / "dcat.ttl").read_text(encoding="utf-8")
    assert "dcat:downloadURL <glesservice.gpkg>" in text
    assert "http://data" not in text


@pytest.mark.parametrize(
    ("contact", "email", "telephone"),
    [
        ("oppnadata@leksak.example", "oppnadata@leksak.example", None),
        ("Kontaktcenter, kc@leksak.example", "kc@leksak.example", None),
        ("0940-140 00", None, "0940-140 00"),
        ("Kommunhuset, plan 2", None, None),
    ],
)
def test_a_contact_is_an_address_a_number_or_words(small, contact, email, telephone):
    known = about(publish(saying(small, contact=contact)))
    assert (known.email, known.telephone) == (email, telephone)


def test_names_that_would_break_the_syntax_do_not(toy, small, tmp_path):
    folder = products(toy, tmp_path / "run")
    hostile = 'Å "kommun" <> . \\ @prefix x: <y> . & </gmd:x>'
    write_open_data(saying(small, publisher=hostile, contact='"<a b@c.d>"@x.y; DROP'), folder)
    graph = graph_of(folder)
    assert [str(name) for name in graph.objects(None, FOAF.name)] == [hostile]
    root = ET.parse(folder / "metadata.xml").getroot()  # noqa: S314 - our own file
    names = {one.text for one in root.iter(f"{{{GCO}}}CharacterString")}
    assert hostile in names


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("licence", "gratis", "neither an address nor one of CC0-1.0"),
        ("licence", "https://a.b/<x>", "neither an address"),
        ("url", "data.leksak.example", "must begin with http"),
        ("url", "https://a b", "without spaces"),
        ("issued", "januari", "pattern"),
        ("publisher", "", "at least 1"),
    ],
)
def test_what_cannot_be_published_as_it_stands_is_refused(toy, tmp_path, key, value, said):
    text = toy[0].read_text(encoding="utf-8")
    path = tmp_path / "glesservice.toml"
    path.write_text(f'{text}\n[publication]\n{key} = "{value}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        load_settings(path)


ORDER = (
    *("fileIdentifier", "language", "characterSet", "hierarchyLevel", "contact", "dateStamp"),
    *("metadataStandardName", "metadataStandardVersion", "referenceSystemInfo"),
    *("identificationInfo", "distributionInfo", "dataQualityInfo"),
)
INSIDE = (
    *("citation", "abstract", "pointOfContact", "resourceMaintenance", "descriptiveKeywords"),
    *("resourceConstraints", "spatialRepresentationType", "language", "characterSet"),
    *("topicCategory", "topicCategory", "extent"),
)


def children(element: ET.Element) -> list[str]:
    return [child.tag.rpartition("}")[2] for child in element]


def at(root: ET.Element, path: str) -> list[str | None]:
    """Return the texts at the end of a path of names."""
    tags = "/".join(f"{{{GMD}}}{name}" for name in path.split("/"))
    return [one.text for one in root.findall(f"{tags}/{{{GCO}}}CharacterString")]


def test_the_metadata_have_the_standards_elements_in_its_order(given):
    root = ET.parse(given / "metadata.xml").getroot()  # noqa: S314 - our own file
    assert root.tag == f"{{{GMD}}}MD_Metadata"
    assert tuple(children(root)) == ORDER
    data = root.find(f"{{{GMD}}}identificationInfo/{{{GMD}}}MD_DataIdentification")
    assert tuple(children(data)) == INSIDE
    assert not [one for one in root.iter() if not one.text and not len(one) and not one.attrib]
    assert at(root, "contact/CI_ResponsibleParty/organisationName") == ["Leksaks kommun"]
    system = "referenceSystemInfo/MD_ReferenceSystem/referenceSystemIdentifier/RS_Identifier"
    assert at(root, f"{system}/code") == ["3006"]
    lineage = at(root, "dataQualityInfo/DQ_DataQuality/lineage/LI_Lineage/statement")[0]
    assert "Befolkning: SCB, 2024-12-31, licens CC0." in lineage
    assert f"{BASE}glesservice.gpkg" in {one.text for one in root.iter(f"{{{GMD}}}URL")}
    dates = {one.text for one in root.iter(f"{{{GCO}}}Date")}
    assert dates == {"2027-01-31"}


def test_the_box_holds_the_municipality(given, small):
    root = ET.parse(given / "metadata.xml").getroot()  # noqa: S314 - our own file
    west, east, south, north = (float(one.text) for one in root.iter(f"{{{GCO}}}Decimal"))
    bounds = small.boundary.to_crs("EPSG:4326").total_bounds
    assert west <= bounds[0] < bounds[2] <= east
    assert south <= bounds[1] < bounds[3] <= north
    assert (west, south, east, north) == pytest.approx(tuple(bounds), abs=2e-5)


def test_every_layer_of_the_geopackage_carries_its_own_metadata(toy):
    with closing(sqlite3.connect(toy[1] / "glesservice.gpkg")) as base:
        found = base.execute(
            "SELECT r.table_name, m.metadata FROM gpkg_metadata m JOIN gpkg_metadata_reference r"
            " ON m.id = r.md_file_id WHERE m.md_standard_uri = ? AND m.mime_type = 'text/xml'",
            (ISO_19139,),
        ).fetchall()
        layers = base.execute(
            "SELECT table_name, data_type FROM gpkg_contents WHERE table_name != 'layer_styles'"
        ).fetchall()
    assert {name for name, _ in found} == {name for name, _ in layers}
    kinds = dict(layers)
    for name, text in found:
        root = ET.fromstring(text)  # noqa: S314 - our own file
        assert at(root, "fileIdentifier") == [f"2462-2026-{name}"]
        assert ("referenceSystemInfo" in children(root)) == (kinds[name] == "features")


def test_the_description_is_the_same_bytes_whatever_the_order_of_hashing(toy, tmp_path):
    folder = products(toy, tmp_path / "run")
    known = About(load_settings(toy[0]), "t", "d", ("l",), (1, 2, 3, 4), "a@b.c", None, "http://l")
    dcat.write_dcat(known, folder, tmp_path / "here")
    write = (
        "import pickle, sys; from pathlib import Path\n"
        "from glesservice.exports.opendata.dcat import write_dcat\n"
        "write_dcat(pickle.loads(sys.stdin.buffer.read()), *map(Path, sys.argv[1:]))\n"
    )
    subprocess.run(
        [sys.executable, "-c", write, str(folder), str(tmp_path / "there")],
        input=pickle.dumps(known),
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1"},
    )
    assert (tmp_path / "there").read_bytes() == (tmp_path / "here").read_bytes()
