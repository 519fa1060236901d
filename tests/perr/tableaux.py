"""Le tableau imprimé du PERR de démonstration et sa table longue, avec leurs défauts d'origine.

Les textes sont ceux des jeux de données, redits par nous ; ce sont les places, les numéros et les
graphies qui sont ceux de l'impression.
"""

import csv
import functools
import io
from pathlib import Path

import yaml
from openpyxl import Workbook

from perr.enums import StatutDeclinaison as S

DONNEES = Path("fixtures/perr/perr-toulouse-metropole-2021.yaml")
CONTRATS = Path("fixtures/contrats")
TETES = ["Piliers", "N°", "Intitulé du programme", "Proposition PERR"]
ECARTES = "(occupation non significative ici, déjà traitée sur d'autres axes)"


@functools.cache
def donnees():
    return yaml.safe_load(DONNEES.read_text(encoding="utf-8"))


@functools.cache
def axes():
    """Programme → (pilier, intitulé) ; action → (programme, intitulé)."""
    parent = yaml.safe_load(
        (CONTRATS / "contrat-de-ville-toulouse-metropole-2015.yaml").read_text(encoding="utf-8")
    )
    perr = yaml.safe_load(
        (CONTRATS / "perr-toulouse-metropole-2021.yaml").read_text(encoding="utf-8")
    )
    programmes = {}

    def descendre(lignes, pilier):
        for axe in lignes:
            if axe["nature"] == "programme":
                programmes[axe["numero"]] = (pilier, axe["intitule"])
            descendre(
                axe.get("enfants", []),
                axe["intitule"] if axe["nature"] == "pilier" else pilier,
            )

    descendre([*parent.get("axes", []), *perr.get("axes", [])], "")
    return programmes, perr


def cellules(annexe):
    """`{(action, rang): déclinaison}` d'une annexe."""
    rangs = {c["cle"]: c["rang"] - 1 for c in annexe["colonnes"]}
    return {
        (d["action"], rangs[d["colonne"]]): d
        for d in donnees()["declinaisons"]
        if d["colonne"] in rangs
    }


NOMS = {
    "val-d-aran-poitou-pyrenees-2015": "Val d'Aran",
    "en-jacca-2015": "En Jacca",
}


def texte_imprime(d):
    """Le texte d'une case comme un agent l'écrirait : son état s'y lit, sans étiquette."""
    renvois = " ".join(r["texte"] for r in d.get("renvois") or ())
    regards = " ".join(
        f"{NOMS.get(r['quartier'], r['quartier'])} : {r['texte']}" for r in d.get("regards") or ()
    )
    corps = " ".join(t for t in (d.get("texte", ""), regards) if t)
    if d.get("modalites"):
        corps += f" <i>Modalités de réalisation</i> : {d['modalites']}"
    return {
        S.TEXTE: corps,
        S.TEXTE_RENVOI: f"{renvois} : {corps}",
        S.RENVOI: renvois.split(" En lien")[0] if renvois.startswith("En") else renvois,
        S.A_REGROUPER: renvois,
        S.NON_TRAVAILLE: f"Axe non travaillé ici. {corps}",
        S.SANS_OBJET: "X" if "croix" in d.get("texte", "") else ECARTES,
        S.CONSIGNE: f"Valoriser ces thématiques transversales sur chaque action. {corps}",
    }[S(d["statut"])]


class Imprime:
    """Le tableau imprimé : `feuilles` par annexe, `ou[nom]` la ligne de chaque défaut."""

    def __init__(self):
        self.feuilles, self.ou = {}, {}
        for annexe in donnees()["annexes"]:
            self.feuilles[annexe["nom"]] = self._annexe(annexe)

    def _annexe(self, annexe):
        programmes, perr = axes()
        colonnes = [c["libelle"] for c in annexe["colonnes"]]
        titres = {t["action"]: t for t in donnees()["titres"] if t["annexe"] == annexe["cle"]}
        actions = {a["numero"]: a for a in perr["actions"]}
        pleines, lignes = cellules(annexe), [[f"TERRITOIRE {annexe['nom'].upper()}"], []]
        lignes.append([*TETES, *colonnes])
        dernier = None
        for numero, action in actions.items():
            titre = titres.get(numero, {})
            if titre.get("ligne_absente"):
                continue
            programme = action["programme"]
            pilier, intitule = programmes[programme]
            ligne = ["", "", ""] if programme == dernier else [pilier.upper(), programme, intitule]
            dernier = programme
            affiche = titre.get("numero_imprime") or numero
            mots = titre.get("titre") or action["intitule"]
            ligne.append(f"Action n°{affiche} : {mots}")
            ligne += [
                texte_imprime(pleines[numero, r]) if (numero, r) in pleines else ""
                for r in range(len(colonnes))
            ]
            lignes.append(ligne)
            self._abimer(annexe["cle"], numero, lignes)
        return lignes

    def _abimer(self, annexe, numero, lignes):
        """Les défauts du tableau d'origine, un par un."""
        ligne, nom = lignes[-1], f"{annexe}/{numero}"
        if nom == "ouest/2":
            ligne[6], ligne[7] = ligne[7], ""
        elif nom in ("ouest/4", "ouest/29"):
            precedente = lignes[-2]
            precedente[3] += f" {ligne[3]}"
            lignes.pop()
        elif nom == "ouest/8":
            lignes[-2][3] += f" {ligne[3]}"
            lignes[-1] = ["", "", *ligne[4:], "", ""]
        elif nom == "ouest/24":
            ligne[6], ligne[7] = "", ligne[6]
        elif nom.split("/")[1] in ("35", "36"):
            lignes[-1] = [*ligne[1:], ""]
        elif nom == "nord-est/10":
            ligne[:2] = ["ORIENTONS DE RICHESSES", "5"]
        elif nom == "nord-est/18":
            lignes[-1] = [*ligne[:4], *ligne[5:], ""]
        elif nom == "nord-est/20":
            textes = [t for t in ligne[4:] if t]
            lignes[-1] = [ligne[3], "", "", *textes, "", ""]
        elif nom == "nord-est/28":
            lignes[-1] = [*ligne[:4], "", *ligne[4:]]
        elif nom == "nord-est/42":
            lignes[-1] = ["", *ligne]
        elif nom in ("nord-est/43", "nord-est/44", "nord-est/45"):
            lignes[-1] = [ligne[3], "", "", "", *ligne[4:]]
        elif nom in ("sud/16", "sud/17"):
            lignes[-1] = ["", "", "", ligne[2], *ligne[3:]]
        self.ou[nom] = len(lignes)


