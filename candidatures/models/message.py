import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from aap_portal.comptes.models import Droit
from aap_portal.fichiers.models import Fichier
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.formats import taille

from .. import droits


class Cote(models.TextChoices):
    """Who speaks: a person writes for the structure they belong to, otherwise for the service."""

    STRUCTURE = "structure", "La structure"
    SERVICE = "service", "Le service"


class MessageQuerySet(models.QuerySet):
    def lisibles_par(self, personne):
        from .dossier import Dossier

        return self.filter(dossier__in=Dossier.objects.en_dialogue_avec(personne))

    def a_lire_par(self, personne):
        """Not read yet by the side for which this person answers: a lecteur of the structure answers for nobody."""
        from .dossier import Dossier

        siennes = personne.structures(Droit.REDACTEUR, Droit.SIGNATAIRE)
        recus = Q(cote=Cote.SERVICE, dossier__structure__in=siennes)
        if services := droits.services_d_agent(personne):
            ouverts = Dossier.objects.en_dialogue_avec(personne).filter(campagne__service__in=services)
            autres = ~Q(dossier__structure__in=personne.structures())
            recus |= Q(cote=Cote.STRUCTURE, dossier__in=ouverts) & autres
        return self.filter(recus, lu_le=None)

    def par_dossier(self):
        """{dossier id: how many}, in one query."""
        return dict(self.order_by().values_list("dossier").annotate(models.Count("pk")))

    def deja_envoye(self, dossier, *, par, cle):
        """The message that this sending already made, if any; the key of somebody else's is refused."""
        deja = self.filter(cle=cle).first()
        if deja and (deja.dossier_id, deja.auteur_id) != (dossier.pk, par.pk):
            raise ErreurMetier.simple(
                "cle", "Ce formulaire est celui d’un autre dossier\u00a0: rechargez la page puis recommencez."
            )
        return deja

    def envoyer(self, dossier, *, par, texte, cle, fichiers=(), vu=None):
        """Add a message to the thread of a dossier, or give back the one that this key already made.

        What the author had before their eyes (`vu`: the last message shown) is read by it. `fichiers` are already kept.
        Raises ErreurMetier. Help is given from the first draft on (AAP 2022, C.3).
        """
        from ..notification import annoncer_message
        from .dossier import Dossier

        with transaction.atomic():
            Dossier.objects.select_for_update().get(pk=dossier.pk)
            if deja := self.deja_envoye(dossier, par=par, cle=cle):
                return deja
            self.exiger_place(dossier, [fichier.taille for fichier in fichiers])
            self.marquer_lus(dossier, par=par, jusqu_a=vu)
            message = self.create(
                dossier=dossier, auteur=par, cote=droits.cote_de(par, dossier), texte=texte, cle=cle, envoye_le=timezone.now()
            )  # fmt: skip
            message.fichiers.set(fichiers)
            annoncer_message(message)
        return message

    def marquer_lus(self, dossier, *, par, jusqu_a):
        """The other side's messages, up to the last one that was shown; what came since stays unread."""
        if jusqu_a is None:
            return 0
        recus = self.filter(dossier=dossier, lu_le=None, pk__lte=jusqu_a).exclude(cote=droits.cote_de(par, dossier))
        return recus.update(lu_le=timezone.now(), lu_par=par)

    def exiger_place(self, dossier, tailles):
        """The thread of a dossier holds as many files, and as many bytes, as its pieces do."""
        joints = Fichier.objects.filter(messages__dossier=dossier)
        combien, poids = joints.count() + len(tailles), (joints.aggregate(s=Sum("taille"))["s"] or 0) + sum(tailles)
        if not tailles:
            return
        if combien > settings.DOSSIER_FICHIERS_MAX:
            raise ErreurMetier.simple(
                "trop_de_fichiers",
                f"Les messages de ce dossier portent au plus {settings.DOSSIER_FICHIERS_MAX} fichiers, et celui-ci les "
                f"mènerait à {combien}. Joignez-en moins, ou donnez-les comme pièces du dossier.",
                champ="id_fichiers",
            )
        if poids > settings.DOSSIER_TAILLE_MAX:
            raise ErreurMetier.simple(
                "trop_lourd",
                f"Les fichiers joints aux messages de ce dossier pèseraient {taille(poids)}, pour "
                f"{taille(settings.DOSSIER_TAILLE_MAX)} au plus. Joignez des fichiers plus légers.",
                champ="id_fichiers",
            )


class Message(models.Model):
    """What a structure and the service write to each other about a dossier; kept with it, never changed.

    Without history: only `lu_le` and `lu_par` are written afterwards, once, and say who and when themselves.
    """

    dossier = models.ForeignKey("candidatures.Dossier", models.PROTECT, related_name="messages", verbose_name="dossier")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="auteur")
    cote = models.CharField("de la part de", max_length=10, choices=Cote)
    texte = models.TextField("message")
    fichiers = models.ManyToManyField(Fichier, verbose_name="fichiers joints", blank=True, related_name="messages")
    cle = models.UUIDField("clé d’envoi", unique=True, default=uuid.uuid4, editable=False)
    envoye_le = models.DateTimeField("envoyé le")
    lu_le = models.DateTimeField("lu le", null=True, blank=True)
    lu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lu par"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["pk"]
        indexes = [models.Index(fields=["cote"], condition=Q(lu_le=None), name="message_non_lu")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lu_le=None, lu_par=None) | Q(lu_le__isnull=False, lu_par__isnull=False),
                name="message_lu_par_quelqu_un",
            ),
        ]

    def __str__(self):
        return f"{self.dossier} : message de {self.auteur}"
