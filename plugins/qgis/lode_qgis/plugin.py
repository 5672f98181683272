"""The plugin as QGIS loads it: registers the provider, and says once when the program is missing."""
from qgis.core import Qgis, QgsApplication

from .program import ProgramFault, find_program
from .provider import LodeProvider


class LodePlugin:
    """`iface` is None in qgis_process."""

    def __init__(self, iface):
        self.iface = iface
        self.provider = None

    def initProcessing(self):
        """Called by QGIS and, alone, by qgis_process."""
        self.provider = LodeProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        self.initProcessing()
        try:
            find_program()
        except ProgramFault as fault:
            self.iface.messageBar().pushMessage('Lode', str(fault), level=Qgis.MessageLevel.Warning, duration=0)

    def unload(self):
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
