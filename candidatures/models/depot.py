import uuid

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle
from aap_portal.referentiel.models import Campagne

from ..instantane import empreinte, instantane


class DepotManager(models.Manager):
    def deposer(self, dossier, *, par, cle, manques_admis=False):
        """File a draft, or give back the filing that this key already made.

        Raises ErreurMetier with every obstacle. A late filing is kept and flagged, one without a compulsory piece too,
        once the person has acknowledged it: it is then asked for (AAP 2022, C.2; readings 6 and 25).
        """
        with transaction.atomic():
            campagne = Campagne.objects.verrouillee(dossier.campagne_id)
            dossier = dossier._verrouiller()
            if deja := self.filter(cle=cle).first():
                return _celui_de(dossier, deja)
            maintenant = timezone.now()  # read once, under the lock
            return self._premier(dossier, campagne, par=par, cle=cle, le=maintenant, manques_admis=manques_admis)

    def repondre(self, demande, *, par, cle, reponses=None, manques_admis=False):
        """File again what a request for complements opened, or give back the filing that this key already made.

        `reponses` are the words of the answer, {id of a point: text}. The campaign may be closed and the last day gone: a request is answerable until an agent closes it. Points left
        without an answer and compulsory pieces that lack have to be acknowledged, as at the first filing; the very pieces
        that an incomplete filing owes can't be, since nothing would be sent (AAP 2022, B.2-2; reading 25).
        """
        with transaction.atomic():
            dossier = demande.dossier._verrouiller()
            if deja := self.filter(cle=cle).first():
                return _celui_de(dossier, deja)
            maintenant = timezone.now()  # read once, under the lock
            demande = demande._verrouillee()
            demande._noter(reponses or {}, par=par)
            return self._reponse(demande.dossier, demande, par=par, cle=cle, le=maintenant, admis=manques_admis)

    def _premier(self, dossier, campagne, *, par, cle, le, manques_admis):
        from ..verification import obstacles_au_depot

        if not dossier.est_brouillon:
            raise ErreurMetier.simple(
                "deja_depose", "Ce dossier n’est plus un brouillon : il a déjà été déposé ou retiré."
            )
        recu_le = dossier.recu_par_courriel_le or le
        obstacles = obstacles_au_depot(dossier, campagne, le=recu_le)
        manquantes = dossier.pieces_manquantes
        if manquantes and not manques_admis:
            obstacles.append(_obstacle_pieces(manquantes))
        if obstacles:
            raise ErreurMetier(obstacles)
        hors_delai = recu_le >= campagne.cloture_le
        dossier._passer_a(dossier.Etat.DEPOSE, par=par, depose_le=le, hors_delai=hors_delai, incomplet=bool(manquantes))
        dossier.plan.figer()
        depot = self._enregistrer(dossier, instantane(dossier), par=par, cle=cle, le=le)
        depot.annoncer()
        self._reclamer(dossier, manquantes, le=le)
        return depot

    def _reponse(self, dossier, demande, *, par, cle, le, admis):
        from ..comparaison import objets_changes
        from ..complements import bilan, rouvrir_les_controles

        etat = bilan(dossier, demande)
        if obstacles := list(_obstacles_a_la_reponse(demande, etat, admis=admis)):
            raise ErreurMetier(obstacles)
        avant, contenu = dossier.depots.last(), instantane(dossier) | {"complement": demande.en_clair()}
        if not dossier.plan.est_fige:
            dossier.plan.figer()
        dossier.incomplet, dossier.complete_le, dossier._history_user = bool(etat.manquantes), le, par
        dossier.save(update_fields=["incomplet", "complete_le"])
        depot = self._enregistrer(dossier, contenu, par=par, cle=cle, le=le)
        demande._terminer(demande.Etat.REPONDUE, par=par, le=le, motif="", depot=depot)
        depot.annoncer()
        rouvrir_les_controles(dossier, demande, objets_changes(avant.instantane, contenu) if avant else set())
        self._reclamer(dossier, etat.manquantes, le=le)
        demande.annoncer_la_reponse(depot)
        return depot

    def _reclamer(self, dossier, manquantes, *, le):
        """What a filing lacks is asked for in the same breath: one mechanism for all that is awaited (reading 25)."""
        from .complement import DemandeComplement

        if manquantes:
            DemandeComplement.objects.demander_les_pieces(dossier, manquantes, le=le)

    def _enregistrer(self, dossier, contenu, *, par, cle, le):
        return self.create(
            dossier=dossier,
            rang=dossier.depots.count() + 1,
            cle=cle,
            depose_le=le,
            par=par,
            hors_delai=dossier.hors_delai,
            incomplet=dossier.incomplet,
            instantane=contenu,
            empreinte=empreinte(contenu),
        )


