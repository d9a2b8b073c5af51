"""What of a result the page may show: orter too small to be named are part of the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from glesservice.analysis import Result
from glesservice.disclosure import publish
from glesservice.exports.language import Language, language
from glesservice.swedish import collation_key


@dataclass(frozen=True, eq=False)
class Since:
    """What a page compares its result with.

    Attributes
    ----------
    result
        What was found before.
    title
        What is compared, in Swedish; empty where the years say it.
    lines
        Swedish sentences that explain it.
    changes
        The change of each ort's total, by id, where it has been worked out like for like; else the
        totals of orter with the same id are compared.
    """

    result: Result
    title: str = ""
    lines: tuple[str, ...] = ()
    changes: pd.Series | None = None


@dataclass(frozen=True)
class Published:
    """The rows of a result that may be shown, each in the order in which the page lists it.

    Attributes
    ----------
    result
        The result, its tables as they may be published.
    orter
        The named orter by rank, those without a rank last.
    bygder
        The bygder by rank, with the named orter alone as members.
    cells
        All cells; those of unnamed orter belong to none.
    sites
        The sites by service, name and id.
    strategic
        The strategic serviceorter by rank.
    spread_people
        People outside the named orter; NaN where they are not told.
    spread_is_few
        Whether they are not told because they are few.
    before
        What there is to compare with, if anything, with the changes of the orter.
    """

    result: Result
    orter: gpd.GeoDataFrame
    bygder: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    strategic: pd.DataFrame
    spread_people: float
    spread_is_few: bool
    before: Since | None = None

    @property
    def language(self) -> Language:
        """The language of the page's own words."""
        return language(self.result.settings.publication.language)

    def say(self, text: str) -> str:
        """Return a text in the page's language.

        Parameters
        ----------
        text
            The text in Swedish.
        """
        return self.language.say(text)

    @property
    def services(self) -> list[str]:
        """The kinds of service that count, in their order."""
        return [str(service) for service in self.result.weights.index]

    @property
    def decided(self) -> bool:
        """Whether anything has been decided about any of the orter."""
        return any(
            "decision" in frame and bool(frame["decision"].notna().any())
            for frame in (self.orter, self.strategic)
        )

    @property
    def legal_texts(self) -> list[str | None]:
        """What the distance test says of each site, in the sites' order; none for most of them."""
        legal = self.result.legal
        texts = dict(zip(legal["site_id"], legal["text"], strict=True)) if len(legal) else {}
        return [texts.get(site) for site in self.sites["site_id"]]

    @property
    def site_kinds(self) -> list[str]:
        """The kinds of service that have sites: those that count, then the others."""
        others = set(self.sites["service"]) - set(self.services)
        return [*self.services, *sorted(others, key=collation_key)]


def published(result: Result, before: Result | Since | None = None) -> Published:
    """Return what of a result may be shown.

    Parameters
    ----------
    result
        What the analysis found.
    before
        What was found before.

    Returns
    -------
    Published
        The same tables without the names of orter below the smallest publishable number of people.
    """
    public = publish(result)
    tables = public.tables
    orter, bygder, strategic = tables["orter"], tables["bygder"], tables["strategic"]
    # The cells keep their people to choose an ort's place and its most common sites by; the page
    # never carries them.
    cells = tables["cells"].assign(people=result.cells["people"])
    sites = tables["sites"]
    order = pd.DataFrame(
        {
            "service": sites["service"].map(collation_key),
            "name": sites["name"].map(collation_key),
            "id": sites["site_id"],
        }
    )
    return Published(
        result=replace(result, orter=orter, bygder=bygder, strategic=strategic, cells=cells),
        orter=orter.sort_values(["rank", "ort_id"], na_position="last", ignore_index=True),
        bygder=bygder.sort_values(["rank", "bygd_id"], na_position="last", ignore_index=True),
        cells=cells.sort_values("cell_id", ignore_index=True),
        sites=sites.loc[order.sort_values(["service", "name", "id"]).index].reset_index(drop=True),
        strategic=strategic.sort_values(["rank", "serviceort_id"], ignore_index=True),
        spread_people=public.spread_people,
        spread_is_few=public.spread_is_few,
        before=_since(before, orter),
    )


def _since(before: Result | Since | None, orter: pd.DataFrame) -> Since | None:
    """Add the changes of the orter, where they are not given: only what is told of both times."""
    if before is None:
        return None
    since = before if isinstance(before, Since) else Since(before)
    if since.changes is not None:
        return since
    earlier = publish(since.result).tables["orter"].set_index("ort_id")["total"]
    changes = orter.set_index("ort_id")["total"] - earlier.reindex(orter["ort_id"])
    return replace(since, changes=changes)
