"""The filing: one key, one box."""

from django import forms


class DepotForm(forms.Form):
    """`cle` makes a second sending of the same page the same filing."""

    cle = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["invalid", "required"], "Rechargez la page puis déposez de nouveau."),
    )
    manques_admis = forms.BooleanField(
        required=False,
        label="Je dépose un dossier incomplet\u00a0: je donnerai les pièces qui manquent avant la date limite, et je sais qu’il ne "
        "sera pas instruit avant d’être complet.",
        help_text="AAP 2022, B.2-2",
    )
    sans_mention = True

    def __init__(self, *args, avec_manques, **kwargs):
        super().__init__(*args, auto_id="%s", **kwargs)
        if not avec_manques:
            del self.fields["manques_admis"]
