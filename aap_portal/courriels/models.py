import hashlib
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from aap_portal.comptes.models import Role
from aap_portal.fichiers.models import Fichier
from aap_portal.referentiel.erreurs import ErreurMetier

from . import envoi
from .acces import sans_masques
from .redaction import adresse_complete, rediger, sans_controle, une_ligne
from .taches import envoyer_courriel

ESSAIS_MAX = 8


class Etat(models.TextChoices):
    A_ENVOYER = "a_envoyer", "à envoyer"
    ENVOYE = "envoye", "envoyé"
    ECHEC = "echec", "échec de l’envoi"
    CONSERVE = "conserve", "conservé dans la boîte d’envoi"


class CourrielQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """An agent reads what their services sent, but about a dossier of a declared conflict; an administrator, also
        what belongs to no service (accounts)."""
        lisibles = Q(service__in=personne.services(Role.INSTRUCTEUR, Role.ADMINISTRATEUR))
        if personne.est_administrateur:
            lisibles |= Q(service=None)
        return sans_masques(self.filter(lisibles), personne)

    def dus(self, le=None):
        """Waiting for an attempt whose time has come."""
        return self.filter(etat=Etat.A_ENVOYER, prochain_essai_le__lte=le or timezone.now())

    def deposer(self, *, cle, destinataire, gabarit, contexte, lien="", **details):
        """Put a message in the outbox, in the caller's transaction: it leaves after the commit, or not at all.

        `cle` says which event it tells of: the same key is one message, however often it is asked for. `lien` is the
        page to open (a path of the portal), `lien` in the template; details: see `deposer_texte`.
        """
        if lien:
            contexte = {**contexte, "lien": adresse_complete(lien)}
        objet, corps = rediger(gabarit, contexte)
        return self.deposer_texte(cle=cle, destinataire=destinataire, objet=objet, corps=corps, **details)

    def deposer_texte(
        self, *, cle, destinataire, objet, corps, html="", service=None, objet_lie="", confidentiel=False, pieces=()
    ):
        """The same, for a text already written. `confidentiel`: its body is shown to no agent (links to an account)."""
        with transaction.atomic():
            courriel, nouveau = self.get_or_create(
                cle=cle,
                defaults={
                    "destinataire": destinataire,
                    "objet": une_ligne(objet),
                    "corps": sans_controle(corps),
                    "html": html,
                    "service": service,
                    "objet_lie": objet_lie,
                    "confidentiel": confidentiel,
                    "etat": Etat.A_ENVOYER if settings.EMAIL_CONFIGURE else Etat.CONSERVE,
                },
            )
            if nouveau:
                courriel.pieces.set(pieces)
                courriel._envoyer_apres_validation()
        return courriel


class Courriel(models.Model):
    """A message of the portal: a row first, sent after the commit, tried again until it leaves.

    Without history: its states and attempts are its own journal, its text never changes.
    """

    cle = models.CharField("clé", max_length=200, unique=True, editable=False)
    destinataire = models.EmailField("destinataire")
    objet = models.CharField("objet", max_length=200)
    corps = models.TextField("texte")
    html = models.TextField("version HTML", blank=True)
    pieces = models.ManyToManyField(Fichier, verbose_name="pièces jointes", blank=True, related_name="+")
    confidentiel = models.BooleanField("confidentiel", default=False)
    objet_lie = models.CharField("objet lié", max_length=80, blank=True)
    service = models.ForeignKey(
        "referentiel.Service", verbose_name="service", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.A_ENVOYER)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    prochain_essai_le = models.DateTimeField("prochain essai le", default=timezone.now)
    derniere_erreur = models.TextField("dernière erreur", blank=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["etat", "prochain_essai_le"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=Etat.ENVOYE, envoye_le__isnull=False) | (~Q(etat=Etat.ENVOYE) & Q(envoye_le=None)),
                name="courriel_envoye_a_sa_date",
                violation_error_message="Un message envoyé porte sa date d’envoi, un autre n’en a pas.",
            )
        ]

    def __str__(self):
        return f"{self.objet} ({self.destinataire})"

    def get_absolute_url(self):
        return reverse("courriels:courriel", args=[self.pk])

    @property
    def peut_etre_relance(self):
        return self.etat == Etat.ECHEC or (self.etat == Etat.CONSERVE and settings.EMAIL_CONFIGURE)

    @property
    def identifiant_message(self):
        """The same at each attempt: a mailbox that got the message twice shows it once."""
        empreinte = hashlib.sha256(self.cle.encode()).hexdigest()[:32]
        return f"<{empreinte}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"

    def envoyer(self):
        """Try once, outside any transaction: True when it left, False when it was refused, None when there was nothing to
        try. The next attempt is booked beforehand, so that a crash leaves the message to be tried again."""
        if not settings.EMAIL_CONFIGURE:  # the mail server was withdrawn since
            Courriel.objects.filter(pk=self.pk, etat=Etat.A_ENVOYER).update(etat=Etat.CONSERVE)
            return None
        if not self._reserver():
            return None
        try:
            envoi.remettre(self)
        except Exception as erreur:  # a mail server may answer anything: the row keeps what it said
            self._noter_echec(erreur)
            return False
        self._noter_envoi()
        return True

    def relancer(self):
        """Try again a message that failed, at an agent's request."""
        if not self.peut_etre_relance:
            raise ErreurMetier.simple(
                "courriel_non_relancable",
                "Seul un message en échec peut être envoyé à nouveau\u00a0: celui-ci ne l’est pas.",
            )
        with transaction.atomic():
            change = Courriel.objects.filter(pk=self.pk, etat=self.etat).update(
                etat=Etat.A_ENVOYER, tentatives=0, prochain_essai_le=timezone.now()
            )
            if change:
                self.refresh_from_db()
                self._envoyer_apres_validation()

    def _envoyer_apres_validation(self):
        if self.etat == Etat.A_ENVOYER:
            # Robust: once committed, a queue out of order must not turn a success into an error page; `entretien` will
            # send what the queue did not.
            transaction.on_commit(partial(envoyer_courriel.enqueue, self.pk), robust=True)

    def _reserver(self):
        """Take this attempt, against any other process: conditional on the number of attempts that we have read."""
        maintenant = timezone.now()
        pris = Courriel.objects.dus(maintenant).filter(pk=self.pk, tentatives=self.tentatives)
        return bool(
            pris.update(tentatives=F("tentatives") + 1, prochain_essai_le=maintenant + delai(self.tentatives + 1))
        )

    def _noter_envoi(self):
        suite = {"etat": Etat.ENVOYE, "envoye_le": timezone.now(), "derniere_erreur": ""}
        if self.confidentiel:  # a link that opens an account has no reason to stay in the base
            suite |= {"corps": "", "html": ""}
        Courriel.objects.filter(pk=self.pk, etat=Etat.A_ENVOYER).update(**suite)

    def _noter_echec(self, erreur):
        suite = {"derniere_erreur": sans_controle(f"{type(erreur).__name__}: {erreur}")[:2000]}
        if self.tentatives + 1 >= ESSAIS_MAX or envoi.est_definitif(erreur):
            suite["etat"] = Etat.ECHEC
        Courriel.objects.filter(pk=self.pk, etat=Etat.A_ENVOYER).update(**suite)


def delai(tentative: int) -> timedelta:
    """Wait after an attempt: 1 min, 4 min, 16 min, 1 h, 4 h, then 12 h."""
    return timedelta(minutes=min(4 ** (tentative - 1), 12 * 60))
