"""Indicators: few numbers with lasting ids, by the strategy's goals, told year after year."""

from glesservice.indicators.indicator import Indicator
from glesservice.indicators.series import earlier_indicators, indicators_of

__all__ = ["Indicator", "earlier_indicators", "indicators_of"]
