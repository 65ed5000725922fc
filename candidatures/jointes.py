"""Files of a message that is not sent yet: one refused, or a text that lacks, must not lose those that were received."""

from django.core import signing

from aap_portal.fichiers.models import Fichier
from aap_portal.fichiers.noms import nettoyer_nom
from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle

_SEL = "candidatures.jointes"
_DUREE = 24 * 3600  # seconds
PAR_MESSAGE = 5


def recevoir(televerses, *, deja, par):
    """Keep each file: (files kept, obstacles), each refusal with its sentence. Slow: outside any transaction.

    `deja`: how many were received before; those over the number of a message are refused by their name.
    """
    recus, obstacles = [], []
    for televerse in televerses:
        if deja + len(recus) >= PAR_MESSAGE:
            obstacles.append(_trop(televerse.name))
            continue
        try:
            recus.append(Fichier.objects.deposer(televerse, par=par))
        except ErreurMetier as erreur:
            obstacles += [Obstacle(o.code, o.message, champ="id_fichiers") for o in erreur.obstacles]
    return recus, obstacles


def _trop(nom):
    phrase = f"«\u00a0{nettoyer_nom(nom)}\u00a0» n’est pas joint\u00a0: un message porte {PAR_MESSAGE} fichiers au plus. Envoyez-le dans un second."
    return Obstacle("trop_de_fichiers", phrase, champ="id_fichiers")


def jeton(fichier, dossier, *, par):
    """What the form sends back for a file already received: for this person and this dossier only."""
    return signing.dumps([fichier.pk, dossier.pk, par.pk], salt=_SEL)


def retrouver(jetons, dossier, *, par):
    """The files of these tokens, in their order; a token that is not of this form is ignored."""
    cles = []
    for texte in jetons:
        try:
            fichier, objet, auteur = signing.loads(texte, salt=_SEL, max_age=_DUREE)
        except (signing.BadSignature, ValueError, TypeError):
            continue
        if (objet, auteur) == (dossier.pk, par.pk) and fichier not in cles:
            cles.append(fichier)
    trouves = Fichier.objects.in_bulk(cles)
    return [trouves[cle] for cle in cles if cle in trouves]
