"""Rules on what the links say: limits, directions, classes, seasons, connections."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from glesservice.checks.finding import Finding, Item, found, number_of
from glesservice.checks.subject import Subject
from glesservice.config import CLASS_SPEEDS_KMH
from glesservice.network import islands
from glesservice.network.speeds import PLAUSIBLE_KMH, POSTED, speed_shares
from glesservice.sources.touching import TOUCH_M, touching_ends
from glesservice.tables import EDGES

LAYER = EDGES.name
ONE_WAY_BY_NATURE = ("motorway", "motorway_link", "trunk_link", "primary_link", "secondary_link")


class NoNetwork:
    """ROA01 error: The roads make no network.

    What: no road touches the municipality and its buffer, none has a class that carries cars, or
    none can be driven there and back.

    Where: the road sources.

    Mend: use the roads of this municipality, and name their classes in the settings.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for a network."""
        if subject.network is None:
            what = f"{len(subject.inputs.edges)} links make no network around the municipality"
            yield found(self, what, LAYER, value=0)


class StrangeLimits:
    """ROA02 warning: A speed limit is outside 5 to 130 km/h.

    What: such limits are mistakes (miles, metres per second, a code); the speed of the road's class
    is used instead. Limits without a number were left out when the file was read.

    Where: the links, with their limit.

    Mend: correct the limits, or name another column.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare limits with what is plausible."""
        edges = subject.inputs.edges
        least, most = PLAUSIBLE_KMH
        limits = edges[["maxspeed_kmh", "maxspeed_backward_kmh"]].to_numpy(dtype=float)
        with np.errstate(invalid="ignore"):
            wrong = (limits < least) | (limits > most)
        odd = wrong.any(axis=1)
        if odd.any():
            shown = np.nanmax(np.where(wrong, limits, np.nan)[odd], axis=1)
            what = f"{number_of(odd.sum(), 'link')}, with limits such as {shown.max():g} km/h"
            yield found(self, what, LAYER, edges[odd], values=shown, limit=most, unit="km/h")


class FewLimits:
    """ROA03 info: Few roads have a speed limit.

    What: where no limit is posted the class decides. Told where that holds for more than
    `missing_speed_share` of the connected road length: minutes are then an assumption, kilometres
    less so.

    Where: the connected roads, as a share of their length.

    Mend: use NVDB, which has a limit for every road, or name the column of limits.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure the share of road length without a limit."""
        if subject.network is None:
            return
        roads = subject.network.table()
        shares = speed_shares(roads[roads["connected"]]).set_index("speed_origin")["share"]
        share, limit = 1 - float(shares[POSTED]), subject.limits.missing_speed_share
        if share > limit:
            what = f"{share:.0%} of the road length has no limit: the road class decides"
            yield found(self, what, LAYER, value=share, limit=limit, unit="share")


class PeopleOnIslands:
    """ROA04 warning: People live at roads without connection.

    What: pieces of road that do not hang together with the rest are not used; people there are sent
    from the nearest connected road, which may be across water. Often a bridge, a ferry or one link
    is missing, or a one-way direction is wrong.

    Where: the pieces, with the people whose nearest road they are.

    Mend: join the roads in the source, or with touch_m under [roads].
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for loose pieces that are somebody's nearest road."""
        if subject.network is None or subject.network.connected.all():
            return
        cells = subject.cells
        middles = pd.Series(subject.middles[subject.cell_inside])
        reach = subject.settings.network.access_max_m
        pieces = islands(subject.network, middles, cells["people"], reach)
        lived_at = pieces[pieces["people"] > 0]
        if not lived_at.empty:
            people = lived_at["people"].to_numpy()
            lived_at.index = [f"piece {number + 1}" for number in lived_at.index]
            pieces_text = number_of(len(lived_at), "loose piece")
            what = f"{people.sum():.0f} people live at {pieces_text} of road"
            yield found(self, what, LAYER, lived_at, values=people, unit="people")


class MuchLoose:
    """ROA05 warning: Much road is not connected.

    What: more than `loose_share` of the road length in the extent hangs together with the rest
    nowhere. Lines that were not cut at junctions, or two sources that were not joined.

    Where: the roads, as a share of their length.

    Mend: cut the lines at junctions (NVDB and OpenStreetMap are), or set join_m under [roads].
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure the share of loose road."""
        network = subject.network
        if network is None:
            return
        share = float(network.length[~network.connected].sum() / network.length.sum())
        limit = subject.limits.loose_share
        if share > limit:
            what = f"{share:.0%} of the road length is not connected with the rest"
            yield found(self, what, LAYER, value=share, limit=limit, unit="share")


