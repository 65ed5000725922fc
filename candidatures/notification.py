"""The short notice that a message waits: never its text, only the way to it."""

from django.urls import reverse

from aap_portal.comptes.models import Droit, Membre
from aap_portal.courriels.models import Courriel

from .annonces import adresse_du_service


def membres_actifs(structure):
    """People of a structure who may act: its rédacteurs and its signataires, removed members left out."""
    actifs = Membre.objects.filter(structure=structure, actif=True, droit__in=[Droit.REDACTEUR, Droit.SIGNATAIRE])
    return [membre.utilisateur for membre in actifs.select_related("utilisateur").order_by("pk")]


def annoncer_message(message):
    """Tell the other side, in the transaction of the message.

    One notice a day at most as long as it reads nothing: whoever writes five messages in a row sends one mail.
    """
    from .models import Cote

    dossier = message.dossier
    service = dossier.campagne.service
    premier = dossier.messages.filter(cote=message.cote, lu_le=None).first() or message
    jour = message.envoye_le.astimezone(service.zone).date()
    au_service = message.cote == Cote.STRUCTURE
    for adresse in [adresse_du_service(dossier)] if au_service else _adresses_de_la_structure(dossier):
        Courriel.objects.deposer(
            cle=f"message-{premier.pk}-{jour}-{adresse.lower()}"[:200],
            destinataire=adresse,
            gabarit="candidatures/message",
            contexte={"dossier": dossier, "service": service, "au_service": au_service, "message": message},
            service=service,
            objet_lie=dossier.numero,
            lien=reverse("candidatures:messages", args=[dossier.numero]),
        )


def _adresses_de_la_structure(dossier):
    return [personne.email for personne in membres_actifs(dossier.structure)]
