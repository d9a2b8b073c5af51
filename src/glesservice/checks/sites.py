"""Rules on single service sites: position, doubles, age of what is known."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from glesservice.checks.finding import Finding, Item, found, number_of
from glesservice.checks.sources import months_between
from glesservice.checks.subject import Flags, Subject, nearest_m
from glesservice.sources.naming import slug
from glesservice.tables import SITES

LAYER = SITES.name
GONE = ("closed", "planned")
SEASONS = ("summer", "winter", "part_of_year")


class SiteOffRoad:
    """SIT01 warning: A site stands far from every road.

    What: a shop stands at a road. Sites more than `site_road_m` from the connected roads have a
    wrong position, or their road is missing from the file. Beyond access_max_m under [network]
    nobody reaches them.

    Where: the sites in the municipality and its buffer, with their distance.

    Mend: correct lat and lon, or add the road.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure from each site to the nearest road."""
        if subject.network is None:
            return
        limit = subject.limits.site_road_m
        sites = subject.inputs.sites[subject.site_reached]
        far_m = subject.to_road_m(sites.geometry.to_numpy())
        far = far_m > limit
        if far.any():
            what = f"{number_of(far.sum(), 'site')} more than {limit:g} m away"
            yield found(self, what, LAYER, sites[far], values=far_m[far], limit=limit, unit="m")


class SiteOffSettlements:
    """SIT02 warning: A site lies far from every settlement.

    What: sites of the municipality more than `site_settlement_km` from every locality and named
    place are rare (a mountain station, a roadside pump) and often a slip in a coordinate.

    Where: the sites, with their distance.

    Mend: correct lat and lon, or add the place's name to the settlements.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure from each site of the municipality to the nearest settlement."""
        limit = subject.limits.site_settlement_km
        sites = subject.inputs.sites[subject.site_inside & ~_gone(subject)]
        tree = shapely.STRtree(subject.settlements.geometry.to_numpy())
        far_km = nearest_m(tree, sites.geometry.to_numpy()) / 1000
        far = far_km > limit
        if far.any():
            what = f"{number_of(far.sum(), 'site')} more than {limit:g} km away"
            yield found(self, what, LAYER, sites[far], values=far_km[far], limit=limit, unit="km")


class SameSpot:
    """SIT03 warning: Two sites of one service stand at one spot.

    What: sites of the same service within `same_spot_m` of each other are probably one business
    that is listed twice. Then nobody loses anything if "the nearest" closes, and the vulnerability
    of the village is hidden.

    Where: the pairs, with their distance.

    Mend: remove one of the two; if they are two businesses, give each its exact position.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for pairs at one spot."""
        limit = subject.limits.same_spot_m
        pairs = _pairs(subject, 0, limit)
        if pairs:
            what = f"{number_of(len(pairs), 'pair')} within {limit:g} m"
            yield found(self, what, LAYER, items=pairs, value=_least(pairs), limit=limit, unit="m")


class SameName:
    """SIT04 warning: Two sites of one service have similar names and stand close by.

    What: the same business may be listed twice, from two sources with slightly other names or
    positions. Looked for within `same_name_m`, from `same_name_share` of common letters on.

    Where: the pairs, with their distance.

    Mend: remove one of the two, or set its status to closed.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for pairs of similar names."""
        limits = subject.limits
        pairs = _pairs(subject, limits.same_spot_m, limits.same_name_m, limits.same_name_share)
        if pairs:
            what = f"{number_of(len(pairs), 'pair')} within {limits.same_name_m:g} m"
            yield found(
                self,
                what,
                LAYER,
                items=pairs,
                value=_least(pairs),
                limit=limits.same_name_m,
                unit="m",
            )


class LostSite:
    """SIT05 error: A site of the municipality lies outside its buffer.

    What: kommunkod says that the site is the municipality's own, but it lies beyond the buffer: a
    coordinate is wrong, and the run refuses it.

    Where: the sites, with their distance from the municipality.

    Mend: correct lat and lon, or kommunkod.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for own sites beyond the buffer."""
        sites = subject.inputs.sites
        lost = sites["kommunkod"].eq(subject.settings.area.kommun).to_numpy(dtype=bool)
        lost = lost & ~subject.site_reached
        if lost.any():
            km = shapely.distance(sites.geometry.to_numpy()[lost], subject.area) / 1000
            what = number_of(lost.sum(), "site")
            yield found(
                self,
                what,
                LAYER,
                sites[lost],
                values=km,
                limit=subject.settings.area.buffer_km,
                unit="km",
            )


class OtherMunicipality:
    """SIT06 warning: A site does not lie in the municipality it is said to be of.

    What: kommunkod says this municipality and the site lies outside it, or another and it lies
    inside, by more than `border_m`.

    Where: the sites, with their distance from the border.

    Mend: correct lat and lon, or kommunkod.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare codes with positions."""
        limit = subject.limits.border_m
        sites = subject.inputs.sites
        code = sites["kommunkod"]
        own = code.eq(subject.settings.area.kommun).to_numpy(dtype=bool)
        other = (own != subject.site_inside) & code.notna().to_numpy() & subject.site_reached
        odd = sites[other]
        off_m = shapely.distance(odd.geometry.to_numpy(), shapely.boundary(subject.area))
        wrong = off_m > limit
        if wrong.any():
            what = f"{number_of(wrong.sum(), 'site')} on the wrong side of the border"
            yield found(self, what, LAYER, odd[wrong], values=off_m[wrong], limit=limit, unit="m")


