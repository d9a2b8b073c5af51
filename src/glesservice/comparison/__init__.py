"""This year against another: what has changed, and why."""

from glesservice.comparison.comparing import Comparison, compare_years
from glesservice.comparison.mixing import Year
from glesservice.comparison.shares import shares
from glesservice.comparison.years import read_year

__all__ = ["Comparison", "Year", "compare_years", "read_year", "shares"]
