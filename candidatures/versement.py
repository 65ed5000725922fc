"""How pieces come into a dossier and leave it: files within the limits, references, « non concerné »."""

import hashlib
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aap_portal.fichiers.models import Fichier, Televersement
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


def cible_de(dossier, code):
    """What an upload by pieces is for, when it is for this piece of this dossier."""
    return f"dossier:{dossier.pk}:piece:{code}"


def commencer_envoi(dossier, attendue, *, par, nom, taille, marque, remplacer=False):
    """The upload by pieces of one file, new or gone on with; refused at once when it would be at the end."""
    cible = cible_de(dossier, attendue.code)
    gardees = PieceJustificative.objects.en_vigueur().filter(dossier=dossier)
    try:
        _exiger_place(gardees.exclude(code=attendue.code) if remplacer else gardees, nom, taille)
        return Televersement.objects.commencer(par=par, cible=cible, nom=nom, taille=taille, marque=marque)
    except ErreurMetier as erreur:
        return Televersement.objects.refuser(par=par, cible=cible, nom=nom, taille=taille, erreur=erreur)


def envois_inacheves(dossier, personne):
    """{code of a piece: uploads that this person began and did not finish}."""
    inacheves = {}
    for envoi in (
        Televersement.objects.de(personne).en_cours().filter(cible__startswith=cible_de(dossier, ""), recu__gt=0)
    ):
        inacheves.setdefault(envoi.cible.rpartition(":")[2], []).append(envoi)
    return inacheves


