"""A message and its files."""

from django import forms
from django.conf import settings

from aap_portal.referentiel.formats import taille

from ..jointes import PAR_MESSAGE
from .pieces import EXTENSIONS, FichiersField

TEXTE_MAX = 5000


class MessageForm(forms.Form):
    """`cle` makes a second sending of the same page the same message; `vu` is the last message shown with the form."""

    texte = forms.CharField(
        label="Votre message",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Écrivez votre message.",
            "max_length": "Votre message compte %(show_value)d caractères\u00a0: raccourcissez-le à %(limit_value)d au plus, ou "
            "joignez-le comme fichier.",
        },
    )
    fichiers = FichiersField(required=False, allow_empty_file=True)
    cle = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["invalid", "required"], "Rechargez la page puis envoyez de nouveau."),
    )
    vu = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        champ = self.fields["fichiers"]
        champ.label = "Joindre des fichiers"
        champ.help_text = (
            f"{PAR_MESSAGE} fichiers au plus (PDF, image ou document bureautique), "
            f"{taille(settings.FICHIER_TAILLE_MAX)} chacun au plus."
        )
        champ.widget.attrs |= {"accept": EXTENSIONS, "multiple": True}