class UndatedSite:
    """SIT07 info: Sites have no year.

    What: every number must be traceable to a site that was known to be open in some year. Told of
    the sites that count, in the municipality and its buffer.

    Where: the sites.

    Mend: fill in the date or year of each site when it is confirmed.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Count the sites without a year."""
        sites = subject.inputs.sites
        sites = sites[subject.counted & subject.site_reached]
        undated = sites[sites["source_year"].isna() & sites["source_date"].isna()]
        if not undated.empty:
            what = f"{len(undated)} of {len(sites)} that count have neither date nor year"
            yield found(self, what, LAYER, undated, value=len(undated), unit="sites")


class OldSite:
    """SIT08 warning: What is known of a site is old.

    What: the day, month or year of the site's source ended more than `source_age_months` before
    the report; the site may have closed since.

    Where: the sites that count, with the age in months.

    Mend: confirm that they are open, and write the year.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Count the months since each site's date or year."""
        limit, year = subject.limits.source_age_months, subject.settings.area.year
        sites = subject.inputs.sites
        year_text = sites["source_year"].map("{:.0f}".format, na_action="ignore")
        date = sites["source_date"].fillna(year_text)
        sites = sites[subject.counted & subject.site_reached & date.notna()]
        report_month = subject.limits.report_month
        age = np.array(
            [months_between(text, year, report_month) for text in date.loc[sites.index]], dtype=int
        )
        old = age > limit
        if old.any():
            what = f"{number_of(old.sum(), 'site')}, last known more than {limit:g} months ago"
            yield found(self, what, LAYER, sites[old], values=age[old], limit=limit, unit="months")


class AssortmentUnknown:
    """SIT09 info: The assortment of shops is unknown.

    What: a kiosk is no grocery shop, and the support rules ask for a broad range. Where assortment
    is not given every shop counts alike.

    Where: the municipality's grocery shops that count.

    Mend: write assortment (full or limited) for each shop.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Count the shops without assortment."""
        sites = subject.inputs.sites
        shops = sites[subject.counted & subject.site_inside & sites["service"].eq("dagligvaror")]
        unknown = shops[shops["assortment"].isna() | shops["assortment"].eq("unknown")]
        if not unknown.empty:
            what = f"{len(unknown)} of {len(shops)} grocery shops have no known assortment"
            yield found(self, what, LAYER, unknown, value=len(unknown), unit="sites")


class PartOfYear:
    """SIT10 info: Sites are open a part of the year.

    What: a summer shop counts like any other, and nobody has service there in winter. The support
    rules ask for all the year.

    Where: the sites of the municipality that count.

    Mend: nothing; to leave one out, set its status to closed and compare.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for seasons among the sites that count."""
        sites = subject.inputs.sites[subject.counted & subject.site_inside]
        seasonal = sites[sites["season"].isin(SEASONS)]
        if not seasonal.empty:
            yield found(self, number_of(len(seasonal), "site"), LAYER, seasonal)


class ListsDisagree:
    """SIT11 warning: Lists of sites disagree.

    What: two lists have the same business and say different things of it, or have two that may be
    the same and were both kept. The list that stands first holds.

    Where: the pairs, with their distance.

    Mend: ask the shop, and correct the municipality's own list, which stands first.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for conflicts among what was merged."""
        merges = subject.inputs.merges
        doubtful = merges[merges["conflict"].notna()]
        items = [
            Item(
                f"{row['site_id']} + {row['other_id']}",
                f"{row['name']} + {row['other_name']} ({row['service']}): {row['conflict']}",
                value=round(float(row["distance_m"]), 1),
            )
            for row in doubtful.to_dict("records")
        ]
        if items:
            yield found(self, number_of(len(items), "pair"), LAYER, items=items, unit="m")


RULES = (
    SiteOffRoad(),
    SiteOffSettlements(),
    SameSpot(),
    SameName(),
    LostSite(),
    OtherMunicipality(),
    UndatedSite(),
    OldSite(),
    AssortmentUnknown(),
    PartOfYear(),
    ListsDisagree(),
)


def _gone(subject: Subject) -> Flags:
    """Mark the sites that nobody can go to."""
    return np.asarray(subject.inputs.sites["status"].isin(GONE))


def _pairs(subject: Subject, beyond_m: float, within_m: float, alike: float = 0) -> list[Item]:
    """List pairs of sites of one service, at a distance and with names alike, nearest first."""
    sites = subject.inputs.sites[subject.site_reached & ~_gone(subject)]
    xy = shapely.get_coordinates(sites.geometry.to_numpy())
    near = cKDTree(xy).query_pairs(within_m, output_type="ndarray") if len(sites) > 1 else None
    pairs = pd.DataFrame(near, columns=["one", "other"], dtype=int)
    one, other = (sites.iloc[pairs[end]].reset_index(drop=True) for end in ("one", "other"))
    pairs = pairs.assign(metres=one.distance(other))
    chosen = one["service"].eq(other["service"]) & (pairs["metres"] > beyond_m)
    if beyond_m == 0:
        chosen = one["service"].eq(other["service"])
    items = []
    for row in pairs[chosen].sort_values(["metres", "one", "other"]).itertuples():
        first, second = one.loc[row.Index], other.loc[row.Index]
        if difflib.SequenceMatcher(None, slug(first["name"]), slug(second["name"])).ratio() < alike:
            continue
        items.append(
            Item(
                f"{first['site_id']} + {second['site_id']}",
                f"{first['name']} + {second['name']} ({first['service']})",
                round(first.geometry.x),
                round(first.geometry.y),
                round(row.metres, 1),
            )
        )
    return items


def _least(pairs: list[Item]) -> float | None:
    """Return the distance of the nearest pair."""
    return pairs[0].value
