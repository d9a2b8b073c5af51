"""Rules on localities and named places."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.checks.finding import Finding, found, number_of
from glesservice.checks.subject import LOCALITIES, Subject, nearest_m
from glesservice.tables import SETTLEMENTS

LAYER = SETTLEMENTS.name
# SCB: a tätort has at least 200 inhabitants, a småort 50 to 199.
PEOPLE_OF_KIND = {"tatort": (200.0, np.inf), "smaort": (50.0, 200.0)}


class NoPlaces:
    """SET01 error: No settlement lies in the municipality.

    What: without named places people belong nowhere and nothing can be ranked.

    Where: all settlements.

    Mend: use the settlements of this municipality, and check the coordinate system.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for settlements inside the border."""
        if not subject.settlement_inside.any():
            what = f"none of {len(subject.settlements)} settlements lies in the municipality"
            yield found(self, what, LAYER, value=0)


class NoCentralort:
    """SET02 error: There is no centralort.

    What: the main town is a destination and never ranked. It is the one named as centralort under
    [orter], else the largest tätort of the municipality; without either a town would be ranked
    among the villages.

    Where: the settlements of the municipality.

    Mend: write the main town's name as centralort under [orter], or add SCB's tätorter.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for the main town."""
        places = subject.settlements[subject.settlement_inside]
        named = subject.settings.orter.centralort
        if named is not None and named not in set(places["name"]):
            yield found(self, f"no settlement of the municipality is called {named}", "[orter]")
        elif named is None and not places["kind"].eq("tatort").any() and len(places):
            yield found(self, "no settlement of the municipality is a tätort", LAYER)


class TatortWithoutService:
    """SET03 warning: A tätort has no service.

    What: a locality of 200 people or more without any open site of a service that counts, inside it
    or within `tatort_service_km` of it, is rare: more often its shop is missing from the list.

    Where: the tätorter, with the distance to the nearest site.

    Mend: look for the missing shop; absence from OpenStreetMap proves nothing.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure from each tätort to the nearest site that counts."""
        limit = subject.limits.tatort_service_km
        places = subject.settlements
        towns = places[subject.settlement_inside & places["kind"].eq("tatort")]
        sites = subject.inputs.sites
        of_policy = sites["service"].isin(list(subject.settings.policy.services))
        points = sites.geometry.to_numpy()[subject.counted & of_policy]
        apart = nearest_m(shapely.STRtree(points), towns.geometry.to_numpy()) / 1000
        alone = apart > limit
        if alone.any():
            what = f"{_listed(towns[alone])}, none within {limit:g} km"
            yield found(
                self, what, LAYER, towns[alone], values=apart[alone], limit=limit, unit="km"
            )


class Namesakes:
    """SET04 warning: Two settlements close by have the same name.

    What: the same place may be there twice, from two sources; its people are then shared between
    two orter, and neither stands where it should in the lists. Looked for within `namesake_km`.

    Where: the settlements, with the distance to the other.

    Mend: remove one of the two, or tell them apart by name.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for the nearest namesake of each settlement of the municipality."""
        limit = subject.limits.namesake_km
        places = subject.settlements[subject.settlement_inside]
        name = places["name"].str.casefold().str.strip()
        twins = places[name.duplicated(keep=False)]
        if twins.empty:
            return
        apart = pd.Series(np.inf, index=twins.index)
        for _, group in twins.groupby(name):
            for index in group.index:
                others = group.drop(index=index)
                apart[index] = others.distance(group.geometry[index]).min() / 1000
        near = (apart <= limit).to_numpy()
        if near.any():
            what = _listed(twins[near].drop_duplicates("name"))
            yield found(
                self,
                what,
                LAYER,
                twins[near],
                values=apart[near],
                limit=limit,
                unit="km",
                least_first=True,
            )


class KindAndSize:
    """SET05 info: A locality's published people do not fit its kind.

    What: SCB calls a place a tätort from 200 inhabitants on, and a småort from 50 to 199. Others
    are old delimitations, or the columns were mixed up.

    Where: the localities, with their people.

    Mend: use SCB's latest localities.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare people with the limits of each kind."""
        places = subject.settlements[subject.settlement_inside]
        places = places[places["kind"].isin(LOCALITIES) & places["population"].notna()]
        people = places["population"].to_numpy(dtype=float)
        least, below = (
            places["kind"].map({kind: ends[end] for kind, ends in PEOPLE_OF_KIND.items()})
            for end in (0, 1)
        )
        odd = (people < least.to_numpy(dtype=float)) | (people >= below.to_numpy(dtype=float))
        if odd.any():
            what = _listed(places[odd])
            yield found(self, what, LAYER, places[odd], values=people[odd], unit="people")


class CodeForName:
    """SET06 warning: A settlement has a code for a name.

    What: SCB's småorter have a code and no name; they are named from the nearest named place. Where
    none lies within reach the code stands in the lists, and nobody knows the place by it.

    Where: the settlements.

    Mend: add a named point for each of them to the settlements.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for names that are mostly digits, or the id."""
        places = subject.settlements[subject.settlement_inside]
        digits = places["name"].str.count(r"\d")
        same = places["name"].eq(places["settlement_id"]) & (digits > 0)
        coded = places[same | (digits >= places["name"].str.len() / 2)]
        if not coded.empty:
            what = number_of(len(coded), "settlement")
            yield found(self, what, LAYER, coded)


class OneCell:
    """SET07 info: A locality is measured from one cell only.

    What: all its people are taken to live in the middle of one square, up to 700 m off for SCB's
    1 km cells.

    Where: the tätorter and småorter.

    Mend: nothing; a grid of 250 m tells more.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Count the populated cells that each locality touches."""
        places = subject.settlements
        places = places[subject.settlement_inside & places["kind"].isin(LOCALITIES)]
        place, _ = subject.tree_of_cells.query(places.geometry.to_numpy(), predicate="intersects")
        single = np.bincount(place, minlength=len(places)) == 1
        single &= shapely.area(places.geometry.to_numpy()) > 0
        if single.any():
            what = _listed(places[single])
            yield found(self, what, LAYER, places[single])


class LocalityAsPoint:
    """SET08 info: A locality is known as a point only.

    What: without a polygon it is drawn as a circle that holds its people at the density under
    [orter]; cells at its edge may be given to a neighbour.

    Where: the tätorter and småorter.

    Mend: add SCB's polygons (tätorter, småorter).
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for localities without an area."""
        places = subject.settlements
        places = places[subject.settlement_inside & places["kind"].isin(LOCALITIES)]
        points = places[shapely.area(places.geometry.to_numpy()) == 0]
        if not points.empty:
            what = _listed(points)
            yield found(self, what, LAYER, points)


RULES = (
    NoPlaces(),
    NoCentralort(),
    TatortWithoutService(),
    Namesakes(),
    KindAndSize(),
    CodeForName(),
    OneCell(),
    LocalityAsPoint(),
)


def _listed(places: gpd.GeoDataFrame) -> str:
    """Name the first places."""
    names = places["name"].head(5).tolist()
    return ", ".join(names) + (" and more" if len(places) > len(names) else "")
