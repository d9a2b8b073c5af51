"""From cells to orter and bygder, with ids that stay the same over the years."""

from glesservice.orter.matching import CLUSTER, footprints, ort_changes, same_orter
from glesservice.orter.overrides import CENTRALORT, EXCLUDED, NAME
from glesservice.orter.settling import CANDIDATE, LOCALITIES, Settled, settle

__all__ = [
    "CANDIDATE",
    "CENTRALORT",
    "CLUSTER",
    "EXCLUDED",
    "LOCALITIES",
    "NAME",
    "Settled",
    "footprints",
    "ort_changes",
    "same_orter",
    "settle",
]
