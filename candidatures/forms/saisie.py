"""What the forms of the sections share: reading what was typed, and writing only what changed."""

import re

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from aap_portal.referentiel.formats import nombre
from aap_portal.referentiel.montants import EtpField, NombreFrancaisFormField

from ..models import Dossier
from .versions import AvecVersion, historiser

_CONTROLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
TEXTE_MAX = 20_000


def lire_saisie(request):
    """The posted form without control characters, which a copy from a PDF may carry and no database should keep."""
    saisie = request.POST.copy()
    retires = False
    for champ, valeurs in request.POST.lists():
        propres = [_CONTROLES.sub("", valeur) for valeur in valeurs]
        retires = retires or propres != valeurs
        saisie.setlist(champ, [valeur.replace("\r\n", "\n") for valeur in propres])
    if retires and not par_bribes(request):
        messages.warning(request, "Des caractères invisibles ont été retirés de votre saisie\u00a0: relisez-la.")
    return saisie


def par_bribes(request):
    """Sent by the page by itself while one types, not by a button."""
    return request.POST.get("bribe") == "1"


class EntierFormField(NombreFrancaisFormField):
    """A count typed the French way: « 12 000 »."""

    default_error_messages = {"invalid": "Saisissez un nombre entier, par exemple «\u00a012\u202f000\u00a0»."}

    def to_python(self, value):
        valeur = super().to_python(value)
        if valeur is None:
            return None
        if valeur != valeur.to_integral_value():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(valeur)

    def prepare_value(self, value):
        return nombre(value) if isinstance(value, int) else value


class RubriqueForm(AvecVersion, forms.ModelForm):
    """One section: any part of it may be saved, only what cannot be read is refused; what lacks is told before filing."""

    sans_mention = True  # « obligatoire » is a matter of filing, not of saving

    class Meta:
        model = Dossier
        fields = []

    def __init__(self, data=None, *, dossier):
        super().__init__(data, instance=dossier)
        for champ in self.fields.values():
            champ.required = False
            if isinstance(champ.widget, forms.Textarea):
                champ.widget.attrs["rows"] = 8
                champ.validators.append(MaxLengthValidator(TEXTE_MAX, _TROP_LONG))
        self.marquer(self.initial)

    def _post_clean(self):
        """Nothing is put in the instance here: the row is written under its lock, by `enregistrer`."""

    def valeurs(self):
        """What the section writes in the row of the dossier: {field: value}."""
        return {champ: self.cleaned_data[champ] for champ in self._meta.fields if champ in self.cleaned_data}

    def enregistrer(self, dossier):
        """Write on the locked row what differs from it: an unchanged section leaves no row in the history."""
        changes = {champ: valeur for champ, valeur in self.valeurs().items() if getattr(dossier, champ) != valeur}
        for champ, valeur in changes.items():
            setattr(dossier, champ, valeur)
        if changes:
            historiser(dossier, changes, par=self.par, par_bribes=self.par_bribes)


_TROP_LONG = (
    "Ce texte compte %(show_value)d caractères\u00a0: raccourcissez-le à %(limit_value)d au plus, "
    "ou joignez-le comme pièce libre."
)


def synchroniser(relation, cles, voulues):
    """Make the rows of a dossier's table equal to `voulues` ({key: values}); an unchanged row is not written."""
    actuelles = {tuple(getattr(ligne, nom) for nom in cles): ligne for ligne in relation.all()}
    for cle, valeurs in voulues.items():
        ligne = actuelles.pop(cle, None)
        if ligne is None:
            relation.create(**dict(zip(cles, cle, strict=True)), **valeurs)
        elif any(getattr(ligne, nom) != valeur for nom, valeur in valeurs.items()):
            for nom, valeur in valeurs.items():
                setattr(ligne, nom, valeur)
            ligne.save()
    for ligne in actuelles.values():
        ligne.delete()


def ajouter_champ(form, nom, classe, libelle):
    """One optional field of a table; without a class, a quota in ETP."""
    form.fields[nom] = (
        classe(label=libelle, required=False) if classe else EtpField().formfield(label=libelle, required=False)
    )
