from django import forms

from aap_portal.comptes.models import Role, Utilisateur

from ..models import ControleDossier


class ControleForm(forms.ModelForm):
    """What was found of one point; the three buttons of the page give `constat`."""

    objet = forms.CharField(max_length=60, widget=forms.HiddenInput)

    class Meta:
        model = ControleDossier
        fields = ["objet", "constat", "commentaire"]
        labels = {"commentaire": "Commentaire"}
        help_texts = {"commentaire": "Obligatoire si quelque chose est à compléter."}
        widgets = {"constat": forms.HiddenInput, "commentaire": forms.Textarea(attrs={"rows": 3})}

    def validate_constraints(self):
        """One row per point: the verb replaces the one that is there."""


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Motif",
        max_length=5000,
        help_text="La structure le lira dans le message qu’elle reçoit.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Donnez le motif : la structure le lira."},
    )


class HorsDelaiForm(MotifForm):
    decision = forms.ChoiceField(
        label="Votre décision",
        choices=[
            ("admettre", "Admettre ce dossier dans l’instruction"),
            ("rejeter", "Le rejeter comme déposé hors délai"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez d’admettre ou de rejeter ce dossier."},
    )
    field_order = ["decision", "motif"]


class AffectationForm(forms.Form):
    agent = forms.ModelChoiceField(
        label="Suivi par", queryset=Utilisateur.objects.none(), required=False, empty_label="Personne"
    )

    sans_mention = True

    def __init__(self, *args, dossier, **options):
        super().__init__(*args, initial={"agent": dossier.instructeur_id}, **options)
        self.fields["agent"].queryset = Utilisateur.objects.filter(
            habilitations__service=dossier.campagne.service_id,
            habilitations__role__in=[Role.INSTRUCTEUR, Role.ADMINISTRATEUR],
            habilitations__actif=True,
            is_active=True,
        ).distinct()
