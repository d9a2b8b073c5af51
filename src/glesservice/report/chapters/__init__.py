"""The report's chapters, one a module: each makes a section of the material."""
