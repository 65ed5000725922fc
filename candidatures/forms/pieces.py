"""Giving a piece: files, or a reference where the text admits one."""

from django import forms
from django.conf import settings

from aap_portal.referentiel.formats import taille

EXTENSIONS = ".pdf,.jpg,.jpeg,.png,.docx,.odt,.xlsx,.ods"


class FichiersInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FichiersField(forms.FileField):
    """Any number of files at once; each is opened and judged later, on its own."""

    widget = FichiersInput

    def clean(self, data, initial=None):
        if not data:
            return super().clean(None, initial)
        return [super(FichiersField, self).to_python(fichier) for fichier in data]


class FichiersForm(forms.Form):
    remplacer = forms.BooleanField(label="Remplacer ce qui est déjà donné ici", required=False)
    fichiers = FichiersField(
        label="Ajouter des fichiers",
        allow_empty_file=True,  # the way in of files says it better, with the name
        error_messages={"required": "Choisissez un fichier à ajouter."},
    )
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
