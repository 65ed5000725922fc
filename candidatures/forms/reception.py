"""When a dossier came by e-mail, and for which campaign."""

from django import forms
from django.utils import timezone

from aap_portal.referentiel.models import Campagne

from ..droits import services_d_agent


class ReceptionForm(forms.Form):
    """The instant is that of the service's clock, whatever the zone of the agent's machine."""

    campagne = forms.ModelChoiceField(label="Appel à projets", queryset=Campagne.objects.none(), empty_label="Choisir")
    recu_le = forms.DateTimeField(
        label="Date et heure de réception du courriel",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "pa-moyen"}, format="%Y-%m-%dT%H:%M"),
        help_text="Celles du message dans la boîte du service, à l’heure locale\u00a0: elles disent si le dossier est dans le délai.",
    )

    def __init__(self, data=None, *, personne):
        super().__init__(data)
        ouvertes = Campagne.objects.filter(
            service__in=services_d_agent(personne), ouverture_le__lte=timezone.now()
        ).order_by("-cloture_le")
        self.fields["campagne"].queryset = ouvertes.select_related("service")

    def clean(self):
        donnees = super().clean()
        if donnees.get("campagne") and donnees.get("recu_le"):
            donnees["recu_le"] = donnees["recu_le"].replace(tzinfo=donnees["campagne"].service.zone)
        return donnees
