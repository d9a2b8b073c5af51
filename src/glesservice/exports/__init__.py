"""What comes out: layers, map, workbook and manifest, each written from one ``Result``."""
