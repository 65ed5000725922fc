"""How a porteur's page fetches its dossier: what this person may not see does not exist for them."""

from django.shortcuts import get_object_or_404

from ..droits import (
    exiger_redacteur,
    lit_la_reponse_en_cours,
    peut_dialoguer,
    peut_rediger,
    peut_retirer,
    peut_saisir,
    peut_signer,
)
from ..models import Dossier
from ..restauration import tel_que_depose


def dossier_visible(request, numero):
    """With its content; as it was last filed for whoever may not read an answer that is not sent."""
    dossier = get_object_or_404(Dossier.objects.visibles_par(request.user).avec_contenu(), numero=numero)
    return tel_que_lu(request, dossier)


def tel_que_lu(request, dossier):
    """`dossier` with its content, or its pieces: what this person may read of it now."""
    if not dossier.est_completable or lit_la_reponse_en_cours(request.user, dossier):
        return dossier
    return tel_que_depose(dossier)


def dossier_entrouvert(request, numero):
    """The same without its content: `lire_pieces` or `lire_contenu` follow, once its state is known, then `tel_que_lu`."""
    return get_object_or_404(Dossier.objects.visibles_par(request.user).avec_page(), numero=numero)


def dossier_a_ecrire(request, numero):
    """The dossier that this person may write in, without its content: what a save starts from."""
    dossier = get_object_or_404(Dossier.objects.visibles_par(request.user).avec_page(), numero=numero)
    exiger_redacteur(request.user, dossier)
    return dossier


def contexte(request, dossier):
    """What every page of a dossier shows: who one is for it, and whose service it is."""
    return {
        "dossier": dossier,
        "service": dossier.campagne.service,
        "peut_rediger": dossier.est_brouillon and peut_rediger(request.user, dossier),
        "peut_completer": dossier.est_completable and peut_rediger(request.user, dossier),
        "peut_joindre": dossier.prend_des_pieces and peut_rediger(request.user, dossier),
        "peut_saisir": peut_saisir(request.user, dossier),
        "peut_signer": peut_signer(request.user, dossier),
        "peut_dialoguer": peut_dialoguer(request.user, dossier),
        "peut_retirer": peut_retirer(request.user, dossier),
    }
