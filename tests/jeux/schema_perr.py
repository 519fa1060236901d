"""Forme des données propres au PERR, écrite comme dans `schema`."""

from tests.jeux.schema import CLE

FILIATIONS = [
    {
        "ancien": CLE,
        "nouveau": CLE,
        "nature": {"inchange", "modifie", "fusion", "scission", "sortie", "entree"},
        "a_verifier": str,
    }
]

DISPOSITIFS = [{"cle": str, "sigle": str, "nom": str, "alias": [str]}]

STATUTS_DE_DECLINAISON = {
    "texte",
    "texte_renvoi",
    "renvoi",
    "a_regrouper",
    "non_travaille",
    "sans_objet",
    "consigne",
}

PERR = {
    "contrat": str,
    "annexes": [
        {
            "cle": str,
            "nom": str,
            "ordre_sommaire": int,
            "ordre_imprime": int,
            "colonnes": [
                {
                    "cle": str,
                    "abrege": str,
                    "rang": int,
                    "libelle": str,
                    "alias": [str],
                    "qpv": [{"code": str, "couverture": {"totale", "partielle"}}],
                }
            ],
        }
    ],
    "programmes": [
        {
            "numero": str,
            "pilier": str,
            "intitule_liste": str,
            "intitule_tableau": str,
            "libelles_annexe": {"ouest?": [str], "nord-est?": [str], "sud?": [str]},
        }
    ],
    "titres": [
        {
            "action": str,
            "annexe": str,
            "titre": str,
            "numero_imprime": str,
            "ligne_absente": bool,
        }
    ],
    "axes_prioritaires": [{"ordre": int, "programmes": [str], "action": CLE, "texte": str}],
    "declinaisons": [
        {
            "action": str,
            "colonne": str,
            "statut": STATUTS_DE_DECLINAISON,
            "texte": str,
            "modalites?": str,
            "motif?": str,
            "groupe?": str,
            "renvois?": [
                {
                    "action?": str,
                    "programme?": str,
                    "pilier?": str,
                    "texte": str,
                    "deduit": bool,
                }
            ],
            "regards?": [{"quartier": str, "texte": str}],
            "ligne": int,
            "a_verifier?": str,
        }
    ],
}