def en_classeur(feuilles):
    """Les octets d'un XLSX de ces feuilles (`{nom: lignes}`)."""
    livre = Workbook()
    del livre[livre.sheetnames[0]]
    for nom, lignes in feuilles.items():
        feuille = livre.create_sheet(nom.replace("/", "-"))
        for n, ligne in enumerate(lignes, 1):
            for rang, texte in enumerate(ligne, 1):
                if texte:
                    feuille.cell(n, rang, texte).data_type = "s"
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def en_csv(lignes, separateur=";"):
    sortie = io.StringIO()
    csv.writer(sortie, delimiter=separateur).writerows(lignes)
    return sortie.getvalue().encode()


TETES_LONGUES = [
    "territoire",
    "colonne_abrege",
    "colonne",
    "action_numero_imprime",
    "action_numero_tableau_principal",
    "programme",
    "ligne_seed_003",
    "colonne_imprimee",
    "colonne_corrigee",
    "statut",
    "cible_renvoi",
    "anomalie",
    "texte_brut",
]
STATUTS = {
    S.TEXTE_RENVOI: "texte_et_renvoi",
    S.NON_TRAVAILLE: "non_travaille_avec_proposition",
    S.SANS_OBJET: "sans_objet_motive",
    S.CONSIGNE: "consigne_transversale",
}
# (ligne d'origine, colonne) → rang imprimé et remarque de qui a relu.
PLACES = {
    (340, "colomiers"): ("3", "imprimé colonne Bagatelle"),
    (391, "bagatelle"): ("4", "imprimé colonne Colomiers"),
    (459, "empalot"): ("1", "imprimé une colonne trop à gauche"),
    (459, "izards"): ("2", "imprimé une colonne trop à gauche"),
    (461, "breguet-maraichers"): ("", "4 textes pour 5 colonnes ; probable (Régie)"),
    (461, "empalot"): ("", "4 textes pour 5 colonnes ; probable (MJC)"),
    (461, "soupetard-la-gloire"): ("", "4 textes pour 5 colonnes ; incertain : deux colonnes"),
    (461, "barradels"): ("", "4 textes pour 5 colonnes ; probable (Rebonds)"),
    (474, "soupetard-la-gloire"): ("5", "imprimé une colonne trop à droite"),
    (474, "barradels"): ("6", "imprimé une colonne trop à droite"),
}
REMARQUES = {
    350: "ligne sans libellé d'action, décalée de 2 colonnes",
    **dict.fromkeys((411, 412, 487), "libellé d'action en colonne 3 au lieu de 4"),
    **dict.fromkeys((498, 528, 529), "libellé d'action en colonne 5 au lieu de 4"),
    **dict.fromkeys((499, 500), "libellé d'action imprimé en 1re colonne"),
}


def table_longue():
    """La table longue, une ligne par case imprimée : 237 lignes pour 244 couples."""
    programmes = {a["numero"]: a["programme"] for a in axes()[1]["actions"]}
    lignes, vus = [TETES_LONGUES], set()
    for annexe in donnees()["annexes"]:
        colonnes = {c["cle"]: c for c in annexe["colonnes"]}
        for d in donnees()["declinaisons"]:
            if d["colonne"] not in colonnes or (d.get("groupe") or object()) in vus:
                continue
            vus.add(d.get("groupe"))
            jumelles = [
                e["action"] for e in donnees()["declinaisons"] if e.get("groupe") == d.get("groupe")
            ]
            numero = "/".join(jumelles) if d.get("groupe") else d["action"]
            rang = str(colonnes[d["colonne"]]["rang"])
            place, remarque = PLACES.get(
                (d["ligne"], d["colonne"]), (rang, REMARQUES.get(d["ligne"], ""))
            )
            imprime = {"421": "40", "422": "41"}.get(str(d["ligne"]), numero)
            lignes.append(
                [
                    annexe["nom"].upper(),
                    colonnes[d["colonne"]]["abrege"],
                    colonnes[d["colonne"]]["libelle"],
                    imprime,
                    numero,
                    programmes[d["action"]],
                    str(d["ligne"]),
                    place,
                    rang,
                    STATUTS.get(S(d["statut"]), d["statut"]),
                    " ; ".join(r["texte"] for r in d.get("renvois") or ()),
                    remarque,
                    texte_imprime(d),
                ]
            )
    return lignes
