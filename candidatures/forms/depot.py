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


class RetraitForm(forms.Form):
    """Why a request is given up; a draft owes no reason."""

    motif = forms.CharField(
        label="Motif du retrait",
        max_length=2000,
        help_text="Le service qui suit votre demande le lira.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites pourquoi vous retirez cette demande."},
    )

    def __init__(self, *args, depose, **options):
        super().__init__(*args, **options)
        if not depose:
            self.fields["motif"].required = False
            self.fields["motif"].widget = forms.HiddenInput()
