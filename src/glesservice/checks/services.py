"""Rules on the list of service sites as a whole: what may be missing from it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import numpy as np
import shapely

from glesservice.checks.finding import Finding, Item, found, number_of
from glesservice.checks.neighbours import NAMES, neighbours, reached
from glesservice.checks.subject import Subject
from glesservice.sources.places import place_ids
from glesservice.tables import SITES

LAYER = SITES.name
# Every municipality has both within some tens of kilometres.
BASIC = ("dagligvaror", "drivmedel")
NEARLY = 0.8  # as the run's own refusal of misspelt services


class NoShopOrPump:
    """SRV01 error: There is no shop or no pump.

    What: no site that counts sells groceries, or none sells fuel, in the municipality and its
    buffer: the list of sites is not complete.

    Where: the service.

    Mend: add the shops and stations, or confirm those that are marked as unconfirmed.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for groceries and fuel among the sites that count."""
        for service in _missing(subject, subject.site_reached):
            if service in BASIC:
                km = subject.settings.area.buffer_km
                what = (
                    f"no site of {service} that counts in the municipality and {km:g} km around it"
                )
                yield found(self, what, LAYER, items=[Item(service)], value=0, unit="sites")


class ServiceWithoutSites:
    """SRV02 warning: A service of the policy has no site.

    What: a service that has a weight but no site that counts is left out of every score, and the
    others weigh more.

    Where: the service.

    Mend: add its sites, or set its weight to 0 under [policy] so that this is a decision.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for services without sites that count."""
        for service in _missing(subject, subject.site_reached):
            if service not in BASIC:
                what = f"{service}, which is therefore not in the score"
                yield found(self, what, LAYER, items=[Item(service)], value=0, unit="sites")


class NoShopInside:
    """SRV03 warning: The municipality itself has no shop or no pump.

    What: sites of groceries or fuel count around the municipality, but none in it. Hardly any
    municipality of Sweden is without: more likely only the neighbours' list was read.

    Where: the service.

    Mend: add the municipality's own sites.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for groceries and fuel inside the border."""
        nowhere = _missing(subject, subject.site_reached)
        for service in _missing(subject, subject.site_inside):
            if service in BASIC and service not in nowhere:
                what = f"no site of {service} that counts inside the border"
                yield found(self, what, LAYER, items=[Item(service)], value=0, unit="sites")


class NobodyAround:
    """SRV04 warning: No site lies around the municipality.

    What: people shop across borders. Without the neighbours' sites, villages near the border get
    too long distances.

    Where: the list of sites.

    Mend: add the sites of the neighbouring municipalities within the buffer.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for sites that count in the buffer."""
        around = subject.site_reached & ~subject.site_inside & subject.counted
        if subject.settings.area.buffer_km > 0 and not around.any():
            km = subject.settings.area.buffer_km
            yield found(
                self,
                f"no site that counts lies in the {km:g} km around",
                LAYER,
                value=0,
                unit="sites",
            )


class NeighbourCountry:
    """SRV05 warning: The buffer reaches another country that has no site.

    What: Norway's or Finland's shops are as near as Sweden's, and are in no Swedish list. Told
    where the buffer surely reaches into the country (its border is known to 20 km here) and no site
    that counts lies in it.

    Where: the list of sites; sites abroad have NO or FI as kommunkod.

    Mend: add the shops and stations beyond the border, or confirm those that are unconfirmed.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for sites in each country that the buffer reaches."""
        sites = subject.inputs.sites
        code = sites["kommunkod"].astype("object")
        swedish = code.str.fullmatch(r"\d{4}").fillna(value=False).to_numpy(dtype=bool)
        for country in reached(subject.extent):
            lies = shapely.contains_xy(neighbours()[country], sites.geometry.x, sites.geometry.y)
            there = code.eq(country).to_numpy(dtype=bool) | (lies & ~swedish)
            there = there & subject.site_reached
            if not (there & subject.counted).any():
                known = (
                    f" ({number_of(there.sum(), 'site')} listed, none of them counts)"
                    if there.any()
                    else ""
                )
                what = f"{NAMES[country]}{known}"
                yield found(self, what, LAYER, sites[there], value=0, unit="sites")


class MisspeltService:
    """SRV06 error: A service is misspelt.

    What: the name of a service is nearly one that counts: its sites would be shown and not counted,
    so the run refuses it.

    Where: the sites.

    Mend: write the service as under [policy].
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare unknown services with known ones."""
        sites, known = subject.inputs.sites, list(subject.settings.policy.services)
        for service in sorted(set(sites["service"]) - set(known)):
            near = difflib.get_close_matches(service, known, n=1, cutoff=NEARLY)
            if near:
                rows = sites[sites["service"] == service]
                what = f"{service} is not among the services that count"
                yield found(self, what, LAYER, rows, mend=f"Write {near[0]}")


class ManyUnconfirmed:
    """SRV07 warning: Many sites are unconfirmed.

    What: sites marked as unconfirmed do not count. Where they are more than `unconfirmed_share` of
    the municipality's sites of services that count, the list is not ready to be used.

    Where: the sites.

    Mend: ask the shops, and set their status to open or closed.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure the share of unconfirmed sites."""
        sites, limit = subject.inputs.sites, subject.limits.unconfirmed_share
        of_policy = sites["service"].isin(list(subject.settings.policy.services))
        own = sites[subject.site_inside & of_policy & ~sites["status"].isin(["closed", "planned"])]
        open_question = own[own["status"].eq("unconfirmed")]
        share = len(open_question) / max(len(own), 1)
        if share > limit and subject.settings.unconfirmed == "exclude":
            what = f"{len(open_question)} of {len(own)} in the municipality, which do not count"
            yield found(self, what, LAYER, open_question, value=share, limit=limit, unit="share")


class OnePlaceForAll:
    """SRV08 info: All of the municipality's sites are one place.

    What: if it goes, all its services go; where a whole municipality has one place the positions
    may also be those of the post town instead of the shops.

    Where: the sites.

    Mend: check the positions.
    """

    few = 3

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Count the places that the sites form."""
        sites = subject.inputs.sites
        own = sites[subject.site_inside & subject.counted]
        if len(own) >= self.few:
            places = place_ids(own, subject.settings.policy.place_m).nunique()
            spots = len(np.unique(shapely.get_coordinates(own.geometry.to_numpy()), axis=0))
            if places == 1 or spots == 1:
                what = number_of(len(own), "site")
                yield found(self, what, LAYER, own, value=1, unit="places")


RULES = (
    NoShopOrPump(),
    ServiceWithoutSites(),
    NoShopInside(),
    NobodyAround(),
    NeighbourCountry(),
    MisspeltService(),
    ManyUnconfirmed(),
    OnePlaceForAll(),
)


def _missing(subject: Subject, where: np.ndarray) -> list[str]:
    """List the services with a weight that no site gives that counts and lies there."""
    given = set(subject.inputs.sites.loc[subject.counted & where, "service"])
    services = subject.settings.policy.services
    return [name for name, one in services.items() if one.weight != 0 and name not in given]
