"""What QGIS needs to show the layers as the map shows them: styles and a project."""

from glesservice.exports.qgis.project import write_project
from glesservice.exports.qgis.styles import Style, styles_of

__all__ = ["Style", "styles_of", "write_project"]
