from datetime import datetime
from decimal import Decimal

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from aap_portal.comptes.models import Utilisateur
from aap_portal.referentiel.formats import etp, euros
from aap_portal.referentiel.models import Campagne
from aap_portal.referentiel.montants import MontantFormField, NombreFrancaisFormField
from candidatures.models import Dossier

from .decision import Accord
from .models import AvisNational, Decision, Grille, Seance

MOTIF_MAX = 4000
A_EXAMINER = [Dossier.Etat.DEPOSE, Dossier.Etat.RECEVABLE, Dossier.Etat.INSCRIT, Dossier.Etat.AJOURNE]
_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_HEURE = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "pa-court"})


class SeanceForm(forms.ModelForm):
    """A session; its day and hour are read in the time zone of the campaign's service."""

    jour = forms.DateField(label="Date", widget=_DATE)
    heure = forms.TimeField(label="Heure", widget=_HEURE)
    grille = forms.ModelChoiceField(
        Grille.objects.none(),
        label="Grille",
        required=False,
        empty_label="La dernière version de la grille de la campagne",
    )

    class Meta:
        model = Seance
        fields = ["campagne", "comite", "jour", "heure", "lieu", "grille"]

    def __init__(self, *args, services, **options):
        super().__init__(*args, **options)
        campagnes = self._campagnes(services)
        self.fields["campagne"].queryset = campagnes
        self.fields["campagne"].empty_label = "Choisir"
        self.fields["campagne"].help_text = "Les campagnes ouvertes, et celles dont des dossiers restent à examiner."
        self.fields["grille"].queryset = Grille.objects.filter(campagne__in=campagnes).select_related("campagne")
        self.fields["grille"].label_from_instance = lambda grille: f"{grille} ({grille.campagne})"
        self.fields["jour"].help_text = "À l’heure du service de la campagne."
        if self.instance.pk:
            local = self.instance.tenue_le.astimezone(self.instance.campagne.service.zone)
            self.initial |= {"jour": local.date(), "heure": local.time()}
            self.fields["campagne"].disabled = True
            self.fields["campagne"].help_text = ""
        elif len(campagnes) == 1:
            self.initial["campagne"] = campagnes[0]

    def _campagnes(self, services):
        """Those that may still need a session, and the one that this session is about already."""
        restants = Dossier.objects.filter(campagne=OuterRef("pk"), etat__in=A_EXAMINER)
        utiles = Q(cloture_le__gt=timezone.now()) | Exists(restants) | Q(pk=self.instance.campagne_id)
        return Campagne.objects.filter(utiles, service__in=services).select_related("service")

    def clean(self):
        donnees = super().clean()
        campagne = donnees.get("campagne")
        if campagne is None:
            return donnees
        grille = donnees.get("grille") or campagne.grilles.order_by("-version").first()
        if grille is None:
            self.add_error("grille", "Cette campagne n’a pas de grille : ajoutez-en une dans le référentiel.")
        elif grille.campagne_id != campagne.pk:
            self.add_error("grille", "Cette grille est celle d’une autre campagne.")
        donnees["grille"] = grille
        if donnees.get("jour") and donnees.get("heure"):
            self.instance.tenue_le = datetime.combine(donnees["jour"], donnees["heure"], tzinfo=campagne.service.zone)
        return donnees


class MembresForm(forms.Form):
    """People of the service who may sit and don't yet."""

    personnes = forms.ModelMultipleChoiceField(
        Utilisateur.objects.none(),
        label="Personnes à ajouter",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une personne."},
    )

    def __init__(self, *args, seance, **options):
        super().__init__(*args, **options)
        self.fields["personnes"].queryset = (
            Utilisateur.objects.filter(
                is_active=True, habilitations__service=seance.campagne.service_id, habilitations__actif=True
            )
            .exclude(seances__in=seance.membres.filter(actif=True))
            .distinct()
        )
        self.fields["personnes"].label_from_instance = _avec_fonction


def _avec_fonction(personne):
    return f"{personne} ({personne.fonction})" if personne.fonction else str(personne)


class OrdreDuJourForm(forms.Form):
    """Dossiers ready to be heard: recevable, or adjourned by an earlier session."""

    dossiers = forms.ModelMultipleChoiceField(
        Dossier.objects.none(),
        label="Dossiers à inscrire",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un dossier."},
    )

    def __init__(self, *args, seance, personne, **options):
        super().__init__(*args, **options)
        self.fields["dossiers"].queryset = (
            Dossier.objects.instruits_par(personne)
            .filter(campagne=seance.campagne_id, etat__in=[Dossier.Etat.RECEVABLE, Dossier.Etat.AJOURNE])
            .exclude(inscriptions__seance=seance)
            .select_related("structure")
            .order_by("depose_le")
        )
        self.fields["dossiers"].label_from_instance = _titre_du_dossier


def _titre_du_dossier(dossier):
    titre = f"{dossier.numero}, {dossier.structure.denomination}"
    if dossier.etat == Dossier.Etat.AJOURNE:
        titre += " (ajourné)"
    return f"{titre} : structure émergente" if dossier.structure.est_emergente else titre


