"""The financing plan: for each post, who pays what. Only what can't be read is refused; an unbalanced draft is saved."""

import hashlib

from django import forms
from django.db import transaction

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import FinancementPoste, Source
from aap_portal.referentiel.montants import MontantFormField

from ..models import Dossier
from .saisie import synchroniser

_FINANCEURS_MAX = 20
_SOURCES = [("", "Choisir"), *((source.value, source.label) for source in Source if source != Source.AAP)]


class _LigneFinanceurForm(forms.Form):
    source = forms.ChoiceField(label="Financeur", choices=_SOURCES, required=False)
    precision = forms.CharField(label="Nom du financeur", max_length=120, required=False)
    sans_mention = True
    montants = ("montant",)

    def clean(self):
        donnees = super().clean()
        donnes = [nom for nom in self.montants if donnees.get(nom) is not None]
        if self.errors or self.data.get(f"{self.prefix}-DELETE"):
            return donnees
        if donnees.get("source") and len(donnes) < len(self.montants):
            manquant = next(nom for nom in self.montants if nom not in donnes)
            self.add_error(manquant, "Indiquez le montant, 0 s’il n’est pas encore connu, ou cochez « Retirer ».")
        elif donnes and not donnees.get("source"):
            self.add_error("source", "Choisissez le financeur de ce montant.")
        return donnees


class FinanceurForm(_LigneFinanceurForm):
    """Somebody who pays for a post asked for, other than this call."""

    montant = MontantFormField(label="Montant (€)", required=False)
    acquis = forms.BooleanField(label="Acquis", required=False)

    def financements(self):
        donnees = self.cleaned_data
        if donnees.get("source"):
            etat = FinancementPoste.Etat.ACQUIS if donnees["acquis"] else FinancementPoste.Etat.SOLLICITE
            yield (donnees["source"], donnees["precision"], None), {"montant": donnees["montant"], "etat": etat}


class FinanceurAnnuelForm(_LigneFinanceurForm):
    """Somebody who pays for a post that exists: last year and this one, to show that nothing falls."""

    montant_avant = MontantFormField(required=False)
    montant = MontantFormField(required=False)
    montants = ("montant_avant", "montant")

    def __init__(self, *args, annee, **kwargs):
        super().__init__(*args, **kwargs)
        self.annee = annee
        self.fields["montant_avant"].label = f"Montant {annee - 1} (€)"
        self.fields["montant"].label = f"Montant {annee} (€)"

    def financements(self):
        donnees = self.cleaned_data
        if donnees.get("source"):
            for annee, nom in ((self.annee - 1, "montant_avant"), (self.annee, "montant")):
                cle = (donnees["source"], donnees["precision"], annee)
                yield cle, {"montant": donnees[nom], "etat": FinancementPoste.Etat.ACQUIS}


