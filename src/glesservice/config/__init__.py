"""The settings model and its file, ``glesservice.toml``."""

from glesservice.config.background import Background, Lakes
from glesservice.config.certainty import Certainty
from glesservice.config.checking import Check, Water
from glesservice.config.comparison import ComparisonRules
from glesservice.config.decisions import Decisions
from glesservice.config.exports import Exports
from glesservice.config.fetch import Fetch
from glesservice.config.loading import (
    embedded_settings,
    load_common_settings,
    load_fetch,
    load_settings,
    names_none,
    parse_settings,
    settings_for,
)
from glesservice.config.measures import Catchment, Legal, LegalTest, Trips
from glesservice.config.model import Area, Settings
from glesservice.config.policy import DEFAULT_SERVICES, LICENCES, Policy, Publication, ServicePolicy
from glesservice.config.report import Report
from glesservice.config.rules import CLASS_SPEEDS_KMH, Network, OrterRules
from glesservice.config.section import Section
from glesservice.config.sources import (
    Boundary,
    Population,
    Roads,
    Services,
    Settlements,
    Source,
)

__all__ = [
    "CLASS_SPEEDS_KMH",
    "DEFAULT_SERVICES",
    "LICENCES",
    "Area",
    "Background",
    "Boundary",
    "Catchment",
    "Certainty",
    "Check",
    "ComparisonRules",
    "Decisions",
    "Exports",
    "Fetch",
    "Lakes",
    "Legal",
    "LegalTest",
    "Network",
    "OrterRules",
    "Policy",
    "Population",
    "Publication",
    "Report",
    "Roads",
    "Section",
    "ServicePolicy",
    "Services",
    "Settings",
    "Settlements",
    "Source",
    "Trips",
    "Water",
    "embedded_settings",
    "load_common_settings",
    "load_fetch",
    "load_settings",
    "names_none",
    "parse_settings",
    "settings_for",
]
