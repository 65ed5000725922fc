"""Shares of one, typed and shown in percent."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from .montants import ecrire_montant, lire_montant


class PourcentField(forms.Field):
    """« 66,67 » typed is 0.6667 in the code."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Saisissez un pourcentage de 0 à 100, avec deux décimales au plus (par exemple « 70 » ou « 66,67 »)."
    }

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            pour_cent = lire_montant(str(value).strip().removesuffix("%"))
        except ValueError:
            pour_cent = Decimal(-1)
        if not 0 <= pour_cent <= 100:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return pour_cent / 100

    def prepare_value(self, value):
        return ecrire_montant(value * 100).removesuffix(",00") if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off", "class": "pa-court"}