def _celui_de(dossier, depot):
    if depot.dossier_id != dossier.pk:
        raise ErreurMetier.simple(
            "cle", "Ce formulaire est celui d’un autre dossier : rechargez la page puis recommencez."
        )
    return depot


def _titres(manquantes):
    return ", ".join(f"«\u00a0{piece.titre}\u00a0»" for piece in manquantes)


def _obstacles_a_la_reponse(demande, etat, *, admis):
    """Rules of what was opened first, then what lacks and may be acknowledged."""
    yield from etat.obstacles
    if etat.manquantes and (demande.au_depot or not admis):
        yield Obstacle(
            "pieces_manquantes",
            f"Il manque encore {_titres(etat.manquantes)}. Ajoutez-les avant d’envoyer"
            + ("." if demande.au_depot else ", ou cochez la case pour envoyer une réponse incomplète."),
            champ="" if demande.au_depot else "manques_admis",
            reference="AAP 2022, B.2-2",
        )
    elif etat.sans_reponse and not admis:
        points = ", ".join(f"«\u00a0{suivi.point}\u00a0»" for suivi in etat.sans_reponse)
        yield Obstacle(
            "sans_reponse",
            f"Vous n’avez pas répondu à {points}. Répondez-y, ou cochez la case pour envoyer une réponse incomplète.",
            champ="manques_admis",
        )


def _obstacle_pieces(manquantes):
    titres = _titres(manquantes)
    return Obstacle(
        "pieces_manquantes",
        f"Il manque {titres}. Ajoutez ce document, ou cochez la case pour déposer un dossier incomplet."
        if len(manquantes) == 1
        else f"Il manque {len(manquantes)} pièces : {titres}. Ajoutez-les, ou cochez la case pour déposer un dossier incomplet.",
        champ="manques_admis",
        reference="AAP 2022, B.2-2",
    )


class Depot(models.Model):
    """One filing: the instant, what was filed, and the receipt. Never changed afterwards but for the receipt's file."""

    dossier = models.ForeignKey("candidatures.Dossier", models.PROTECT, related_name="depots", verbose_name="dossier")
    rang = models.PositiveSmallIntegerField("rang")
    cle = models.UUIDField("clé d’envoi", unique=True, default=uuid.uuid4)
    depose_le = models.DateTimeField("déposé le")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="déposé par")
    hors_delai = models.BooleanField("hors délai", default=False)
    incomplet = models.BooleanField("incomplet", default=False)
    instantane = models.JSONField("instantané")
    empreinte = models.CharField("empreinte sha256 de l’instantané", max_length=64)
    recepisse = models.ForeignKey(
        "fichiers.Fichier", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="récépissé"
    )

    objects = DepotManager()
    historique = HistoricalRecords(excluded_fields=["instantane"])

    class Meta:
        verbose_name = "dépôt"
        ordering = ["rang"]
        constraints = [models.UniqueConstraint(fields=["dossier", "rang"], name="depot_rang_unique")]

    def __str__(self):
        return f"{self.dossier} : dépôt {self.rang}"

    def annoncer(self):
        """Prepare what leaves after the commit: the receipt's PDF and the mail that acknowledges the filing."""
        from ..taches import annoncer_depot

        annoncer_depot(self)
