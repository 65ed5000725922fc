"""The table of rights: who gets what at each address. An address that is not here fails the test.

One row: the verb, the name of the address, the object (a name of `Monde.cibles`), then one code by person:

    con  led to the login page            200  the page          302  done, then another page
    403  may see the object, not do this  404  does not exist for this person
    422  the page, with what is wrong     405  this verb has no sense here

A person who may not even see an object gets 404, exactly as if it did not exist: the test asks for a missing object
too. POSTs carry nothing useful: 422 or 302 says that the person was let in, 403 and 404 that they were not.

    anonyme                              nobody is connected
    lecteur redacteur signataire         members of the structure that owns the object
    voisin                               signataire of another structure
    instructeur administrateur           agents of the service in charge
    ailleurs                             instructeur, administrateur and member of the COPIL of another service
    copil                                external member, invited to the sessions (with the instructeur)
    non_invite                           external member of the same service, invited to none
    national                             member of the national committee of the service
    deporte                              holds every role in the service, sits in the sessions, but declared a conflict on
                                         each dossier: a déport wins over all roles
"""

PERSONNES = """
    anonyme lecteur redacteur signataire voisin  instructeur administrateur ailleurs  copil non_invite national  deporte
""".split()

# fmt: off
TABLE = [
    # verb   address                                  object                anon lect réda sign vois  inst admi aill  copi noni nati  dépo
    # --- Public pages
    ("GET",  "accueil",                               "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "accessibilite",                         "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "mentions_legales",                      "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "donnees_personnelles",                  "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    # --- Ways in, one’s own account, second factor
    ("GET",  "account_login",                         "",                   "200 302 302 302 302  302 302 302  302 302 302  302"),
    ("POST", "account_login",                         "",                   "200 302 302 302 302  302 302 302  302 302 302  302"),
    ("GET",  "account_logout",                        "",                   "302 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "account_logout",                        "",                   "302 302 302 302 302  302 302 302  302 302 302  302"),
    ("GET",  "account_signup",                        "",                   "200 302 302 302 302  302 302 302  302 302 302  302"),
    ("POST", "account_signup",                        "",                   "200 302 302 302 302  302 302 302  302 302 302  302"),
    ("GET",  "account_inactive",                      "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "account_reauthenticate",                "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "account_reauthenticate",                "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "account_email",                         "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "account_email",                         "",                   "con 302 302 302 302  302 302 302  302 302 302  302"),
    ("GET",  "account_email_verification_sent",       "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "account_change_password",               "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "account_change_password",               "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "account_reset_password",                "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "account_reset_password",                "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "account_reset_password_done",           "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "account_reset_password_from_key_done",  "",                   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "mfa_index",                             "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "mfa_authenticate",                      "",                   "con 302 302 302 302  302 302 302  302 302 302  302"),
    ("POST", "mfa_authenticate",                      "",                   "con 302 302 302 302  302 302 302  302 302 302  302"),
    ("GET",  "mfa_reauthenticate",                    "",                   "con 302 302 302 302  302 302 302  302 302 302  302"),
    ("POST", "mfa_reauthenticate",                    "",                   "con 302 302 302 302  302 302 302  302 302 302  302"),
    ("GET",  "mfa_activate_totp",                     "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "mfa_activate_totp",                     "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "mfa_deactivate_totp",                   "",                   "con 404 404 404 404  404 404 404  404 404 404  404"),
    ("POST", "mfa_deactivate_totp",                   "",                   "con 404 404 404 404  404 404 404  404 404 404  404"),
    ("GET",  "mfa_view_recovery_codes",               "",                   "con 404 404 404 404  404 404 404  404 404 404  404"),
    ("GET",  "mfa_generate_recovery_codes",           "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "mfa_generate_recovery_codes",           "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "mfa_download_recovery_codes",           "",                   "con 404 404 404 404  404 404 404  404 404 404  404"),
    ("GET",  "account_confirm_email",                 "cle",                "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "account_confirm_email",                 "cle",                "404 404 404 404 404  404 404 404  404 404 404  404"),
    ("GET",  "account_reset_password_from_key",       "cle_mot_de_passe",   "200 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "account_reset_password_from_key",       "cle_mot_de_passe",   "200 200 200 200 200  200 200 200  200 200 200  200"),
    # --- Oneself, one’s structure, the team of a service
    ("GET",  "comptes:mon_compte",                    "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "comptes:mon_compte",                    "",                   "con 422 422 422 422  422 422 422  422 422 422  422"),
    ("GET",  "comptes:invitation",                    "jeton",              "200 403 403 403 403  403 403 403  403 403 403  403"),
    ("POST", "comptes:invitation",                    "jeton",              "422 403 403 403 403  403 403 403  403 403 403  403"),
    ("GET",  "comptes:structure",                     "",                   "con 302 302 302 302  302 302 302  302 302 302  302"),
    ("GET",  "comptes:structure",                     "structure",          "con 200 200 200 404  200 200 200  404 404 404  200"),
    ("GET",  "comptes:structure_modifier",            "structure",          "con 403 200 200 404  403 403 403  404 404 404  403"),
    ("POST", "comptes:structure_modifier",            "structure",          "con 403 422 422 404  403 403 403  404 404 404  403"),
    ("POST", "comptes:membre_inviter",                "structure",          "con 403 403 422 404  403 403 403  404 404 404  403"),
    ("POST", "comptes:membre_changer_droit",          "membre",             "con 403 403 302 404  403 403 403  404 404 404  403"),
    ("GET",  "comptes:membre_retirer",                "membre",             "con 200 403 200 404  403 403 403  404 404 404  403"),
    ("POST", "comptes:membre_retirer",                "membre",             "con 302 403 302 404  403 403 403  404 404 404  403"),
    ("POST", "comptes:invitation_membre_annuler",     "invitation_membre",  "con 403 403 302 404  403 403 403  404 404 404  403"),
    ("GET",  "comptes:rattachement",                  "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "comptes:rattachement",                  "",                   "con 422 422 422 422  422 422 422  422 422 422  422"),
    ("GET",  "comptes:structure_creer",               "siret",              "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "comptes:structure_creer",               "siret",              "con 422 422 422 422  422 422 422  422 422 422  422"),
    ("GET",  "comptes:demandes",                      "",                   "con 403 403 403 403  200 200 200  403 403 403  200"),
    ("POST", "comptes:demande_accepter",              "demande",            "con 403 403 302 404  302 302 302  404 404 404  302"),
    ("POST", "comptes:demande_refuser",               "demande",            "con 403 403 302 404  302 302 302  404 404 404  302"),
    ("GET",  "comptes:equipe",                        "",                   "con 403 403 403 403  200 200 200  403 403 403  200"),
    ("POST", "comptes:agent_inviter",                 "",                   "con 403 403 403 403  403 422 422  403 403 403  422"),
    ("POST", "comptes:habilitation_desactiver",       "habilitation",       "con 403 403 403 403  403 302 404  403 403 403  302"),
    ("POST", "comptes:invitation_agent_annuler",      "invitation_agent",   "con 403 403 403 403  403 302 404  403 403 403  302"),
    # --- Reference data
    ("GET",  "referentiel:zones",                     "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "referentiel:zones_tableur",             "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "referentiel:zone_ouvrir",               "commune",            "con 403 403 403 403  200 200 403  403 403 403  200"),
    ("POST", "referentiel:zone_ouvrir",               "commune",            "con 403 403 403 403  422 422 403  403 403 403  422"),
    ("GET",  "referentiel:zone_modifier",             "zone",               "con 403 403 403 403  200 200 403  403 403 403  200"),
    ("POST", "referentiel:zone_modifier",             "zone",               "con 403 403 403 403  422 422 403  403 403 403  422"),
    ("GET",  "referentiel:zone_lever",                "zone",               "con 403 403 403 403  200 200 403  403 403 403  200"),
    ("POST", "referentiel:zone_lever",                "zone",               "con 403 403 403 403  422 422 403  403 403 403  422"),
    ("GET",  "referentiel:campagnes",                 "",                   "con 403 403 403 403  403 200 200  403 403 403  200"),
    ("GET",  "referentiel:campagne_prolonger",        "campagne",           "con 403 403 403 403  403 200 404  403 403 403  200"),
    ("POST", "referentiel:campagne_prolonger",        "campagne",           "con 403 403 403 403  403 422 404  403 403 403  422"),
    ("GET",  "referentiel:campagne_creer",            "",                   "con 403 403 403 403  403 200 200  403 403 403  200"),
    ("POST", "referentiel:campagne_creer",            "",                   "con 403 403 403 403  403 422 422  403 403 403  422"),
    ("GET",  "referentiel:campagne",                  "campagne",           "con 403 403 403 403  403 200 404  403 403 403  200"),
    ("POST", "referentiel:campagne",                  "campagne",           "con 403 403 403 403  403 422 404  403 403 403  422"),
    # --- Files: readable as the object that holds them
    ("GET",  "fichiers:telecharger",                  "piece",              "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("GET",  "fichiers:telecharger",                  "recepisse",          "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("GET",  "fichiers:telecharger",                  "lettre",             "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("GET",  "fichiers:telecharger",                  "document",           "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("GET",  "fichiers:telecharger",                  "retiree",            "con 404 404 404 404  404 404 404  404 404 404  404"),
    ("GET",  "fichiers:telecharger",                  "en_attente",         "con 404 404 200 404  404 404 404  404 404 404  404"),
    ("GET",  "fichiers:telecharger",                  "infectee",           "con 404 404 404 404  404 404 404  404 404 404  404"),
    ("GET",  "fichiers:televersement",                "envoi",              "con 404 404 200 404  404 404 404  404 404 404  404"),
    ("POST", "fichiers:televersement",                "envoi",              "con 404 404 400 404  404 404 404  404 404 404  404"),
    ("POST", "fichiers:televersement_abandonner",     "envoi",              "con 404 404 200 404  404 404 404  404 404 404  404"),
    # --- Messages
    ("GET",  "courriels:courriels",                   "",                   "con 403 403 403 403  200 200 200  403 403 403  200"),
    ("GET",  "courriels:boite_demo",                  "",                   "404 404 404 404 404  404 404 404  404 404 404  404"),
    ("GET",  "courriels:courriel",                    "courriel",           "con 403 403 403 403  200 200 404  403 403 403  200"),
    ("GET",  "courriels:courriel",                    "message",            "con 403 403 403 403  200 200 404  403 403 403  404"),
    ("POST", "courriels:courriel_relancer",           "courriel",           "con 403 403 403 403  302 302 404  403 403 403  302"),
    # --- Dossiers
    ("GET",  "candidatures:file",                     "",                   "con 403 403 403 403  200 200 200  403 403 403  200"),
    ("GET",  "candidatures:file_tableur",             "",                   "con 403 403 403 403  200 200 200  403 403 403  200"),
    ("GET",  "candidatures:instruire",                "depose",             "con 403 403 403 404  200 200 404  404 404 404  404"),
    ("GET",  "candidatures:instruire",                "brouillon",          "con 403 403 403 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:controler",                "depose",             "con 403 403 403 404  422 422 404  404 404 404  404"),
    ("POST", "candidatures:affecter",                 "depose",             "con 403 403 403 404  302 302 404  404 404 404  404"),
    ("POST", "candidatures:declarer_recevable",       "depose",             "con 403 403 403 404  422 422 404  404 404 404  404"),
    ("GET",  "candidatures:declarer_irrecevable",     "depose",             "con 403 403 403 404  200 200 404  404 404 404  404"),
    ("POST", "candidatures:declarer_irrecevable",     "depose",             "con 403 403 403 404  422 422 404  404 404 404  404"),
    ("GET",  "candidatures:decider_hors_delai",       "hors_delai",         "con 403 403 403 404  200 200 404  404 404 404  404"),
    ("POST", "candidatures:decider_hors_delai",       "hors_delai",         "con 403 403 403 404  422 422 404  404 404 404  404"),
    ("GET",  "candidatures:lire",                     "depose",             "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("GET",  "candidatures:lire",                     "brouillon",          "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:lire",                     "emergent",           "con 404 404 404 404  200 200 404  404 404 200  404"),
    ("GET",  "candidatures:dossiers",                 "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("POST", "candidatures:commencer",                "",                   "con 403 302 302 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:dossier",                  "brouillon",          "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:dossier",                  "depose",             "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("GET",  "candidatures:retirer",                  "brouillon",          "con 403 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:retirer",                  "brouillon",          "con 403 302 302 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:retirer",                  "depose",             "con 403 403 200 404  403 403 404  404 404 404  404"),
    ("POST", "candidatures:retirer",                  "depose",             "con 403 403 302 404  403 403 404  404 404 404  404"),
    ("GET",  "candidatures:verifier",                 "brouillon",          "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:deposer",                  "brouillon",          "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:deposer",                  "brouillon",          "con 403 403 422 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:recepisse",                "depot",              "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("POST", "candidatures:budgets_equilibre",        "brouillon",          "con 403 200 200 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:postes",                   "brouillon",          "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:poste_ajouter",            "brouillon",          "con 403 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:poste_ajouter",            "brouillon",          "con 403 422 422 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:poste_calcul",             "brouillon",          "con 403 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:poste_calcul",             "ligne",              "con 403 200 200 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:poste_modifier",           "ligne",              "con 403 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:poste_modifier",           "ligne",              "con 403 422 422 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:poste_retirer",            "ligne",              "con 403 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:poste_retirer",            "ligne",              "con 403 302 302 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:plan",                     "brouillon",          "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:plan",                     "brouillon",          "con 403 302 302 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:plan_calcul",              "brouillon",          "con 403 200 200 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:rubrique",                 "rubrique_structure", "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:rubrique",                 "rubrique_structure", "con 403 302 302 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:rubrique",                 "rubrique_budgets",   "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:rubrique",                 "rubrique_budgets",   "con 403 302 302 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:pieces",                   "brouillon",          "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("GET",  "candidatures:pieces_resume",            "brouillon",          "con 200 200 200 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:piece_retirer",            "piece_brouillon",    "con 403 302 302 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:piece_deposer",            "attendue",           "con 403 422 422 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:piece_televerser",         "attendue",           "con 403 422 422 404  404 404 404  404 404 404  404"),
    ("POST", "candidatures:piece_declarer",           "attendue",           "con 403 422 422 404  404 404 404  404 404 404  404"),
    # --- Messages between a structure and its service
    ("GET",  "candidatures:conversations",            "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "candidatures:messages",                 "depose",             "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("POST", "candidatures:messages",                 "depose",             "con 403 422 422 404  422 422 404  404 404 404  404"),
    ("GET",  "candidatures:messages",                 "brouillon",          "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("GET",  "candidatures:messages",                 "examine",            "con 200 200 200 404  200 200 404  403 404 404  404"),
    ("POST", "candidatures:messages_lus",             "depose",             "con 403 302 302 404  302 302 404  404 404 404  404"),
    ("POST", "candidatures:partager",                 "brouillon",          "con 403 302 302 404  404 404 404  404 404 404  404"),
    ("GET",  "fichiers:telecharger",                  "jointe",             "con 200 200 200 404  200 200 404  404 404 404  404"),
    # --- Committee
    ("GET",  "copil:seances",                         "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "copil:seance_creer",                    "",                   "con 403 403 403 403  200 200 200  403 403 403  200"),
    ("POST", "copil:seance_creer",                    "",                   "con 403 403 403 403  422 422 422  403 403 403  422"),
    ("GET",  "copil:seance",                          "preparee",           "con 404 404 404 404  200 200 404  404 404 404  200"),
    ("GET",  "copil:seance",                          "ouverte",            "con 404 404 404 404  200 200 404  200 404 404  200"),
    ("GET",  "copil:seance_modifier",                 "preparee",           "con 404 404 404 404  200 200 404  404 404 404  200"),
    ("POST", "copil:seance_modifier",                 "preparee",           "con 404 404 404 404  422 422 404  404 404 404  422"),
    ("POST", "copil:membres_ajouter",                 "preparee",           "con 404 404 404 404  422 422 404  404 404 404  422"),
    ("POST", "copil:membre_retirer",                  "membre_seance",      "con 404 404 404 404  302 302 404  404 404 404  302"),
    ("POST", "copil:dossiers_inscrire",               "preparee",           "con 404 404 404 404  422 422 404  404 404 404  422"),
    ("POST", "copil:seance_convoquer",                "preparee",           "con 404 404 404 404  302 302 404  404 404 404  302"),
    ("POST", "copil:seance_preparer",                 "preparee",           "con 404 404 404 404  422 422 404  404 404 404  422"),
    ("POST", "copil:seance_ouvrir",                   "preparee",           "con 404 404 404 404  422 422 404  404 404 404  422"),
    ("GET",  "copil:seance_clore",                    "ouverte",            "con 404 404 404 404  200 200 404  403 404 404  200"),
    ("POST", "copil:seance_clore",                    "ouverte",            "con 404 404 404 404  422 422 404  403 404 404  422"),
    ("GET",  "copil:salle",                           "close",              "con 404 404 404 404  200 200 404  200 404 404  200"),
    ("GET",  "copil:salle",                           "ouverte",            "con 404 404 404 404  403 200 404  403 404 404  200"),
    ("GET",  "copil:salle_tableur",                   "close",              "con 404 404 404 404  200 200 404  200 404 404  200"),
    ("GET",  "copil:evaluer",                         "a_noter",            "con 404 404 404 404  200 403 404  200 404 404  404"),
    ("POST", "copil:evaluer",                         "a_noter",            "con 404 404 404 404  302 403 404  302 404 404  404"),
    ("POST", "copil:evaluation_finaliser",            "a_noter",            "con 404 404 404 404  422 403 404  422 404 404  404"),
    ("GET",  "copil:salle_dossier",                   "examinee",           "con 404 404 404 404  200 200 404  200 404 404  404"),
    ("POST", "copil:dossier_desinscrire",             "a_preparer",         "con 404 404 404 404  302 302 404  404 404 404  404"),
    ("POST", "copil:dossier_avancer",                 "a_preparer",         "con 404 404 404 404  302 302 404  404 404 404  404"),
    ("GET",  "copil:decider",                         "examinee",           "con 404 404 404 404  200 200 404  403 404 404  404"),
    ("POST", "copil:decider",                         "examinee",           "con 404 404 404 404  422 422 404  403 404 404  404"),
    ("GET",  "copil:notifier",                        "a_notifier",         "con 404 404 404 404  200 200 404  403 404 404  404"),
    ("POST", "copil:notifier",                        "a_notifier",         "con 404 404 404 404  302 302 404  403 404 404  404"),
    ("GET",  "copil:grille",                          "grille",             "con 404 404 404 404  200 200 404  200 404 404  200"),
    ("GET",  "copil:deport_declarer",                 "recevable",          "con 403 403 403 404  200 200 404  404 404 404  404"),
    ("POST", "copil:deport_declarer",                 "recevable",          "con 403 403 403 404  422 422 404  404 404 404  404"),
    ("GET",  "copil:avis_demandes",                   "",                   "con 403 403 403 403  200 200 200  403 403 200  200"),
    ("GET",  "copil:avis",                            "emergent",           "con 404 404 404 404  200 200 404  404 404 200  404"),
    ("POST", "copil:avis",                            "emergent",           "con 404 404 404 404  422 422 404  404 404 422  404"),
    ("POST", "copil:avis_demander",                   "emergent",           "con 404 404 404 404  302 302 404  404 404 403  404"),
    ("GET",  "copil:decision",                        "notifie",            "con 200 200 200 404  403 403 404  403 404 404  404"),
    # --- Conventions
    ("GET",  "conventions:conventions",               "",                   "con 200 200 200 200  200 200 200  200 200 200  200"),
    ("GET",  "conventions:conventions_exporter",      "",                   "con 403 403 403 403  200 200 200  403 403 403  200"),
    ("GET",  "conventions:convention_preparer",       "a_conventionner",    "con 404 404 404 404  403 200 404  404 404 404  404"),
    ("POST", "conventions:convention_preparer",       "a_conventionner",    "con 404 404 404 404  403 422 404  404 404 404  404"),
    ("GET",  "conventions:convention",                "convention",         "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("GET",  "conventions:convention",                "en_preparation",     "con 404 404 404 404  200 200 404  404 404 404  404"),
    ("POST", "conventions:convention_editer",         "en_preparation",     "con 404 404 404 404  403 302 404  404 404 404  404"),
    ("GET",  "conventions:convention_avancement",     "convention",         "con 200 200 200 404  200 200 404  404 404 404  404"),
    ("GET",  "conventions:convention_signer",         "signature",          "con 403 403 403 404  403 200 404  404 404 404  404"),
    ("POST", "conventions:convention_signer",         "signature",          "con 403 403 403 404  403 422 404  404 404 404  404"),
]
# fmt: on

# The same page whatever the key: it says nothing of what exists.
MEME_PAGE_SI_ABSENT = {"account_confirm_email", "account_reset_password_from_key"}

# Gestures that ask for the password again when it was not given lately.
MOT_DE_PASSE_REDEMANDE = {
    ("POST", "comptes:agent_inviter", "", "administrateur"),
    ("POST", "comptes:habilitation_desactiver", "habilitation", "administrateur"),
    ("POST", "copil:decider", "examinee", "instructeur"),
    ("POST", "copil:notifier", "a_notifier", "instructeur"),
}
