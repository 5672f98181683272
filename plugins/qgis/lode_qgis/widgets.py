"""Boxes of the form that QGIS has none for: a quantity with its unit, a column of a file."""
import os

from processing.gui.wrappers import WidgetWrapper
from qgis.core import QgsProcessingFeatureSourceDefinition, QgsProcessingUtils, QgsVectorLayer
from qgis.gui import QgsGui, QgsProcessingGui
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from .quantities import split_quantity

COLUMNS_READ = ('.csv', '.gpkg', '.shp', '.geojson', '.fgb')


def _plain_modeler_box(parameter, dialog):
    """In the modeler a text box that takes values of other steps and expressions too; None elsewhere."""
    if dialog.__class__.__name__ != 'ModelerParametersDialog':
        return None
    return QgsGui.processingGuiRegistry().createModelerParameterWidget(
        dialog.model, dialog.childId, parameter, dialog.context)


class QuantityBox(QWidget):
    """A line for the number, or for a field where one fits, and the units beside it."""

    def __init__(self, units, unit, with_fields, parent=None):
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        if with_fields:
            self.combo = QComboBox(self)
            self.combo.setEditable(True)
            self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            self.line = self.combo.lineEdit()
            layout.addWidget(self.combo, 1)
        else:
            self.combo = None
            self.line = QLineEdit(self)
            layout.addWidget(self.line, 1)
        self.units = QComboBox(self)
        self.units.addItems(units)
        self.units.setCurrentIndex(max(0, units.index(unit) if unit in units else 0))
        self.units.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.units.setMinimumContentsLength(8)
        layout.addWidget(self.units)
        self.line.setPlaceholderText(self.tr('number, or a field') if with_fields else self.tr('number'))
        self.line.textChanged.connect(self._follow)
        self.known = units
        self._follow(self.line.text())

    def _follow(self, text):
        """The units serve bare numbers: a field has its own, and a unit that is typed counts."""
        parts = split_quantity(text)
        self.units.setEnabled(not text.strip() or (parts is not None and not parts[1]))

    def set_fields(self, names):
        if self.combo is not None:
            text = self.line.text()
            self.combo.clear()
            self.combo.addItems(names)
            self.combo.setCurrentIndex(-1)
            self.line.setText(text)

    def text(self):
        """'500 m', a field's name, or ''."""
        text = self.line.text().strip()
        parts = split_quantity(text)
        if parts is not None and not parts[1]:
            return f'{parts[0]} {self.units.currentText()}'
        return text

    def set_text(self, text):
        parts = split_quantity(text or '')
        if parts is not None and parts[1] in self.known:
            self.units.setCurrentText(parts[1])
            self.line.setText(parts[0])
        else:
            self.line.setText(text or '')


class ParentOfFields:
    """Keeps a box's list of names in step with the layer or file that they are of."""

    def _watch(self, wrappers, name):
        for wrapper in wrappers:
            if wrapper.parameterDefinition().name() == name:
                wrapper.widgetValueHasChanged.connect(self._parent_changed)
                self._parent_changed(wrapper)
                return

    def _parent_changed(self, wrapper):
        value = wrapper.parameterValue()
        layer = None
        if isinstance(value, QgsProcessingFeatureSourceDefinition):
            value = value.source.staticValue()
        if isinstance(value, QgsVectorLayer):
            layer = value
        elif isinstance(value, str) and value:
            from qgis.core import QgsProcessingContext, QgsProject
            if os.path.isfile(value) and os.path.splitext(value)[1].lower() in COLUMNS_READ:
                layer = QgsVectorLayer(value, 'columns', 'ogr')
            elif not os.path.isfile(value):
                context = QgsProcessingContext()
                context.setProject(QgsProject.instance())
                layer = QgsProcessingUtils.mapLayerFromString(value, context)
        names = [field.name() for field in layer.fields()] if isinstance(layer, QgsVectorLayer) else []
        self.take_names(names)


class QuantityWrapper(ParentOfFields, WidgetWrapper):
    """The box of a quantity; its value is text, '500 m'."""

    def __new__(cls, parameter, dialog, row=0, col=0, **kinds):
        return _plain_modeler_box(parameter, dialog) or super().__new__(cls)

    def createWidget(self, units=(), unit='', parent='', fields=False, **_more):
        self.parent_name = parent
        self.box = QuantityBox(list(units), unit, fields)
        self.box.line.textChanged.connect(self._say)
        self.box.units.currentIndexChanged.connect(self._say)
        return self.box

    def _say(self, *_):
        self.widgetValueHasChanged.emit(self)

    def take_names(self, names):
        self.box.set_fields(names)

    def setValue(self, value):
        self.box.set_text('' if value is None else str(value))

    def value(self):
        return self.box.text() or None

    def postInitialize(self, wrappers):
        if self.parent_name and self.dialogType == QgsProcessingGui.WidgetType.Standard:
            self._watch(wrappers, self.parent_name)


class ColumnWrapper(ParentOfFields, WidgetWrapper):
    """A column of a file: those of the file named so far are offered, any may be typed."""

    def __new__(cls, parameter, dialog, row=0, col=0, **kinds):
        return _plain_modeler_box(parameter, dialog) or super().__new__(cls)

    def createWidget(self, parent='', **_more):
        self.parent_name = parent
        self.combo = QComboBox()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.currentTextChanged.connect(lambda _: self.widgetValueHasChanged.emit(self))
        return self.combo

    def take_names(self, names):
        text = self.combo.currentText()
        self.combo.clear()
        self.combo.addItems(names)
        self.combo.setCurrentIndex(-1)
        self.combo.setEditText(text)

    def setValue(self, value):
        self.combo.setEditText('' if value is None else str(value))

    def value(self):
        return self.combo.currentText().strip() or None

    def postInitialize(self, wrappers):
        if self.parent_name and self.dialogType == QgsProcessingGui.WidgetType.Standard:
            self._watch(wrappers, self.parent_name)
