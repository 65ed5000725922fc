"""The financing plan: for each post, who pays what. Only what can't be read is refused; an unbalanced draft is saved."""

from dataclasses import replace

from django import forms

from aap_portal.referentiel.models import FinancementPoste, Source
from aap_portal.referentiel.montants import MontantFormField, ecrire_montant
from aap_portal.referentiel.plafonds import ZERO, subvention_max

from .financeurs import ANNEES, FinanceursAnnuelsFormSet, FinanceursFormSet
from .plan_croise import AvecVersionDuPlan, version
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
        label="Si un financement baisse, expliquez pourquoi (facultatif)",
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
    def erreurs(self):
        """What can't be read of this post, a sentence each."""
        if self.is_valid():
            return []
        champs = [erreur for form in self.formulaires for liste in form.errors.values() for erreur in liste]
        return [*self.financeurs.non_form_errors(), *champs]

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


class PlanForm(AvecVersionDuPlan):
    """The whole plan, one `LigneForm` by post. `version` carries what the page was opened on."""

    a_lire = ("campagne__plafonds", "plan__campagne__service", "plan__lignes__poste", "plan__lignes__financements")

    def __init__(self, dossier, donnees=None):
        self.dossier = dossier
        self.is_bound = donnees is not None
        self.version = version(dossier)
        self.croisements, self.reprises = [], []
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

    def ecrire(self, dossier, donnees, *, partielle=False):
        """Save on the locked row on which this form was built; False when a person has to look first."""
        if not self.accorder(donnees, partielle=partielle):
            return False
        for lue in self.lues:
            _ecrire(lue)
        dossier.horodater()
        return True


def demander_le_maximum(dossier, saisie):
    """The typing, with the grant of the post named by « maximum » brought to the most that the rest of it allows."""
    for ligne in PlanForm(dossier, saisie).demandees:
        if saisie.get("maximum") == ligne.ancre and ligne.financeurs.is_bound:
            mesure = ligne.mesurer_saisie(dossier.plan.mois)
            maximum = subvention_max(mesure.assiette, dossier.taux, autre_etat=mesure.autre_etat)
            saisie[f"{ligne.ancre}-aap-montant"] = ecrire_montant(maximum)
    return saisie


def _ecrire(lue):
    synchroniser(lue.ligne.financements, ("source", "precision", "annee"), lue.voulus)
    if lue.ligne.motif_baisse != lue.motif:
        lue.ligne.motif_baisse = lue.motif
        lue.ligne.save(update_fields=["motif_baisse"])
