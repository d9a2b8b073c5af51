"""The measures: pure functions from distances and people to numbers an ort."""

from glesservice.measures.beside import (
    CellMeasures,
    Points,
    cell_measures,
    group_measures,
)
from glesservice.measures.catchment import catchment, minutes_within
from glesservice.measures.distances import people_beyond, weighted_mean
from glesservice.measures.equity import gini, worst_off
from glesservice.measures.legal import legal_tests, next_sites
from glesservice.measures.municipality import municipality
from glesservice.measures.redundancy import main_single_road, single_place, single_road_km
from glesservice.measures.scores import scores
from glesservice.measures.sparsity import sparsity
from glesservice.measures.total import service_weights, total
from glesservice.measures.trips import shopping_trips
from glesservice.measures.vulnerability import vulnerability

__all__ = [
    "CellMeasures",
    "Points",
    "catchment",
    "cell_measures",
    "gini",
    "group_measures",
    "legal_tests",
    "main_single_road",
    "minutes_within",
    "municipality",
    "next_sites",
    "people_beyond",
    "scores",
    "service_weights",
    "shopping_trips",
    "single_place",
    "single_road_km",
    "sparsity",
    "total",
    "vulnerability",
    "weighted_mean",
    "worst_off",
]
