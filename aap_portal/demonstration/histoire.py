"""What happened to each dossier, told gesture by gesture and dated: every state of the portal has its example."""

import uuid
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from candidatures.instruction import points_de_controle
from candidatures.models import Depot, Dossier, Message
from conventions.indicateurs import indicateurs_de
from conventions.models import Convention
from conventions.taches import suivre_les_conventions
from copil.decision import Accord
from copil.models import AvisNational, Decision, Deport, Evaluation, Inscription, Seance

from .complements import demande_ouverte, demande_repondue
from .dossiers import commencer, remplacer
from .projets import PROJETS_2022, PROJETS_OUVERTS
from .receptions import associer, decrire_l_association, recevoir_par_courriel
from .temps import a_l_instant

ACCEPTE, REFUSE, AJOURNE = Decision.Sens.ACCEPTE, Decision.Sens.REFUSE, Decision.Sens.AJOURNE
_CIBLES = {"heures_degagees": 30000, "contacts_acheteurs": 40, "marches_accompagnes": 24, "sollicitations": 120, "mises_en_relation": 60}  # fmt: skip


class Histoire:
    """Plays the gestures of one campaign. `dire` is told each slow step."""

    def __init__(self, campagne, structures, personnes, dire):
        self.campagne, self.structures, self.personnes, self.dire = campagne, structures, personnes, dire
        self.zone = campagne.service.zone

    def a(self, jour, heure=9, minute=0):
        return timezone.make_aware(datetime.combine(jour, time(heure, minute)), self.zone)

    def brouillon(self, projet, jour):
        self.dire(f"dossier de {self.structures[projet.structure].denomination}")
        with a_l_instant(self.a(jour)):
            return commencer(
                self.campagne, self.structures[projet.structure], projet, par=self._porteur(projet.structure)
            )

    def remplacer(self, dossier, code, nom, jour):
        """A newer version of a piece of a draft."""
        with a_l_instant(self.a(jour)):
            remplacer(dossier, code, nom, par=dossier.cree_par)

    def deposer(self, projet, jour, *, heure=14, commence=None):
        """A draft filed on that day, or afterwards: begun some days earlier, or on the day `commence`."""
        dossier = self.brouillon(projet, commence or jour - timedelta(days=6))
        with a_l_instant(self.a(jour, heure, 32)):
            Depot.objects.deposer(dossier, par=self._porteur(projet.structure), cle=uuid.uuid4(), manques_admis=True)
        return self._frais(dossier)

    def ecrire(self, dossier, qui, jour, texte, *, heure=9, vu=None):
        """A message of this person; `vu`: the last one that they had read."""
        with a_l_instant(self.a(jour, heure, 12)):
            message = Message.objects.envoyer(
                dossier, par=self.personnes[qui], texte=texte, cle=uuid.uuid4(), vu=vu and vu.pk
            )
        return message

    def instruire(self, dossier, jour):
        agent = self.personnes["instructeur"]
        with a_l_instant(self.a(jour, 10)):
            dossier.affecter(agent, par=agent)
            for point in points_de_controle(self._frais(dossier)):
                if point.bloquant:
                    dossier.controler(point.objet, constat="conforme", par=agent)
            dossier.declarer_recevable(par=agent)
        return self._frais(dossier)

    def avis(self, dossier, demande, rendu=None):
        with a_l_instant(self.a(demande, 11)):
            avis = AvisNational.objects.demander(dossier, par=self.personnes["instructeur"])
        if rendu:
            with a_l_instant(self.a(rendu, 11)):
                motifs = "Ancrage local réel\u00a0; l’équipe devra être accompagnée par le coordinateur."
                avis.rendre(sens="favorable", motifs=motifs, rendu_le=rendu, par=self.personnes["national"])

    def seance(self, jour, dossiers, *, convoquee=None, membres=("instructeur", "copil1", "copil2", "copil3")):
        agent = self.personnes["instructeur"]
        with a_l_instant(self.a(convoquee or jour, 9)):
            seance = Seance.objects.create(
                campagne=self.campagne,
                grille=self.campagne.grilles.get(),
                tenue_le=self.a(jour, 9),
                lieu="Salle de réunion de la DEETS, Mamoudzou",
            )
            seance.ajouter_membres([self.personnes[nom] for nom in membres], par=agent)
            for dossier in dossiers:
                seance.inscrire(self._frais(dossier), par=agent)
            if convoquee:
                seance.convoquer(par=agent)
        return seance

    def ouvrir(self, seance):
        with a_l_instant(seance.tenue_le):
            seance.ouvrir(par=self.personnes["instructeur"])

    def noter(self, seance, dossier, membre, niveau, *, criteres=None, finaliser=True):
        """Scores of one member, `niveau` per cent of each maximum; only the first `criteres` ones when a number is given."""
        inscription = Inscription.objects.get(seance=seance, dossier=dossier)
        sien = seance.membres.get(utilisateur=self.personnes[membre])
        saisie = {
            critere.pk: (_demi_point(critere.maximum, niveau + 3 * (rang % 3) - 3), _motif(niveau))
            for rang, critere in enumerate(list(seance.grille.criteres)[:criteres])
        }
        with a_l_instant(seance.tenue_le + timedelta(minutes=30)):
            Evaluation.objects.enregistrer(inscription, sien, saisie, version=0, finaliser=finaliser)

    def clore(self, seance):
        with a_l_instant(seance.tenue_le + timedelta(hours=3)):
            seance.clore(par=self.personnes["instructeur"])

    def decider(self, seance, dossier, sens, jour, *, motifs="", part="1", notifiee=None, lue=False):
        """`part` of what was asked is granted, when accepted."""
        dossier = self._frais(dossier)
        inscription = Inscription.objects.get(seance=seance, dossier=dossier)
        accords = {
            ligne.cle: Accord((ligne.subvention * Decimal(part)).quantize(Decimal("0.01")), ligne.etp)
            for ligne in dossier.constat.lignes
        }
        agent = self.personnes["administrateur"]
        with a_l_instant(self.a(jour, 15)):
            decision = Decision.objects.rendre(
                inscription, sens=sens, avis_copil=sens, par=agent, accords=accords, motifs=motifs
            )
        if notifiee:
            with a_l_instant(self.a(notifiee, 16)):
                decision.notifier(par=agent)
        if lue:
            with a_l_instant(self.a(notifiee + timedelta(days=1), 8)):
                decision.consulter(par=self._porteur_de(dossier))
        return Decision.objects.get(pk=decision.pk)

    def convention(self, decision, jour, *, effet, editee=True, signatures=()):
        """`signatures`: (structure, State) days; none for a convention that is still to sign."""
        agent = self.personnes["administrateur"]
        metiers = {ligne.poste.metier for ligne in self._frais(decision.inscription.dossier).plan.lignes.all()}
        cibles = {indicateur: _CIBLES[indicateur.code] for indicateur in indicateurs_de(metiers)}
        with a_l_instant(self.a(jour, 11)):
            convention = Convention.objects.preparer(decision, effet_le=effet, cibles=cibles, par=agent)
            if editee:
                convention.demander_edition()
        for partie, date_signature in zip(("structure", "etat"), signatures, strict=False):
            with a_l_instant(self.a(date_signature, 17)):
                convention.refresh_from_db()
                convention.enregistrer_signature(partie, le=date_signature, par=agent)
        return convention

    def _porteur(self, cle):
        comptes = {"sud": "porteur", "nord": "commune"}
        return self.personnes[comptes.get(cle, "partenaire")]

    def _porteur_de(self, dossier):
        return next(self._porteur(cle) for cle, s in self.structures.items() if s.pk == dossier.structure_id)

    def _frais(self, dossier):
        return Dossier.objects.avec_contenu().prefetch_related("controles").get(pk=dossier.pk)


