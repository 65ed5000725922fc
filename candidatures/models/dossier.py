from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import (
    AvecEtat,
    Campagne,
    Compteur,
    Metier,
    PlanFinancement,
)

from .. import droits
from ..pieces import Exigence, Situation, pieces_attendues, pieces_manquantes
from .attente import AvecComplements
from .chargement import AvecChargement, ChargementQuerySet
from .examen import AvecExamen
from .instruction import AvecInstruction
from .reception import AvecReception, ReceptionQuerySet
from .reponses import AvecReponses, Frequence


class DossierQuerySet(ReceptionQuerySet, ChargementQuerySet):
    def commencer(self, *, campagne, structure, par):
        """A new draft of this structure in this campaign, numbered and with an empty plan; the one it has already, if any."""
        with transaction.atomic():
            campagne = Campagne.objects.verrouillee(campagne.pk)
            brouillons = self.filter(etat=Dossier.Etat.BROUILLON, recu_par_courriel_le=None)
            if brouillon := brouillons.filter(campagne=campagne, structure=structure).first():
                return brouillon
            if not campagne.est_ouverte(timezone.now()):
                raise ErreurMetier.simple(
                    "campagne_fermee", f"« {campagne.titre} » n’est pas ouvert : un dossier ne peut pas être commencé."
                )
            return self.ouvrir(campagne=campagne, structure=structure, par=par)

    def ouvrir(self, *, campagne, structure, par, **champs):
        """A numbered draft and its empty plan; the caller holds the campaign's lock."""
        rang = Compteur.objects.suivant(f"dossier-{campagne.annee}")
        return self.create(
            numero=f"{campagne.annee}-{rang:04d}",
            campagne=campagne,
            structure=structure,
            plan=PlanFinancement.objects.create(campagne=campagne, mois=campagne.duree_mois),
            cree_par=par,
            frequence=frequence(structure, campagne),
            **champs,
        )

    def en_redaction(self, pk, *, objet="", piece=None):
        """The draft's row, locked to the end of the transaction: whatever writes an answer starts with it.

        Filing locks the same row, so that nothing is written between the snapshot and the change of state.
        `objet` (« rubrique:projet ») or `piece` (an expected one): a filed dossier that is open for it is accepted too.
        """
        lignes = self.select_related("structure", "campagne__service", "plan").select_for_update(of=("self",))
        dossier = lignes.get(pk=pk)
        ouvert = dossier.ouvre_piece(piece) if piece else dossier.ouverture.ouvre(objet)
        if not ouvert:
            raise ErreurMetier.simple(
                "plus_brouillon",
                "Ce dossier n’est plus un brouillon : vos dernières saisies n’ont pas été enregistrées.",
            )
        return dossier

    def portes_par(self, personne, *droits_membre):
        """Dossiers of the structures that this person belongs to, with one of these rights when any is named."""
        return self.filter(structure__in=personne.structures(*droits_membre))

    def instruits_par(self, personne):
        """All that is filed in the services of this agent, less the dossiers of a declared conflict."""
        services = droits.services_d_agent(personne)
        deposes = self.filter(campagne__service__in=services, depose_le__isnull=False)
        return droits.sans_conflit(deposes, personne)

    def visibles_par(self, personne):
        """What this person may read, by any of their roles; a conflict takes away all but their own structure's."""
        q = Q(structure__in=personne.structures())
        filtre_role = droits.lus_par_role(personne)
        return self.filter(q | (filtre_role & ~droits.en_conflit(personne)))

    def en_dialogue_avec(self, personne):
        """Whose messages this person reads: their structures' own, and those of their services as agents, conflicts less.

        The thread of a draft is read without its content; a member of the COPIL reads none.
        """
        agent = droits.dialogues_d_agent(personne) & ~droits.en_conflit(personne)
        return self.filter(Q(structure__in=personne.structures()) | agent)


