"""Sections made of answers: the structure, the project, the territory, the commitments."""

from django import forms

from aap_portal.referentiel.formats import euros

from .saisie import EntierFormField, RubriqueForm


class _Section(RubriqueForm):
    """`facultatifs`: what the text does not ask for, said beside each label; `pour_association`: asked of these only."""

    facultatifs = ()
    pour_association = ()

    def __init__(self, data=None, *, dossier):
        super().__init__(data, dossier=dossier)
        if not dossier.structure.est_association:
            for champ in self.pour_association:
                del self.fields[champ]
            self.marquer(self.initial)
        for champ in self.facultatifs:
            if champ in self.fields:
                self.fields[champ].label += " (facultatif)"


def _jour():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StructureForm(_Section):
    benevoles = EntierFormField(label="Bénévoles")
    volontaires = EntierFormField(label="Volontaires")
    salaries = EntierFormField(label="Salariés, au total")
    emplois_aides = EntierFormField(label="dont emplois aidés")
    mis_a_disposition = EntierFormField(label="Mis à disposition ou détachés par une autorité publique")
    adherentes = EntierFormField(label="Adhérentes (femmes)")
    adherents = EntierFormField(label="Adhérents (hommes)")

    facultatifs = ("contact_fonction", "contact_telephone")
    pour_association = ("benevoles", "volontaires", "adherentes", "adherents", "subventions_publiques")
    HUMAINS = (
        "salaries", "emplois_aides", "salaries_etp", "mis_a_disposition",
        "benevoles", "volontaires", "adherentes", "adherents",
    )  # fmt: skip

    class Meta(RubriqueForm.Meta):
        fields = [
            "contact_nom", "contact_fonction", "contact_courriel", "contact_telephone", "presentation",
            "subventions_publiques", "salaries", "emplois_aides", "salaries_etp", "mis_a_disposition",
            "benevoles", "volontaires", "adherentes", "adherents",
        ]  # fmt: skip
        labels = {
            "contact_nom": "Personne chargée de la demande",
            "contact_fonction": "Fonction de cette personne",
            "contact_courriel": "Courriel de cette personne",
            "salaries_etp": "Salariés, en équivalent temps plein travaillé",
        }
        help_texts = {
            "contact_courriel": "Le récépissé du dépôt lui est envoyé.",
            "presentation": "Votre activité, votre expérience de la clause sociale et vos références\u00a0: marchés suivis, heures "
            "d’insertion, acheteurs accompagnés.",
        }
        widgets = {"contact_telephone": forms.TextInput(attrs={"type": "tel", "class": "pa-court"})}

    def __init__(self, data=None, *, dossier):
        super().__init__(data, dossier=dossier)
        for champ in {*self.HUMAINS, "subventions_publiques"} & set(self.fields):
            self.fields[champ].widget.attrs["class"] = "pa-court"
        if "subventions_publiques" in self.fields:
            seuil = euros(dossier.campagne.seuil_certification)
            self.fields[
                "subventions_publiques"
            ].help_text = f"Au-delà de {seuil}, le rapport du commissaire aux comptes est demandé."
        self.annee_humains = dossier.campagne.annee - 1

    @property
    def humains(self):
        return [self[champ] for champ in self.HUMAINS if champ in self.fields]


