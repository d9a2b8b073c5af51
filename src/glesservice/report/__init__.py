"""The January report: one document, told as HTML, PDF and Word, and a page for each ort.

``make_report`` does it all for a result. ``Material`` is what the report is made from,
``report_of`` makes the document of it, ``write_report`` writes the files. Nothing is told that
``glesservice.disclosure`` does not tell.
"""

from glesservice.report.document import Document
from glesservice.report.making import Made, make_report
from glesservice.report.material import Material, gather
from glesservice.report.own_text import OwnText, read_own_text
from glesservice.report.writing import report_of, write_report

__all__ = [
    "Document",
    "Made",
    "Material",
    "OwnText",
    "gather",
    "make_report",
    "read_own_text",
    "report_of",
    "write_report",
]
