"""The checks: rules that look at the inputs before anything is computed, and what they find."""

from glesservice.checks.checking import RULES, Report, check, check_inputs, unusable
from glesservice.checks.finding import LEVELS, Finding, Item, Level, Rule, RuleText, rule_text
from glesservice.checks.listing import as_json, as_text, counts_as_text, rules_as_text
from glesservice.checks.subject import Subject

__all__ = [
    "LEVELS",
    "RULES",
    "Finding",
    "Item",
    "Level",
    "Report",
    "Rule",
    "RuleText",
    "Subject",
    "as_json",
    "as_text",
    "check",
    "check_inputs",
    "counts_as_text",
    "rule_text",
    "rules_as_text",
    "unusable",
]
