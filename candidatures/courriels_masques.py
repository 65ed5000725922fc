"""A declared conflict hides the messages about the dossier as it hides the dossier."""

from aap_portal.courriels.acces import declarer_masque

from .droits import en_conflit
from .models import Dossier


@declarer_masque
def messages_en_conflit(personne):
    return Dossier.objects.filter(en_conflit(personne)).values("numero")