class NearlyMeeting:
    """ROA06 warning: Roads nearly meet.

    What: a dead end within 2 m of another road is more likely a gap in the drawing than a real dead
    end; the way round may be tens of kilometres.

    Where: the dead ends, with the distance to the other road.

    Mend: set touch_m under [roads] to join them, or correct the drawing.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for dead ends beside other roads."""
        if subject.network is None:
            return
        ends = touching_ends(subject.network.table())
        if not ends.empty:
            what = f"{number_of(len(ends), 'dead end')} within {TOUCH_M:g} m of another road"
            items = [
                Item(str(node), None, round(place.x), round(place.y), round(apart, 2))
                for node, place, apart in zip(
                    ends["node"], ends.geometry, ends["distance_m"], strict=True
                )
            ]
            yield found(self, what, LAYER, items=items, limit=TOUCH_M, unit="m")


class SeasonalRoads:
    """ROA07 info: Seasonal roads are used.

    What: roads that are closed some part of the winter carry cars where season under [network] is
    sommar. Villages behind them may have far longer distances in winter.

    Where: the links, with their numbers.

    Mend: nothing; run once with season = "vinter" and compare.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for roads with a closed season among those that are used."""
        if subject.network is None:
            return
        roads = subject.network.table()
        used = roads[roads["connected"] & roads["closed"].notna()]
        if not used.empty:
            km = used["length_m"].sum() / 1000
            numbers = ", ".join(sorted(set(used["ref"].dropna().str.split(";").explode())))
            numbers = numbers or "without number"
            what = f"{km:.0f} km of roads with a closed season are used ({numbers})"
            yield found(self, what, LAYER, used, value=float(km), unit="km")


class ClassesWithoutCars:
    """ROA08 warning: Many links carry no cars.

    What: classes that are not named in class_speeds_kmh under [network] are left out. Told where
    they are more than half of the road length: more likely a class was not named.

    Where: the classes, with their kilometres.

    Mend: name the classes under [roads] or [network.class_speeds_kmh].
    """

    limit = 0.5

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure the length by class."""
        edges = subject.inputs.edges
        km = edges.groupby("highway")["length_m"].sum() / 1000
        named = km.index.isin(list(subject.settings.network.class_speeds_kmh))
        share = float(km[~named].sum() / km.sum())
        if share > self.limit:
            unnamed = km[~named].sort_values(ascending=False)
            what = f"{share:.0%} of the road length has a class that carries no cars"
            items = [Item(str(name), value=round(value, 1)) for name, value in unnamed.items()]
            yield found(self, what, LAYER, items=items, value=share, limit=self.limit, unit="share")


class ManyOneWay:
    """ROA09 warning: Many roads are one-way.

    What: outside motorways and their links hardly any rural road is. Told where more than
    `oneway_share` of the road length is: a column of directions was read wrongly.

    Where: the roads, as a share of their length.

    Mend: correct oneway_forward and oneway_backward under [roads].
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure the share of one-way roads."""
        edges, limit = subject.inputs.edges, subject.limits.oneway_share
        cars = edges["highway"].isin(set(CLASS_SPEEDS_KMH) - set(ONE_WAY_BY_NATURE))
        edges = edges[cars]
        one_way = edges["forward"].astype(bool) != edges["backward"].astype(bool)
        metres = edges["length_m"]
        share = float(metres[one_way].sum() / max(metres.sum(), 1.0))
        if share > limit:
            what = f"{share:.0%} of the road length is one-way"
            yield found(self, what, LAYER, value=share, limit=limit, unit="share")


class OneClass:
    """ROA10 warning: All roads have one class.

    What: classes give the speed where no limit is posted. With a single class and few limits every
    road is equally fast, and forest tracks become main roads.

    Where: the roads.

    Mend: name class_column and classes under [roads].
    """

    few = 20

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Count the classes."""
        edges = subject.inputs.edges
        without = float(edges["maxspeed_kmh"].isna().mean())
        limit = subject.limits.missing_speed_share
        if len(edges) >= self.few and len(set(edges["highway"])) == 1 and without > limit:
            what = f"all {len(edges)} links are {edges['highway'].iloc[0]}, few have a limit"
            yield found(self, what, LAYER, value=without, limit=limit, unit="share")


RULES = (
    NoNetwork(),
    StrangeLimits(),
    FewLimits(),
    PeopleOnIslands(),
    MuchLoose(),
    NearlyMeeting(),
    SeasonalRoads(),
    ClassesWithoutCars(),
    ManyOneWay(),
    OneClass(),
)
