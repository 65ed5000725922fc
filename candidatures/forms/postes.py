"""The form of one post of a request: the post itself, and what is asked for it."""

from decimal import Decimal

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.db.models import Q
from django.utils.html import format_html

from aap_portal.referentiel.formats import jour
from aap_portal.referentiel.models import Commune, LignePoste, Metier, Nature, PosteETP
from aap_portal.referentiel.montants import NombreFrancaisFormField
from aap_portal.referentiel.plafonds import ZERO

from ..mains import derniere_main, main_du_champ
from ..models import Dossier
from .versions import AvecVersion

CHAMPS_POSTE = ("metier", "intitule", "titulaire", "communes")
_EXPLICATIONS = {
    Nature.CREATION: "Le poste n’existe pas encore. La subvention porte sur toute la quotité prévue.",
    Nature.AUGMENTATION: "Le poste existe et sa quotité augmente. La subvention porte sur la hausse seulement.",
    Nature.CONSOLIDATION: "Le poste existe et son financement est à reprendre. La subvention porte sur toute la quotité prévue.",
    Nature.EXISTANT: "Vous le déclarez pour montrer que ses financements sont maintenus. Aucune subvention n’est demandée.",
}
_CHAMP_DE = {
    "ligne_poste_quotites": "quotite_apres",
    "ligne_poste_cout": "cout_annuel",
    "ligne_poste_creation": "quotite_avant",
    "ligne_poste_augmentation": "quotite_apres",
}
_CHAMP_DE_LA_PHRASE = {
    contrainte.violation_error_message: _CHAMP_DE[contrainte.name]
    for contrainte in LignePoste._meta.constraints
    if contrainte.name in _CHAMP_DE
}
_UN_ETP = Decimal("1.00")


def _avec_indice(libelle, indice):
    return format_html('{}<span class="fr-hint-text">{}</span>', libelle, indice)


