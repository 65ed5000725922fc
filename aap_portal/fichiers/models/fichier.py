import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from .. import depot, stockage
from ..acces import sources
from ..noms import couper, nettoyer_nom


class Analyse(models.TextChoices):
    NON_ANALYSE = "non_analyse", "non analysé"
    EN_ATTENTE = "en_attente", "analyse en attente"
    SAIN = "sain", "sain"
    INFECTE = "infecte", "infecté"


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
            return self.create(
                cle=cle,
                nom=recu.nom,
                extension=recu.extension,
                taille=recu.taille,
                sha256=recu.sha256,
                type_mime=recu.type_mime,
                pages=recu.pages,
                depose_par=par,
            )

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


class Fichier(models.Model):
    """A file kept for good, uploaded or made by the portal.

    Without history: a row never changes once written, but for the result of the antivirus; another version of a
    document is another row.
    """

    cle = models.UUIDField("clé de rangement", unique=True, default=uuid.uuid4, editable=False)
    nom = models.CharField("nom", max_length=150)
    extension = models.CharField("extension", max_length=10)
    taille = models.PositiveBigIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64, db_index=True)
    type_mime = models.CharField("type", max_length=100)
    pages = models.PositiveIntegerField("nombre de pages", null=True, blank=True)
    analyse = models.CharField("antivirus", max_length=12, choices=Analyse.choices, default=Analyse.NON_ANALYSE)
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

    def ouvrir(self):
        """The stored bytes, as a binary file to be closed by the caller."""
        return stockage.chemin_de(self.cle).open("rb")

    def lire(self) -> bytes:
        with self.ouvrir() as contenu:
            return contenu.read()


class Telechargement(models.Model):
    """Journal: who took which file out, and when."""

    fichier = models.ForeignKey(
        Fichier, verbose_name="fichier", on_delete=models.CASCADE, related_name="telechargements"
    )
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    le = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "téléchargement"
        ordering = ["-le", "-pk"]

    def __str__(self):
        return f"{self.fichier} par {self.personne}"
