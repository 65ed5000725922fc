"""Back to what was last filed: the answers that a structure began to change and did not send are put back.

In the database when a request is closed; in memory for whoever reads the dossier meanwhile, since a draft of an answer
can never be taken for what was filed.
"""

from django.db.models import Prefetch
from django.utils import timezone

from aap_portal.referentiel.models import Commune, LignePoste, PlanFinancement

from .models.activite import LigneBudget, ProjectionAnnuelle, VolumeActivite
from .models.partenaire import Partenaire
from .pieces import Exigence

# Tables of the snapshot: (relation of the dossier, model).
_TABLES = {
    "budgets": ("lignes_budget", LigneBudget),
    "volumes": ("volumes", VolumeActivite),
    "projection": ("projections", ProjectionAnnuelle),
    "partenaires": ("partenaires", Partenaire),
}


def tel_que_depose(dossier):
    """The dossier as its last filing froze it, in memory only: its answers, its plan, its pieces; itself when none is open."""
    demande = dossier.demande_ouverte
    depot = dossier.depots.last() if demande else None
    if depot is None:
        return dossier
    cache = dossier.__dict__.setdefault("_prefetched_objects_cache", {})
    _remettre_les_champs(dossier, depot.instantane)
    for cle, (relation, modele) in _TABLES.items():
        cache[relation] = [_ligne(dossier, modele, ligne) for ligne in depot.instantane.get(cle, [])]
    cache["pieces"] = [piece for piece in dossier.pieces.all() if _etait_donnee(piece, depot.depose_le, dossier)]
    for piece in cache["pieces"]:
        piece.retiree_le = None
    if demande.plan_avant_id:
        dossier.plan = _plan_complet(demande.plan_avant_id)
        for ligne in dossier.plan.lignes.all():
            _remettre_le_poste(dossier, ligne.poste, depot, enregistrer=False)
    return dossier


def _plan_complet(pk):
    lignes = LignePoste.objects.select_related("poste").prefetch_related("financements")
    return PlanFinancement.objects.prefetch_related(Prefetch("lignes", queryset=lignes)).get(pk=pk)


def remettre_au_dernier_depot(dossier, demande):
    """Write back the last filing, once its request is closed: nothing unsent stays in the dossier."""
    depot = dossier.depots.last()
    if depot is None:
        return
    changes = _remettre_les_champs(dossier, depot.instantane)
    if changes:
        dossier.save(update_fields=changes)
    for cle, (relation, modele) in _TABLES.items():
        _remettre_la_table(dossier, relation, modele, depot.instantane.get(cle, []))
    _remettre_les_pieces(dossier, depot.depose_le)
    if demande.plan_avant_id:
        _remettre_le_plan(dossier, demande, depot)


def _remettre_les_champs(dossier, contenu):
    """Put the values of the snapshot in the instance; gives the names of those that differed."""
    changes = []
    for nom, valeur in contenu["dossier"].items():
        voulue = dossier._meta.get_field(nom).to_python(valeur)
        if getattr(dossier, nom) != voulue:
            setattr(dossier, nom, voulue)
            changes.append(nom)
    return changes


def _ligne(dossier, modele, valeurs):
    lues = {nom: modele._meta.get_field(nom).to_python(valeur) for nom, valeur in valeurs.items()}
    return modele(dossier=dossier, **lues)


def _remettre_la_table(dossier, relation, modele, lignes):
    actuelles = list(getattr(dossier, relation).all())
    voulues = [_ligne(dossier, modele, ligne) for ligne in lignes]
    noms = list(lignes[0]) if lignes else []
    if [[getattr(ligne, nom) for nom in noms] for ligne in actuelles] == [
        [getattr(ligne, nom) for nom in noms] for ligne in voulues
    ]:
        return
    for ligne in actuelles:
        ligne.delete()
    for ligne in voulues:
        ligne.save()


def _etait_donnee(piece, le, dossier):
    """In force at the filing `le`; what the convention waits for is given at any time, and stays."""
    if piece.code in _codes_de_convention(dossier):
        return piece.retiree_le is None
    return piece.ajoutee_le <= le and (piece.retiree_le is None or piece.retiree_le > le)


def _codes_de_convention(dossier):
    return {piece.code for piece in dossier.pieces_attendues if piece.exigence == Exigence.CONVENTION}


def _remettre_les_pieces(dossier, le):
    for piece in list(dossier.pieces.all()):
        donnee = _etait_donnee(piece, le, dossier)
        if donnee != (piece.retiree_le is None):
            piece.retiree_le = None if donnee else timezone.now()
            piece.save(update_fields=["retiree_le"])


def _remettre_le_plan(dossier, demande, depot):
    copie, dossier.plan = dossier.plan, demande.plan_avant
    dossier.save(update_fields=["plan"])
    ajoutes = [ligne.poste for ligne in copie.lignes.select_related("poste")]
    copie.delete()
    for ligne in dossier.plan.lignes.select_related("poste").prefetch_related("poste__communes"):
        _remettre_le_poste(dossier, ligne.poste, depot, enregistrer=True)
    for poste in ajoutes:
        if not poste.lignes.exists() and not poste.zones_levees.exists():
            poste.delete()


def _remettre_le_poste(dossier, poste, depot, *, enregistrer):
    """The post's own fields as they were filed; its communes are found again by their names."""
    fige = next((fiche for fiche in depot.instantane["postes"] if fiche["poste"] == poste.pk), None)
    if fige is None:
        return
    for nom in ("intitule", "metier", "titulaire"):
        setattr(poste, nom, fige[nom])
    communes = Commune.objects.filter(service=dossier.campagne.service_id, nom__in=fige["communes"])
    if enregistrer:
        poste.save(update_fields=["intitule", "metier", "titulaire"])
        poste.communes.set(communes)
    else:
        cache = poste.__dict__.setdefault("_prefetched_objects_cache", {})
        cache["communes"] = list(communes.avec_couverture())
