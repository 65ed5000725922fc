"""Importing filled budgets: the file, then what would change, before anything is written."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from aap_portal.documents.releve import relever
from aap_portal.referentiel.formats import ABSENT

from ..classeur_budget import relever_budget
from .budgets import BudgetsForm


class ImportForm(forms.Form):
    fichier = forms.FileField(
        label="Budget rempli, au format XLSX",
        allow_empty_file=True,  # the way in of files says it better, with the name
        error_messages={"required": "Choisissez le classeur rempli."},
        help_text="Le fichier sert à remplir la rubrique\u00a0: il n’est pas gardé.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
    sans_mention = True


@dataclass(frozen=True)
class Apercu:
    """What importing a workbook would change; `form` holds it all, ready to be sent as the section itself."""

    form: BudgetsForm
    changements: list
    absentes: list

    @property
    def champs(self):
        """(name, text) of the hidden fields."""
        return [(nom, self.form.data.get(nom, "")) for nom in self.form.fields]


def apercevoir(dossier, televerse):
    """Read the workbook against the dossier; ErreurMetier with every error, each named by its cell."""
    releve = relever_budget(relever(televerse))
    releve.exiger_lisible()
    actuel = BudgetsForm(dossier=dossier)
    donnees = QueryDict(mutable=True)
    for nom in actuel.fields:
        donnees[nom] = releve.textes[nom] if nom in releve.textes else actuel[nom].value() or ""
        if nom not in releve.textes and nom != "version":
            donnees[nom] = (
                actuel.fields[nom].widget.format_value(actuel.fields[nom].prepare_value(actuel[nom].value())) or ""
            )
    donnees["version"] = actuel.version
    form = BudgetsForm(donnees, dossier=dossier)
    if not form.is_valid():
        for nom, erreurs in form.errors.items():
            for erreur in erreurs:
                releve.refuser(releve.cellules[nom], erreur)
    releve.exiger_lisible()
    return Apercu(form, list(_changements(actuel, form)), releve.absentes)


def _changements(actuel, form):
    """(label, what is there, what would be) of each field that changes."""
    for nom, champ in form.fields.items():
        avant, apres = actuel.initial.get(nom) if nom not in _calcules(actuel) else None, form.cleaned_data.get(nom)
        if nom != "version" and (avant or None) != (apres or None):
            yield champ.label, _dire(champ, avant), _dire(champ, apres)


def _calcules(form):
    return {nom for tableau in form.budgets for nom, _ in tableau.totaux_calcules}


def _dire(champ, valeur):
    return champ.prepare_value(valeur) if valeur else ABSENT
