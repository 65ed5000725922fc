"""Who reads the document of a convention: whoever sees the convention. A conflict hides its messages too."""

from aap_portal.courriels.acces import declarer_masque
from aap_portal.fichiers.acces import declarer_source
from candidatures.droits import en_conflit
from candidatures.models import Dossier

from .models import Convention


@declarer_source
def documents_lisibles(personne):
    return Convention.objects.visibles_par(personne).exclude(document=None).values("document")


@declarer_masque
def messages_en_conflit(personne):
    return Convention.objects.filter(dossier__in=Dossier.objects.filter(en_conflit(personne))).values("numero")