class _FinanceursFormSet(forms.BaseFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer"

    def clean(self):
        vus = set()
        for form in self.gardees:
            cle = (form.cleaned_data.get("source"), form.cleaned_data.get("precision"))
            if cle[0] and cle in vus:
                form.add_error(
                    "precision",
                    "Ce financeur est déjà cité pour ce poste : précisez son nom ou additionnez les montants.",
                )
            vus.add(cle)

    @property
    def gardees(self):
        """Forms that can be read and are not to be removed."""
        return [
            form for form in self.forms if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def _formset(formulaire):
    return forms.formset_factory(
        formulaire,
        formset=_FinanceursFormSet,
        extra=2,
        can_delete=True,
        max_num=_FINANCEURS_MAX,
        absolute_max=_FINANCEURS_MAX * 2,
        validate_max=True,
    )


FinanceursFormSet, FinanceursAnnuelsFormSet = _formset(FinanceurForm), _formset(FinanceurAnnuelForm)


class SubventionForm(forms.Form):
    montant = MontantFormField(
        label="Subvention demandée à cet appel à projets (€)",
        required=False,
        widget=forms.TextInput(attrs={"class": "pa-court"}),
    )
    sans_mention = True


class LigneForm:
    """The financing of one post: the grant asked for, if any, and its other financeurs."""

    def __init__(self, ligne, dossier, donnees=None):
        self.ligne, self.ancre = ligne, f"ligne_{ligne.pk}"
        self.annee = dossier.campagne.annee
        if f"{self.ancre}-TOTAL_FORMS" not in (donnees or {}):
            donnees = None  # a post that came after the page was opened keeps what it has
        self.subvention = self._subvention(donnees) if ligne.est_demandee else None
        self.financeurs = self._financeurs(donnees)

    def _subvention(self, donnees):
        montants = [f.montant for f in self.ligne.financements.all() if f.source == Source.AAP]
        initial = {"montant": sum(montants)} if montants else {}
        return SubventionForm(donnees, prefix=f"{self.ancre}-aap", initial=initial)

    def _financeurs(self, donnees):
        # Typed rows are never compared with the saved ones: one that equals a saved row would pass for an empty one.
        if not self.ligne.est_demandee:
            initial = self._annuels() if donnees is None else None
            return FinanceursAnnuelsFormSet(
                donnees, prefix=self.ancre, initial=initial, form_kwargs={"annee": self.annee}
            )
        initial = self._autres() if donnees is None else None
        return FinanceursFormSet(donnees, prefix=self.ancre, initial=initial)

    def _autres(self):
        acquis = FinancementPoste.Etat.ACQUIS
        return [
            {"source": f.source, "precision": f.precision, "montant": f.montant, "acquis": f.etat == acquis}
            for f in self.ligne.financements.all()
            if f.source != Source.AAP
        ]

    def _annuels(self):
        noms = {self.annee - 1: "montant_avant", self.annee: "montant"}
        lignes = {}
        for financement in self.ligne.financements.all():
            if nom := noms.get(financement.annee):
                cle = (financement.source, financement.precision)
                lignes.setdefault(cle, {"source": cle[0], "precision": cle[1]})[nom] = financement.montant
        return list(lignes.values())

    @property
    def formulaires(self):
        return [*([self.subvention] if self.subvention else []), *self.financeurs.forms]

    def is_valid(self):
        if not self.financeurs.is_bound:
            return True
        return all([self.subvention is None or self.subvention.is_valid(), self.financeurs.is_valid()])

    def voulus(self):
        """What can be read of the typing: {(source, name, year): values}."""
        voulus = {}
        if self.subvention and self.subvention.is_valid() and self.subvention.cleaned_data["montant"] is not None:
            voulus[Source.AAP.value, "", None] = {
                "montant": self.subvention.cleaned_data["montant"],
                "etat": FinancementPoste.Etat.SOLLICITE,
            }
        for form in self.financeurs.gardees:
            for cle, valeurs in form.financements():
                voulus.setdefault(cle, valeurs)
        return voulus

    def appliquer(self):
        """Put the typing in the line, in memory only: the same rules then measure it as they measure what is saved."""
        if self.financeurs.is_bound:
            self.ligne._prefetched_objects_cache["financements"] = [
                FinancementPoste(ligne=self.ligne, source=source, precision=precision, annee=annee, **valeurs)
                for (source, precision, annee), valeurs in self.voulus().items()
            ]


class PlanForm:
    """The whole plan, one `LigneForm` by post. `version` tells whether somebody else saved it meanwhile."""

    def __init__(self, dossier, donnees=None):
        self.dossier = dossier
        self.is_bound = donnees is not None
        self.version_recue = (donnees or {}).get("version", "")
        self.version = version(dossier)
        self.lignes = [LigneForm(ligne, dossier, donnees) for ligne in dossier.plan.lignes.all()]

    @property
    def demandees(self):
        return [ligne for ligne in self.lignes if ligne.subvention]

    @property
    def existantes(self):
        return [ligne for ligne in self.lignes if not ligne.subvention]

    def is_valid(self):
        return all(ligne.is_valid() for ligne in self.lignes)

    @property
    def illisibles(self):
        return sum(
            bool(form.errors) for ligne in self.lignes if ligne.financeurs.is_bound for form in ligne.formulaires
        )

    @property
    def errors(self):
        """Read by the page frame, which then titles the page « Erreur »."""
        return self.is_bound and not self.is_valid()

    def appliquer(self):
        for ligne in self.lignes:
            ligne.appliquer()

    def enregistrer(self):
        with transaction.atomic():
            Dossier.objects.en_redaction(self.dossier.pk)
            actuel = Dossier.objects.avec_contenu().get(pk=self.dossier.pk)
            lignes = {ligne.pk: ligne for ligne in actuel.plan.lignes.all()}
            saisies = [ligne for ligne in self.lignes if ligne.financeurs.is_bound and ligne.ligne.pk in lignes]
            if self.version_recue != version(actuel) and any(_differe(lignes[s.ligne.pk], s.voulus()) for s in saisies):
                raise ErreurMetier.simple("conflit", _CONFLIT)
            for saisie in saisies:
                synchroniser(lignes[saisie.ligne.pk].financements, ("source", "precision", "annee"), saisie.voulus())
            actuel.horodater()


_CONFLIT = (
    "Le plan a été modifié ailleurs depuis que vous avez ouvert cette page. Vos saisies sont conservées ci-dessous : "
    "vérifiez-les, puis enregistrez à nouveau pour remplacer ce qui a été écrit."
)


def version(dossier):
    """Fingerprint of the saved plan: its posts, their kind, their sources."""
    texte = repr(
        [(ligne.pk, ligne.nature, sorted(_actuels(ligne).items(), key=repr)) for ligne in dossier.plan.lignes.all()]
    )
    return hashlib.sha256(texte.encode()).hexdigest()[:16]


def _actuels(ligne):
    return {
        (f.source, f.precision, f.annee): {"montant": f.montant, "etat": str(f.etat)} for f in ligne.financements.all()
    }


def _differe(ligne, voulus):
    return _actuels(ligne) != {cle: {**valeurs, "etat": str(valeurs["etat"])} for cle, valeurs in voulus.items()}
