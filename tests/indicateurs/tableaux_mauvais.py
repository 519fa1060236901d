"""Plus de quarante genres de mauvais tableaux : (octets, ce que la phrase doit nommer).

Ceux que l'ouverture refuse (`FICHIERS`), ceux que la lecture refuse ligne à ligne (`CONTENUS`) : le
contenu est bon sauf une case, et la place dite est la sienne.
"""

import gzip
import io
import zipfile

from openpyxl import Workbook

BON = "indicateur;code;millesime;valeur;statut;note\nrevenu;QP000901;2019;12,5;;\n"


def classeur(*lignes, **gestes):
    livre = Workbook()
    feuille = livre.active
    feuille.title = "Mesures"
    for ligne in lignes or (["indicateur", "code", "millesime", "valeur"],):
        feuille.append(ligne)
    for geste in gestes.values():
        geste(livre)
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def masquer(livre):
    livre.create_sheet("Cachée").sheet_state = "hidden"


def zip_de(*noms):
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for nom in noms:
            archive.writestr(nom, "contenu")
    return sortie.getvalue()


ENTETE = ["indicateur", "code", "millesime", "valeur"]
FICHIERS = {
    "vide": (b"", ["vide"]),
    "que_des_blancs": (b" \n\t\n", ["vide"]),
    "pdf": (b"%PDF-1.7 ...", ["un PDF"]),
    "image": (b"\x89PNG\r\n\x1a\n", ["image PNG"]),
    "programme": (b"MZ\x90\x00", ["programme"]),
    "json": (b'{"valeur": 1}', ["JSON"]),
    "page_web": (b"<!DOCTYPE html><table></table>", ["page web"]),
    "parquet": (b"PAR1 ...", ["Parquet"]),
    "gzip": (gzip.compress(BON.encode()), ["GZIP"]),
    "xls_ancien": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64, ["avant 2007"]),
    "word": (zip_de("word/document.xml"), ["Word"]),
    "ods": (zip_de("mimetype", "content.xml"), ["OpenDocument"]),
    "zip_de_csv": (zip_de("mesures.csv"), ["ZIP"]),
    "texte_libre": (b"Bonjour, voici les chiffres\n", ["pas un tableau"]),
    "octet_nul": (BON.encode() + b"a;\x00;b\n", ["Ligne 3"]),
    "guillemet_ouvert": (BON.encode() + b'x;"y;2019;1\n', ["Ligne 3", "guillemet"]),
    "caractere_invisible": (BON.replace("12,5", "12\x075").encode(), ["Ligne 2", "colonne D"]),
    "formule_csv": (BON.replace("12,5", "=SOMME(A1)").encode(), ["Ligne 2", "formule"]),
    "formule_xlsx": (classeur(ENTETE, ["revenu", "QP000901", "2019", "=1+1"]), ["D2", "formule"]),
    "erreur_xlsx": (classeur(ENTETE, ["revenu", "QP000901", "2019", "#N/A"]), ["D2"]),
    "feuille_masquee": (classeur(ENTETE, masquer=masquer), ["Cachée", "masquée"]),
    "sans_entete": (b"a;b;c\n1;2;3\n", ["en-tête", "ligne 1"]),
    "entete_sans_lieu": (b"millesime;valeur;note\n2019;1;\n", ["en-tête", "territoire"]),
    "entete_sans_valeur": (b"code;nom;note\nQP000901;A;\n", ["en-tête"]),
    "entete_seul": (BON.split("\n")[0].encode(), ["Ligne 1", "aucune ligne"]),
}


def avec(**cases):
    """Le bon tableau, une case changée."""
    ligne = {
        "indicateur": "revenu",
        "code": "QP000901",
        "millesime": "2019",
        "valeur": "12,5",
        "statut": "",
        "note": "",
    } | cases
    return f"{';'.join(ligne)}\n{';'.join(ligne.values())}\n".encode()