def raconter_2022(h, jour):
    """The first campaign, now over: one session, three conventions carried to their term. `jour(m, d)` of 2022."""
    depots = {
        cle: h.deposer(PROJETS_2022[cle], jour(*date))
        for cle, date in {
            "reseau": (7, 18), "sud": (8, 22), "nord": (9, 5), "ouest": (9, 20), "petite_terre": (10, 10), "cooperative": (10, 20),
        }.items()
    }  # fmt: skip
    for rang, dossier in enumerate(depots.values()):
        h.instruire(dossier, jour(10, 24) + timedelta(days=rang // 3))
    h.avis(depots["ouest"], jour(10, 3), jour(10, 21))
    irrecevable = h.deposer(PROJETS_2022["centre"], jour(10, 28))
    with a_l_instant(h.a(jour(11, 3))):
        motif = "Le poste demandé relève déjà d’une autre aide de l’État pour la même période."
        irrecevable.declarer_irrecevable(par=h.personnes["instructeur"], motif=motif)
    h.deposer(PROJETS_2022["jeunes"], jour(10, 31), heure=7, commence=jour(10, 29))  # late: it waits for a decision
    retire = h.deposer(PROJETS_2022["batisseurs"], jour(10, 12))
    with a_l_instant(h.a(jour(10, 20))):
        retire.retirer(par=h.personnes["partenaire"], motif="Le recrutement est reporté à l’an prochain.")
    seance = h.seance(jour(11, 15), depots.values(), convoquee=jour(11, 2))
    _tenir(h, seance, depots, {"reseau": 88, "sud": 79, "nord": 74, "ouest": 66, "petite_terre": 61, "cooperative": 42})
    decision, notification = jour(11, 18), jour(11, 21)
    for cle in ("reseau", "sud", "nord", "ouest"):
        acceptee = h.decider(seance, depots[cle], ACCEPTE, decision, notifiee=notification, lue=True)
        signatures = (jour(11, 30), jour(12, 2))
        h.convention(acceptee, jour(11, 24), effet=jour(12, 31) + timedelta(days=1), signatures=signatures)
    motifs = (
        "Les crédits restants ne couvrent pas la demande\u00a0; le projet peut être présenté à la prochaine séance."
    )
    h.decider(seance, depots["petite_terre"], AJOURNE, decision, motifs=motifs, notifiee=notification)
    motifs = (
        "Le projet vise d’abord la commande privée, alors que l’appel à projets donne la priorité aux marchés publics."
    )
    h.decider(seance, depots["cooperative"], REFUSE, decision, motifs=motifs, notifiee=notification, lue=True)


def raconter_aujourd_hui(h, il_y_a):
    """The open campaign: one session decided, one being held today, one in preparation. `il_y_a(n)` is n days ago."""
    premiers = {
        cle: h.deposer(PROJETS_OUVERTS[cle], il_y_a(jours))
        for cle, jours in {"reseau": 110, "femmes": 105, "ccas": 98, "centre": 95, "littoral": 90}.items()
    }
    for dossier in premiers.values():
        h.instruire(dossier, il_y_a(75))
    h.avis(premiers["littoral"], il_y_a(74))
    seance = h.seance(il_y_a(50), premiers.values(), convoquee=il_y_a(64))
    _tenir(h, seance, premiers, {"reseau": 90, "femmes": 82, "ccas": 70, "centre": 48, "littoral": 64})
    acceptee = h.decider(seance, premiers["reseau"], ACCEPTE, il_y_a(47), notifiee=il_y_a(45), lue=True)
    effet = il_y_a(20).replace(day=1)
    h.convention(acceptee, il_y_a(43), effet=effet, signatures=(il_y_a(38), il_y_a(36)))
    acceptee = h.decider(seance, premiers["femmes"], ACCEPTE, il_y_a(47), part="0.95", notifiee=il_y_a(12), lue=True)
    h.convention(acceptee, il_y_a(10), effet=(il_y_a(0).replace(day=28) + timedelta(days=5)).replace(day=1))
    h.decider(seance, premiers["ccas"], ACCEPTE, il_y_a(47), notifiee=il_y_a(3))
    motifs = "La commune de Tsingoni est déjà couverte et le cofinancement de l’intercommunalité n’est pas confirmé."
    h.decider(seance, premiers["centre"], REFUSE, il_y_a(47), motifs=motifs)

    seconds = {
        cle: h.deposer(PROJETS_OUVERTS[cle], il_y_a(jours))
        for cle, jours in {"nord": 44, "ouest": 41, "petite_terre": 38}.items()
    }
    for dossier in seconds.values():
        h.instruire(dossier, il_y_a(25))
    h.avis(seconds["ouest"], il_y_a(24), il_y_a(9))
    ouverte = h.seance(il_y_a(0), seconds.values(), convoquee=il_y_a(15))
    h.ouvrir(ouverte)
    Deport.objects.declarer(
        seconds["petite_terre"],
        h.personnes["copil3"],
        motif="Administratrice de l’association candidate jusqu’en mars.",
    )
    for cle, niveau in {"nord": 77, "ouest": 63, "petite_terre": 71}.items():
        h.noter(ouverte, seconds[cle], "copil1", niveau)
    h.noter(ouverte, seconds["nord"], "copil2", 69)
    h.noter(ouverte, seconds["ouest"], "copil2", 58, criteres=4, finaliser=False)

    complete = h.deposer(PROJETS_OUVERTS["batisseurs"], il_y_a(30))
    demande_repondue(h, complete, il_y_a(24), il_y_a(16))
    h.instruire(complete, il_y_a(12))
    demande_ouverte(h, h.deposer(PROJETS_OUVERTS["cooperative"], il_y_a(6)), il_y_a(2))
    incomplet = h.deposer(PROJETS_OUVERTS["jeunes"], il_y_a(4))
    h.ecrire(incomplet, "partenaire", il_y_a(1), _COMPTES_EN_RETARD, heure=16)
    inacheve = h.brouillon(PROJETS_OUVERTS["sud"], il_y_a(2))
    h.remplacer(inacheve, "comptes_annuels", "comptes-annuels-approuves.pdf", il_y_a(1))
    _laisser_inacheve(inacheve)
    decrire_l_association(inacheve.structure)
    associer(inacheve, h.structures["centre"])
    recevoir_par_courriel(h, il_y_a(1))
    question = h.ecrire(inacheve, "redacteur", il_y_a(2), _QUESTION, heure=11)
    h.ecrire(inacheve, "instructeur", il_y_a(1), _REPONSE, vu=question)
    h.seance(il_y_a(-30), [])
    suivre_les_conventions()


def _tenir(h, seance, dossiers, niveaux):
    """Open, score by every member, close."""
    h.dire(f"séance du {seance.tenue_le:%d/%m/%Y}")
    h.ouvrir(seance)
    for cle, niveau in niveaux.items():
        for ecart, membre in zip((0, 4, -5, -2), ("instructeur", "copil1", "copil2", "copil3"), strict=True):
            h.noter(seance, dossiers[cle], membre, niveau + ecart)
    h.clore(seance)


_QUESTION = (
    "Bonjour,\n\nnotre poste est déjà financé à 0,80 ETP. Faut-il le demander en consolidation, ou comme un poste existant à "
    "côté d’une création\u00a0?\n\nMerci de votre aide,\nZaïna"
)
_REPONSE = (
    "Bonjour,\n\nen consolidation, pour toute la quotité que vous demandez à l’État. Il vous reste à nommer qui apporte les "
    "630\u00a0€ qui manquent\u00a0: vos fonds propres en sont un.\n\nN’hésitez pas à nous montrer votre brouillon.\nHadidja"
)
_COMPTES_EN_RETARD = (
    "Bonjour,\n\nnotre commissaire aux comptes signe les comptes annuels la semaine prochaine. Les recevrez-vous encore à "
    "temps\u00a0?\n\nHalima"
)


def _laisser_inacheve(dossier):
    """The draft of the demonstration's main account still lacks an answer and 630 € of cofinancing."""
    dossier.strategie = ""
    dossier.save()
    propre = dossier.plan.lignes.get().financements.exclude(source="aap").get()
    propre.montant -= Decimal(630)
    propre.save()


def _demi_point(maximum, niveau):
    return Decimal(min(max(round(maximum * 2 * niveau / 100), 0), maximum * 2)) / 2


def _motif(niveau):
    if niveau >= 75:
        return "Expérience démontrée et chiffrée, références vérifiables."
    return "Réponse cohérente, à préciser sur le calendrier." if niveau >= 55 else "Réponse générale, peu étayée."
