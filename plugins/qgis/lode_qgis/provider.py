"""The provider `lode`: one algorithm a command, as the program declares them."""
import os

from processing.core.ProcessingConfig import ProcessingConfig, Setting, settingsWatcher
from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from .algorithm import LodeAlgorithm
from .program import HERE, SETTING, ProgramFault, description, find_program
from .results import kept_summary


class LodeProvider(QgsProcessingProvider):

    shown = None  # the description that the toolbox shows

    def id(self):
        return 'lode'

    def name(self):
        return 'Lode'

    def longName(self):
        return self.tr('Lode: assessment of mineral deposits')

    def tr(self, text, _context=''):
        return QCoreApplication.translate('Lode', text)

    def versionInfo(self):
        try:
            return find_program()[1]['lode']
        except ProgramFault:
            return ''

    def icon(self):
        return QIcon(self.svgIconPath())

    def svgIconPath(self):
        return os.path.join(HERE, 'icon.svg')

    def load(self):
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        # QGIS's own name for the hint that stands in an empty box.
        ProcessingConfig.addSetting(Setting(
            self.name(), SETTING, self.tr('Program lode (empty: searched for)'), '',
            valuetype=Setting.FILE, placeholder=self.tr('searched for on PATH and in usual places')))
        ProcessingConfig.readSettings()
        settingsWatcher.settingsChanged.connect(self.follow_settings)
        self.refreshAlgorithms()
        return True

    def unload(self):
        try:
            settingsWatcher.settingsChanged.disconnect(self.follow_settings)
        except TypeError:  # never loaded
            pass
        ProcessingConfig.removeSetting(SETTING)

    def follow_settings(self):
        """Another program may have been named: the toolbox then shows what that one has."""
        if description() != self.shown:
            self.refreshAlgorithms()

    def loadAlgorithms(self):
        kept = {'summary': kept_summary()}
        self.shown = description()
        for command in self.shown['results']:
            self.addAlgorithm(LodeAlgorithm(command, kept))

    def defaultVectorFileExtension(self, hasGeometry=True):
        return 'gpkg' if hasGeometry else 'csv'

    def supportedOutputVectorLayerExtensions(self):
        return ['gpkg', 'shp', 'geojson', 'fgb', 'csv']

    def supportedOutputRasterLayerExtensions(self):
        return ['tif']

    def supportsNonFileBasedOutput(self):
        return False
