"""The measures: pure functions from distances and people to numbers an ort."""

from glesservice.measures.distances import people_beyond, weighted_mean
from glesservice.measures.scores import scores
from glesservice.measures.sparsity import sparsity
from glesservice.measures.total import service_weights, total
from glesservice.measures.vulnerability import vulnerability

__all__ = [
    "people_beyond",
    "scores",
    "service_weights",
    "sparsity",
    "total",
    "vulnerability",
    "weighted_mean",
]
