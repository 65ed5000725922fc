import logging
import uuid
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from .. import antivirus, apercus, depot, stockage
from ..acces import sources, suites_d_une_infection
from ..noms import couper, nettoyer_nom
from ..taches import traiter_fichier

journal = logging.getLogger(__name__)
RETARD = timedelta(minutes=2)  # after which the queue is believed to have missed a file


class Analyse(models.TextChoices):
    NON_ANALYSE = "non_analyse", "non analysé"
    EN_ATTENTE = "en_attente", "analyse en attente"
    SAIN = "sain", "sain"
    INFECTE = "infecte", "infecté"


class Apercu(models.TextChoices):
    A_FAIRE = "a_faire", "en préparation"
    FAIT = "fait", "fait"
    INDISPONIBLE = "indisponible", "indisponible"
    SANS_OBJET = "sans_objet", "sans objet"


class FichierQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """What this person may read: the union of the declared sources.

        An infected file is readable by nobody; one whose scan is pending, by its depositor only.
        """
        lisibles = Q(pk__in=[])
        for source in sources():
            lisibles |= Q(pk__in=source(personne))
        attente = ~Q(analyse=Analyse.EN_ATTENTE) | Q(depose_par=personne)
        return self.filter(lisibles, attente).exclude(analyse=Analyse.INFECTE)

    def deposer(self, fichier_televerse, *, par):
        """Take in what someone uploads, or raise `ErreurMetier` with a sentence that says what to do.

        Slow (disk, child process): call it outside any transaction.
        """
        with depot.examiner_televersement(fichier_televerse) as recu:
            cle = uuid.uuid4()
            depot.ranger(recu, cle)
            fichier = self.create(
                cle=cle,
                nom=recu.nom,
                extension=recu.extension,
                taille=recu.taille,
                sha256=recu.sha256,
                type_mime=recu.type_mime,
                pages=recu.pages,
                depose_par=par,
                analyse=Analyse.EN_ATTENTE if antivirus.est_configure() else Analyse.NON_ANALYSE,
                apercu=Apercu.A_FAIRE if recu.extension in apercus.EXTENSIONS else Apercu.SANS_OBJET,
            )
        transaction.on_commit(partial(traiter_fichier.enqueue, fichier.pk))
        return fichier

    def a_analyser(self):
        """Uploaded, and not judged by the antivirus: those that wait for it first."""
        attente = models.Case(models.When(analyse=Analyse.EN_ATTENTE, then=0), default=1)
        return self.filter(
            analyse__in=[Analyse.EN_ATTENTE, Analyse.NON_ANALYSE], produit=False, depose_le__lt=timezone.now() - RETARD
        ).order_by(attente, "pk")

    def a_dessiner(self):
        retard = timezone.now() - RETARD
        return self.filter(apercu=Apercu.A_FAIRE, analyse__in=LISIBLES, depose_le__lt=retard).order_by("pk")

    def liberer(self):
        """The antivirus was given up: what waited for it is as what came without it."""
        return self.filter(analyse=Analyse.EN_ATTENTE).update(analyse=Analyse.NON_ANALYSE)

    def produire(self, contenu: bytes, *, nom, type_mime, pages=None):
        """Keep a document that the portal made; it is never made again afterwards."""
        return self.produire_flux([contenu], nom=nom, type_mime=type_mime, pages=pages)

    def produire_flux(self, morceaux, *, nom, type_mime, pages=None):
        """The same for one that is too large to be held whole: `morceaux` gives its bytes, chunk by chunk."""
        nom, cle = nettoyer_nom(nom), uuid.uuid4()
        with stockage.temporaire(morceaux) as ecrit:
            stockage.ranger(ecrit.chemin, cle)
        return self.create(
            cle=cle,
            nom=nom,
            extension=couper(nom)[1],
            taille=ecrit.taille,
            sha256=ecrit.sha256,
            type_mime=type_mime,
            pages=pages,
            analyse=Analyse.SAIN,
            produit=True,
        )


# Whose content may be shown to those who have the right.
LISIBLES = [Analyse.NON_ANALYSE, Analyse.SAIN]