class CommunesField(forms.ModelMultipleChoiceField):
    """Communes of the service, each with the dated reason why it is a white zone."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, commune):
        for zone in commune.zones_ouvertes:
            indice = f"Zone blanche : {zone.get_motif_display().lower()}, constatée le {jour(zone.constatee_le)}"
            return _avec_indice(commune.nom, indice)
        return commune.nom


class QuotiteField(NombreFrancaisFormField):
    default_error_messages = {
        "invalid": "Saisissez une quotité en ETP, par exemple « 0,80 » (deux décimales au plus).",
        "required": "Saisissez la quotité, en ETP.",
    }


class PosteForm(AvecVersion, forms.ModelForm):
    """A post and its line in the draft.

    A post that stands in another frozen request keeps its own fields: a draft can't alter a living convention.
    """

    sans_mention = True

    metier = forms.ChoiceField(label="Métier", choices=Metier.choices, widget=forms.RadioSelect)
    intitule = forms.CharField(
        label="Intitulé du poste",
        max_length=120,
        help_text="Il désigne le poste dans le plan. Exemple : Facilitatrice Sud.",
    )
    titulaire = forms.CharField(
        label="Titulaire (facultatif)",
        max_length=120,
        required=False,
        help_text="Laissez vide si le poste est à pourvoir.",
    )
    nature = forms.ChoiceField(
        label="Que demandez-vous pour ce poste ?",
        choices=[(nature.value, _avec_indice(nature.label, _EXPLICATIONS[nature])) for nature in Nature],
        widget=forms.RadioSelect,
    )
    quotite_avant = QuotiteField(
        label="Quotité actuelle (ETP)",
        required=False,
        max_value=_UN_ETP,
        help_text="Laissez vide pour une création.",
        widget=forms.TextInput(attrs={"class": "pa-court"}),
    )
    quotite_apres = QuotiteField(
        label="Quotité prévue (ETP)",
        min_value=Decimal("0.01"),
        max_value=_UN_ETP,
        help_text="1 pour un temps plein, 0,80 pour quatre jours sur cinq.",
        widget=forms.TextInput(attrs={"class": "pa-court"}),
    )
    communes = CommunesField(
        label="Communes couvertes",
        queryset=Commune.objects.none(),
        required=False,
        help_text="Cochez toutes celles où le poste interviendra. Vous pouvez les choisir plus tard, avant le dépôt.",
    )

    class Meta:
        model = LignePoste
        fields = ["nature", "quotite_avant", "quotite_apres", "cout_annuel"]
        widgets = {"cout_annuel": forms.TextInput(attrs={"class": "pa-court"})}

    def __init__(self, *args, dossier, **kwargs):
        self.dossier = dossier
        super().__init__(*args, **kwargs)
        self.poste = self.instance.poste
        self.poste_fige = est_fige_ailleurs(self.poste, dossier)
        if self.poste_fige:
            for champ in CHAMPS_POSTE:
                del self.fields[champ]
        else:
            self._preparer_le_poste(dossier)
        self.marquer(self._enregistre() if self.instance.pk else {})

    def _preparer_le_poste(self, dossier):
        self.fields["communes"].queryset = Commune.objects.filter(service=dossier.campagne.service_id).avec_zones()
        for champ in ("metier", "intitule", "titulaire"):
            self.initial.setdefault(champ, getattr(self.poste, champ))
        if not self.initial["quotite_avant"]:
            self.initial["quotite_avant"] = None
        if self.poste.pk:
            self.initial.setdefault("communes", list(self.poste.communes.all()))

    def _enregistre(self):
        ligne = {champ: getattr(self.instance, champ) for champ in self._meta.fields}
        return ligne | {champ: self.initial.get(champ) for champ in CHAMPS_POSTE}

    def accorder(self, *, partielle=False):
        if partielle and self._effacerait_des_financements():
            self.add_error("nature", _EFFACERAIT)
        return super().accorder(partielle=partielle)

    def _effacerait_des_financements(self):
        """Turned from asked for to existing, or back: the amounts of the other kind would go, and only a button says so."""
        nature = None if "nature" in self.errors else self.cleaned_data.get("nature")
        if nature is None or not self.instance.pk:
            return False
        return self.instance.financements.filter(annee__isnull=nature == Nature.EXISTANT).exists()

    def main(self, champ):
        objet = self.poste if champ in CHAMPS_POSTE else self.instance
        trouvee = derniere_main(objet.historique.all()) if champ == "communes" else main_du_champ(objet, champ)
        return trouvee.en_mots(self.dossier.campagne.service.zone)

    def clean(self):
        donnees = super().clean()
        nature = donnees.get("nature")
        if donnees.get("quotite_avant") is None and "quotite_avant" not in self.errors:
            donnees["quotite_avant"] = donnees.get("quotite_apres", ZERO) if nature == Nature.EXISTANT else ZERO
        if nature in {Nature.AUGMENTATION, Nature.CONSOLIDATION} and donnees.get("quotite_avant") == ZERO:
            self.add_error(
                "quotite_avant",
                "Cette demande suppose un poste qui existe : indiquez sa quotité actuelle, ou choisissez « Création ».",
            )
        return donnees

    def _update_errors(self, errors):
        """Each rule of the table speaks beside the field that mends it."""
        for erreur in errors.error_dict.pop(NON_FIELD_ERRORS, []):
            self.add_error(_CHAMP_DE_LA_PHRASE.get(erreur.message), erreur)
        super()._update_errors(errors)

    def enregistrer(self, dossier):
        """Save the post and its line; `effaces` when the financing typed for another kind of request had to go."""
        self._enregistrer_poste()
        self.instance.poste = self.poste
        ligne = self.save()
        perimes = ligne.financements.filter(annee__isnull=not ligne.est_demandee)
        self.effaces, _ = perimes.delete()

    def _enregistrer_poste(self):
        if self.poste_fige:
            return
        for champ in ("metier", "intitule", "titulaire"):
            setattr(self.poste, champ, self.cleaned_data[champ])
        self.poste.save()
        self.poste.communes.set(self.cleaned_data["communes"])


_EFFACERAIT = "ce changement efface les financements saisis pour ce poste\u00a0: appuyez sur « Enregistrer le poste » pour le confirmer."


def nouvelle_ligne(dossier, poste=None):
    """An unsaved line for a new post, or for a post that the structure has already, from what was last said of it.

    For a dossier received by e-mail, from what was last filed in its service: a draft is its structure's alone.
    """
    if poste is None:
        return LignePoste(plan=dossier.plan, poste=PosteETP(structure=dossier.structure))
    ligne = LignePoste(plan=dossier.plan, poste=poste)
    dites = poste.lignes.filter(_deposees_au_service(dossier)) if dossier.est_recu_par_courriel else poste.lignes
    if derniere := dites.order_by("-pk").first():
        ligne.quotite_avant, ligne.cout_annuel = derniere.quotite_apres, derniere.cout_annuel
    return ligne


def postes_a_reprendre(dossier):
    """Posts of the structure that this request does not name yet.

    For a dossier received by e-mail, which an agent fills: only those that were filed in its service, never a draft's.
    """
    postes = PosteETP.objects.filter(structure=dossier.structure_id).exclude(lignes__plan=dossier.plan_id)
    if not dossier.est_recu_par_courriel:
        return postes
    lignes = LignePoste.objects.filter(_deposees_au_service(dossier))
    return postes.filter(pk__in=lignes.values("poste"))


def _deposees_au_service(dossier):
    """Lines of filed requests that the agents of this dossier's service read."""
    return Q(plan__fige_le__isnull=False, plan__campagne__service=dossier.campagne.service_id)


def est_fige_ailleurs(poste, dossier):
    if poste.pk is None:
        return False
    siens = [dossier.plan_id, *(demande.plan_avant_id for demande in dossier.demandes_lues)]
    figees = poste.lignes.filter(plan__fige_le__isnull=False)
    return figees.exclude(plan__in=[pk for pk in siens if pk]).exists()


def retirer_ligne(ligne, dossier):
    """Take a post out of a draft, and the post itself when it exists nowhere else."""
    with transaction.atomic():
        verrouille = Dossier.objects.en_redaction(dossier.pk, objet="rubrique:postes")
        poste = ligne.poste
        ligne.delete()
        ailleurs = poste.lignes.exists() or poste.zones_levees.exists()
        if not ailleurs and poste.debut_le is None and poste.marche_inclusion_le is None:
            poste.delete()
        verrouille.horodater()
