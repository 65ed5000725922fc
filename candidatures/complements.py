"""What a request for complements may name, what refuses it, and how far its answer is (AAP 2022, B.2-2; CRPA, L. 114-5)."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from aap_portal.referentiel.erreurs import Obstacle

from .comparaison import objets_changes, rubrique_de
from .forms.sections import SECTIONS
from .instantane import instantane
from .models.complement import PointComplement
from .models.instruction import ControleDossier
from .pieces import CodePiece
from .rubriques import PAR_CODE, RUBRIQUES
from .verification import verifier_rubrique


def ancres(dossier):
    """What can be named, in groups: (group, [(object, title)]); pieces first, then each section and its fields."""
    attendues = [(f"piece:{piece.code}", piece.titre) for piece in dossier.pieces_attendues]
    connues = {objet for objet, _ in attendues}
    donnees = {f"piece:{piece.code}": str(piece) for piece in dossier.pieces_en_vigueur}
    groupes = [("Pièces", [*attendues, *((o, t) for o, t in donnees.items() if o not in connues)])]
    for rubrique in RUBRIQUES:
        if rubrique.code != "pieces":
            groupes.append((rubrique.titre, list(_de_la_rubrique(dossier, rubrique))))
    return groupes


def _de_la_rubrique(dossier, rubrique):
    yield f"rubrique:{rubrique.code}", f"Toute la rubrique «\u00a0{rubrique.titre}\u00a0»"
    if formulaire := SECTIONS.get(rubrique.code):
        demandes = formulaire(dossier=dossier)
        for nom, libelle in formulaire.champs_nommables().items():
            if nom in demandes.fields or nom in formulaire.ensembles:
                yield f"champ:{rubrique.code}.{nom}", libelle


def titre(objet):
    """« Relevé d’identité bancaire », « Le projet », « Le projet : Diagnostic territorial »."""
    nature, _, code = objet.partition(":")
    if nature == "piece":
        return str(CodePiece(code).label)
    rubrique, _, champ = code.partition(".")
    if nature == "rubrique":
        return PAR_CODE[rubrique].titre
    return f"{PAR_CODE[rubrique].titre}\u00a0: {SECTIONS[rubrique].champs_nommables().get(champ, champ).lower()}"


def points_proposes(dossier):
    """(object, question) of what the checklist holds as « à compléter »: a request starts from it."""
    a_completer = ControleDossier.Constat.A_COMPLETER
    return [(c.objet, c.commentaire) for c in dossier.controles.all() if c.constat == a_completer]


def peut_demander(dossier):
    """True when an agent may ask for something: filed in time or admitted, not on an agenda, nothing asked already."""
    etats = {dossier.Etat.DEPOSE, dossier.Etat.RECEVABLE, dossier.Etat.AJOURNE}
    return dossier.etat in etats and not dossier.attend_decision_hors_delai and dossier.demande_ouverte is None


def obstacles_a_la_demande(dossier, points, *, echeance_le, le):
    """Every reason why this request can't be sent at the instant `le`."""
    if not peut_demander(dossier):
        return [_obstacle_d_etat(dossier)]
    obstacles = []
    if not points:
        obstacles.append(Obstacle("points", "Demandez au moins une pièce, une rubrique ou un champ."))
    if echeance_le <= le.astimezone(dossier.campagne.service.zone).date():
        obstacles.append(
            Obstacle("echeance", "Laissez au moins un jour\u00a0: choisissez une date à venir.", "id_echeance_le")
        )
    connus = {objet for _, objets in ancres(dossier) for objet, _ in objets}
    objets = [objet for objet, _ in points]
    if set(objets) - connus:
        obstacles.append(Obstacle("objet", "L’un des points n’est pas de ce dossier\u00a0: rechargez la page."))
    if len(set(objets)) < len(objets):
        obstacles.append(Obstacle("doublon", PointComplement._meta.constraints[0].violation_error_message))
    if any(not question.strip() for _, question in points):
        obstacles.append(Obstacle("question", "Dites, pour chaque point, ce que vous attendez."))
    return obstacles


def _obstacle_d_etat(dossier):
    if demande := dossier.demande_ouverte:
        phrase = f"Une demande est déjà ouverte ({demande})\u00a0: attendez la réponse, donnez plus de temps ou mettez-y fin."
        return Obstacle("deja_ouverte", phrase)
    if dossier.attend_decision_hors_delai:
        return Obstacle("hors_delai", "Admettez d’abord ce dépôt hors délai, avec un motif.", reference="AAP 2022, C.2")
    return Obstacle(
        "etat",
        f"Le dossier est «\u00a0{dossier.get_etat_display()}\u00a0»\u00a0: on ne peut plus demander de compléments.",
    )