class EvaluationForm(forms.Form):
    """The grid: a score and a reason for each criterion. What bounds a score is said by the model."""

    sans_mention = True  # everything is due at the end, nothing to save a draft

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False, initial=0)

    def __init__(self, *args, grille, evaluation=None, **options):
        super().__init__(*args, **options)
        self.grille = grille
        notes = {note.critere_id: note for note in evaluation.notes.all()} if evaluation else {}
        self.initial["version"] = evaluation.version if evaluation else 0
        for critere in grille.criteres:
            note = notes.get(critere.pk)
            self.fields[f"note_{critere.pk}"] = NombreFrancaisFormField(
                label=f"Note sur {critere.maximum}",
                required=False,
                min_value=None,
                max_value=None,
                initial=_note_courte(note.note) if note else None,
                widget=forms.TextInput(attrs={"data-note": critere.maximum, "class": "fr-input cp-note-saisie"}),
            )
            self.fields[f"motif_{critere.pk}"] = forms.CharField(
                label="Motif",
                required=False,
                max_length=MOTIF_MAX,
                initial=note.motif if note else "",
                widget=forms.Textarea(attrs={"rows": 2, "class": "fr-input"}),
            )

    def blocs(self):
        """Rows of the page: (block, [(criterion, score field, reason field)])."""
        return [
            (bloc, [(c, self[f"note_{c.pk}"], self[f"motif_{c.pk}"]) for c in bloc.criteres.all()])
            for bloc in self.grille.blocs.all()
        ]

    def saisie(self):
        donnees = self.cleaned_data
        return {c.pk: (donnees[f"note_{c.pk}"], donnees[f"motif_{c.pk}"]) for c in self.grille.criteres}


def _note_courte(note):
    """« 12,5 » rather than « 12,50 », as it is said aloud."""
    return None if note is None else f"{note.normalize():f}".replace(".", ",")


class DeportForm(forms.Form):
    motif = forms.CharField(
        label="Motif",
        max_length=MOTIF_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : « administrateur de cette association jusqu’en 2021 ». Il figure au procès-verbal.",
    )
    confirmation = forms.BooleanField(
        label="Je ne verrai plus ce dossier ni ses notes, et les miennes ne compteront pas.",
        error_messages={"required": "Cochez cette case pour confirmer votre déport."},
    )


class ClotureForm(forms.Form):
    """Members noted absent: each is named, one by one."""

    absents = forms.ModelMultipleChoiceField(None, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, seance, **options):
        super().__init__(*args, **options)
        self.fields["absents"].queryset = seance.membres.filter(actif=True)

    def pks(self):
        return {membre.pk for membre in self.cleaned_data["absents"]}


class DecisionForm(forms.Form):
    """What the DEETS decides; one amount and one quota for each post asked for."""

    sans_mention = True  # what is due depends on the decision

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False, initial=0)
    avis_copil = forms.ChoiceField(
        label="Avis du COPIL",
        choices=[("accepte", "Favorable"), ("refuse", "Défavorable"), ("ajourne", "Ajourner")],
        widget=forms.RadioSelect,
    )
    sens = forms.ChoiceField(label="Décision", choices=Decision.Sens.choices, widget=forms.RadioSelect)
    motifs = forms.CharField(
        label="Motifs",
        required=False,
        max_length=MOTIF_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "class": "fr-input"}),
        help_text="Obligatoires pour un refus ou un ajournement. La structure les lira dans la lettre.",
    )

    def __init__(self, *args, dossier, decision=None, **options):
        super().__init__(*args, **options)
        constat = dossier.constat
        self.lignes = constat.lignes
        accordes = {str(poste.ligne_id): poste for poste in decision.postes.all()} if decision else {}
        if decision:
            self.initial |= {champ: getattr(decision, champ) for champ in ("version", "avis_copil", "sens", "motifs")}
        for ligne in self.lignes:
            self._ajouter_poste(ligne, min(ligne.subvention, constat.maximum_de(ligne)), accordes, decision)

    def _ajouter_poste(self, ligne, propose, accordes, decision):
        accorde = accordes.get(ligne.cle)
        refuse = decision and decision.est_acceptee and accorde is None
        self.fields[f"montant_{ligne.cle}"] = MontantFormField(
            label="Montant accordé (€)",
            required=False,
            widget=forms.TextInput(attrs={"class": "fr-input"}),
            initial=accorde.montant if accorde else Decimal("0.00") if refuse else propose,
            help_text=f"Demandé : {euros(ligne.subvention)}",
        )
        self.fields[f"etp_{ligne.cle}"] = NombreFrancaisFormField(
            label="ETP accordés",
            required=False,
            widget=forms.TextInput(attrs={"class": "fr-input"}),
            initial=accorde.etp if accorde else Decimal("0.00") if refuse else ligne.etp,
            help_text=f"Demandé : {etp(ligne.etp)}",
        )

    def postes(self):
        return [(ligne, self[f"montant_{ligne.cle}"], self[f"etp_{ligne.cle}"]) for ligne in self.lignes]

    def accords(self):
        zero, donnees = Decimal("0.00"), self.cleaned_data
        return {
            ligne.cle: Accord(donnees[f"montant_{ligne.cle}"] or zero, donnees[f"etp_{ligne.cle}"] or zero)
            for ligne in self.lignes
        }


class AvisNationalForm(forms.ModelForm):
    sens = forms.ChoiceField(label="Avis", choices=AvisNational.Sens.choices, widget=forms.RadioSelect)
    rendu_le = forms.DateField(label="Rendu le", widget=_DATE)
    motifs = forms.CharField(label="Motifs", max_length=MOTIF_MAX, widget=forms.Textarea(attrs={"rows": 4}))

    class Meta:
        model = AvisNational
        fields = ["sens", "rendu_le", "motifs"]

    def clean_rendu_le(self):
        rendu_le = self.cleaned_data["rendu_le"]
        zone = self.instance.dossier.campagne.service.zone
        if rendu_le > timezone.now().astimezone(zone).date():
            raise forms.ValidationError("La date de l’avis ne peut pas être dans l’avenir.")
        if rendu_le < self.instance.dossier.depose_le.astimezone(zone).date():
            raise forms.ValidationError("L’avis ne peut pas précéder le dépôt du dossier.")
        return rendu_le
