"""How pieces come into a dossier and leave it: files within the limits, references, « non concerné »."""

import hashlib
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aap_portal.fichiers.models import Fichier
from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle
from aap_portal.referentiel.formats import taille

from .models import Dossier, PieceJustificative
from .pieces import CodePiece


@dataclass
class Versement:
    """What became of the files sent together: each is kept or refused on its own."""

    ajoutees: list = field(default_factory=list)
    remarques: list = field(default_factory=list)
    obstacles: list = field(default_factory=list)


def verser(dossier, attendue, televerses, *, par, remplacer=False):
    """Add files to a piece; one that is refused says why and stops none of the others.

    `remplacer` withdraws what was given before, once a new file is in.
    """
    versement, anciennes = Versement(), []
    if remplacer:
        anciennes = list(PieceJustificative.objects.en_vigueur().filter(dossier=dossier, code=attendue.code))
    for televerse in televerses:
        try:
            _verser_un(dossier, attendue, televerse, par, versement, anciennes)
        except ErreurMetier as erreur:
            versement.obstacles += erreur.obstacles
    return versement


def _verser_un(dossier, attendue, televerse, par, versement, anciennes):
    empreinte = _empreinte(televerse)
    en_vigueur = PieceJustificative.objects.en_vigueur().filter(dossier=dossier)
    semblables = list(en_vigueur.filter(fichier__sha256=empreinte).select_related("fichier"))
    if any(piece.code == attendue.code for piece in semblables):
        versement.remarques.append(f"« {televerse.name} » est déjà donné ici : il n’est pas ajouté une seconde fois.")
        return
    partantes = [piece.pk for piece in anciennes if est_retirable(piece, dossier)]
    _exiger_place(en_vigueur.exclude(pk__in=partantes), televerse)
    fichier = Fichier.objects.deposer(televerse, par=par)  # slow: outside any transaction
    with transaction.atomic():
        verrouille = Dossier.objects.en_redaction(dossier.pk, exigence=attendue.exigence)
        if en_vigueur.filter(code=attendue.code, fichier__sha256=empreinte).exists():
            return  # the same click twice
        _exiger_place(en_vigueur.exclude(pk__in=partantes), televerse)
        piece = verrouille.pieces.create(code=attendue.code, fichier=fichier, ajoutee_par=par)
        _ecarter(en_vigueur.filter(code=attendue.code, non_concerne=True) | en_vigueur.filter(pk__in=partantes))
        verrouille.horodater()
    anciennes.clear()
    versement.ajoutees.append(piece)
    for semblable in semblables:
        if semblable.pk not in partantes:
            autre = CodePiece(semblable.code).label
            versement.remarques.append(f"« {fichier.nom} » est le même fichier que celui donné pour « {autre} ».")


def declarer(dossier, attendue, *, par, reference="", non_concerne=False):
    """Give a reference instead of a file, or say that the piece does not concern the structure, where the text admits it."""
    if reference and not attendue.reference_admise:
        raise ErreurMetier.simple("forme", f"« {attendue.titre} » se donne par un fichier, non par une référence.")
    if non_concerne and not attendue.non_concerne_admis:
        raise ErreurMetier.simple("forme", f"« {attendue.titre} » vous concerne : joignez le document.")
    with transaction.atomic():
        verrouille = Dossier.objects.en_redaction(dossier.pk, exigence=attendue.exigence)
        donnees = verrouille.pieces.en_vigueur().filter(code=attendue.code)
        if non_concerne and donnees.filter(fichier__isnull=False).exists():
            raise ErreurMetier.simple(
                "deja", "Vous avez déjà donné ce document : retirez-le avant de vous déclarer non concerné."
            )
        if deja := donnees.filter(reference=reference, non_concerne=non_concerne, fichier=None).first():
            return deja
        _ecarter(donnees.filter(fichier=None))
        piece = verrouille.pieces.create(
            code=attendue.code, reference=reference, non_concerne=non_concerne, ajoutee_par=par
        )
        verrouille.horodater()
    return piece


def retirer(piece, dossier):
    """Withdraw a piece; its row stays in the history. What was filed can't be withdrawn any more."""
    with transaction.atomic():
        verrouille = Dossier.objects.select_for_update().get(pk=dossier.pk)
        if not est_retirable(piece, verrouille):
            raise ErreurMetier.simple(
                "piece_deposee", "Cette pièce fait partie du dossier déposé : elle ne peut plus être retirée."
            )
        _ecarter(verrouille.pieces.en_vigueur().filter(pk=piece.pk))
        verrouille.horodater()


def est_retirable(piece, dossier):
    """In a draft always; in a filed dossier that still takes pieces, only what came after its last filing."""
    if dossier.est_brouillon:
        return True
    depose_le = dossier.complete_le or dossier.depose_le
    return bool(dossier.exigences_ouvertes) and piece.ajoutee_le > depose_le


def _ecarter(pieces):
    for piece in pieces:
        piece.retiree_le = timezone.now()
        piece.save(update_fields=["retiree_le"])


def _exiger_place(en_vigueur, televerse):
    tailles = list(en_vigueur.filter(fichier__isnull=False).values_list("fichier__taille", flat=True))
    if len(tailles) >= settings.DOSSIER_FICHIERS_MAX:
        raise ErreurMetier(
            [
                Obstacle(
                    "trop_de_fichiers",
                    f"« {televerse.name} » n’est pas ajouté : un dossier compte {settings.DOSSIER_FICHIERS_MAX} fichiers "
                    "au plus. Retirez-en un, ou réunissez plusieurs documents en un seul PDF.",
                )
            ]
        )
    if sum(tailles) + televerse.size > settings.DOSSIER_TAILLE_MAX:
        reste = max(settings.DOSSIER_TAILLE_MAX - sum(tailles), 0)
        raise ErreurMetier.simple(
            "dossier_trop_lourd",
            f"« {televerse.name} » ({taille(televerse.size)}) n’est pas ajouté : les fichiers d’un dossier pèsent "
            f"{taille(settings.DOSSIER_TAILLE_MAX)} au plus, il reste {taille(reste)}. Réduisez-le ou retirez un autre fichier.",
        )


def _empreinte(televerse):
    empreinte = hashlib.sha256()
    for morceau in televerse.chunks():
        empreinte.update(morceau)
    televerse.seek(0)
    return empreinte.hexdigest()