CONTENUS = {
    "indicateur_inconnu": (avec(indicateur="chomage"), ["Ligne 2", "Indicateur inconnu", "revenu"]),
    "indicateur_absent": (avec(indicateur=""), ["Ligne 2", "indicateur n'est pas dit"]),
    "indicateur_ecarte": (avec(indicateur="obesite"), ["Indicateur inconnu"]),
    "territoire_inconnu": (avec(code="QP999999"), ["Ligne 2", "Territoire inconnu", "QP999999"]),
    "territoire_absent": (avec(code=""), ["Ligne 2", "territoire n'est pas dit"]),
    "territoire_d_ailleurs": (avec(code="QP000999"), ["Territoire inconnu"]),
    "nom_de_deux_generations": (
        b"indicateur;quartier;millesime;valeur\nrevenu;Empalot;2019;1\n",
        ["Ligne 2", "plusieurs territoires", "2015", "2024"],
    ),
    "generation_contraire": (
        b"indicateur;code;generation;millesime;valeur\nrevenu;QP000901;2024;2019;1\n",
        ["Ligne 2", "2015", "2024"],
    ),
    "millesime_absent": (avec(millesime=""), ["Ligne 2", "millésime n'est pas dit"]),
    "millesime_en_lettres": (avec(millesime="l'an dernier"), ["Ligne 2", "pas un millésime"]),
    "annee_a_deux_chiffres": (avec(millesime="19"), ["pas un millésime"]),
    "annee_trop_lointaine": (avec(millesime="3019"), ["pas un millésime"]),
    "date_impossible": (avec(millesime="31/02/2019"), ["calendrier"]),
    "mois_inconnu": (avec(millesime="1er brumaire 2019"), ["mois"]),
    "periode_a_l_envers": (avec(millesime="2017-2013"), ["fin d'une période"]),
    "liste_en_desordre": (avec(millesime="2015 et 2014"), ["dans l'ordre"]),
    "valeur_vide": (avec(valeur=""), ["Ligne 2", "colonne D", "ase vide"]),
    "valeur_en_lettres": (avec(valeur="douze"), ["Ligne 2", "colonne D", "douze"]),
    "tiret": (avec(valeur="-"), ["« - »"]),
    "deux_virgules": (avec(valeur="12,5,3"), ["12,5,3"]),
    "milliers_au_point": (avec(valeur="1.234.567"), ["milliers"]),
    "milliers_a_la_virgule": (avec(valeur="1,234,567"), ["milliers"]),
    "exposant": (avec(valeur="1e5"), ["1e5"]),
    "infini": (avec(valeur="inf"), ["inf"]),
    "pas_un_nombre": (avec(valeur="NaN"), ["NaN"]),
    "trop_grand": (avec(valeur="9999999999999"), ["trop grand"]),
    "trop_de_decimales": (avec(valeur="1,1234567"), ["six décimales"]),
    "sup_a": (avec(valeur="<5"), ["« <5 »"]),
    "statut_inconnu": (avec(statut="bof"), ["Statut inconnu", "bof"]),
    "statut_contraire": (avec(statut="secret"), ["contredisent"]),
    "signe_et_statut_contraires": (avec(valeur="s", statut="publiee"), ["contredisent"]),
    "statut_publie_sans_valeur": (avec(valeur="", statut="publiee"), ["ase vide"]),
    "note_trop_longue": (avec(note="x" * 301), ["Note", "300"]),
    "nombre_compte_negatif": (avec(indicateur="logements", valeur="-3"), ["négatif"]),
    "deux_fois_la_meme": (
        avec() + b"revenu;QP000901;2019;13;;\n",
        ["Ligne 3", "Déjà dit", "ligne 2"],
    ),
    "deux_fois_par_deux_noms": (
        b"indicateur;code;quartier;millesime;valeur\n"
        b"revenu;QP000901;;2019;1\nrevenu;;Arenes;2019;2\n",
        ["Ligne 3", "Déjà dit"],
    ),
    "colonne_en_double": (
        b"code;2014;2014;indicateur\nQP000901;1;2;revenu\n",
        ["Ligne 1", "colonne C", "double"],
    ),
    "large_par_deux": (
        b"code;2014;revenu;indicateur\nQP000901;1;2;revenu\n",
        ["Ligne 1", "choisissez"],
    ),
    "large_et_longue": (
        b"code;2014;valeur;indicateur\nQP000901;1;2;revenu\n",
        ["Ligne 1", "choisissez"],
    ),
    "large_sans_indicateur": (b"code;2014;2016\nQP000901;1;2\n", ["Ligne 2", "indicateur"]),
    "large_sans_millesime": (b"code;revenu;logements\nQP000901;1;2\n", ["Ligne 2", "millésime"]),
    "large_une_case_fausse": (
        b"indicateur;code;2014;2016\nrevenu;QP000901;1;x\n",
        ["Ligne 2", "colonne D"],
    ),
}
