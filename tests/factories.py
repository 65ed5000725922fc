"""One factory per model, with fixed values; traits make the situations that tests are about.

The campaign of reference is Mayotte's of 2022: a test freezes the time inside it (`DEPOT_OUVERT`).
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from aap_portal.comptes.models import Habilitation, Membre, Utilisateur
from aap_portal.referentiel.models import (
    Campagne,
    Commune,
    FinancementPoste,
    LignePoste,
    PlafondCategorie,
    PlanFinancement,
    PosteETP,
    Service,
    Structure,
    ZoneBlanche,
)
from aap_portal.referentiel.models.poste import Metier, Nature, Source
from candidatures.models import (
    DemandeComplement,
    Dossier,
    LigneBudget,
    PieceJustificative,
    ProjectionAnnuelle,
    VolumeActivite,
)
from copil.models import BlocGrille, Critere, Decision, DecisionPoste, Grille, Inscription, MembreSeance, Seance

MAYOTTE = ZoneInfo("Indian/Mayotte")
DEPOT_OUVERT = datetime(2022, 9, 15, 10, 0, tzinfo=MAYOTTE)
MOT_DE_PASSE = "mot-de-passe-de-test"


def siret(rang):
    """A SIRET that passes its check: the key of the SIREN, then the key of the whole."""
    siren = _avec_cle(f"{90000000 + rang:08d}")
    return _avec_cle(f"{siren}0001")


def _avec_cle(chiffres):
    somme = 0
    for position, chiffre in enumerate(reversed(chiffres)):
        double = int(chiffre) * (2 if position % 2 == 0 else 1)
        somme += double - 9 if double > 9 else double
    return f"{chiffres}{-somme % 10}"


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service
        django_get_or_create = ["code"]

    code = "DEETS976"
    nom = "DEETS de Mayotte"
    entete = "PRÉFET DE MAYOTTE\nDirection de l’économie, de l’emploi,\ndu travail et des solidarités"
    siret = "13002603200016"
    adresse = "3 bis rue Mahabou\n97600 Mamoudzou"
    ville = "Mamoudzou"
    courriel = "insertion@deets.example"
    telephone = "02 69 00 00 00"
    fuseau = "Indian/Mayotte"
    fuseau_libelle = "heure de Mayotte"
    signataire_nom = "Camille Exemple"
    signataire_qualite = "Directrice de l’économie, de l’emploi, du travail et des solidarités"
    autorite = "le préfet de Mayotte"
    delegation = "arrêté préfectoral n° 2022-EXEMPLE-001"
    tribunal = "tribunal administratif de Mayotte"
    comptable = "Direction régionale des finances publiques de Mayotte"


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune
        django_get_or_create = ["code_insee"]

    service = factory.SubFactory(ServiceFactory)
    code_insee = factory.Sequence(lambda rang: f"9{7700 + rang:04d}")
    nom = factory.Sequence(lambda rang: f"Commune {rang}")


class ZoneBlancheFactory(DjangoModelFactory):
    class Meta:
        model = ZoneBlanche

    commune = factory.SubFactory(CommuneFactory)
    motif = ZoneBlanche.Motif.NON_COUVERTE
    constatee_le = date(2022, 3, 1)
    constat = "Aucun marché suivi en 2021."


class StructureFactory(DjangoModelFactory):
    class Meta:
        model = Structure

    class Params:
        collectivite = factory.Trait(categorie=Structure.Categorie.COLLECTIVITE, denomination="Commune Exemple")
        epci = factory.Trait(categorie=Structure.Categorie.EPCI, denomination="Intercommunalité Exemple")
        emergente = factory.Trait(situation=Structure.Situation.EMERGENTE)

    siret = factory.Sequence(siret)
    denomination = factory.Sequence(lambda rang: f"Association Exemple {rang}")
    categorie = Structure.Categorie.ASSOCIATION
    situation = Structure.Situation.EXISTANTE
    adresse = "1 rue de l’Exemple"
    code_postal = "97600"
    ville = "Mamoudzou"
    representant_prenom = "Dominique"
    representant_nom = "Exemple"
    representant_qualite = "Présidente"
    courriel = "contact@structure.example"
    iban = "FR1420041010050500013M02606"


class CampagneFactory(DjangoModelFactory):
    class Meta:
        model = Campagne
        django_get_or_create = ["service", "annee", "titre"]
        skip_postgeneration_save = True

    service = factory.SubFactory(ServiceFactory)
    annee = 2022
    titre = "Facilitateurs et coordinateurs de la clause sociale d’insertion"
    ouverture_le = datetime(2022, 7, 1, tzinfo=MAYOTTE)
    cloture_le = datetime(2022, 10, 31, tzinfo=MAYOTTE)
    enveloppe = Decimal("400000.00")

    @factory.post_generation
    def plafonds(self, create, extracted, **kwargs):
        for categorie in Structure.Categorie:
            collectivite = categorie == Structure.Categorie.COLLECTIVITE
            taux = Decimal("0.8") if collectivite else Decimal("0.7")
            PlafondCategorie.objects.get_or_create(
                campagne=self,
                categorie=categorie,
                defaults={"taux_aap": taux, "taux_etat": taux if collectivite else None},
            )


class UtilisateurFactory(DjangoModelFactory):
    """`signataire_de=structure`, `instructeur_de=service`… give the role along with the person."""

    class Meta:
        model = Utilisateur
        skip_postgeneration_save = True

    email = factory.Sequence(lambda rang: f"personne{rang}@exemple.fr")
    first_name = "Prénom"
    last_name = factory.Sequence(lambda rang: f"Nom {rang}")

    @classmethod
    def _create(cls, model_class, *args, **champs):
        roles = {
            cle: champs.pop(cle)
            for cle in list(champs)
            if cle.endswith("_de") and cle.removesuffix("_de") in {*_DROITS, *_ROLES}
        }
        mot_de_passe = champs.pop("password", None)
        personne = model_class.objects.create_user(password=mot_de_passe, **champs)
        personne.confirmer_adresse()
        for cle, objet in roles.items():
            nom = cle.removesuffix("_de")
            if nom in _DROITS:
                Membre.objects.create(utilisateur=personne, structure=objet, droit=nom)
            else:
                Habilitation.objects.create(utilisateur=personne, service=objet, role=nom)
        return personne


_DROITS = {"lecteur", "redacteur", "signataire"}
_ROLES = {"instructeur", "membre_copil", "comite_national", "administrateur"}


class PosteETPFactory(DjangoModelFactory):
    class Meta:
        model = PosteETP
        skip_postgeneration_save = True

    structure = factory.SubFactory(StructureFactory)
    metier = Metier.FACILITATEUR
    intitule = "Facilitatrice Sud"

    @factory.post_generation
    def communes(self, create, extracted, **kwargs):
        self.communes.set(extracted if extracted is not None else [CommuneFactory(code_insee="97611", nom="Mamoudzou")])


class PlanFinancementFactory(DjangoModelFactory):
    class Meta:
        model = PlanFinancement

    campagne = factory.SubFactory(CampagneFactory)
    mois = 12


class LignePosteFactory(DjangoModelFactory):
    """A post of 1 ETP at 40 000 € a year; `sources={Source.AAP: …}` adds its financing."""

    class Meta:
        model = LignePoste
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFinancementFactory)
    poste = factory.SubFactory(PosteETPFactory)
    nature = Nature.CREATION
    quotite_avant = Decimal("0.00")
    quotite_apres = Decimal("1.00")
    cout_annuel = Decimal("40000.00")

    @factory.post_generation
    def sources(self, create, extracted, **kwargs):
        for source, montant in (extracted or {}).items():
            FinancementPoste.objects.create(ligne=self, source=source, montant=Decimal(montant))


class DossierFactory(DjangoModelFactory):
    """An empty draft; `complet=True` gives every answer, a balanced plan and the compulsory pieces of an association.

    The complete one asks 28 000 € for one post of 1 ETP at 40 000 €: exactly 70 %.
    """

    class Meta:
        model = Dossier
        skip_postgeneration_save = True

    class Params:
        complet = factory.Trait(
            contact_nom="Claude Exemple",
            contact_courriel="claude@structure.example",
            presentation="Association d’insertion active depuis 2017.",
            salaries_etp=Decimal("12.50"),
            benevoles=20,
            subventions_publiques=Decimal("90000.00"),
            intitule="Développer la clause sociale dans le Sud",
            diagnostic="132 marchés clausés et 367 069 heures auprès de 19 acheteurs.",
            objectifs="Suivre 40 marchés de plus.",
            strategie="Rencontrer chaque acheteur public.",
            implantation="Trois salariés à Mamoudzou.",
            reponse_zones_blanches="Une permanence par mois.",
            missions=["marches_etat", "parcours"],
            positions={
                "marches_etat": "Chaque acheteur de l’État est rencontré au premier trimestre.",
                "parcours": "Un parcours est construit avec chaque personne et son organisme de formation.",
            },
            atteste_exactitude=True,
            atteste_obligations=True,
            atteste_engagement=True,
            atteste_charte=True,
            atteste_maintien=True,
            atteste_compte=True,
            aides_publiques="jusqu_a",
            qualite_signataire="representant",
        )

    numero = factory.Sequence(lambda rang: f"2022-{rang + 1:04d}")
    campagne = factory.SubFactory(CampagneFactory)
    structure = factory.SubFactory(StructureFactory)
    plan = factory.SubFactory(PlanFinancementFactory, campagne=factory.SelfAttribute("..campagne"))
    cree_par = factory.LazyAttribute(lambda dossier: UtilisateurFactory(signataire_de=dossier.structure))

    @factory.post_generation
    def contenu(self, create, extracted, **kwargs):
        if not self.atteste_exactitude:  # only the complete one
            return
        LignePosteFactory(
            plan=self.plan,
            poste=PosteETPFactory(structure=self.structure),
            sources={Source.AAP: "28000.00", Source.FONDS_PROPRES: "12000.00"},
        )
        for budget in LigneBudget.Budget:
            for compte in ("64", "74"):
                LigneBudget.objects.create(dossier=self, budget=budget, compte=compte, montant=Decimal("40000.00"))
        VolumeActivite.objects.create(dossier=self, segment="etat", marches_prevus=10, heures_prevues=12000)
        for rang in (1, 2, 3):
            ProjectionAnnuelle.objects.create(
                dossier=self, rang=rang, etp=Decimal("1.00"), cout=Decimal("40000.00"), subvention=Decimal("28000.00"),
                cofinancements=Decimal("12000.00"),
            )  # fmt: skip
        for piece in self.pieces_manquantes:
            PieceJustificative.objects.create(
                dossier=self, code=piece.code, reference="JO du 3 mai 2022", ajoutee_par=self.cree_par
            )


def dossier_depose(le=DEPOT_OUVERT, etat=Dossier.Etat.DEPOSE, **champs):
    """A complete dossier already filed, put straight into a state: for tests of what comes after."""
    dossier = DossierFactory(complet=True, **champs)
    Dossier.objects.filter(pk=dossier.pk).update(etat=etat, depose_le=le)
    dossier.plan.figer()
    return Dossier.objects.get(pk=dossier.pk)


POINTS = (("champ:projet.diagnostic", "Chiffrez les heures."), ("piece:comptes_annuels", "Donnez les comptes signés."))


def demander(dossier, points=POINTS, *, par=None, jours=15, **champs):
    """An open request for complements, sent now by an agent of the service."""
    par = par or UtilisateurFactory(instructeur_de=dossier.campagne.service)
    echeance_le = timezone.localdate(timezone=dossier.campagne.service.zone) + timedelta(days=jours)
    return DemandeComplement.objects.demander(dossier, points, par=par, echeance_le=echeance_le, **champs)


class GrilleFactory(DjangoModelFactory):
    """The grid of Annexe 4: three blocks, nine criteria, 100 points."""

    class Meta:
        model = Grille
        django_get_or_create = ["campagne", "version"]
        skip_postgeneration_save = True

    campagne = factory.SubFactory(CampagneFactory)
    version = 1
    titre = "Grille de l’annexe 4"

    @factory.post_generation
    def criteres_annexe_4(self, create, extracted, **kwargs):
        if self.blocs.exists():
            return
        for ordre, (titre, maxima) in enumerate(
            [("Adéquation", (15, 10, 10)), ("Pertinence", (10, 15, 20)), ("Budget", (10, 5, 5))], start=1
        ):
            bloc = BlocGrille.objects.create(grille=self, ordre=ordre, titre=titre)
            for rang, maximum in enumerate(maxima, start=1):
                Critere.objects.create(bloc=bloc, ordre=rang, intitule=f"{titre} {rang}", maximum=maximum)


class SeanceFactory(DjangoModelFactory):
    class Meta:
        model = Seance

    campagne = factory.SubFactory(CampagneFactory)
    grille = factory.SubFactory(GrilleFactory, campagne=factory.SelfAttribute("..campagne"))
    tenue_le = datetime(2022, 11, 15, 6, 0, tzinfo=UTC)
    lieu = "Salle de réunion de la DEETS"


class MembreSeanceFactory(DjangoModelFactory):
    class Meta:
        model = MembreSeance

    seance = factory.SubFactory(SeanceFactory)
    utilisateur = factory.LazyAttribute(lambda m: UtilisateurFactory(membre_copil_de=m.seance.campagne.service))


class InscriptionFactory(DjangoModelFactory):
    """A complete dossier, already on the agenda."""

    class Meta:
        model = Inscription

    seance = factory.SubFactory(SeanceFactory)
    dossier = factory.LazyAttribute(lambda i: dossier_depose(etat=Dossier.Etat.INSCRIT, campagne=i.seance.campagne))
    ordre = factory.Sequence(lambda rang: rang + 1)


def decision_acceptee(
    montant="28000.00", etp="1.00", notifiee_le=datetime(2022, 12, 1, 9, 0, tzinfo=MAYOTTE), **champs
):
    """An acceptance of a complete dossier of one post, notified, with what a convention needs."""
    inscription = InscriptionFactory(**champs)
    dossier = inscription.dossier
    Dossier.objects.filter(pk=dossier.pk).update(etat=Dossier.Etat.ACCEPTE)
    PieceJustificative.objects.create(
        dossier=dossier, code="rib", reference="RIB du 3 mai 2022", ajoutee_par=dossier.cree_par
    )
    decision = Decision.objects.create(
        inscription=inscription,
        sens=Decision.Sens.ACCEPTE,
        avis_copil=Decision.Sens.ACCEPTE,
        montant=Decimal(montant),
        etp=Decimal(etp),
        decidee_par=UtilisateurFactory(administrateur_de=dossier.campagne.service),
        decidee_le=datetime(2022, 11, 20, 9, 0, tzinfo=MAYOTTE),
        notifiee_le=notifiee_le,
    )
    ligne = dossier.plan.lignes.get()
    DecisionPoste.objects.create(decision=decision, ligne=ligne, montant=decision.montant, etp=decision.etp)
    return decision
