"""Uploads that come in pieces, and go on after a cut from where they stopped."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone

from aap_portal.referentiel.erreurs import ErreurMetier

from .. import depot, morceaux

DUREE = timedelta(days=1)  # after the last piece received
DEBUTS_MAX = 120  # by person in `PERIODE`
PERIODE = timedelta(minutes=10)


class TropDEnvois(Exception):
    """More uploads begun than one person can need: to be answered by 429."""


class TeleversementQuerySet(models.QuerySet):
    def de(self, personne):
        """Those of this person that are still remembered, whatever became of them."""
        return self.filter(proprietaire=personne, expire_le__gt=timezone.now())

    def en_cours(self):
        return self.filter(fichier=None, refus="")

    def commencer(self, *, par, cible, nom, taille, marque):
        """The upload of this very file, begun or gone on with.

        `cible` says what it is for, in the words of the app that asks; `marque` tells two versions of a file apart (its
        date). Raises `ErreurMetier` when the file would be refused anyway, before a single byte of it has travelled.
        """
        nom = (nom or "")[:255].replace("\0", "")
        begun = self.de(par).en_cours().filter(cible=cible, nom=nom, taille=taille, marque=marque)
        if deja := begun.first():
            return deja
        self._exiger_mesure(par)
        depot.exiger_recevable(nom, taille)
        self._exiger_place(par, nom, taille)
        return self._creer(par, cible, nom, taille=taille, marque=marque)

    def refuser(self, *, par, cible, nom, taille, erreur):
        """Remember that a file was refused from the start, so that the answer to the whole form says it with the rest."""
        self._exiger_mesure(par)
        return self._creer(par, cible, (nom or "")[:255].replace("\0", ""), taille=max(taille, 0), refus=str(erreur))

    def _creer(self, par, cible, nom, **champs):
        return self.create(proprietaire=par, cible=cible, nom=nom, expire_le=timezone.now() + DUREE, **champs)

    def _exiger_mesure(self, par):
        if self.filter(proprietaire=par, commence_le__gt=timezone.now() - PERIODE).count() >= DEBUTS_MAX:
            raise TropDEnvois

    def _exiger_place(self, par, nom, taille):
        attendus = self.de(par).en_cours().aggregate(nombre=models.Count("pk"), poids=Sum("taille", default=0))
        trop = attendus["nombre"] >= settings.DOSSIER_FICHIERS_MAX
        if trop or attendus["poids"] + taille > settings.DOSSIER_TAILLE_MAX:
            raise ErreurMetier.simple(
                "envois_inacheves",
                f"«\u00a0{nom}\u00a0» n’est pas envoyé\u00a0: trop d’envois sont restés inachevés. Terminez-les ou "
                "annulez-les, puis recommencez.",
            )

    def purger(self):
        """Forget what is out of date, and the bytes of what is no longer known; return how many went."""
        maintenant = timezone.now()
        perimes = list(self.filter(expire_le__lte=maintenant))
        for televersement in perimes:
            televersement.abandonner()
        connues = {cle.hex for cle in self.values_list("cle", flat=True)}
        return len(perimes) + morceaux.purger(connues=connues, age=int(DUREE.total_seconds()))


class Televersement(models.Model):
    """A file on its way in: how much of it is here, and in the end the file kept or the sentence of its refusal.

    Without history: it lives for a day, and what matters of it is the file.
    """

    cle = models.UUIDField("clé", unique=True, default=uuid.uuid4, editable=False)
    proprietaire = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="televersements", verbose_name="envoyé par"
    )
    cible = models.CharField("destination", max_length=100)
    nom = models.CharField("nom", max_length=255, blank=True)
    taille = models.PositiveBigIntegerField("taille (octets)")
    marque = models.CharField("version", max_length=40, blank=True)
    recu = models.PositiveBigIntegerField("reçu (octets)", default=0)
    commence_le = models.DateTimeField("commencé le", auto_now_add=True)
    expire_le = models.DateTimeField("oublié le", db_index=True)
    fichier = models.ForeignKey(
        "fichiers.Fichier", models.CASCADE, null=True, blank=True, related_name="+", verbose_name="fichier gardé"
    )
    refus = models.TextField("refus", blank=True)

    objects = TeleversementQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi de fichier"
        verbose_name_plural = "envois de fichiers"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recu__lte=F("taille")),
                name="televersement_recu_borne",
                violation_error_message="Un envoi ne reçoit pas plus que sa taille.",
            )
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("fichiers:televersement", args=[self.cle])

    @property
    def est_complet(self):
        return self.recu == self.taille

    @property
    def avancement(self):
        """Whole percents received."""
        return self.recu * 100 // self.taille if self.taille else 100

    @property
    def etat(self):
        """What the sender must know to go on, as plain data."""
        return {
            "adresse": self.get_absolute_url(),
            "cle": str(self.cle),
            "recu": self.recu,
            "taille": self.taille,
            "morceau": morceaux.MORCEAU_MAX,
            "refus": self.refus,
        }

    def recevoir(self, debut, contenu):
        """Take a piece that starts at `debut`; one that is already here, or that leaves a hole, changes nothing.

        Afterwards `recu` says what to send next. No lock: two senders of the same piece write the same bytes at the
        same place, and one of them alone moves `recu`.
        """
        if self.refus or self.fichier_id or debut != self.recu or not contenu:
            return
        fin = debut + len(contenu)
        if fin > self.taille:
            raise ErreurMetier.simple(
                "morceau_trop_long",
                f"«\u00a0{self.nom}\u00a0» a changé pendant l’envoi\u00a0: choisissez-le à nouveau.",
            )
        if len(contenu) < morceaux.MORCEAU_MIN and fin != self.taille:
            raise ErreurMetier.simple("morceau_trop_court", "L’envoi est découpé trop finement.")
        try:
            morceaux.ecrire(self.cle, debut, contenu)
        except OSError:
            depot.journal.exception("a piece of an upload could not be written")
            depot.refuser("rangement", self.nom)
        type(self).objects.filter(pk=self.pk, recu=debut).update(recu=fin, expire_le=timezone.now() + DUREE)
        self.refresh_from_db()

    def ouvrir(self):
        """The whole of it as an uploaded file, to be closed by the caller; `ErreurMetier` while some is missing."""
        chemin = morceaux.chemin_de(self.cle)
        if not self.est_complet or not chemin.exists():
            raise ErreurMetier.simple(
                "envoi_incomplet",
                f"«\u00a0{self.nom}\u00a0» n’est pas arrivé en entier\u00a0: choisissez-le à nouveau, l’envoi reprendra où "
                "il s’est arrêté.",
            )
        televerse = UploadedFile(chemin.open("rb"), name=self.nom, size=self.taille)
        televerse._name = self.nom  # cleaned, and judged, by the way in of files
        return televerse

    def conclure(self, *, fichier=None, refus=""):
        """What became of it; its bytes go, the answer stays for whoever asks again."""
        self.fichier, self.refus = fichier, refus
        self.save(update_fields=["fichier", "refus"])
        morceaux.oublier(self.cle)

    def abandonner(self):
        self.delete()
        morceaux.oublier(self.cle)