def verser(dossier, attendue, televerses, *, par, envois=(), remplacer=False):
    """Add files to a piece; one that is refused says why and stops none of the others.

    `envois`: keys of uploads by pieces, judged as the files of the form are. Asked twice, one of them is added once.
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
    connus = Televersement.objects.de(par).filter(cible=cible_de(dossier, attendue.code), cle__in=envois)
    for envoi in connus.select_related("fichier").order_by("pk"):
        _verser_envoi(dossier, attendue, envoi, par, versement, anciennes)
    if len(connus) < len(set(envois)):
        versement.obstacles.append(
            Obstacle("envoi_inconnu", "Un envoi a été annulé ou oublié : choisissez à nouveau le fichier.")
        )
    return versement


def _verser_envoi(dossier, attendue, envoi, par, versement, anciennes):
    """One upload by pieces; what became of it is said again to whoever lost the first answer."""
    if envoi.refus:
        versement.obstacles.append(Obstacle("envoi_refuse", envoi.refus))
    elif envoi.fichier_id:
        versement.ajoutees += dossier.pieces.filter(fichier=envoi.fichier_id).select_related("fichier")
    else:
        _achever(dossier, attendue, envoi, par, versement, anciennes)


def _achever(dossier, attendue, envoi, par, versement, anciennes):
    try:
        with envoi.ouvrir() as televerse:
            fichier = _verser_un(dossier, attendue, televerse, par, versement, anciennes)
    except ErreurMetier as erreur:
        versement.obstacles += erreur.obstacles
        if not set(erreur.codes) & _PASSAGERS:
            envoi.conclure(refus=str(erreur))
    else:
        envoi.conclure(fichier=fichier)


# The same upload may succeed later: nothing is wrong with the file.
_PASSAGERS = {"envoi_incomplet", "fichier_rangement", "fichier_controle", "trop_de_fichiers", "dossier_trop_lourd"}


def _verser_un(dossier, attendue, televerse, par, versement, anciennes):
    """The file kept for this piece, or the same one if it is already there."""
    empreinte = _empreinte(televerse)
    en_vigueur = PieceJustificative.objects.en_vigueur().filter(dossier=dossier)
    semblables = list(en_vigueur.filter(fichier__sha256=empreinte).select_related("fichier"))
    if deja := next((piece for piece in semblables if piece.code == attendue.code), None):
        versement.remarques.append(f"« {televerse.name} » est déjà donné ici : il n’est pas ajouté une seconde fois.")
        return deja.fichier
    partantes = [piece.pk for piece in anciennes if est_retirable(piece, dossier)]
    _exiger_place(en_vigueur.exclude(pk__in=partantes), televerse.name, televerse.size)
    fichier = Fichier.objects.deposer(televerse, par=par)  # slow: outside any transaction
    with transaction.atomic():
        verrouille = Dossier.objects.en_redaction(dossier.pk, piece=attendue)
        if deja := en_vigueur.filter(code=attendue.code, fichier__sha256=empreinte).select_related("fichier").first():
            versement.ajoutees.append(deja)  # the same click twice
            return deja.fichier
        _exiger_place(en_vigueur.exclude(pk__in=partantes), televerse.name, televerse.size)
        piece = verrouille.pieces.create(code=attendue.code, fichier=fichier, ajoutee_par=par)
        _ecarter(en_vigueur.filter(code=attendue.code, non_concerne=True) | en_vigueur.filter(pk__in=partantes))
        verrouille.horodater()
    anciennes.clear()
    versement.ajoutees.append(piece)
    for semblable in semblables:
        if semblable.pk not in partantes:
            autre = CodePiece(semblable.code).label
            versement.remarques.append(f"« {fichier.nom} » est le même fichier que celui donné pour « {autre} ».")
    return fichier


def declarer(dossier, attendue, *, par, reference="", non_concerne=False):
    """Give a reference instead of a file, or say that the piece does not concern the structure, where the text admits it."""
    if reference and not attendue.reference_admise:
        raise ErreurMetier.simple("forme", f"« {attendue.titre} » se donne par un fichier, non par une référence.")
    if non_concerne and not attendue.non_concerne_admis:
        raise ErreurMetier.simple("forme", f"« {attendue.titre} » vous concerne : joignez le document.")
    with transaction.atomic():
        verrouille = Dossier.objects.en_redaction(dossier.pk, piece=attendue)
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
    """In a draft always; in a filed dossier that still takes pieces, what came after its last filing or is asked again."""
    if dossier.est_brouillon:
        return True
    depose_le = dossier.complete_le or dossier.depose_le
    demandee = any(piece.code == p.objet.removeprefix("piece:") for p in dossier.points_demandes)
    return dossier.prend_des_pieces and (demandee or piece.ajoutee_le > depose_le)


def _ecarter(pieces):
    for piece in pieces:
        piece.retiree_le = timezone.now()
        piece.save(update_fields=["retiree_le"])


def _exiger_place(en_vigueur, nom, poids):
    tailles = list(en_vigueur.filter(fichier__isnull=False).values_list("fichier__taille", flat=True))
    if len(tailles) >= settings.DOSSIER_FICHIERS_MAX:
        raise ErreurMetier(
            [
                Obstacle(
                    "trop_de_fichiers",
                    f"« {nom} » n’est pas ajouté : un dossier compte {settings.DOSSIER_FICHIERS_MAX} fichiers "
                    "au plus. Retirez-en un, ou réunissez plusieurs documents en un seul PDF.",
                )
            ]
        )
    if sum(tailles) + poids > settings.DOSSIER_TAILLE_MAX:
        reste = max(settings.DOSSIER_TAILLE_MAX - sum(tailles), 0)
        raise ErreurMetier.simple(
            "dossier_trop_lourd",
            f"« {nom} » ({taille(poids)}) n’est pas ajouté : les fichiers d’un dossier pèsent "
            f"{taille(settings.DOSSIER_TAILLE_MAX)} au plus, il reste {taille(reste)}. Réduisez-le ou retirez un autre fichier.",
        )


def _empreinte(televerse):
    empreinte = hashlib.sha256()
    for morceau in televerse.chunks():
        empreinte.update(morceau)
    televerse.seek(0)
    return empreinte.hexdigest()
