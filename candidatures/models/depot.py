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
        """File a dossier, or give back the filing that this key already made.

        Raises ErreurMetier with every obstacle. A late filing is kept and flagged, one without a compulsory piece too,
        once the person has acknowledged it (AAP 2022, C.2; readings 6 and 25).
        """
        from .dossier import Dossier

        with transaction.atomic():
            campagne = Campagne.objects.verrouillee(dossier.campagne_id)
            Dossier.objects.select_for_update().get(pk=dossier.pk)
            dossier = Dossier.objects.avec_contenu().get(pk=dossier.pk)
            if deja := self.filter(cle=cle).first():
                return _celui_de(dossier, deja)
            maintenant = timezone.now()  # read once, under the lock
            if dossier.est_completable:
                return self._completer(dossier, par=par, cle=cle, le=maintenant)
            return self._premier(dossier, campagne, par=par, cle=cle, le=maintenant, manques_admis=manques_admis)

    def _premier(self, dossier, campagne, *, par, cle, le, manques_admis):
        from ..verification import obstacles_au_depot

        if not dossier.est_brouillon:
            raise ErreurMetier.simple(
                "deja_depose", "Ce dossier n’est plus un brouillon : il a déjà été déposé ou retiré."
            )
        obstacles = obstacles_au_depot(dossier, campagne, le=le)
        manquantes = dossier.pieces_manquantes
        if manquantes and not manques_admis:
            obstacles.append(_obstacle_pieces(manquantes))
        if obstacles:
            raise ErreurMetier(obstacles)
        hors_delai = le >= campagne.cloture_le
        dossier._passer_a(dossier.Etat.DEPOSE, par=par, depose_le=le, hors_delai=hors_delai, incomplet=bool(manquantes))
        dossier.plan.figer()
        return self._enregistrer(dossier, par=par, cle=cle, le=le)

    def _completer(self, dossier, *, par, cle, le):
        if manquantes := dossier.pieces_manquantes:
            raise ErreurMetier([_obstacle_complement(manquantes)])
        dossier.incomplet, dossier.complete_le = False, le
        dossier.save(update_fields=["incomplet", "complete_le"])
        dossier._journaliser(dossier.etat, dossier.etat, par=par, motif="Dossier complété par la structure.")
        return self._enregistrer(dossier, par=par, cle=cle, le=le)

    def _enregistrer(self, dossier, *, par, cle, le):
        contenu = instantane(dossier)
        depot = self.create(
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
        depot.annoncer()
        return depot


def _celui_de(dossier, depot):
    if depot.dossier_id != dossier.pk:
        raise ErreurMetier.simple(
            "cle", "Ce formulaire est celui d’un autre dossier : rechargez la page puis recommencez."
        )
    return depot


def _titres(manquantes):
    return ", ".join(f"«\u00a0{piece.titre}\u00a0»" for piece in manquantes)


def _obstacle_complement(manquantes):
    return Obstacle(
        "pieces_manquantes",
        f"Il manque encore {_titres(manquantes)}. Ajoutez-les avant d’envoyer.",
        reference="AAP 2022, B.2-2",
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
