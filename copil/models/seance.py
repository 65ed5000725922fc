from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle
from aap_portal.referentiel.formats import jour
from aap_portal.referentiel.models import AvecEtat

from .membre import MembreSeance

AGENTS = ("instructeur", "administrateur")


class SeanceQuerySet(models.QuerySet):
    def gerees_par(self, personne):
        """Sessions of the services where this person is an agent."""
        return self.filter(campagne__service__in=personne.services(*AGENTS))

    def visibles_par(self, personne):
        """An agent's sessions, and those to which a member of the same service is invited, once convened."""
        geree = Q(campagne__service__in=personne.services(*AGENTS))
        invitations = MembreSeance.objects.filter(utilisateur=personne, actif=True).values("seance")
        invite = Q(pk__in=invitations, campagne__service__in=personne.services()) & ~Q(etat=Seance.Etat.PREPAREE)
        return self.filter(geree | invite)

    def commencees(self):
        """Where scores were given, or could have been."""
        return self.filter(etat__in=[Seance.Etat.OUVERTE, Seance.Etat.CLOSE])

    def avec_page(self):
        return self.select_related("campagne__service", "grille")


class Seance(AvecEtat):
    """A session of the committee that scores dossiers (AAP 2022, C.1 and C.2; readings 7 and 20)."""

    class Etat(models.TextChoices):
        PREPAREE = "preparee", "En préparation"
        CONVOQUEE = "convoquee", "Convoquée"
        OUVERTE = "ouverte", "Ouverte"
        CLOSE = "close", "Close"

    class Comite(models.TextChoices):
        COPIL = "copil", "COPIL départemental"
        CRIE = "crie", "Comité régional de l’inclusion dans l’emploi"

    TRANSITIONS = {
        Etat.PREPAREE: (Etat.CONVOQUEE,),
        Etat.CONVOQUEE: (Etat.OUVERTE, Etat.PREPAREE),
        Etat.OUVERTE: (Etat.CLOSE,),
    }

    campagne = models.ForeignKey(
        "referentiel.Campagne", models.PROTECT, related_name="seances", verbose_name="campagne"
    )
    grille = models.ForeignKey("copil.Grille", models.PROTECT, related_name="seances", verbose_name="grille")
    comite = models.CharField("comité", max_length=10, choices=Comite, default=Comite.COPIL)
    tenue_le = models.DateTimeField("date et heure de la séance")
    lieu = models.CharField("lieu", max_length=200)
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.PREPAREE)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    objects = SeanceQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        verbose_name = "séance"
        ordering = ["-tenue_le"]

    def __str__(self):
        return f"{self.get_comite_display()} du {jour(self.tenue_le.astimezone(self.campagne.service.zone))}"

    def get_absolute_url(self):
        return reverse("copil:seance", args=[self.pk])

    @property
    def est_preparee(self):
        return self.etat == self.Etat.PREPAREE

    @property
    def est_convoquee(self):
        return self.etat == self.Etat.CONVOQUEE

    @property
    def est_ouverte(self):
        return self.etat == self.Etat.OUVERTE

    @property
    def est_close(self):
        return self.etat == self.Etat.CLOSE

    @property
    def est_a_venir(self):
        """Members and agenda can still change."""
        return self.est_preparee or self.est_convoquee

    def verrouiller(self):
        """Read the row again and hold it to the end of the transaction: scoring, closing and agenda wait for each other."""
        self.refresh_from_db(from_queryset=Seance.objects.select_for_update())
        return self

    # --- Members and agenda ---------------------------------------------------------------------------
    def ajouter_membres(self, personnes, *, par):
        """Make these people sit; somebody who had been taken off sits again. Once convened, each gets the mail at once."""
        with transaction.atomic():
            self.verrouiller()
            if self.est_close:
                raise ErreurMetier.simple("seance_close", "La séance est close : ses membres ne changent plus.")
            for personne in personnes:
                membre = self.membres.filter(utilisateur=personne).first()
                membre = membre or MembreSeance(seance=self, utilisateur=personne)
                membre.actif, membre._history_user = True, par
                membre.save()
                if not self.est_preparee:
                    self._convoquer_membre(membre)

    def retirer_membre(self, membre):
        with transaction.atomic():
            self.verrouiller()
            self._exiger_a_venir(
                "Les membres d’une séance ouverte ne sont plus retirés : notez une absence à la clôture."
            )
            membre.actif = False
            membre.save()

    def inscrire(self, dossier, *, par):
        """Put a dossier at the end of the agenda; the dossier becomes « inscrit » (AAP 2022, C.1)."""
        with transaction.atomic():
            self.verrouiller()
            self._exiger_a_venir(
                "L’ordre du jour d’une séance ouverte ne s’allonge plus : inscrivez ce dossier à une autre."
            )
            if dossier.campagne_id != self.campagne_id:
                raise ErreurMetier.simple("autre_campagne", f"{dossier} n’est pas de la campagne de cette séance.")
            if self.inscriptions.filter(dossier=dossier).exists():
                raise ErreurMetier.simple("deja_inscrit", f"{dossier} est déjà à l’ordre du jour.")
            dossier.inscrire(par=par, motif=f"Ordre du jour : {self}.")
            dernier = self.inscriptions.aggregate(dernier=Max("ordre"))["dernier"] or 0
            return self.inscriptions.create(dossier=dossier, ordre=dernier + 1)

    def inscrire_tous(self, dossiers, *, par):
        """All of them or none."""
        with transaction.atomic():
            for dossier in dossiers:
                self.inscrire(dossier, par=par)

    def desinscrire(self, inscription, *, par):
        """Take a dossier off the agenda, until somebody's scores of it are final."""
        with transaction.atomic():
            self.verrouiller()
            if self.est_close:
                raise ErreurMetier.simple("seance_close", "La séance est close : son ordre du jour ne change plus.")
            if inscription.evaluations.filter(finalisee_le__isnull=False).exists():
                raise ErreurMetier.simple(
                    "deja_note",
                    f"{inscription.dossier} a déjà des notes : il ne peut plus être retiré de l’ordre du jour.",
                )
            inscription.dossier.desinscrire(par=par, motif=f"Retiré de l’ordre du jour : {self}.")
            inscription.evaluations.all().delete()
            inscription.delete()
            self.inscriptions.filter(ordre__gt=inscription.ordre).update(ordre=F("ordre") - 1)

    def avancer(self, inscription):
        """One place up in the agenda; the first stays first."""
        with transaction.atomic():
            self.verrouiller()
            self._exiger_a_venir("L’ordre du jour d’une séance ouverte ne change plus.")
            inscription.refresh_from_db()
            voisine = self.inscriptions.filter(ordre__lt=inscription.ordre).order_by("-ordre").first()
            if voisine:
                inscription.ordre, voisine.ordre = voisine.ordre, inscription.ordre
                inscription.save(update_fields=["ordre"])
                voisine.save(update_fields=["ordre"])

    # --- Life of the session --------------------------------------------------------------------------
    def convoquer(self, *, par):
        """Invite the members by mail; from now on they see the session and its dossiers."""
        with transaction.atomic():
            self.verrouiller()
            if obstacles := self._manques():
                raise ErreurMetier(obstacles)
            self._passer_a(self.Etat.CONVOQUEE, par=par)
            for membre in self.membres.filter(actif=True).select_related("utilisateur"):
                self._convoquer_membre(membre)

    def reprendre_la_preparation(self, *, par):
        """Withdraw the convening: another date, another place. The members will be convened again."""
        with transaction.atomic():
            self.verrouiller()._passer_a(self.Etat.PREPAREE, par=par)

    def ouvrir(self, *, par):
        """Open the scoring and freeze the grid (AAP 2022, Annexe 4; reading 22)."""
        with transaction.atomic():
            self.verrouiller()
            if obstacles := self._manques():
                raise ErreurMetier(obstacles)
            self._passer_a(self.Etat.OUVERTE, par=par, **self._date_reelle())
            if not self.grille.est_figee:
                self.grille.figee_le = timezone.now()
                self.grille.save(update_fields=["figee_le"])

    def _date_reelle(self):
        """Opened before its day, a session takes the day it is really held: letters and conventions quote it."""
        maintenant = timezone.now()
        zone = self.campagne.service.zone
        avancee = maintenant.astimezone(zone).date() < self.tenue_le.astimezone(zone).date()
        return {"tenue_le": maintenant} if avancee else {}

    def clore(self, *, par, absents=()):
        """Lock the scores and make every dossier « examiné ». `absents`: ids of members whose scores don't count.

        Refused while a member who is there has not finished, or while a dossier has no score at all.
        """
        from ..cloture import obstacles_a_la_cloture

        with transaction.atomic():
            self.verrouiller()
            if self.est_ouverte and (obstacles := obstacles_a_la_cloture(self, absents)):
                raise ErreurMetier(obstacles)
            self._passer_a(self.Etat.CLOSE, par=par, close_le=timezone.now())
            for membre in self.membres.filter(actif=True):
                membre.present = membre.pk not in absents
                membre.save(update_fields=["present"])
            for inscription in self.inscriptions.a_examiner().select_related("dossier"):
                inscription.dossier.clore_examen(par=par)

    def _manques(self):
        """Why the session can't be convened nor opened."""
        manques = []
        if not self.membres.filter(actif=True).exists():
            manques.append(
                Obstacle("sans_membre", "La séance n’a pas de membre : ajoutez au moins une personne.", "membres")
            )
        if not self.inscriptions.a_examiner().exists():
            manques.append(
                Obstacle("sans_dossier", "L’ordre du jour est vide : inscrivez au moins un dossier.", "dossiers")
            )
        if self.grille.somme != self.grille.total:
            manques.append(
                Obstacle(
                    "grille_total",
                    f"La grille annonce {self.grille.total} points et ses critères en totalisent {self.grille.somme} : "
                    "corrigez-la avant d’ouvrir.",
                    reference="AAP 2022, annexe 4",
                )
            )
        return manques

    def _exiger_a_venir(self, phrase):
        if not self.est_a_venir:
            raise ErreurMetier.simple("seance_ouverte", phrase)

    def _convoquer_membre(self, membre):
        from ..annonces import convoquer

        convoquer(self, membre)
