"""Lode in the Processing toolbox: a form for every command that the program `lode` declares."""


def classFactory(iface):
    """Called by QGIS when it loads the plugin."""
    from .plugin import LodePlugin
    return LodePlugin(iface)
