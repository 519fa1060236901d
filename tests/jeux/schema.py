"""Forme exacte des jeux de données : toute clé inconnue, manquante ou mal typée est une erreur.

Un schéma est un type Python, un vocabulaire (`TextChoices` ou ensemble), une liste d'un élément,
un n-uplet d'alternatives, `None`, ou un dictionnaire ; une clé finissant par « ? » est facultative.
"""

import datetime

from contrats import enums
from gouvernance.enums import (
    GenrePoint,
    RoleParticipation,
    SensAvis,
    StatutDecision,
    StatutIntervention,
    StatutSeance,
    StatutSession,
    TypeInstance,
)
from partenaires.enums import Diffusion, NatureOrganisme
from territoires.enums import Couverture, TypeTerritoire

DATE = (datetime.date, None)
CLE = (str, None)

TERRITOIRES = [
    {
        "cle": str,
        "nom": str,
        "type": TypeTerritoire,
        "code": str,
        "generation": (int, None),
        "valide_du": DATE,
        "valide_au": DATE,
        "longitude": (float, None),
        "latitude": (float, None),
        "parents": [{"cle": str, "couverture": Couverture}],
        "alias": [str],
    }
]

ORGANISMES = [
    {
        "cle": str,
        "nom": str,
        "sigle": str,
        "nature": NatureOrganisme,
        "siren": str,
        "territoire": CLE,
        "composants": [str],
        "alias": [str],
    }
]

PERSONNES = [
    {
        "cle": str,
        "civilite": str,
        "prenom": str,
        "nom": str,
        "mandats": [{"organisme": str, "qualite": str, "diffusion": Diffusion}],
    }
]

MODELES_FICHE = [
    {
        "cle": str,
        "nom": str,
        "description": str,
        "type_contrat": enums.TypeContrat,
        "sections": [
            {
                "cle": str,
                "libelle": str,
                "nature": enums.NatureSection,
                "horizon": {"", *enums.Horizon.values},
                "aide": str,
                "obligatoire": bool,
                "variantes": [str],
            }
        ],
    }
]

COMPTES = [
    {
        "email": str,
        "prenom": str,
        "nom": str,
        "organisme": CLE,
        "est_administrateur": bool,
        "habilitations": [{"contrat": str, "role": enums.RoleHabilitation}],
    }
]

ACTION: dict = {
    "intitule": str,
    "statut": enums.StatutAction,
    "motif_statut?": str,
    "avancement": (int, None),
    "debut": DATE,
    "echeance": DATE,
    "demonstration": bool,
    "pilotes": [str],
    "partenaires": [str],
    "numero?": str,
    "periodes?": [
        {
            "libelle": str,
            "objet": str,
            "debut": datetime.date,
            "fin": DATE,
            "precision_debut": enums.Precision,
            "precision_fin": {"", *enums.Precision.values},
        }
    ],
    "chef_de_file?": [str],
    "territoires?": [str],
}
ACTION["sous_actions?"] = [ACTION]

ECHEANCE = {
    "intitule": str,
    "echeance_texte": str,
    "echeance": DATE,
    "precision": enums.Precision,
}

SECTION = {
    "cle": str,
    "libelle": str,
    "etat": enums.EtatSection,
    "texte?": str,
    "actions?": [ACTION],
    "liste_ouverte?": bool,
    "partenaires?": [{"mention": str, "organisme": str}],
    "jalons?": [ECHEANCE],
    "livrables?": [ECHEANCE],
    "risques?": [{"intitule": str, "imprime_sous": str}],
    "facteurs?": [{"intitule": str}],
    "criteres?": [{"intitule": str, "nature": enums.NatureCritere}],
    "projets_lies?": [{"intitule": str, "cible": CLE}],
    "responsables?": [{"personne": str, "qualite": str, "organisme": CLE}],
}

FICHE = {
    "cle": str,
    "numero": str,
    "numero_deduit": bool,
    "titre": str,
    "note_titre": str,
    "axe": CLE,
    "modele": str,
    "statut": enums.StatutFiche,
    "sections": [SECTION],
    "renvois": [
        {
            "texte": str,
            "section": str,
            "fiche": CLE,
            "document": str,
            "annexe": str,
            "deduit": bool,
        }
    ],
}

AXE: dict = {
    "cle": str,
    "nature": enums.NatureAxe,
    "numero": str,
    "intitule": str,
    "texte": str,
    # Pilier d'un contrat de ville : ce qu'impriment le texte, puis les annexes.
    "libelle_texte?": str,
    "libelle_annexe?": str,
    "variantes_annexe?": [str],
}
AXE["enfants"] = [AXE]

# Action suivie par un contrat sans fiches, rattachée à un programme du contrat parent.
ACTION_DE_PROGRAMME = {
    "cle": str,
    "numero": str,
    "programme": str,
    "intitule": str,
    "prioritaire": bool,
    "statut": enums.StatutAction,
    "motif_statut?": str,
    "avancement": int,
    "debut": DATE,
    "echeance": DATE,
    "demonstration": bool,
    "pilotes": [str],
    "partenaires": [str],
}

DELIBERATION = {
    "numero": str,
    "point": str,
    "statut": {"projet", "adoptee"},
    "objet": str,
    "organe": str,
    "collectivite?": str,
    "rapporteur": str,
    "commission": str,
    "avis": str,
    "avis_le": DATE,
    "seance_le": DATE,
    "vote": (str, None),
    "expose": str,
    "visas": [str],
    "articles": [{"numero": str, "texte": str}],
}

