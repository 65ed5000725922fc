"""Requests for complements: what is asked of a filed dossier, before when, and what became of it."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import AvecEtat, PlanFinancement

from ..annonces import prevenir_service, prevenir_structure
from ..delais import Suspension
from ..ouverture import Ouverture

QUESTION_MAX = 2000


class DemandeComplementManager(models.Manager):
    def demander(self, dossier, points, *, par, echeance_le, message=""):
        """Ask a structure to complete or to mend what `points`, pairs (object, question), name, and nothing else.

        The last day included is `echeance_le`. The clock of the implicit rejection stops and the instruction waits
        (CRPA, L. 114-5; AAP 2022, B.2-2; reading 25). Raises ErreurMetier with every obstacle.
        """
        from ..complements import obstacles_a_la_demande

        with transaction.atomic():
            dossier = dossier._verrouiller()
            maintenant = timezone.now()
            if obstacles := obstacles_a_la_demande(dossier, points, echeance_le=echeance_le, le=maintenant):
                raise ErreurMetier(obstacles)
            demande = self._ouvrir(
                dossier, points, le=maintenant, par=par, echeance_le=echeance_le, message=message.strip()
            )
            demande._rouvrir_le_plan()
            dossier._journaliser(dossier.etat, dossier.etat, par=par, motif=f"{demande} envoyée à la structure.")
            demande._prevenir("candidatures/complement_demande")
        return demande

    def demander_les_pieces(self, dossier, manquantes, *, le):
        """What a filing without a compulsory piece asks by itself; its receipt tells the structure (reading 25)."""
        jour = le.astimezone(dossier.campagne.service.zone).date()
        points = [(f"piece:{piece.code}", "Cette pièce obligatoire manque au dépôt.") for piece in manquantes]
        echeance_le = jour + timedelta(days=dossier.campagne.delai_complement_jours)
        return self._ouvrir(dossier, points, le=le, par=None, echeance_le=echeance_le, au_depot=True)

    def _ouvrir(self, dossier, points, *, le, **champs):
        demande = self.create(dossier=dossier, rang=dossier.demandes.count() + 1, envoyee_le=le, **champs)
        for objet, question in points:
            demande.points.create(objet=objet, question=question.strip())
        demande._journaliser("", demande.etat, par=champs["par"])
        return demande


class DemandeComplement(AvecEtat):
    """One request. It unlocks what it names until it is answered by a new filing, or closed by an agent."""

    class Etat(models.TextChoices):
        OUVERTE = "ouverte", "En attente de réponse"
        REPONDUE = "repondue", "Répondue"
        CLOSE = "close", "Close sans réponse"

    TRANSITIONS = {Etat.OUVERTE: (Etat.REPONDUE, Etat.CLOSE)}

    dossier = models.ForeignKey("candidatures.Dossier", models.PROTECT, related_name="demandes", verbose_name="dossier")
    rang = models.PositiveSmallIntegerField("rang")
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.OUVERTE)
    au_depot = models.BooleanField("née d’un dépôt incomplet", default=False)
    message = models.TextField("message", blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="demandée par"
    )
    envoyee_le = models.DateTimeField("envoyée le")
    echeance_le = models.DateField("à répondre au plus tard le")
    terminee_le = models.DateTimeField("répondue ou close le", null=True, blank=True)
    depot = models.OneToOneField(
        "candidatures.Depot", models.PROTECT, null=True, blank=True, related_name="reponse_a", verbose_name="réponse"
    )
    plan_avant = models.ForeignKey(
        PlanFinancement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="plan déjà déposé"
    )

    objects = DemandeComplementManager()
    historique = HistoricalRecords()

    class Meta:
        verbose_name = "demande de compléments"
        verbose_name_plural = "demandes de compléments"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "rang"], name="demande_rang_unique"),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(etat="ouverte"),
                name="demande_une_ouverte",
                violation_error_message="Une demande de compléments attend déjà la réponse de la structure.",
            ),
            models.CheckConstraint(
                condition=Q(etat="ouverte", terminee_le=None) | (~Q(etat="ouverte") & Q(terminee_le__isnull=False)),
                name="demande_terminee_a_sa_date",
            ),
        ]

    def __str__(self):
        return f"Demande de compléments n°\u00a0{self.rang}"

    def get_absolute_url(self):
        return reverse("candidatures:complement", args=[self.dossier.numero, self.rang])

    @property
    def est_ouverte(self):
        return self.etat == self.Etat.OUVERTE

    @property
    def couleur(self):
        """State for the badge: « ouverte » is good news for a session, not for a request."""
        return "en_attente" if self.est_ouverte else self.etat

    @property
    def est_depassee(self):
        """Past its last day, and still answerable until an agent closes it."""
        return self.est_ouverte and timezone.localdate(timezone=self.zone) > self.echeance_le

    @property
    def zone(self):
        return self.dossier.campagne.service.zone

    @property
    def suspension(self):
        """Lasts as long as the time given to answer, its last day included; the answer ends it sooner (CRPA, L. 114-5).

        A filing without a compulsory piece is not instructed until it has them: there, only the answer ends it (reading 25).
        """
        debut = self.envoyee_le.astimezone(self.zone).date()
        fin = self.terminee_le and self.terminee_le.astimezone(self.zone).date()
        if self.au_depot:
            return Suspension(debut, fin)
        terme = self.echeance_le + timedelta(days=1)
        return Suspension(debut, min(fin or terme, terme) if fin or self.est_depassee else None)

    def prolonger(self, echeance_le, *, par, motif=""):
        """Give more time, until the end of a later day: one act, journaled and told to the structure."""
        with transaction.atomic():
            demande = self._verrouillee()
            aujourd_hui = timezone.localdate(timezone=demande.zone)
            if echeance_le <= demande.echeance_le or echeance_le <= aujourd_hui:
                raise ErreurMetier.simple(
                    "echeance",
                    "Choisissez un jour à venir, après l’échéance actuelle.",
                    champ="id_echeance_le",
                )
            demande.echeance_le, demande._history_user = echeance_le, par
            demande.save(update_fields=["echeance_le"])
            phrase = f"{demande} prolongée jusqu’au {echeance_le:%d/%m/%Y}. {motif.strip()}".strip()
            demande.dossier._journaliser(demande.dossier.etat, demande.dossier.etat, par=par, motif=phrase)
            demande._prevenir("candidatures/complement_prolonge", suffixe=f"-{echeance_le:%Y%m%d}", motif=motif.strip())
        self.echeance_le = echeance_le

    def clore(self, *, par, motif):
        """Stop waiting: the dossier comes back to what was last filed, whatever the structure began to change."""
        with transaction.atomic():
            demande = self._verrouillee()
            if not motif.strip():
                raise ErreurMetier.simple("motif", "Donnez le motif : la structure le lira.", champ="id_motif")
            demande._clore(par=par, motif=motif.strip())
            demande._prevenir("candidatures/complement_clos", motif=motif.strip())
        self.etat, self.terminee_le = demande.etat, demande.terminee_le

    def repondre_par_ecrit(self, reponses, *, par):
        """Keep the words of the answer, {id of a point: text}; they leave with it."""
        with transaction.atomic():
            self._verrouillee()._noter(reponses, par=par)

    def _noter(self, reponses, *, par):
        for point in self.points.all():
            texte = reponses.get(point.pk, point.reponse).strip()
            if texte != point.reponse:
                point.reponse, point._history_user = texte, par
                point.save(update_fields=["reponse"])

    def en_clair(self):
        """The request as a snapshot freezes it: its questions and the words of the answer."""
        points = [{"objet": p.objet, "question": p.question, "reponse": p.reponse} for p in self.points.all()]
        return {"rang": self.rang, "message": self.message, "points": points}

    def annoncer_la_reponse(self, depot):
        """Tell who follows the dossier; the structure has its receipt."""
        lien = reverse("candidatures:instruire", args=[self.dossier.numero])
        cle = f"complement-{self.pk}-repondu"
        prevenir_service(self.dossier, "candidatures/complement_repondu", cle=cle, lien=lien, demande=self, depot=depot)

    def _clore(self, *, par, motif):
        from ..restauration import remettre_au_dernier_depot

        self._terminer(self.Etat.CLOSE, par=par, le=timezone.now(), motif=motif)
        remettre_au_dernier_depot(self.dossier, self)

    def _terminer(self, vers, *, par, le, motif, **champs):
        self._passer_a(vers, par=par, motif=motif, terminee_le=le, **champs)
        self.dossier._compter_les_suspensions()
        phrase = f"{self}\u00a0: {self.get_etat_display().lower()}. {motif}".strip()
        self.dossier._journaliser(self.dossier.etat, self.dossier.etat, par=par, motif=phrase)

    def _verrouillee(self):
        """This request as it is, under the lock of its dossier; refused once it is answered or closed."""
        dossier = self.dossier._verrouiller()
        demande = dossier.demande_ouverte
        if demande is None or demande.pk != self.pk:
            raise ErreurMetier.simple(
                "demande_terminee", "Cette demande n’attend plus de réponse : elle a été répondue ou close."
            )
        demande.dossier = dossier
        return demande

    def _rouvrir_le_plan(self):
        """Posts or plan named: the structure works on a copy, what was filed stays frozen as it is (AAP 2022, B.2-3)."""
        dossier = self.dossier
        if not Ouverture(objets=frozenset(point.objet for point in self.points.all())).rubrique("plan"):
            return
        self.plan_avant = dossier.plan
        self.save(update_fields=["plan_avant"])
        dossier.plan = dossier.plan.copier()
        dossier.save(update_fields=["plan"])

    def _prevenir(self, gabarit, *, suffixe="", **contexte):
        prevenir_structure(
            self.dossier,
            gabarit,
            cle=f"complement-{self.pk}-{gabarit.rpartition('_')[2]}{suffixe}",
            lien=self.get_absolute_url(),
            signataires=True,
            demande=self,
            **contexte,
        )


class PointComplement(models.Model):
    """One question of a request, about a piece, a section or a field, and the words of the answer, if any."""

    demande = models.ForeignKey(DemandeComplement, models.CASCADE, related_name="points", verbose_name="demande")
    objet = models.CharField("pièce, rubrique ou champ", max_length=80)
    question = models.TextField("question", max_length=QUESTION_MAX)
    reponse = models.TextField("réponse", blank=True, max_length=QUESTION_MAX)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "point demandé"
        verbose_name_plural = "points demandés"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["demande", "objet"],
                name="point_demande_unique",
                violation_error_message="Cette pièce ou cette rubrique est déjà dans la demande : réunissez vos questions.",
            )
        ]

    def __str__(self):
        return self.titre

    @property
    def titre(self):
        from ..complements import titre

        return titre(self.objet)

    @property
    def nature(self):
        return self.objet.partition(":")[0]

    @property
    def rubrique(self):
        """Code of the section that it is about."""
        return "pieces" if self.nature == "piece" else self.objet.partition(":")[2].partition(".")[0]

    @property
    def controle(self):
        """Name of the point of the checklist that it is about."""
        return self.objet if self.nature == "piece" else f"rubrique:{self.rubrique}"

    @property
    def lien(self):
        """Where the structure answers."""
        from ..rubriques import PAR_CODE

        nature, _, code = self.objet.partition(":")
        ancre = {"piece": f"piece-{code}", "champ": f"id_{code.partition('.')[2]}"}.get(nature, "")
        return PAR_CODE[self.rubrique].lien(self.demande.dossier, ancre)
