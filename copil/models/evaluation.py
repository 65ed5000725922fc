from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle
from candidatures.models import Dossier

from .. import notation
from .deport import Deport
from .grille import Critere
from .inscription import Inscription
from .membre import MembreSeance
from .seance import Seance


class SaisieDepassee(Exception):
    """The scores were saved from elsewhere since this page was opened; `evaluation` holds what is in the base."""

    def __init__(self, evaluation):
        self.evaluation = evaluation
        super().__init__("scores saved from elsewhere")


class EvaluationQuerySet(models.QuerySet):
    def finales(self):
        return self.filter(finalisee_le__isnull=False)

    def enregistrer(self, inscription, membre, saisie, *, version, finaliser=False):
        """Save a member's scores, all or part of them; `finaliser` locks them for good (AAP 2022, Annexe 4).

        `saisie` maps a criterion's id to (score or None, reason). `version` is the one that the page was built on: another
        text saved meanwhile raises SaisieDepassee, nothing is overwritten. ErreurMetier says every other refusal.
        """
        with transaction.atomic():
            seance = Seance.objects.select_for_update().get(pk=inscription.seance_id)
            _exiger_ouverte(seance, inscription, membre)
            evaluation, _ = self.get_or_create(inscription=inscription, membre=membre)
            if evaluation.est_finale:
                raise ErreurMetier.simple("notes_finales", "Vos notes sont finales : elles ne changent plus.")
            notes = {note.critere_id: note for note in evaluation.notes.all()}
            changements = [cle for cle, valeurs in saisie.items() if _valeurs(notes.get(cle)) != _nettes(valeurs)]
            if changements and evaluation.version != version:
                raise SaisieDepassee(evaluation)
            if obstacles := _obstacles(seance.grille, saisie, complet=finaliser):
                raise ErreurMetier(obstacles)
            for cle in changements:
                evaluation._noter(notes.get(cle), cle, *_nettes(saisie[cle]))
            if changements:
                evaluation.version += 1
            evaluation.enregistree_le = timezone.now()
            evaluation.save_without_historical_record()
            if finaliser:
                evaluation._finaliser()
            return evaluation


def _exiger_ouverte(seance, inscription, membre):
    if not seance.est_ouverte:
        raise ErreurMetier.simple("seance_fermee", "La séance n’est pas ouverte : les notes ne changent plus.")
    if not MembreSeance.objects.filter(pk=membre.pk, seance=seance, actif=True).exists():
        raise ErreurMetier.simple("pas_membre", "Vous ne siégez pas à cette séance.")
    if not Dossier.objects.filter(pk=inscription.dossier_id, etat=Dossier.Etat.INSCRIT).exists():
        raise ErreurMetier.simple("dossier_sorti", "Ce dossier n’est plus à examiner : il a été retiré.")
    if Deport.objects.filter(dossier=inscription.dossier_id, utilisateur=membre.utilisateur_id).exists():
        raise ErreurMetier.simple(
            "deport", "Vous avez déclaré un conflit d’intérêts sur ce dossier : vous ne le notez pas."
        )


def _valeurs(note):
    return (note.note, note.motif) if note else (None, "")


def _nettes(valeurs):
    note, motif = valeurs
    return note, (motif or "").strip()


def _obstacles(grille, saisie, *, complet):
    """What is wrong in the scores, criterion by criterion; `complet`: a score everywhere, a reason where one is due."""
    obstacles = []
    for critere in grille.criteres:
        note, motif = _nettes(saisie.get(critere.pk, (None, "")))
        if note is not None and (defaut := notation.defaut_de_note(note, maximum=critere.maximum, pas=grille.pas)):
            obstacles.append(Obstacle("note", f"« {critere.intitule} » : {defaut}", f"note_{critere.pk}"))
        elif complet and note is None:
            obstacles.append(
                Obstacle("note_absente", f"« {critere.intitule} » : il manque la note.", f"note_{critere.pk}")
            )
        if complet and critere.motif_obligatoire and not motif:
            obstacles.append(
                Obstacle("motif_absent", f"« {critere.intitule} » : il manque le motif.", f"motif_{critere.pk}")
            )
    return obstacles


class Evaluation(models.Model):
    """One member's scores for one dossier; hidden from the others until final.

    A draft writes no history, so that nobody reads in it what is still hidden.
    """

    inscription = models.ForeignKey(
        Inscription, models.PROTECT, related_name="evaluations", verbose_name="dossier inscrit"
    )
    membre = models.ForeignKey(MembreSeance, models.PROTECT, related_name="evaluations", verbose_name="membre")
    version = models.PositiveIntegerField("version", default=0)
    enregistree_le = models.DateTimeField("enregistrée le", null=True, blank=True)
    finalisee_le = models.DateTimeField("finalisée le", null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        verbose_name = "évaluation"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inscription", "membre"], name="evaluation_unique")]

    def __str__(self):
        return f"{self.membre} : {self.inscription}"

    @property
    def est_finale(self):
        return self.finalisee_le is not None

    @property
    def total(self):
        return notation.total(note.note for note in self.notes.all())

    def _noter(self, note, critere_id, valeur, motif):
        note = note or NoteCritere(evaluation=self, critere_id=critere_id)
        note.note, note.motif = valeur, motif
        note.save_without_historical_record()

    def _finaliser(self):
        self.finalisee_le = timezone.now()
        self.save(update_fields=["finalisee_le"])
        NoteCritere.historique.bulk_history_create(list(self.notes.all()), default_user=self.membre.utilisateur)


class NoteCritere(models.Model):
    """A score on one criterion, with its reason."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="notes", verbose_name="évaluation")
    critere = models.ForeignKey(Critere, models.PROTECT, related_name="notes", verbose_name="critère")
    note = models.DecimalField("note", max_digits=5, decimal_places=2, null=True, blank=True)
    motif = models.TextField("motif", blank=True)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "note"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "critere"], name="note_unique"),
            models.CheckConstraint(
                condition=Q(note=None) | Q(note__gte=0),
                name="note_positive",
                violation_error_message="Une note ne peut pas être négative.",
            ),
        ]

    def __str__(self):
        return f"{self.critere} : {self.note}"
