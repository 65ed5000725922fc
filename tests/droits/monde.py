"""The people and the objects that the table of rights and the browser both walk through.

Two services, two structures; one dossier in each situation that a page is made for.
"""

import time
import uuid
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from aap_portal.comptes.models import DemandeRattachement, Droit, Invitation, Role
from aap_portal.courriels.models import Courriel, Etat
from aap_portal.fichiers.models import Analyse, Fichier, Televersement
from candidatures.instantane import empreinte, instantane
from candidatures.models import CopieDossier, Depot, Dossier, Message, Partenaire, PieceJustificative
from conventions.indicateurs import indicateurs_de
from conventions.models import Convention
from copil.models import AvisNational, Deport, Evaluation
from tests.factories import (
    MOT_DE_PASSE,
    CampagneFactory,
    CommuneFactory,
    DossierFactory,
    InscriptionFactory,
    MembreSeanceFactory,
    SeanceFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
    ZoneBlancheFactory,
    decision_acceptee,
    demander,
    dossier_depose,
    siret,
)
from tests.fichiers.echantillons import pdf

BIENTOT = time.time() + 3600  # the password just given stays fresh for as long as the tests last
PDF = b"%PDF-1.4\n%%EOF\n"


class Monde:
    """`personnes`: by the name of their column. `cibles`: by name, the arguments of the addresses of one object."""

    def __init__(self):
        self.service, self.autre_service = ServiceFactory(), ServiceFactory(code="AUTRE", nom="DEETS d’ailleurs")
        self.structure, self.voisine = StructureFactory(), StructureFactory()
        maintenant = timezone.now()
        self.campagne = CampagneFactory(
            service=self.service,
            annee=maintenant.year,
            ouverture_le=maintenant - timedelta(days=60),
            cloture_le=maintenant + timedelta(days=30),
        )
        self._personnes()
        self._dossiers()
        self._seances()
        self._decisions()
        self._autour()
        self._deports()
        self._cibles()

    def _personnes(self):
        service, autre = self.service, self.autre_service
        roles = {
            "lecteur": {"lecteur_de": self.structure},
            "redacteur": {"redacteur_de": self.structure},
            "signataire": {"signataire_de": self.structure},
            "voisin": {"signataire_de": self.voisine},
            "instructeur": {"instructeur_de": service},
            "administrateur": {"administrateur_de": service},
            "ailleurs": {"administrateur_de": autre, "instructeur_de": autre, "membre_copil_de": autre},
            "copil": {"membre_copil_de": service},
            "non_invite": {"membre_copil_de": service},
            "national": {"comite_national_de": service},
            "deporte": {"administrateur_de": service, "instructeur_de": service, "comite_national_de": service},
        }
        self.personnes = {
            nom: UtilisateurFactory(
                email=f"{nom}@exemple.fr", last_name=nom.capitalize(), password=MOT_DE_PASSE, **role
            )
            for nom, role in roles.items()
        }

    def _communs(self):
        return {"campagne": self.campagne, "structure": self.structure, "cree_par": self.personnes["signataire"]}

    def _dossiers(self):
        communs = self._communs()
        depot_le = timezone.now() - timedelta(days=20)
        self.depose = dossier_depose(depot_le, **communs)
        self.piece = self._fichier("statuts.pdf", contenu=pdf())
        self.piece.dessiner()
        self._verser(self.piece)
        self.retiree = self._verser(self._fichier("retiree.pdf"), retiree_le=depot_le).fichier
        self.en_attente = self._verser(self._fichier("attente.pdf", Analyse.EN_ATTENTE)).fichier
        self.infectee = self._verser(self._fichier("infectee.pdf", Analyse.INFECTE)).fichier
        self.recepisse = self._fichier("recepisse.pdf")
        contenu = instantane(Dossier.objects.avec_contenu().get(pk=self.depose.pk))
        Depot.objects.create(
            dossier=self.depose,
            rang=1,
            depose_le=depot_le,
            par=self.personnes["signataire"],
            instantane=contenu,
            empreinte=empreinte(contenu),
            recepisse=self.recepisse,
        )
        self._complements(depot_le)
        self.jointe = self._fichier("question.pdf")
        self._ecrire(self.depose, [self.jointe])
        self.copie = self._fichier("dossier.pdf")
        CopieDossier.objects.create(
            dossier=self.depose, format="pdf", empreinte="0", fichier=self.copie, prete_le=depot_le,
            demandee_par=self.personnes["signataire"],
        )  # fmt: skip
        self.hors_delai = dossier_depose(depot_le, **communs)
        Dossier.objects.filter(pk=self.hors_delai.pk).update(hors_delai=True)
        self.recevable = dossier_depose(depot_le, Dossier.Etat.RECEVABLE, **communs)
        emergente = StructureFactory(emergente=True)
        UtilisateurFactory(signataire_de=emergente)
        self.emergent = dossier_depose(depot_le, Dossier.Etat.RECEVABLE, campagne=self.campagne, structure=emergente)

    def _complements(self, depot_le):
        """A request for complements that waits for its answer, and one that was answered."""
        communs, par = self._communs(), self.personnes["signataire"]
        self.a_repondre, self.repondu = dossier_depose(depot_le, **communs), dossier_depose(depot_le, **communs)
        demandes = []
        for dossier in (self.a_repondre, self.repondu):
            contenu = instantane(Dossier.objects.avec_contenu().get(pk=dossier.pk))
            Depot.objects.create(
                dossier=dossier, rang=1, depose_le=depot_le, par=par, instantane=contenu, empreinte=empreinte(contenu)
            )
            demandes.append(demander(dossier, par=self.personnes["instructeur"]))
        self._changer(self.repondu)
        Depot.objects.repondre(demandes[1], par=par, cle=uuid.uuid4(), manques_admis=True)

    def _changer(self, dossier):
        """One change of each kind, for the comparison of the two filings to show."""
        Dossier.objects.filter(pk=dossier.pk).update(diagnostic="150 marchés.", intitule="Autre titre")
        dossier.volumes.update(marches_prevus=99)
        dossier.pieces.filter(code="comptes_annuels").update(reference="JO du 4 juin 2022")

    def _ecrire(self, dossier, fichiers=()):
        """A question of the structure, and an answer that it has not read."""
        for nom in ("signataire", "instructeur"):
            Message.objects.envoyer(
                dossier, par=self.personnes[nom], texte="Une question ?", cle=uuid.uuid4(), fichiers=fichiers
            )

    def _verser(self, fichier, **champs):
        """A piece of the filed dossier."""
        par = self.personnes["signataire"]
        return PieceJustificative.objects.create(
            dossier=self.depose, code="statuts", fichier=fichier, ajoutee_par=par, **champs
        )

    def _seances(self):
        seances = {"campagne": self.campagne, "tenue_le": timezone.now() + timedelta(days=2)}
        communs = self._communs()
        self.preparee = SeanceFactory(**seances)
        self.ouverte, self.close = SeanceFactory(etat="ouverte", **seances), SeanceFactory(etat="close", **seances)
        self.membres = {}
        for seance in (self.preparee, self.ouverte, self.close):
            for nom in ("copil", "instructeur", "deporte"):
                self.membres[seance, nom] = MembreSeanceFactory(seance=seance, utilisateur=self.personnes[nom])
        self.a_preparer = InscriptionFactory(
            seance=self.preparee, dossier=dossier_depose(etat=Dossier.Etat.INSCRIT, **communs)
        )
        self.a_noter = InscriptionFactory(
            seance=self.ouverte, dossier=dossier_depose(etat=Dossier.Etat.INSCRIT, **communs)
        )
        self.examinee = InscriptionFactory(
            seance=self.close, dossier=dossier_depose(etat=Dossier.Etat.EXAMINE, **communs)
        )
        for nom in ("copil", "instructeur"):
            self._noter(self.examinee, self.membres[self.close, nom])

    def _noter(self, inscription, membre):
        evaluation = Evaluation.objects.create(inscription=inscription, membre=membre, finalisee_le=timezone.now())
        for critere in inscription.seance.grille.criteres:
            evaluation.notes.create(critere=critere, note=critere.maximum - 2, motif="Projet solide.")

    def _decisions(self):
        notifiee_le = timezone.now() - timedelta(days=3)
        self.a_conventionner = self._acceptation(notifiee_le)
        self.a_notifier = self._acceptation(None)
        self.lettre = self._fichier("decision.pdf")
        self.conventionnee = self._acceptation(notifiee_le)
        type(self.conventionnee).objects.filter(pk=self.conventionnee.pk).update(lettre=self.lettre)
        par = self.personnes["administrateur"]
        self.convention = self._convention(self.conventionnee, par)
        self.document = self._fichier("convention.pdf")
        self.convention.figer_document(self.document)
        self.en_preparation = self._convention(self._acceptation(notifiee_le), par)

    def _acceptation(self, notifiee_le):
        dossier = dossier_depose(etat=Dossier.Etat.ACCEPTE, **self._communs())
        return decision_acceptee(notifiee_le=notifiee_le, seance=self.close, dossier=dossier)

    def _convention(self, decision, par):
        cibles = dict.fromkeys(indicateurs_de({"facilitateur"}), 10)
        return Convention.objects.preparer(decision, effet_le=date(2026, 1, 1), cibles=cibles, par=par)

    def _autour(self):
        """The draft (the only one that a structure may have), accounts, messages, zones, advice."""
        self.brouillon = DossierFactory(complet=True, **self._communs())
        recu_le = timezone.now() - timedelta(days=1)
        self.en_saisie = DossierFactory(
            complet=True, recu_par_courriel_le=recu_le, **self._communs() | {"cree_par": self.personnes["instructeur"]}
        )
        self.partenaire = Partenaire.objects.create(
            dossier=self.brouillon, siret=siret(800), denomination="Commune associée", role="Prête un bureau."
        )
        self._ecrire(self.brouillon)
        self.envoi = Televersement.objects.commencer(
            par=self.personnes["signataire"], cible="essai", nom="scan.pdf", taille=100_000, marque="1"
        )
        par, inviter = self.personnes["administrateur"], Invitation.objects.inviter
        self.zone = ZoneBlancheFactory(commune=CommuneFactory(service=self.service, code_insee="97601", nom="Acoua"))
        self.demande = DemandeRattachement.objects.demander(UtilisateurFactory(), self.structure)
        self.invitation_agent, self.jeton = inviter(
            courriel="agent@exemple.fr", par=par, service=self.service, role=Role.INSTRUCTEUR
        )
        self.invitation_membre, _ = inviter(
            courriel="membre@exemple.fr",
            par=self.personnes["signataire"],
            structure=self.structure,
            droit=Droit.LECTEUR,
        )
        self.avis = AvisNational.objects.create(dossier=self.emergent, demande_par=self.personnes["instructeur"])
        Courriel.objects.deposer_texte(
            cle="essai", destinataire="a@exemple.fr", objet="Essai", corps="Essai", service=self.service
        )
        Courriel.objects.filter(cle="essai").update(etat=Etat.ECHEC)
        self.courriel = Courriel.objects.get(cle="essai")
        for numero in (self.depose.numero, self.convention.numero):
            Courriel.objects.deposer_texte(
                cle=f"sur-{numero}", destinataire="a@exemple.fr", objet="Votre dossier", corps=numero,
                service=self.service, objet_lie=numero,
            )  # fmt: skip
        self.message = Courriel.objects.get(cle=f"sur-{self.depose.numero}")

    def _deports(self):
        for dossier in Dossier.objects.all():
            Deport.objects.create(dossier=dossier, utilisateur=self.personnes["deporte"], motif="Ancien salarié.")

    def _fichier(self, nom, analyse=Analyse.SAIN, contenu=PDF):
        fichier = Fichier.objects.produire(contenu, nom=nom, type_mime="application/pdf")
        Fichier.objects.filter(pk=fichier.pk).update(analyse=analyse, depose_par=self.personnes["signataire"])
        return fichier

    def _cibles(self):
        self.cibles = {
            "": [],
            "cle": ["faux"],
            "cle_mot_de_passe": ["1", "faux"],
            "structure": [self.structure.pk],
            "siret": ["35600000000048"],
            "membre": [self.personnes["lecteur"].appartenances.get().pk],
            "invitation_membre": [self.invitation_membre.pk],
            "invitation_agent": [self.invitation_agent.pk],
            "jeton": [self.jeton],
            "demande": [self.demande.pk],
            "habilitation": [self.personnes["instructeur"].habilitations.get().pk],
            "commune": ["97601"],
            "zone": [self.zone.pk],
            "campagne": [self.campagne.pk],
            "courriel": [self.courriel.pk],
            "message": [self.message.pk],
            "brouillon": [self.brouillon.numero],
            "ligne": [self.brouillon.numero, self.brouillon.plan.lignes.get().pk],
            "en_saisie": [self.en_saisie.numero],
            "rubrique_en_saisie": [self.en_saisie.numero, "projet"],
            "partenaire": [self.brouillon.numero, self.partenaire.pk],
            "depose": [self.depose.numero],
            "examine": [self.examinee.dossier.numero],
            "depot": [self.depose.numero, 1],
            "complement": [self.a_repondre.numero, 1],
            "complement_repondu": [self.repondu.numero, 1],
            "reponse": [self.repondu.numero, 2],
            "a_repondre": [self.a_repondre.numero],
            "rubrique_demandee": [self.a_repondre.numero, "projet"],
            "hors_delai": [self.hors_delai.numero],
            "recevable": [self.recevable.numero],
            "emergent": [self.emergent.numero],
            "notifie": [self.conventionnee.inscription.dossier.numero],
            "preparee": [self.preparee.pk],
            "ouverte": [self.ouverte.pk],
            "close": [self.close.pk],
            "membre_seance": [self.preparee.pk, self.membres[self.preparee, "copil"].pk],
            "a_preparer": [self.preparee.pk, self.a_preparer.dossier.numero],
            "a_noter": [self.ouverte.pk, self.a_noter.dossier.numero],
            "examinee": [self.close.pk, self.examinee.dossier.numero],
            "a_notifier": [self.close.pk, self.a_notifier.inscription.dossier.numero],
            "grille": [self.close.grille_id],
            "deport": [Deport.objects.get(dossier=self.depose, utilisateur=self.personnes["deporte"]).pk],
            "a_conventionner": [self.a_conventionner.pk],
            "convention": [self.convention.numero],
            "en_preparation": [self.en_preparation.numero],
            "signature": [self.convention.numero, "etat"],
            "modele": [self.brouillon.numero, "pouvoir", "odt"],
            "attendue": [self.brouillon.numero, "statuts"],
            "piece_brouillon": [self.brouillon.numero, self.brouillon.pieces.first().pk],
            "piece": [self.piece.cle],
            "page_piece": [self.piece.cle, 1],
            "envoi": [self.envoi.cle],
            "retiree": [self.retiree.cle],
            "en_attente": [self.en_attente.cle],
            "infectee": [self.infectee.cle],
            "recepisse": [self.recepisse.cle],
            "copie": [self.copie.cle],
            "a_copier": [self.depose.numero, "zip"],
            "jointe": [self.jointe.cle],
            "lettre": [self.lettre.cle],
            "document": [self.document.cle],
        }
        # What a POST carries where an empty form would stop before the right is asked for.
        self.envois = {"candidatures:commencer": {"structure": self.structure.pk, "campagne": self.campagne.pk}}
        self.cibles |= {f"rubrique_{code}": [self.brouillon.numero, code] for code in ("structure", "budgets")}


def absents(arguments):
    """The same arguments, with each of them in turn naming nothing."""
    for rang, valeur in enumerate(arguments):
        if isinstance(valeur, int):
            inconnu = 999_999
        elif isinstance(valeur, uuid.UUID):
            inconnu = uuid.UUID(int=0)
        else:
            inconnu = "2099-9999"
        yield [*arguments[:rang], inconnu, *arguments[rang + 1 :]]


def client_de(personne, mot_de_passe_donne=True):
    """A browser where this person has just given their password; nobody, without a person."""
    client = Client()
    if personne is None:
        return client
    client.force_login(personne, backend="django.contrib.auth.backends.ModelBackend")
    if mot_de_passe_donne:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": BIENTOT, "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(personne.pk)
        session.save()
    return client
