"""A declared conflict hides the mails about the dossier as it hides the dossier; a draft's tell nothing to whoever may not read it."""

from aap_portal.courriels.acces import declarer_masque

from .droits import en_conflit
from .models import Dossier


@declarer_masque
def messages_en_conflit(personne):
    return Dossier.objects.filter(en_conflit(personne)).values("numero")


@declarer_masque
def messages_sur_un_brouillon(personne):
    """A reminder says what a draft lacks: only who reads the draft reads it."""
    return (
        Dossier.objects.filter(depose_le=None).exclude(pk__in=Dossier.objects.visibles_par(personne)).values("numero")
    )
