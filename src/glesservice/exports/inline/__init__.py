"""What a notebook shows inline: the map page, a picture, a table."""

from glesservice.exports.inline.looks import show_map, show_picture
from glesservice.exports.inline.shown import Shown
from glesservice.exports.inline.tables import show_table

__all__ = ["Shown", "show_map", "show_picture", "show_table"]