class ProjetForm(_Section):
    facultatifs = (
        "beneficiaires", "quartiers", "moyens", "realisation_debut_le", "realisation_fin_le", "indicateurs",
        "informations_complementaires",
    )  # fmt: skip

    class Meta(RubriqueForm.Meta):
        fields = [
            "frequence", "intitule", "diagnostic", "objectifs", "strategie", "beneficiaires", "quartiers", "moyens",
            "realisation_debut_le", "realisation_fin_le", "indicateurs", "informations_complementaires",
        ]  # fmt: skip
        labels = {
            "frequence": "Votre demande est",
            "strategie": "Description du projet, stratégie et mise en œuvre",
        }
        help_texts = {
            "diagnostic": "Le besoin constaté\u00a0: marchés et heures clausés, acheteurs, territoires et publics mal couverts, avec "
            "vos sources et leurs dates.",
            "objectifs": "Ce que vous visez en douze mois, de façon que l’on puisse le vérifier.",
            "strategie": "Ce que vous ferez et comment\u00a0: étapes, partenaires, calendrier.",
            "beneficiaires": "Publics visés, combien de personnes, et comment ils sont orientés vers vous.",
            "quartiers": "Quartiers prioritaires de la politique de la ville (QPV) ou sites du NPNRU.",
            "moyens": "Locaux, logiciels, véhicules\u00a0; salariés, volontaires et bénévoles mobilisés.",
            "indicateurs": "Ce que vous compterez pour dire si les objectifs sont atteints, et comment.",
        }
        widgets = {
            "frequence": forms.RadioSelect,
            "realisation_debut_le": _jour(),
            "realisation_fin_le": _jour(),
        }

    def __init__(self, data=None, *, dossier):
        super().__init__(data, dossier=dossier)
        for champ in ("beneficiaires", "moyens", "indicateurs", "informations_complementaires"):
            self.fields[champ].widget.attrs["rows"] = 4
        self.fields["frequence"].choices = [choix for choix in self.fields["frequence"].choices if choix[0]]


class TerritoireForm(RubriqueForm):
    class Meta(RubriqueForm.Meta):
        fields = ["implantation", "reponse_zones_blanches"]
        help_texts = {
            "implantation": "Locaux, équipe, partenaires et actions déjà menées là où interviendront les postes.",
            "reponse_zones_blanches": "À remplir si vos postes couvrent une zone blanche.",
        }


class AttestationsForm(_Section):
    pour_association = ("atteste_engagement", "atteste_charte", "aides_publiques")
    facultatifs = ("mandataire_fonction",)

    class Meta(RubriqueForm.Meta):
        fields = [
            "atteste_exactitude", "atteste_obligations", "atteste_engagement", "atteste_charte", "atteste_maintien",
            "atteste_compte", "aides_publiques", "qualite_signataire", "mandataire_nom", "mandataire_fonction",
        ]  # fmt: skip
        labels = {
            "atteste_exactitude": "Les informations de ce dossier sont exactes et sincères, notamment les demandes de "
            "subvention présentées à d’autres financeurs publics.",
            "atteste_obligations": "La structure est à jour de ses obligations administratives, comptables, sociales et "
            "fiscales, et des déclarations et paiements qui en découlent.",
            "atteste_engagement": "L’association a souscrit le contrat d’engagement républicain annexé au décret "
            "n°\u00a02021-1947 du 31\u00a0décembre 2021.",
            "atteste_charte": "L’association respecte les principes et valeurs de la Charte des engagements réciproques du "
            "14\u00a0février 2014.",
            "atteste_maintien": "La structure s’engage à ne pas baisser les financements existants de ses autres postes de "
            "facilitateur et de coordinateur.",
            "atteste_compte": "Si elle est accordée, la subvention sera versée au compte bancaire de la structure.",
            "aides_publiques": "Sur les trois derniers exercices, l’association a perçu un total d’aides publiques (subventions, "
            "aides fiscales ou sociales, prêts, garanties…)",
            "qualite_signataire": "Qui engage la structure par ce dossier\u00a0?",
            "mandataire_nom": "Nom et prénom de la personne mandatée",
            "mandataire_fonction": "Sa fonction",
        }
        help_texts = {"atteste_maintien": "AAP 2022, B.2-3"}
        widgets = {"aides_publiques": forms.RadioSelect, "qualite_signataire": forms.RadioSelect}

    def __init__(self, data=None, *, dossier):
        super().__init__(data, dossier=dossier)
        for champ in {"aides_publiques", "qualite_signataire"} & set(self.fields):
            self.fields[champ].choices = [choix for choix in self.fields[champ].choices if choix[0]]
        structure = dossier.structure
        self.fields[
            "qualite_signataire"
        ].help_text = f"Représentant légal\u00a0: {structure.representant}, {structure.representant_qualite}."

    @property
    def cases(self):
        return [self[champ] for champ in self.fields if champ.startswith("atteste_")]
