"""Money and quotas: exact hundredths in the database, `Decimal` in the code, French spelling on screen.

SQL arithmetic on a DecimalField is floating on SQLite; integers are exact on every engine.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models

CENTIME = Decimal("0.01")
MONTANT_MAX = Decimal("99999999.99")
_ESPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


def arrondir(valeur):
    """Nearest cent, halves up: the commercial rounding that a reader expects."""
    return valeur.quantize(CENTIME, rounding=ROUND_HALF_UP)


def lire_montant(texte):
    """Decimal of a number typed the French way: « 12 345,50 € », « 12345.5 » and « 1.234,50 » are all read.

    Raises ValueError when the text is no number, has more than two decimals, or could be read in two ways (« 12.345 »).
    """
    brut = _ESPACES.sub("", str(texte)).removesuffix("€").removesuffix("EUR")
    if "," in brut:
        entiere, _, decimales = brut.rpartition(",")
        if "." in entiere and not re.fullmatch(r"-?\d{1,3}(\.\d{3})+", entiere):
            raise ValueError("separators")
        brut = f"{entiere.replace('.', '')}.{decimales}"
    if not re.fullmatch(r"-?\d{1,15}(\.\d{0,2})?", brut):
        raise ValueError("not a number with two decimals at most")
    try:
        return Decimal(brut).quantize(CENTIME)
    except InvalidOperation as erreur:
        raise ValueError("not a number") from erreur


def ecrire_montant(valeur):
    """« 12 345,50 », as an input shows it again; whole numbers keep their two decimals."""
    return f"{valeur:,.2f}".replace(",", "\u202f").replace(".", ",")


class NombreFrancaisFormField(forms.Field):
    """A number with two decimals at most, typed the French way."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Saisissez un nombre, par exemple « 12 345,50 » (deux décimales au plus).",
        "required": "Saisissez un montant.",
    }

    def __init__(self, *, min_value=Decimal(0), max_value=MONTANT_MAX, **options):
        super().__init__(**options)
        self.min_value, self.max_value = min_value, max_value
        if min_value is not None:
            texte = (
                "Le nombre ne peut pas être négatif."
                if min_value == 0
                else f"Le nombre doit être au moins {ecrire_montant(min_value)}."
            )
            self.validators.append(validators.MinValueValidator(min_value, texte))
        if max_value is not None:
            texte = f"Le nombre doit être au plus {ecrire_montant(max_value)}."
            self.validators.append(validators.MaxValueValidator(max_value, texte))

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        if not _ESPACES.sub("", str(value)):
            return None
        try:
            return lire_montant(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value):
        return ecrire_montant(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}


class MontantFormField(NombreFrancaisFormField):
    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "data-montant": "euros"}


class CentiemesField(models.BigIntegerField):
    """A Decimal with two decimals, stored as an integer number of hundredths."""

    form_class = NombreFrancaisFormField

    def from_db_value(self, value, expression, connection):
        return None if value is None else Decimal(int(value)).scaleb(-2)

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return lire_montant(value)
        except ValueError:
            raise ValidationError("« %(valeur)s » n’est pas un nombre.", params={"valeur": value}) from None

    def get_prep_value(self, value):
        if value is None or hasattr(value, "resolve_expression"):
            return value
        centiemes = Decimal(value) * 100
        if centiemes != centiemes.to_integral_value():
            raise ValueError(f"{value} has more than two decimals: round it where the rule says how.")
        return int(centiemes)

    def value_to_string(self, obj):
        valeur = self.value_from_object(obj)
        return "" if valeur is None else str(valeur)

    @property
    def validators(self):
        return self._validators  # the integer bounds of the parent are those of the column, not of the value

    def formfield(self, **options):
        return models.Field.formfield(self, **{"form_class": self.form_class, **options})


class MontantField(CentiemesField):
    """An amount in euros."""

    form_class = MontantFormField


class EtpField(CentiemesField):
    """A quantity of posts in ETP, with two decimals (reading 14)."""

    def formfield(self, **options):
        return super().formfield(**{"max_value": Decimal("999.99"), **options})
