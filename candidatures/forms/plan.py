"""The financing plan: for each post, who pays what. Only what can't be read is refused; an unbalanced draft is saved."""

import hashlib
from dataclasses import replace

from django import forms
from django.db import transaction

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import FinancementPoste, Source
from aap_portal.referentiel.montants import MontantFormField, ecrire_montant
from aap_portal.referentiel.plafonds import ZERO, subvention_max

from ..models import Dossier
from .financeurs import ANNEES, FinanceursAnnuelsFormSet, FinanceursFormSet
from .saisie import synchroniser


class SubventionForm(forms.Form):
    montant = MontantFormField(
        label="Subvention demandée à cet appel à projets (€)",
        required=False,
        widget=forms.TextInput(attrs={"class": "pa-court"}),
    )
    sans_mention = True


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Si ce financement baisse, expliquez pourquoi (facultatif)",
        max_length=2000,
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Sans explication, une baisse empêche le dépôt ; expliquée, elle est signalée au service.",
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
        self.motif = None if ligne.est_demandee else self._motif(donnees)
        self.financeurs = self._financeurs(donnees)

    def _subvention(self, donnees):
        montants = [f.montant for f in self.ligne.financements.all() if f.source == Source.AAP]
        initial = {"montant": sum(montants)} if montants else {}
        return SubventionForm(donnees, prefix=f"{self.ancre}-aap", initial=initial)

    def _motif(self, donnees):
        return MotifForm(donnees, prefix=f"{self.ancre}-baisse", initial={"motif": self.ligne.motif_baisse})

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
        noms = {self.annee + ecart: nom for nom, ecart in ANNEES.items()}
        lignes = {}
        for financement in self.ligne.financements.all():
            if nom := noms.get(financement.annee):
                cle = (financement.source, financement.precision)
                lignes.setdefault(cle, {"source": cle[0], "precision": cle[1]})[nom] = financement.montant
        return list(lignes.values())

    @property
    def formulaires(self):
        return [self.subvention or self.motif, *self.financeurs.forms]

    def is_valid(self):
        if not self.financeurs.is_bound:
            return True
        return all([(self.subvention or self.motif).is_valid(), self.financeurs.is_valid()])

    @property
    def motif_voulu(self):
        """The reason as typed; what is saved when the post asks for a grant, or can't be read."""
        if self.motif is None or not self.motif.is_valid():
            return self.ligne.motif_baisse
        return self.motif.cleaned_data["motif"]

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

    def mesurer_saisie(self, mois):
        """The typing against the rules, without touching what is saved."""
        sources = {}
        for (source, _, _), valeurs in self.voulus().items():
            sources[source] = sources.get(source, ZERO) + valeurs["montant"]
        return replace(self.ligne.mesurer(mois), sources=sources)

    def appliquer(self):
        """Put the typing in the line, in memory only: the same rules then measure it as they measure what is saved."""
        if self.financeurs.is_bound:
            self.ligne.motif_baisse = self.motif_voulu
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
            if self.version_recue != version(actuel) and any(_differe(lignes[s.ligne.pk], s) for s in saisies):
                raise ErreurMetier.simple("conflit", _CONFLIT)
            for saisie in saisies:
                _ecrire(lignes[saisie.ligne.pk], saisie)
            actuel.horodater()


def demander_le_maximum(dossier, saisie):
    """The typing, with the grant of the post named by « maximum » brought to the most that the rest of it allows."""
    for ligne in PlanForm(dossier, saisie).demandees:
        if saisie.get("maximum") == ligne.ancre and ligne.financeurs.is_bound:
            mesure = ligne.mesurer_saisie(dossier.plan.mois)
            maximum = subvention_max(mesure.assiette, dossier.taux, autre_etat=mesure.autre_etat)
            saisie[f"{ligne.ancre}-aap-montant"] = ecrire_montant(maximum)
    return saisie


_CONFLIT = (
    "Le plan a été modifié ailleurs depuis que vous avez ouvert cette page. Vos saisies sont conservées ci-dessous : "
    "vérifiez-les, puis enregistrez à nouveau pour remplacer ce qui a été écrit."
)


def version(dossier):
    """Fingerprint of the saved plan: its posts, their kind, their sources."""
    texte = repr(
        [
            (ligne.pk, ligne.nature, ligne.motif_baisse, sorted(_actuels(ligne).items(), key=repr))
            for ligne in dossier.plan.lignes.all()
        ]
    )
    return hashlib.sha256(texte.encode()).hexdigest()[:16]


def _actuels(ligne):
    return {
        (f.source, f.precision, f.annee): {"montant": f.montant, "etat": str(f.etat)} for f in ligne.financements.all()
    }


def _differe(ligne, saisie):
    voulus = {cle: {**valeurs, "etat": str(valeurs["etat"])} for cle, valeurs in saisie.voulus().items()}
    return _actuels(ligne) != voulus or ligne.motif_baisse != saisie.motif_voulu


def _ecrire(ligne, saisie):
    synchroniser(ligne.financements, ("source", "precision", "annee"), saisie.voulus())
    if ligne.motif_baisse != saisie.motif_voulu:
        ligne.motif_baisse = saisie.motif_voulu
        ligne.save(update_fields=["motif_baisse"])
