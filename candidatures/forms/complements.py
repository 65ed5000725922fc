"""A request for complements and its answer."""

from django import forms

from ..complements import ancres, points_proposes
from ..models.complement import QUESTION_MAX
from .depot import DepotForm

POINTS_MAX = 30


class DemandeForm(forms.Form):
    echeance_le = forms.DateField(
        label="À répondre au plus tard le",
        help_text="Jour compris. La structure est relancée sept jours avant, deux jours avant et le jour même.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choisissez le dernier jour pour répondre."},
    )
    message = forms.CharField(
        label="Message d’ensemble",
        required=False,
        max_length=5000,
        help_text="Il précède la liste dans le courriel. Les questions précises se posent point par point.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class PointForm(forms.Form):
    objet = forms.ChoiceField(label="Ce qui est à compléter", required=False)
    question = forms.CharField(
        label="Ce que vous attendez",
        required=False,
        max_length=QUESTION_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sans_mention = True

    def __init__(self, *args, choix, **options):
        super().__init__(*args, **options)
        self.fields["objet"].choices = [("", "Choisir"), *choix]

    def clean(self):
        donnees = super().clean()
        objet, question = donnees.get("objet"), (donnees.get("question") or "").strip()
        if objet and not question and "question" not in self.errors:
            self.add_error("question", "Dites ce que vous attendez.")
        if question and not objet and "objet" not in self.errors:
            self.add_error("objet", "Choisissez la pièce, la rubrique ou le champ.")
        return donnees

    @property
    def point(self):
        return (self.cleaned_data["objet"], self.cleaned_data["question"]) if self.cleaned_data.get("objet") else None


class _PointsFormSet(forms.BaseFormSet):
    def __init__(self, *args, dossier, **options):
        options.setdefault("form_kwargs", {"choix": ancres(dossier)})
        super().__init__(*args, prefix="points", **options)

    @property
    def points(self):
        return [form.point for form in self.forms if form.point]


def points_formset(dossier, data=None, *, en_plus=1):
    """Rows of a request: what the checklist holds as « à compléter », and `en_plus` empty ones."""
    if data is not None:
        nombre = len([cle for cle in data if cle.startswith("points-") and cle.endswith("-objet")])
        if "ajouter" in data:
            data = data.copy()
            data["points-TOTAL_FORMS"] = str(min(nombre + 1, POINTS_MAX))
        return _classe(0)(data, dossier=dossier)
    initial = [{"objet": objet, "question": question} for objet, question in points_proposes(dossier)]
    return _classe(en_plus if initial else 2)(dossier=dossier, initial=initial)


def _classe(extra):
    return forms.formset_factory(
        PointForm, formset=_PointsFormSet, extra=extra, max_num=POINTS_MAX, absolute_max=POINTS_MAX
    )


class ProlongerForm(forms.Form):
    echeance_le = forms.DateField(
        label="Nouveau dernier jour pour répondre",
        help_text="Jour compris. La structure est prévenue aussitôt.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choisissez une date."},
    )
    motif = forms.CharField(
        label="Mot à la structure", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReponseForm(DepotForm):
    """The words of the answer, point by point, and what its sending acknowledges."""

    def __init__(self, *args, demande, avec_manques, **options):
        super().__init__(*args, avec_manques=avec_manques, **options)
        if avec_manques:
            self.fields[
                "manques_admis"
            ].label = "J’envoie une réponse incomplète\u00a0: je n’ai pas répondu à tous les points, ou une pièce obligatoire manque."
            self.fields["manques_admis"].help_text = "Le service en tient compte dans la suite de l’instruction."
        for point in demande.points.all():
            self.fields[self.nom(point)] = forms.CharField(
                label="Votre réponse par écrit",
                required=False,
                max_length=QUESTION_MAX,
                initial=point.reponse,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @staticmethod
    def nom(point):
        return f"reponse_{point.pk}"

    def champ_de(self, point):
        return self[self.nom(point)]

    @property
    def reponses(self):
        """What was typed, by id of point."""
        return {
            int(nom.removeprefix("reponse_")): valeur
            for nom, valeur in self.cleaned_data.items()
            if nom.startswith("reponse_")
        }