class Fichier(models.Model):
    """A file kept for good, uploaded or made by the portal.

    Without history: a row never changes once written, but for the result of the antivirus and the images of its pages;
    another version of a document is another row.
    """

    cle = models.UUIDField("clé de rangement", unique=True, default=uuid.uuid4, editable=False)
    nom = models.CharField("nom", max_length=150)
    extension = models.CharField("extension", max_length=10)
    taille = models.PositiveBigIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64, db_index=True)
    type_mime = models.CharField("type", max_length=100)
    pages = models.PositiveIntegerField("nombre de pages", null=True, blank=True)
    analyse = models.CharField("antivirus", max_length=12, choices=Analyse.choices, default=Analyse.NON_ANALYSE)
    apercu = models.CharField("aperçu", max_length=12, choices=Apercu.choices, default=Apercu.SANS_OBJET)
    apercu_pages = models.PositiveSmallIntegerField("pages en images", default=0)
    produit = models.BooleanField("produit par le portail", default=False)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="déposé par",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fichiers",
    )
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)

    objects = FichierQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        ordering = ["-depose_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taille__gt=0),
                name="fichier_non_vide",
                violation_error_message="Un fichier n’est jamais vide.",
            ),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("fichiers:telecharger", args=[self.cle])

    @property
    def est_infecte(self):
        return self.analyse == Analyse.INFECTE

    @property
    def est_en_attente(self):
        return self.analyse == Analyse.EN_ATTENTE

    @property
    def est_lisible(self):
        """Neither infected nor waiting for its scan: it may be shown to those who have the right."""
        return self.analyse in LISIBLES

    @property
    def a_un_apercu(self):
        return self.apercu == Apercu.FAIT and self.est_lisible

    @property
    def rangs_d_apercu(self):
        return range(1, self.apercu_pages + 1)

    def traiter(self):
        """What follows its arrival: the antivirus when there is one, then the images of its pages. May be done again."""
        if antivirus.est_configure() and not self.produit and self.analyse in {Analyse.EN_ATTENTE, Analyse.NON_ANALYSE}:
            try:
                self.analyser()
            except antivirus.AntivirusIndisponible as erreur:  # asked again by the upkeep
                journal.warning("file %s waits for its scan: %s", self.pk, erreur)
        if self.apercu == Apercu.A_FAIRE and self.est_lisible:
            self.dessiner()

    def analyser(self):
        """Ask the antivirus, and tell whom it concerns of an infection; raises `AntivirusIndisponible`."""
        with self.ouvrir() as contenu:
            verdict = antivirus.analyser(contenu)
        avant, self.analyse = self.analyse, Analyse.SAIN if verdict.est_sain else Analyse.INFECTE
        with transaction.atomic():
            change = type(self).objects.filter(pk=self.pk, analyse=avant).update(analyse=self.analyse)
            if change and self.est_infecte:
                for suite in suites_d_une_infection():
                    suite(self)
        if self.est_infecte:
            journal.warning("file %s is infected: %s", self.pk, verdict.signature)

    def dessiner(self):
        """Make the images of its pages; that none could be is told where they would be seen."""
        self.apercu_pages = apercus.dessiner(stockage.chemin_de(self.cle), self.cle)
        self.apercu = Apercu.FAIT if self.apercu_pages else Apercu.INDISPONIBLE
        type(self).objects.filter(pk=self.pk).update(apercu=self.apercu, apercu_pages=self.apercu_pages)

    def ouvrir(self):
        """The stored bytes, as a binary file to be closed by the caller."""
        return stockage.chemin_de(self.cle).open("rb")

    def lire(self) -> bytes:
        with self.ouvrir() as contenu:
            return contenu.read()


class TelechargementManager(models.Manager):
    def noter_lecture(self, fichier, personne):
        """Once an hour: the pages of a file are asked for one by one."""
        il_y_a_peu = timezone.now() - timedelta(hours=1)
        if not self.filter(fichier=fichier, personne=personne, apercu=True, le__gt=il_y_a_peu).exists():
            self.create(fichier=fichier, personne=personne, apercu=True)


class Telechargement(models.Model):
    """Journal: who took which file out, or read the images of its pages, and when."""

    fichier = models.ForeignKey(
        Fichier, verbose_name="fichier", on_delete=models.CASCADE, related_name="telechargements"
    )
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    le = models.DateTimeField("le", auto_now_add=True)
    apercu = models.BooleanField("lu en images", default=False)

    objects = TelechargementManager()

    class Meta:
        verbose_name = "téléchargement"
        ordering = ["-le", "-pk"]

    def __str__(self):
        return f"{self.fichier} par {self.personne}"
