"""All the numbers of a campaign, grouped and explained."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.utils import timezone

from .erreurs import ErreurMetier
from .models import Campagne, PlafondCategorie
from .montants import NombreFrancaisFormField
from .taux import PourcentField

# Legend, then its rows of fields.
_GROUPES = [
    ("La campagne", [["annee", "titre"], ["texte"]]),
    ("Dépôt des dossiers", [["ouverture_le", "cloture_le"], ["depot_hors_delai", "delai_complement_jours"]]),
    (
        "Crédits et cibles",
        [
            ["enveloppe"],
            ["cible_creation_facilitateur", "cible_creation_coordinateur"],
            ["cible_consolidation_facilitateur", "cible_consolidation_coordinateur"],
        ],
    ),
    ("Règles du projet", [["etp_minimum", "delai_rejet_implicite_mois"], ["seuil_certification"]]),
    (
        "Convention",
        [
            ["duree_mois", "reconductions_max"],
            ["part_avance", "delai_signature_jours"],
            ["bilan_intermediaire_mois", "bilan_annuel_avant_terme_mois"],
            ["motif_numero_convention", "imputation_budgetaire"],
        ],
    ),
]
_NOMBRES = (forms.IntegerField, PourcentField, NombreFrancaisFormField)


def _instant(texte):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "pa-moyen"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=texte, widget=widget)


class CampagneForm(forms.ModelForm):
    """Instants are read and shown in the current zone: the view puts the service's there.

    `deposes`: how many dossiers are filed in it already; a change then needs a reason, kept in the history.
    """

    ouverture_le = _instant("Ouverture des dépôts")
    cloture_le = _instant("Clôture des dépôts")
    part_avance = PourcentField(label="Part de l’avance (%)")
    motif = forms.CharField(
        label="Motif du changement",
        max_length=100,
        help_text="Gardé dans l’historique de la campagne, avec votre nom.",
        error_messages={"required": "Des dossiers sont déposés dans cette campagne : donnez le motif du changement."},
    )

    class Meta:
        model = Campagne
        fields = [champ for _, rangees in _GROUPES for rangee in rangees for champ in rangee]
        help_texts = {
            "etp_minimum": "Somme des quotités demandées sur tous les postes du dossier (AAP 2022, B.2-1).",
            "seuil_certification": "Une association au-dessus de ce seuil joint le rapport du commissaire aux comptes.",
            "delai_rejet_implicite_mois": "Sans réponse dans ce délai, la demande est rejetée (code des relations entre le public et l’administration, art. L. 231-4).",
            "delai_complement_jours": "À compter du dépôt d’un dossier incomplet.",
            "delai_signature_jours": "À compter de la notification, jour de la notification non compté (AAP 2022, D.1).",
            "reconductions_max": "Nombre d’avenants de prolongation (AAP 2022, D.2).",
            "bilan_annuel_avant_terme_mois": "Le rapport annuel est attendu ce nombre de mois avant le terme.",
            "bilan_intermediaire_mois": "Compté depuis la date d’effet de la convention.",
            "cible_creation_facilitateur": "Les cibles sont affichées à côté de ce qui est accordé ; elles ne refusent rien.",
        }
        widgets = {"texte": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, deposes=0, **options):
        super().__init__(*args, **options)
        self.deposes = deposes
        service = self.instance.service
        heure = f"{service.fuseau_libelle[:1].upper()}{service.fuseau_libelle[1:]}."
        self.fields["ouverture_le"].help_text = heure
        self.fields[
            "cloture_le"
        ].help_text = f"{heure} Instant exclu : « 31 octobre à 0 h » se lit « jusqu’au 30 octobre à 23 h 59 »."
        if self.cloture_annoncee:
            self.fields["cloture_le"].disabled = True
            self.fields[
                "cloture_le"
            ].help_text = f"{heure} Le dépôt est ouvert\u00a0: la clôture ne change que par une prolongation."
        self.fields["motif"].required = bool(deposes)
        if self.instance.pk is None:
            del self.fields["motif"]
        for champ in self.fields.values():
            if isinstance(champ, _NOMBRES):
                champ.widget.attrs["class"] = "pa-court"
        self.helper = FormHelper()
        # The page of a campaign sums up the errors of the form and of its rates together.
        self.helper.sans_resume = self.instance.pk is not None
        self.helper.form_tag = False
        self.helper.layout = Layout(
            *(Fieldset(legende, *(Row(*rangee) for rangee in rangees)) for legende, rangees in _GROUPES)
        )

    @property
    def cloture_annoncee(self):
        """Filing has begun: candidates rely on the closing, which is only ever put off, by its own act (reading 6)."""
        return self.instance.pk is not None and self.instance.ouverture_le <= timezone.now()

    def _get_validation_exclusions(self):
        """The service is not typed, and the year and title are unique within it."""
        return super()._get_validation_exclusions() - {"service"}

    def clean(self):
        donnees = super().clean()
        if (
            self.instance.pk
            and "cloture_le" in self.changed_data
            and not donnees.get("motif")
            and "motif" not in self.errors
        ):
            self.add_error(
                "motif", "Vous changez la date de clôture : donnez-en le motif, il sera gardé dans l’historique."
            )
        return donnees

    def save(self, commit=True):
        if motif := self.cleaned_data.get("motif"):
            self.instance._change_reason = motif
        return super().save(commit)


class ProlongationForm(forms.Form):
    """A later closing and its reason; instants are typed in the current zone, the service's."""

    jusqu_a = _instant("Nouvelle clôture")
    motif = forms.CharField(
        label="Motif de la prolongation",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lu par tous les candidats, sur la page d’accueil, dans leurs brouillons et par courriel.",
    )

    def __init__(self, *args, campagne, **options):
        super().__init__(*args, **options)
        self.campagne = campagne
        libelle = campagne.service.fuseau_libelle
        self.fields[
            "jusqu_a"
        ].help_text = f"{libelle[:1].upper()}{libelle[1:]}. Instant exclu : « 15 novembre à 0 h » se lit « jusqu’au 14 novembre à 23 h 59 »."
        self.helper = FormHelper()
        self.helper.form_tag = False

    def prolonger(self, *, par):
        """Do it, or put what the rule answers beside the field; say whether it is done."""
        try:
            self.campagne.prolonger(**self.cleaned_data, par=par)
        except ErreurMetier as erreur:
            for obstacle in erreur.obstacles:
                self.add_error(obstacle.champ.removeprefix("id_") or None, obstacle.message)
        return not self.errors


class PlafondForm(forms.ModelForm):
    taux_aap = PourcentField(label="Subvention de l’AAP, au plus (%)")
    taux_etat = PourcentField(label="Tout l’État, au plus (%)", required=False)

    class Meta:
        model = PlafondCategorie
        fields = ["taux_aap", "taux_etat"]


PlafondFormSet = forms.inlineformset_factory(Campagne, PlafondCategorie, form=PlafondForm, extra=0, can_delete=False)
