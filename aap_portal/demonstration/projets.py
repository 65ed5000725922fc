"""The projects of the demonstration, by campaign: who asks for what."""

from aap_portal.referentiel.models import Nature, Source
from candidatures.pieces import CodePiece

from .dossiers import COORDINATEUR, FACILITATEUR, Poste, Projet

PROJETS_2022 = {
    "reseau": Projet(
        "reseau",
        "Coordonner la clause sociale à Mayotte",
        (
            Poste("Coordinatrice territoriale", COORDINATEUR, ("Mamoudzou", "Dembeni"), cout="46000.00"),
            Poste("Facilitateur Grand Mamoudzou", FACILITATEUR, ("Mamoudzou",), nature=Nature.EXISTANT, avant="1.00"),
        ),
        subventions_publiques="186000.00",
        marches=60,
        heures=90000,
    ),
    "sud": Projet("sud", "Ouvrir le Sud à la clause sociale", (Poste("Facilitatrice Sud", FACILITATEUR, ("Bandrele", "Kani-Kéli"), "0.80"),)),
    "nord": Projet("nord", "Un facilitateur pour le renouvellement urbain", (Poste("Facilitateur Koungou", FACILITATEUR, ("Koungou",), "0.80", cofinanceur=Source.COMMUNE),)),
    "ouest": Projet("ouest", "Faire naître une offre dans l’Ouest", (Poste("Facilitatrice Ouest", FACILITATEUR, ("Bouéni", "Sada"), "0.50"),)),
    "petite_terre": Projet("petite_terre", "Renforcer Petite-Terre", (Poste("Facilitateur Petite-Terre", FACILITATEUR, ("Dzaoudzi", "Pamandzi"), "1.00", nature=Nature.AUGMENTATION, avant="0.50"),)),
    "cooperative": Projet("cooperative", "Clauses et commande privée", (Poste("Facilitateur privé", FACILITATEUR, ("Mamoudzou",), cout="52000.00"),)),
    "centre": Projet("centre", "Mutualiser un facilitateur au Centre", (Poste("Facilitatrice Centre", FACILITATEUR, ("Tsingoni", "Ouangani"), "0.60", cofinanceur=Source.EPCI),)),
    "jeunes": Projet("jeunes", "Jeunes et chantiers publics", (Poste("Facilitateur jeunes", FACILITATEUR, ("Dembeni",), "0.50"),)),
    "batisseurs": Projet("batisseurs", "Bâtir avec la clause", (Poste("Facilitateur bâtiment", FACILITATEUR, ("Chiconi",), "0.50"),)),
}  # fmt: skip

PROJETS_OUVERTS = {
    "reseau": Projet("reseau", "Consolider la coordination", (
        Poste("Coordinatrice territoriale", COORDINATEUR, ("Mamoudzou",), nature=Nature.CONSOLIDATION, avant="1.00", cout="47200.00"),
        Poste(
            "Facilitateur Grand Mamoudzou", FACILITATEUR, ("Mamoudzou",), nature=Nature.EXISTANT, avant="1.00",
            cofinanceur=Source.REGION_DEPARTEMENT,
            baisse="Le Département-Région réserve 4\u202f000\u00a0€ de cette aide à l’ouverture d’une antenne à Dembeni.",
        ),
    ), subventions_publiques="186000.00", marches=70, heures=110000),
    "femmes": Projet("femmes", "Femmes, emploi et commande publique", (Poste("Facilitatrice Chirongui", FACILITATEUR, ("Chirongui", "Bouéni"), "0.80", cofinanceur=Source.EUROPE),)),
    "ccas": Projet("ccas", "Le CCAS, relais de la clause", (Poste("Facilitateur Sada", FACILITATEUR, ("Sada", "Chiconi"), "0.60", cofinanceur=Source.COMMUNE),)),
    "centre": Projet("centre", "Un facilitateur intercommunal", (Poste("Facilitatrice Centre", FACILITATEUR, ("Tsingoni", "M'Tsangamouji"), "1.00", cofinanceur=Source.EPCI),)),
    "littoral": Projet("littoral", "Le Nord-Ouest sans zone blanche", (Poste("Facilitateur Nord-Ouest", FACILITATEUR, ("Acoua", "Mtsamboro"), "1.00"),)),
    "nord": Projet("nord", "Chantiers de Koungou : doubler le suivi", (Poste("Facilitateur Koungou", FACILITATEUR, ("Koungou", "Bandraboua"), "1.00", nature=Nature.AUGMENTATION, avant="0.50", cofinanceur=Source.COMMUNE),)),
    "ouest": Projet("ouest", "Pérenniser la facilitation à l’Ouest", (Poste("Facilitatrice Ouest", FACILITATEUR, ("Bouéni",), nature=Nature.CONSOLIDATION, quotite="0.80", avant="0.50"),)),
    "petite_terre": Projet("petite_terre", "Aéroport et hôpital : suivre les grands chantiers", (Poste("Facilitatrice grands chantiers", FACILITATEUR, ("Pamandzi", "Dzaoudzi"), "1.00", cofinanceur=Source.REGION_DEPARTEMENT),)),
    "batisseurs": Projet("batisseurs", "Bâtiment et parcours qualifiants", (Poste("Facilitateur bâtiment", FACILITATEUR, ("Chiconi", "Ouangani"), "0.80"),)),
    "cooperative": Projet("cooperative", "Clauses volontaires des entreprises", (Poste("Facilitateur entreprises", FACILITATEUR, ("Mamoudzou",), "0.50", cofinanceur=Source.PRIVE),)),
    "jeunes": Projet("jeunes", "Jeunes et chantiers publics", (Poste("Facilitateur jeunes", FACILITATEUR, ("Dembeni",), "0.60"),), sans=(CodePiece.COMPTES_ANNUELS,)),
    "sud": Projet("sud", "Pérenniser la facilitation dans le Sud", (Poste("Facilitatrice Sud", FACILITATEUR, ("Bandrele", "Kani-Kéli"), nature=Nature.CONSOLIDATION, quotite="0.80", avant="0.80"),), sans=(CodePiece.ATTESTATION_STRUCTURE, CodePiece.RIB)),
}  # fmt: skip
