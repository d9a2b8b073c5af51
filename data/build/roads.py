"""Roads of the fact table: one winding line for each link, with the length the table states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shapely import LineString, Point, Polygon

from facts import Link, Settlement, dice
from geodesy import Degrees, Metres, geodesic_length, to_metres
from meander import meander

# Swedish numbers from 500 up are ordinary county roads; these three carry the through traffic.
THROUGH_ROADS = ("824", "1067", "1088")
NAMED_ROADS = ("Vildmarksvägen", "Sagavägen")
FIRST_WAY = 2462001

# The road over Stekenjokk. The closure between the turning place at Saxån and the county border is
# the known one; Klimpfjäll-Saxån is closed as well in some winters only. No source gives the place
# of Saxån along the road, so half-way to the border is an assumption.
STEKENJOKK = ("Klimpfjäll", "Stora Blåsjön")
SAXAN_SHARE = 0.5
SUMMIT_CLOSED = "no @ (Oct 15-Jun 06)"
SOME_WINTERS_CLOSED = "no @ (Dec 15-Mar 31)"


@dataclass(frozen=True)
class Road:
    """One stretch of road with the same tags from end to end.

    Attributes
    ----------
    way
        The number that becomes ``osmid``.
    coords
        Longitude and latitude of the vertices.
    metres
        Length along the road.
    highway
        Road class in the words of OpenStreetMap.
    origin
        ``fact`` or ``modelled``.
    tags
        Further tags, sorted by key.
    oneway
        Whether only the drawn direction is allowed.
    """

    way: int
    coords: tuple[Degrees, ...]
    metres: float
    highway: str
    origin: str
    tags: tuple[tuple[str, str], ...] = ()
    oneway: bool = False

    def tag(self, key: str) -> str | None:
        """Look up one tag.

        Parameters
        ----------
        key
            Name of the tag.

        Returns
        -------
        str or None
            Its value, if there is one.
        """
        return dict(self.tags).get(key)

    def open_all_year(self) -> bool:
        """Tell whether no closure is stated.

        Returns
        -------
        bool
            True for a road without conditional closure.
        """
        return self.tag("motor_vehicle:conditional") is None


def fact_roads(
    links: Sequence[Link], settlements: Sequence[Settlement], outline: Polygon
) -> list[Road]:
    """Draw every link of the fact table.

    Parameters
    ----------
    links
        The links.
    settlements
        Their end points.
    outline
        The municipality, whose edge is the county border on Stekenjokk.

    Returns
    -------
    list of Road
        At least one road a link, in the order of the table.
    """
    where = {s.name: s for s in settlements}
    roads: list[Road] = []
    for number, link in enumerate(links):
        ends = where[link.start], where[link.end]
        rng = dice(f"road {link.start} {link.end}")
        line = meander(ends[0].xy, ends[1].xy, link.km * 1000, rng)
        # The very digits of the settlement table, so that links meet in one node.
        line[0], line[-1] = ends[0].lonlat, ends[1].lonlat
        road = Road(
            way=FIRST_WAY + number,
            coords=tuple(line),
            metres=round(link.km * 1000, 1),
            highway=_highway(link.road),
            origin="fact",
            tags=tuple(sorted(_tags(link).items())),
        )
        if (link.start, link.end) == STEKENJOKK:
            roads += _stekenjokk(road, outline)
        else:
            roads.append(road)
    return roads


def split_at(road: Road, cuts: Sequence[int]) -> Iterator[Road]:
    """Cut a road at some of its vertices, sharing out its length to the last decimetre.

    Parameters
    ----------
    road
        The road.
    cuts
        Vertex numbers, rising, ends not included.

    Yields
    ------
    Road
        The pieces from start to end.
    """
    stops = [0, *cuts, len(road.coords) - 1]
    total = geodesic_length(road.coords)
    reached = 0.0
    for first, last in pairwise(stops):
        upto = round(road.metres * geodesic_length(road.coords[: last + 1]) / total, 1)
        yield replace(road, coords=road.coords[first : last + 1], metres=round(upto - reached, 1))
        reached = upto


def _stekenjokk(road: Road, outline: Polygon) -> Iterator[Road]:
    """Cut the mountain road into the stretches that close at different times."""
    points = to_metres(road.coords)
    border = next(i for i, p in enumerate(points) if not outline.contains(Point(p)))
    saxan = round(border * SAXAN_SHARE)
    closures = (SOME_WINTERS_CLOSED, SUMMIT_CLOSED, None)
    for number, (piece, closure) in enumerate(
        zip(split_at(road, [saxan, border]), closures, strict=True)
    ):
        tags = dict(piece.tags) | ({"motor_vehicle:conditional": closure} if closure else {})
        yield replace(piece, way=road.way + 1000 * (number + 1), tags=tuple(sorted(tags.items())))


def _highway(number: str) -> str:
    """Derive the road class from the road number; an unnumbered link is a minor road."""
    first = number.split("/", maxsplit=1)[0]
    if not first:
        return "unclassified"
    if first.startswith("E"):
        return "trunk"
    if first in THROUGH_ROADS or first.startswith("fv"):
        return "secondary"
    return "primary" if len(first) <= 3 else "tertiary"


def _tags(link: Link) -> dict[str, str]:
    tags = {
        "glesservice:confidence": link.confidence,
        "glesservice:link": f"{link.start}–{link.end}",
        "maxspeed": link.speed,
        "source:maxspeed": "assumed by road class",
    }
    if link.road:
        tags["ref"] = link.road.replace("/", ";")
    if link.surface != "unknown":
        tags["surface"] = link.surface
    named = [name for name in NAMED_ROADS if name in link.source]
    if named:
        tags["name"] = named[0]
    return tags


def projected(road: Road) -> LineString:
    """Give the line of a road in EPSG:3006.

    Parameters
    ----------
    road
        The road.

    Returns
    -------
    shapely.LineString
        Its line.
    """
    return LineString(to_metres(road.coords))


def vertices(roads: Sequence[Road]) -> list[tuple[Metres, Degrees]]:
    """List the points where another road may be joined on.

    Parameters
    ----------
    roads
        The roads so far.

    Returns
    -------
    list of tuple
        Each vertex in both coordinate systems.
    """
    return [
        pair for road in roads for pair in zip(to_metres(road.coords), road.coords, strict=True)
    ]