class Dossier(AvecChargement, AvecReponses, AvecReception, AvecComplements, AvecInstruction, AvecExamen, AvecEtat):
    """A request of a structure in a campaign, from its draft to the decision."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "Brouillon, non déposé"
        DEPOSE = "depose", "Déposé"
        RECEVABLE = "recevable", "Recevable"
        IRRECEVABLE = "irrecevable", "Irrecevable"
        INSCRIT = "inscrit", "Inscrit au COPIL"
        EXAMINE = "examine", "Examiné"
        ACCEPTE = "accepte", "Accepté"
        REFUSE = "refuse", "Refusé"
        AJOURNE = "ajourne", "Ajourné"
        RETIRE = "retire", "Retiré"

    TRANSITIONS = {
        Etat.BROUILLON: (Etat.DEPOSE, Etat.RETIRE),
        Etat.DEPOSE: (Etat.RECEVABLE, Etat.IRRECEVABLE, Etat.RETIRE),
        Etat.RECEVABLE: (Etat.INSCRIT, Etat.IRRECEVABLE, Etat.RETIRE),
        Etat.INSCRIT: (Etat.EXAMINE, Etat.RECEVABLE, Etat.RETIRE),
        Etat.EXAMINE: (Etat.ACCEPTE, Etat.REFUSE, Etat.AJOURNE, Etat.RETIRE),
        # Back to examiné: a decision is corrected before its notification.
        Etat.ACCEPTE: (Etat.EXAMINE,),
        Etat.REFUSE: (Etat.EXAMINE,),
        Etat.AJOURNE: (Etat.RECEVABLE, Etat.EXAMINE, Etat.RETIRE),
    }

    numero = models.CharField("numéro", max_length=20, unique=True)
    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="dossiers", verbose_name="campagne")
    structure = models.ForeignKey(
        "referentiel.Structure", models.PROTECT, related_name="dossiers", verbose_name="structure"
    )
    plan = models.OneToOneField(
        PlanFinancement, models.PROTECT, related_name="dossier", verbose_name="plan de financement"
    )
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.BROUILLON)
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="créé par")
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    modifie_le = models.DateTimeField("enregistré le", default=timezone.now)
    depose_le = models.DateTimeField("déposé le", null=True, blank=True)
    hors_delai = models.BooleanField("hors délai", default=False)
    hors_delai_admis = models.BooleanField("hors délai admis", null=True, blank=True)
    incomplet = models.BooleanField("incomplet", default=False)
    complete_le = models.DateTimeField("complété le", null=True, blank=True)
    suspendu = models.DurationField(
        "durée de suspension",
        default=timedelta,
        help_text="Somme des suspensions terminées : les listes trient par elle.",
    )
    instructeur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="suivi par"
    )

    objects = DossierQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "structure"],
                condition=Q(etat="brouillon", recu_par_courriel_le=None),
                name="dossier_un_brouillon",
                violation_error_message="Votre structure a déjà un brouillon dans cette campagne : reprenez-le.",
            ),
            models.UniqueConstraint(
                fields=["campagne", "structure"],
                condition=Q(etat="brouillon", recu_par_courriel_le__isnull=False),
                name="dossier_une_saisie",
                violation_error_message="Un dossier reçu par courriel est déjà en cours de saisie pour cette structure.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "retire"]) | Q(depose_le__isnull=False), name="dossier_depot_date"
            ),
        ]

    def __str__(self):
        return f"Dossier {self.numero}"

    def get_absolute_url(self):
        return reverse("candidatures:dossier", args=[self.numero])

    @property
    def est_brouillon(self):
        return self.etat == self.Etat.BROUILLON

    @property
    def attend_decision_hors_delai(self):
        return self.hors_delai and self.hors_delai_admis is None

    @property
    def taux(self):
        return self.campagne.taux(self.structure.categorie)

    @property
    def constat(self):
        """The financing plan measured against the caps of this structure's legal category."""
        return self.plan.constat(self.taux)

    @property
    def situation(self):
        """What the list of expected pieces depends on."""
        demandes = [ligne for ligne in self.plan.lignes.all() if ligne.est_demandee]
        metiers = {ligne.poste.metier for ligne in demandes}
        return Situation(
            categorie=self.structure.categorie,
            emergente=self.structure.est_emergente,
            demande_coordinateur=Metier.COORDINATEUR in metiers,
            demande_facilitateur=Metier.FACILITATEUR in metiers,
            couvre_zone_blanche=bool(self.zones_blanches),
            subventions_publiques=self.subventions_publiques,
            seuil_certification=self.campagne.seuil_certification,
            signe_par_mandat=self.est_signe_par_mandat,
            exercice_clos=self.campagne.annee - 1,
        )

    @property
    def communes(self):
        """Communes that the posts asked for would cover, by name."""
        trouvees = {
            commune.pk: commune
            for ligne in self.plan.lignes.all()
            if ligne.est_demandee
            for commune in ligne.poste.communes.all()
        }
        return sorted(trouvees.values(), key=lambda commune: commune.nom)

    @property
    def zones_blanches(self):
        """Open white zones that the posts asked for would cover."""
        return [zone for commune in self.communes for zone in commune.zones_ouvertes]

    @property
    def pieces_en_vigueur(self):
        return [piece for piece in self.pieces.all() if piece.retiree_le is None]

    @property
    def pieces_attendues(self):
        return pieces_attendues(self.situation)

    @property
    def pieces_manquantes(self):
        return pieces_manquantes(self.situation, self.pieces_fournies)

    @property
    def pieces_fournies(self):
        """Codes given; « non concerné » counts only as long as the situation admits it, and an infected file never."""
        dispensees = {piece.code for piece in self.pieces_attendues if piece.non_concerne_admis}
        return {
            piece.code
            for piece in self.pieces_en_vigueur
            if not piece.est_infectee and (not piece.non_concerne or piece.code in dispensees)
        }

    @property
    def pieces_de_convention_manquantes(self):
        """What is still to give before a convention can be drawn up."""
        attendues = [piece for piece in self.pieces_attendues if piece.exigence == Exigence.CONVENTION]
        return [piece for piece in attendues if not piece.satisfaite_par(self.pieces_fournies)]

    def horodater(self):
        """Remember when an answer was last written, its own fields or those of its posts, budgets and pieces."""
        self.modifie_le = timezone.now()
        type(self).objects.filter(pk=self.pk).update(modifie_le=self.modifie_le)

    def retirer(self, *, par, motif=""):
        """Give the request up, until the decision; a request for complements that was open ends with it."""
        with transaction.atomic():
            dossier = self._verrouiller()
            depose = not dossier.est_brouillon
            dossier._passer_a(self.Etat.RETIRE, par=par, motif=motif.strip())
            if demande := dossier.demande_ouverte:
                demande._clore(par=par, motif="Dossier retiré par la structure.")
            if depose:
                dossier._annoncer_le_retrait(par=par, motif=motif.strip())
        self.etat = dossier.etat


def frequence(structure, campagne):
    """Nature of a request at its start: the renewal of one that was granted, and told, in an earlier campaign, or the first."""
    from ..etapes import notifies

    accordes = Dossier.objects.filter(
        structure=structure, etat=Dossier.Etat.ACCEPTE, campagne__annee__lt=campagne.annee
    )
    return Frequence.RENOUVELLEMENT if notifies(accordes) else Frequence.PREMIERE
