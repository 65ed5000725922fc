"""Sections made of answers: the structure, the project, the territory, the commitments."""

from django import forms

from aap_portal.referentiel.formats import euros

from .saisie import EntierFormField, RubriqueForm


class StructureForm(RubriqueForm):
    benevoles = EntierFormField(label="Bénévoles (facultatif)")

    class Meta(RubriqueForm.Meta):
        fields = [
            "contact_nom", "contact_courriel", "contact_telephone", "presentation",
            "salaries_etp", "benevoles", "subventions_publiques",
        ]  # fmt: skip
        labels = {
            "contact_nom": "Personne chargée de la demande",
            "contact_courriel": "Courriel de cette personne",
            "contact_telephone": "Téléphone (facultatif)",
            "salaries_etp": "Salariés, en équivalent temps plein (facultatif)",
        }
        help_texts = {
            "contact_courriel": "Le récépissé du dépôt lui est envoyé.",
            "presentation": "Votre activité, votre expérience de la clause sociale et vos références\u00a0: marchés suivis, heures "
            "d’insertion, acheteurs accompagnés.",
        }
        widgets = {"contact_telephone": forms.TextInput(attrs={"type": "tel", "class": "pa-court"})}

    def __init__(self, data=None, *, dossier):
        super().__init__(data, dossier=dossier)
        for champ in ("salaries_etp", "benevoles", "subventions_publiques"):
            self.fields[champ].widget.attrs["class"] = "pa-court"
        self.fields[
            "subventions_publiques"
        ].help_text = f"Au-delà de {euros(dossier.campagne.seuil_certification)}, le rapport du commissaire aux comptes est demandé."
        if not dossier.structure.est_association:
            del self.fields["benevoles"], self.fields["subventions_publiques"]


class ProjetForm(RubriqueForm):
    class Meta(RubriqueForm.Meta):
        fields = ["intitule", "diagnostic", "objectifs", "strategie"]
        help_texts = {
            "diagnostic": "Le besoin constaté\u00a0: marchés et heures clausés, acheteurs, territoires et publics mal couverts, avec "
            "vos sources et leurs dates.",
            "objectifs": "Ce que vous visez en douze mois, de façon que l’on puisse le vérifier.",
            "strategie": "Comment vous ferez\u00a0: étapes, partenaires, moyens, calendrier.",
        }


class TerritoireForm(RubriqueForm):
    class Meta(RubriqueForm.Meta):
        fields = ["implantation", "reponse_zones_blanches"]
        help_texts = {
            "implantation": "Locaux, équipe, partenaires et actions déjà menées là où interviendront les postes.",
            "reponse_zones_blanches": "À remplir si vos postes couvrent une zone blanche.",
        }


class AttestationsForm(RubriqueForm):
    class Meta(RubriqueForm.Meta):
        fields = ["atteste_exactitude", "atteste_obligations", "atteste_engagement", "atteste_maintien"]
        labels = {
            "atteste_exactitude": "Les informations de ce dossier sont exactes et sincères, notamment les demandes de "
            "subvention présentées à d’autres financeurs publics.",
            "atteste_obligations": "La structure est à jour de ses obligations administratives, comptables, sociales et "
            "fiscales, et des déclarations et paiements qui en découlent.",
            "atteste_engagement": "L’association a souscrit le contrat d’engagement républicain annexé au décret "
            "n°\u00a02021-1947 du 31\u00a0décembre 2021.",
            "atteste_maintien": "La structure s’engage à ne pas baisser les financements existants de ses autres postes de "
            "facilitateur et de coordinateur.",
        }
        help_texts = {"atteste_maintien": "AAP 2022, B.2-3"}

    def __init__(self, data=None, *, dossier):
        super().__init__(data, dossier=dossier)
        if not dossier.structure.est_association:
            del self.fields["atteste_engagement"]