@dataclass(frozen=True)
class PointSuivi:
    """One point and what the structure has done of it since the last filing."""

    point: PointComplement
    change: bool

    @property
    def est_repondu(self):
        return self.change or bool(self.point.reponse.strip())

    @property
    def etat(self):
        return "complet" if self.est_repondu else "a_completer"

    @property
    def libelle(self):
        if self.change:
            return "Modifié" if self.point.nature != "piece" else "Pièce donnée"
        return "Répondu" if self.est_repondu else "Sans réponse"


@dataclass(frozen=True)
class Bilan:
    """How far an answer is: its points, the rules that refuse it, the compulsory pieces that lack."""

    points: tuple
    obstacles: tuple
    manquantes: tuple

    @property
    def sans_reponse(self):
        return [suivi for suivi in self.points if not suivi.est_repondu]

    @property
    def repondus(self):
        return len(self.points) - len(self.sans_reponse)

    @property
    def avancement(self):
        """« 2 points répondus sur 3 »."""
        pluriel = "s" if self.repondus > 1 else ""
        return f"{self.repondus} point{pluriel} répondu{pluriel} sur {len(self.points)}"

    @property
    def est_complet(self):
        return not (self.sans_reponse or self.obstacles or self.manquantes)


def bilan(dossier, demande):
    """The answer as it stands: what was changed since the last filing, point by point."""
    depot = dossier.depots.last()
    changes = objets_changes(depot.instantane, instantane(dossier)) if depot else set()
    suivis = tuple(PointSuivi(point, _est_change(point, changes)) for point in demande.points.all())
    return Bilan(suivis, tuple(obstacles_de_regle(dossier)), tuple(dossier.pieces_manquantes))


def _est_change(point, changes):
    if point.objet in changes:
        return True
    # Posts open the plan with them: an answer in either is one.
    return point.objet == "rubrique:postes" and "rubrique:plan" in changes


def obstacles_de_regle(dossier):
    """Rules not kept in what was unlocked, and there only: what was not asked for refuses nothing."""
    ouverture = dossier.ouverture
    for rubrique in RUBRIQUES:
        champs = ouverture.champs(rubrique.code)
        if rubrique.code == "pieces" or champs == set():
            continue
        for obstacle in verifier_rubrique(dossier, rubrique.code):
            if champs is None or _concerne(obstacle, champs):
                yield obstacle


def _concerne(obstacle, champs):
    """True when a rule is about one of these fields; one that names no field is about its whole section."""
    champ = obstacle.champ.removeprefix("budget_")
    return champ in champs or any(champ.startswith(f"{nom}_") for nom in champs)


def rubriques_ouvertes(dossier):
    """Sections that something may be changed in, pieces left out."""
    return [r for r in RUBRIQUES if r.code != "pieces" and dossier.ouverture.rubrique(r.code)]


def rouvrir_les_controles(dossier, demande, changes):
    """What was asked for and what changed has to be checked again; the history keeps what had been found."""
    objets = {point.controle for point in demande.points.all()}
    objets |= {objet for objet in changes if objet.startswith("piece:")}
    objets |= {f"rubrique:{rubrique_de(objet).code}" for objet in changes if not objet.startswith("piece:")}
    if dossier.etat == dossier.Etat.DEPOSE:
        for controle in dossier.controles.filter(objet__in=objets):
            controle.delete()


def echeance_par_defaut(campagne):
    """The campaign's delay, from today in the service's time."""
    aujourd_hui = timezone.localdate(timezone=campagne.service.zone)
    return aujourd_hui + timedelta(days=campagne.delai_complement_jours)


def demandes_envoyees(dossier):
    """The requests of a dossier, the last one first, with who sent them."""
    return list(dossier.demandes.select_related("par", "depot").order_by("-rang"))


def dernier_point(dossier, objet):
    """The last question that was answered about a point of the checklist, or None."""
    points = [
        (demande, point)
        for demande in dossier.demandes_lues
        if demande.etat == demande.Etat.REPONDUE
        for point in demande.points.all()
        if point.controle == objet
    ]
    return points[-1] if points else None
