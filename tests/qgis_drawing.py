"""Run by the Python that has QGIS: load the layers and the project, tell of them, draw a picture.

Arguments: the GeoPackage, the project, the picture to write.
"""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"


def told(layer):
    """Return what QGIS has understood of a layer."""
    renderer = layer.renderer()
    rules = []
    if renderer is not None and renderer.type() == "RuleRenderer":
        rules = [
            [rule.label(), rule.filterExpression(), rule.symbol().color().name()]
            for rule in renderer.rootRule().children()
        ]
    return {
        "valid": layer.isValid(),
        "name": layer.name(),
        "crs": layer.crs().authid(),
        "features": layer.featureCount(),
        "renderer": renderer.type() if renderer is not None else None,
        "rules": rules,
        "labels": layer.labelsEnabled(),
        "aliases": {field.name(): field.alias() for field in layer.fields()},
        "words": {
            field.name(): layer.editorWidgetSetup(number).config().get("map")
            for number, field in enumerate(layer.fields())
            if layer.editorWidgetSetup(number).type() == "ValueMap"
        },
    }


def main(package, project_file, picture):
    """Load, tell and draw."""
    from qgis.core import (
        QgsApplication,
        QgsMapRendererParallelJob,
        QgsMapSettings,
        QgsProject,
        QgsVectorLayer,
    )
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    found = {"alone": {}, "project": [], "groups": []}
    whole = QgsVectorLayer(package, "x", "ogr")
    names = [part.split("!!::!!")[1] for part in whole.dataProvider().subLayers()]
    for name in names:
        layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
        message, ok = layer.loadDefaultStyle()
        found["alone"][name] = {**told(layer), "style": ok, "message": message}
    project = QgsProject.instance()
    found["read"] = project.read(project_file)
    found["title"] = project.title()
    root = project.layerTreeRoot()
    for group in root.children():
        found["groups"].append([group.name(), [node.name() for node in group.children()]])
    shown = [node.layer() for node in root.findLayers() if node.isVisible()]
    found["project"] = [told(node.layer()) for node in root.findLayers()]
    settings = QgsMapSettings()
    settings.setLayers([layer for layer in shown if layer.isSpatial()])
    settings.setDestinationCrs(project.crs())
    settings.setBackgroundColor(QColor("#e6e9e6"))
    settings.setOutputSize(QSize(1200, 1200))
    boundary = next(layer for layer in shown if layer.name() == "Kommun")
    extent = boundary.extent()
    extent.scale(1.1)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    found["faults"] = [fault.message for fault in job.errors()]
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # QGIS may fall over while it tidies up


if __name__ == "__main__":
    main(*sys.argv[1:])