AVIS = {
    "instance": CLE,
    "deliberation": CLE,
    "auteur": str,
    "objet": str,
    "sens": SensAvis,
    "rendu_le": DATE,
    "texte": str,
}

SEANCE = {
    "instance": str,
    "le": datetime.date,
    "heure?": str,
    "lieu?": str,
    "statut": StatutSeance,
    "publique": bool,
    "demonstration": bool,
    "objet": str,
    "points": [{"genre": GenrePoint, "intitule": str, "note": str}],
    "decisions": [
        {
            "point": int,
            "texte": str,
            "fonction": str,
            "organisme": CLE,
            "avant_le": DATE,
            "statut": StatutDecision,
            "suite": str,
        }
    ],
}

SESSIONS = [
    {
        "slug": str,
        "contrat": CLE,
        "nature": str,
        "intitule": str,
        "organisateur": str,
        "presentation": str,
        "le": datetime.date,
        "debut": str,
        "fin": str,
        "lieu": str,
        "capacite": int,
        "cloture_le": datetime.date,
        "condition": str,
        "profils": [str],
        "statut": StatutSession,
        "demonstration": bool,
        "programme": [
            {
                "intitule": str,
                "visio": bool,
                "interventions": [
                    {"nom": str, "fonction": str, "organisme": str, "statut": StatutIntervention}
                ],
            }
        ],
    }
]

CONTRAT = {
    "slug": str,
    "type": enums.TypeContrat,
    "parent": CLE,
    "lien": {"", *enums.LienParent.values},
    "intitule": str,
    "intitule_court": str,
    "sous_titre": str,
    "source": str,
    "statut": enums.StatutContrat,
    "publie": bool,
    "preambule": str,
    "nature_juridique": str,
    "dotation_propre": (bool, None),
    "programme": str,
    "debut": DATE,
    "fin": DATE,
    "numero_projet": str,
    "version_source": str,
    "maj_source_le": DATE,
    "modele_fiche": CLE,
    "territoires": [str],
    "parties": [
        {
            "organisme": str,
            "role": enums.RolePartie,
            "rang": int,
            "libelle": str,
            "apport": str,
        }
    ],
    "signatures": [
        {
            "personne": str,
            "role": enums.RoleSignature,
            "organisme": CLE,
            "qualite": str,
            "rang": int,
            "lieu": str,
            "le": DATE,
        }
    ],
    "chronologie": [{"date_texte": str, "le": DATE, "precision": enums.Precision, "intitule": str}],
    "articles": [{"numero": str, "titre": str, "texte": str}],
    "engagements": [{"article": str, "texte": str, "porteurs": [str], "beneficiaires": [str]}],
    "axes": [AXE],
    "annonces": [{"objet": str, "nombre": int, "libelle": str}],
    "annexes": [{"numero": str, "intitule": str, "contenu": enums.ContenuAnnexe, "texte": str}],
    "instances": [
        {
            "cle": str,
            "nom": str,
            "type": TypeInstance,
            "mission": str,
            "frequence": str,
            "par_an?": int,
            "participations": [{"organisme": CLE, "libelle": str, "role": RoleParticipation}],
        }
    ],
    "financements": [
        {
            "intitule": str,
            "montant": (str, None),
            "financeur": CLE,
            "dispositif": str,
            "portee": str,
            "nature": enums.NatureFinancement,
        }
    ],
    "prorogations?": [
        {
            "le": datetime.date,
            "motif": str,
            "ancienne_fin": datetime.date,
            "nouvelle_fin": datetime.date,
        }
    ],
    "deliberations?": [DELIBERATION],
    "avis?": [AVIS],
    "seances?": [SEANCE],
    "actions?": [ACTION_DE_PROGRAMME],
    "fiches": [FICHE],
    "renvois": [{"texte": str, "article": str, "annexe": str}],
}


def ecarts(valeur, schema, ou: str = "") -> list[str]:
    """Les écarts de `valeur` au `schema`, avec leur place ; liste vide si conforme."""
    if isinstance(schema, tuple):
        essais = [ecarts(valeur, s, ou) for s in schema]
        return [] if [] in essais else essais[0]
    if isinstance(schema, dict):
        return _ecarts_dict(valeur, schema, ou)
    if isinstance(schema, list):
        if not isinstance(valeur, list):
            return [f"{ou} : liste attendue"]
        return [e for i, v in enumerate(valeur) for e in ecarts(v, schema[0], f"{ou}[{i}]")]
    if schema is None:
        return [] if valeur is None else [f"{ou} : vide attendu"]
    if isinstance(schema, set) or hasattr(schema, "values"):
        connues = schema if isinstance(schema, set) else schema.values
        return [] if valeur in connues else [f"{ou} : valeur inconnue {valeur!r}"]
    # `type is` : un booléen n'est pas un nombre, un horodatage n'est pas une date.
    return [] if type(valeur) is schema else [f"{ou} : {schema.__name__} attendu, {valeur!r}"]


def _ecarts_dict(valeur, schema: dict, ou: str) -> list[str]:
    if not isinstance(valeur, dict):
        return [f"{ou} : dictionnaire attendu"]
    connues = {cle.removesuffix("?"): cle for cle in schema}
    trouves = [f"{ou} : clé inconnue {cle!r}" for cle in valeur if cle not in connues]
    for cle, cle_schema in connues.items():
        if cle in valeur:
            trouves += ecarts(valeur[cle], schema[cle_schema], f"{ou}.{cle}")
        elif not cle_schema.endswith("?"):
            trouves.append(f"{ou} : clé manquante {cle!r}")
    return trouves
