"""Giving a piece: files, or a reference where the text admits one."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from aap_portal.referentiel.formats import taille

EXTENSIONS = ".pdf,.jpg,.jpeg,.png,.docx,.odt,.xlsx,.ods"


class FichiersInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FichiersField(forms.FileField):
    """Any number of files at once; each is opened and judged later, on its own."""

    widget = FichiersInput

    def clean(self, data, initial=None):
        if not data:
            return []
        return [super(FichiersField, self).to_python(fichier) for fichier in data]


class EnvoisField(forms.Field):
    """Keys of files already here, sent by pieces."""

    widget = forms.MultipleHiddenInput

    def clean(self, valeur):
        try:
            return [UUID(cle) for cle in valeur or []]
        except ValueError:
            raise ValidationError("Un envoi est inconnu : choisissez à nouveau le fichier.") from None


class FichiersForm(forms.Form):
    remplacer = forms.BooleanField(label="Remplacer ce qui est déjà donné ici", required=False)
    fichiers = FichiersField(
        label="Ajouter des fichiers",
        required=False,  # see `clean`
        allow_empty_file=True,  # the way in of files says it better, with the name
    )
    envois = EnvoisField(required=False)
    sans_mention = True

    def __init__(self, *args, carte, **kwargs):
        super().__init__(*args, auto_id=f"id_{carte.attendue.code}_%s", **kwargs)
        champ = self.fields["fichiers"]
        champ.help_text = (
            f"PDF, image ou document bureautique, {taille(settings.FICHIER_TAILLE_MAX)} par fichier au plus."
        )
        champ.widget.attrs["accept"] = EXTENSIONS
        if not carte.peut_remplacer:
            del self.fields["remplacer"]

    def clean(self):
        donnees = super().clean()
        if not self.errors and not donnees.get("fichiers") and not donnees.get("envois"):
            self.add_error("fichiers", "Choisissez un fichier à ajouter.")
        return donnees


class EnvoiForm(forms.Form):
    """What a browser says of a file before it sends it by pieces."""

    nom = forms.CharField(max_length=1000)
    taille = forms.IntegerField(min_value=0, max_value=10**12)
    marque = forms.CharField(max_length=40, required=False)
    remplacer = forms.BooleanField(required=False)


class ReferenceForm(forms.Form):
    reference = forms.CharField(
        label="Référence de publication",
        max_length=200,
        help_text="Exemple : Journal officiel, annonce n° 1234 du 3 mai 2022.",
        error_messages={"required": "Saisissez la référence de la publication."},
    )
    sans_mention = True

    def __init__(self, *args, carte, **kwargs):
        super().__init__(*args, auto_id=f"id_{carte.attendue.code}_%s", **kwargs)
