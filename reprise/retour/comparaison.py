"""Le redline : paragraphe par paragraphe, ce qui a changé entre le contrat et le fichier revenu."""

import hashlib
import re
from collections import Counter
from functools import cached_property

from contrats.models import Contrat, Fiche
from reprise.lecture import DocumentRefuse
from reprise.retour.alignement import aligner
from reprise.retour.changements import (
    Changement,
    Ecrire,
    Genre,
    Geste,
    Oter,
    Placer,
    Retoucher,
)
from reprise.retour.docx import AVERTISSEMENT, FICHE_SEULE, en_docx
from reprise.retour.pieces import Piece, pieces_du_contrat
from reprise.retour.relecture import Ligne, lignes_de, lisible
from reprise.retour.sous_points import SousPoints

VERSION = re.compile(r"^Version (\d{1,6})\. ")
PAS_UN_RETOUR = (
    "Ce fichier n'est pas un retour de ce contrat : aucun de ses textes n'y répond. "
    "Repartez d'un export de la plateforme."
)
HORS = "L'en-tête, la table des parties et les signatures ne s'amendent pas par un retour."
TITRE = "Un titre ne se retire pas par un retour : supprimez la partie depuis l'atelier."
FIXE = "Ce passage a une place fixe : il ne se déplace pas par un retour."


def fiches_de(contrat: Contrat, seule: Fiche | None = None) -> list[Fiche]:
    if seule is not None:
        return [seule]
    vivantes = Fiche.objects.vivantes().filter(contrat=contrat).select_related("modele", "axe")
    return list(vivantes.order_by("ordre", "pk"))


def exporter(contrat: Contrat, seule: Fiche | None = None) -> bytes:
    """Le contrat, ou une de ses fiches, en DOCX."""
    pieces = pieces_du_contrat(contrat, fiches_de(contrat, seule), entier=seule is None)
    version = f"Version {seule.version if seule else contrat.version}"
    return en_docx(contrat, pieces, version=version, seule=seule)


def comparer(contrat: Contrat, octets: bytes) -> list[Changement]:
    """Les changements, dans l'ordre du fichier revenu ; vide si rien n'a bougé."""
    return Comparaison(contrat, octets).changements


class Comparaison:
    """Un fichier revenu face au contrat, ou à la fiche que ce fichier ne contient qu'elle.

    Le texte en vigueur passe par le même aller-retour que le fichier : une différence de forme
    entre Markdown et Word n'est pas un changement. Lève `DocumentRefuse` si rien ne répond.
    """

    def __init__(self, contrat: Contrat, octets: bytes) -> None:
        self.contrat = contrat
        revenus = lignes_de(octets)
        self.seule = self._fiche_seule(revenus)
        self.version = next((int(m[1]) for li in revenus if (m := VERSION.match(li.nu))), None)
        self.pieces = pieces_du_contrat(
            contrat, fiches_de(contrat, self.seule), entier=self.seule is None
        )
        self.par_cle = {p.cle: p for p in self.pieces}
        partis = lignes_de(en_docx(contrat, self.pieces, version="", seule=self.seule))
        self.partis = [li for li in partis if AVERTISSEMENT not in li.nu]
        self.revenus = [li for li in revenus if AVERTISSEMENT not in li.nu]
        self._situer()
        self.alignement = aligner(self.partis, self.revenus)
        origine, deplaces = self.alignement.origine, self.alignement.deplaces
        self.en_place = {i for j, i in origine.items() if j not in deplaces}
        if not any(self.piece_de[i] for i in origine.values()):
            raise DocumentRefuse(PAS_UN_RETOUR)
        self.sous_points = SousPoints(self)

    def _fiche_seule(self, revenus: list[Ligne]) -> Fiche | None:
        """La fiche dont le fichier est l'export, si ce n'est pas le contrat entier."""
        marque = next((li.ancre for li in revenus if li.ancre.startswith(FICHE_SEULE)), "")
        if not marque:
            return None
        vivantes = Fiche.objects.vivantes().filter(contrat=self.contrat)
        for fiche in vivantes.select_related("modele", "axe", "contrat").order_by("pk"):
            if marque == FICHE_SEULE + fiche.public_id.hex:
                return fiche
        raise DocumentRefuse("La fiche de ce fichier n'est plus dans ce contrat.")

    @property
    def version_actuelle(self) -> int:
        return self.seule.version if self.seule else self.contrat.version

    # Où l'on est dans le texte en vigueur

    def _situer(self) -> None:
        """La pièce de chaque paragraphe en vigueur, et son rang dans elle."""
        par_ancre = {p.ancre: p for p in self.pieces}
        self.piece_de: list[Piece | None] = []
        self.rang_de: list[int] = []
        self.blocs: dict[str, list[str]] = {p.cle: [] for p in self.pieces}
        courante: Piece | None = None
        for ligne in self.partis:
            if ligne.ancre:
                courante = par_ancre.get(ligne.ancre)
            self.piece_de.append(courante)
            self.rang_de.append(len(self.blocs[courante.cle]) if courante else 0)
            if courante:
                self.blocs[courante.cle].append(ligne.texte)

    @cached_property
    def changements(self) -> list[Changement]:
        self.vus: Counter[str] = Counter()
        places: list[tuple[float, Changement]] = []
        origine, deplaces = self.alignement.origine, self.alignement.deplaces
        dernier = -1
        rangs = {}  # paragraphe parti → rang du fichier revenu où il se montre
        for j in range(len(self.revenus)):
            i = origine.get(j)
            if i is None:
                places.append((j, self._ajoute(j)))
            elif j in deplaces or (
                j not in self.sous_points.portes and self._change_de_niveau(i, j)
            ):
                places += [(j, c) for c in self._deplace(i, j)]
            else:
                rangs.update(dict.fromkeys(range(dernier + 1, i), j - 0.5))
                dernier = i
                if changement := self._modifie(i, j):
                    places.append((j, changement))
        gardes = set(origine.values())
        fin = len(self.revenus)
        places += [
            (rangs.get(i, fin), self._supprime(i))
            for i in range(len(self.partis))
            if i not in gardes
        ]
        return [changement for _, changement in sorted(places, key=lambda p: p[0])]

    # Un changement de chaque genre

    def _modifie(self, i: int, j: int) -> Changement | None:
        piece, avant, apres = self.piece_de[i], self.partis[i], self.revenus[j]
        if piece is None:
            if avant.nu == apres.nu:
                return None
            return self._un(Genre.MODIFIE, None, avant.nu, apres.nu, obstacle=HORS)
        gestes, dit_avant, dit_apres = self._reecrire(piece, i, j)
        orphelin = apres.puce and not (j and self.revenus[j - 1].puce)
        if dit_avant == dit_apres or (orphelin and dit_avant.lstrip() == dit_apres.lstrip()):
            return None  # un sous-point sans point au-dessus de lui n'en est plus un
        return self._un(Genre.MODIFIE, piece, dit_avant, dit_apres, gestes)

    def _reecrire(self, piece: Piece, i: int, j: int) -> tuple[list[Geste], str, str]:
        avant, apres = self.partis[i], self.revenus[j]
        if piece.nue:
            dits = _sans_habit(piece, avant.nu), _sans_habit(piece, apres.nu)
            return [Ecrire(piece.cle, dits[1])], *dits
        base, rang = tuple(self.blocs[piece.cle]), self.rang_de[i]
        geste = Retoucher(piece.cle, base, rang, True, apres.texte, j)
        return [geste], lisible(avant.texte), lisible(apres.texte)

    def _supprime(self, i: int) -> Changement:
        piece, ligne = self.piece_de[i], self.partis[i]
        if piece is None:
            return self._un(Genre.SUPPRIME, None, ligne.nu, "", obstacle=HORS)
        if piece.est_titre:
            avant = _sans_habit(piece, ligne.nu)
            return self._un(Genre.SUPPRIME, piece, avant, "", obstacle=TITRE)
        gestes = [*self.sous_points.laisses.get(i, ()), self._oter(piece, i)]
        return self._un(Genre.SUPPRIME, piece, self._avant(piece, i), "", gestes)

    def _avant(self, piece: Piece, i: int) -> str:
        ligne = self.partis[i]
        return _sans_habit(piece, ligne.nu) if piece.nue else lisible(ligne.texte)

    def _oter(self, piece: Piece, i: int) -> Geste:
        if piece.est_point:
            return Oter(piece.cle)
        if piece.nue:
            return Ecrire(piece.cle, "")
        base = tuple(self.blocs[piece.cle])
        return Retoucher(piece.cle, base, self.rang_de[i], True, "")

    def _ajoute(self, j: int) -> Changement:
        ligne = self.revenus[j]
        geste, piece = self.destination(j, self.sous_points.niveau(j))
        if geste is None:
            return self._un(Genre.AJOUTE, None, "", ligne.nu, obstacle=HORS)
        apres = ligne.nu if isinstance(geste, Placer) else lisible(ligne.texte)
        gestes = [geste, *self.sous_points.pris(j, geste)]
        return self._un(Genre.AJOUTE, piece, "", apres, gestes)

    def _deplace(self, i: int, j: int) -> list[Changement]:
        """Ailleurs dans le document, ou à un autre niveau de sa liste."""
        piece, ligne = self.piece_de[i], self.revenus[j]
        geste, vers = self.destination(j, self.sous_points.niveau(j))
        if piece and self._reste_dans_sa_section(piece, geste):
            changement = self._modifie(i, j)
            return [changement] if changement else []
        if piece is None or geste is None or (piece.nue and not piece.est_point):
            obstacle = HORS if piece is None else FIXE
            return [self._un(Genre.DEPLACE, piece, self.partis[i].nu, ligne.nu, obstacle=obstacle)]
        orphelins = self.sous_points.pris(j, geste, piece.cle)
        orphelins += self.sous_points.laisses.get(i, [])
        if not orphelins and self._y_est_deja(piece, i, geste):
            changement = self._modifie(i, j)
            return [changement] if changement else []
        avant = self._avant(piece, i)
        apres = ligne.nu if isinstance(geste, Placer) else lisible(ligne.texte)
        gestes: list[Geste] = [self._oter(piece, i), geste, *orphelins]
        if isinstance(geste, Placer) and piece.est_point:
            apres = _sans_habit(piece, ligne.nu)
            if _meme_fiche(piece.liste, geste.liste):
                place = Placer(geste.liste, geste.apres, geste.niveau, apres, piece.cle, j)
                gestes = [place, *orphelins]
        return [self._un(Genre.DEPLACE, vers or piece, avant, apres, gestes, ou=self._ou(j))]

    def _y_est_deja(self, piece: Piece, i: int, geste: Geste) -> bool:
        """Le fichier le montre ailleurs, mais le contrat ne l'imprime qu'à cette place-là."""
        if isinstance(geste, Retoucher):
            rang = self.rang_de[i]
            entre = range(geste.rang, rang) if geste.rang <= rang else range(rang + 1, geste.rang)
            return geste.cle == piece.cle and not any(i - rang + k in self.en_place for k in entre)
        if not isinstance(geste, Placer) or geste.liste != piece.liste or not piece.est_point:
            return False
        freres = [
            autre
            for k in range(i)
            if k in self.en_place and (autre := self.piece_de[k])
            if autre.est_point and autre.liste == piece.liste
        ]
        apres = next((f for f in freres if f.cle == geste.apres), None)
        if not geste.niveau:  # les sous-points d'une action la suivent
            rang = freres.index(apres) + 1 if apres else 0
            apres = next((f for f in reversed(freres[:rang]) if f.forme == "puce"), None)
            freres = [f for f in freres if f.forme == "puce"]
        meme_niveau = (piece.forme == "puce2") == (geste.niveau > 0)
        en_tete = not geste.apres and not freres
        return meme_niveau and (en_tete or (bool(freres) and apres == freres[-1]))

    @staticmethod
    def _reste_dans_sa_section(piece: Piece, geste: Geste | None) -> bool:
        """Une liste de partenaires passée sous un texte : le contrat l'imprime après lui."""
        fixe = piece.nue and not (piece.est_point or piece.est_titre)
        return fixe and isinstance(geste, Retoucher) and geste.cle == piece.suite

    def _ou(self, j: int) -> str:
        avant = next((li.nu for li in self.revenus[j - 1 :: -1] if li.nu), "") if j else ""
        return f"après « {avant[:60]}{'…' * (len(avant) > 60)} »" if avant else "au début"

    def _change_de_niveau(self, i: int, j: int) -> bool:
        piece, ligne = self.piece_de[i], self.revenus[j]
        if piece is None or not piece.est_point or ":actions:" not in piece.liste:
            return False
        return ligne.puce and (piece.forme == "puce2") != (self.sous_points.niveau(j) > 0)

    # Où va un paragraphe qui n'était pas là

    def _voisins(self, j: int) -> tuple[int | None, int | None]:
        """Les paragraphes en vigueur, restés à leur place, qui encadrent celui-ci."""
        origine, deplaces = self.alignement.origine, self.alignement.deplaces
        avant = (k for k in range(j - 1, -1, -1) if k in origine and k not in deplaces)
        apres = (k for k in range(j + 1, len(self.revenus)) if k in origine and k not in deplaces)
        k, n = next(avant, None), next(apres, None)
        return (None if k is None else origine[k]), (None if n is None else origine[n])

    def destination(self, j: int, niveau: int) -> tuple[Geste | None, Piece | None]:
        ligne, (p, n) = self.revenus[j], self._voisins(j)
        avant = self.piece_de[p] if p is not None else None
        apres = self.piece_de[n] if n is not None else None
        if ligne.puce:
            place = self._dans_une_liste(j, avant, apres, p, niveau)
            if place is not None:
                return place
        elif deplacee := self._action_deplacee(j):
            return self._dans_un_texte(deplacee.suite, 0, j)
        if avant is None:
            if apres is None or apres.nue:
                return None, None
            return self._dans_un_texte(apres.cle, 0, j)
        if not avant.nue:
            return self._dans_un_texte(avant.cle, self.rang_de[p or 0] + 1, j)
        if not avant.suite:
            return None, avant
        en_tete = avant.est_titre or avant.suite.endswith(":description")
        rang = 0 if en_tete else len(self.blocs.get(avant.suite, ()))
        return self._dans_un_texte(avant.suite, rang, j)

    def _dans_un_texte(self, cle: str, rang: int, j: int) -> tuple[Geste, Piece | None]:
        base = tuple(self.blocs.get(cle, ()))
        geste = Retoucher(cle, base, rang, False, self.revenus[j].texte, j)
        action = cle.removesuffix(":description") + ":intitule"
        return geste, self.par_cle.get(cle) or self.par_cle.get(action)

    def _action_deplacee(self, j: int) -> Piece | None:
        """L'action venue se poser juste au-dessus : ce qui la suit la décrit."""
        k = next((k for k in range(j - 1, -1, -1) if k in self.alignement.origine), None)
        piece = None if k is None else self.piece_de[self.alignement.origine[k]]
        if piece is None or k not in self.alignement.deplaces or ":actions:" not in piece.liste:
            return None
        return piece if piece.est_point else None

    def _dans_une_liste(
        self, j: int, avant: Piece | None, apres: Piece | None, p: int | None, niveau: int
    ) -> tuple[Geste, Piece] | None:
        ligne = self.revenus[j]
        if avant is not None and avant.liste:
            point = avant.cle
            if not avant.est_point:  # la description d'une action
                if p is not None and self.partis[p].puce:
                    return None
                point = avant.cle.removesuffix(":description") + ":intitule"
            return Placer(avant.liste, point, niveau, ligne.nu, ordre=j), avant
        dans_le_texte = p is not None and self.partis[p].puce and avant and not avant.nue
        if apres is not None and apres.est_point and not dans_le_texte:
            return Placer(apres.liste, "", 0, ligne.nu, ordre=j), apres
        return None

    def _un(
        self,
        genre: Genre,
        piece: Piece | None,
        avant: str,
        apres: str,
        gestes: list[Geste] | None = None,
        *,
        ou: str = "",
        obstacle: str = "",
    ) -> Changement:
        """Sa clé dit ce qu'il propose, face à quoi : un refus ne vaut que pour cela."""
        nom = "\x00".join((genre, piece.cle if piece else "", avant, apres))
        self.vus[nom] += 1
        cle = hashlib.sha256(f"{nom}\x00{self.vus[nom]}".encode()).hexdigest()[:20]
        return Changement(
            cle,
            genre,
            piece.groupe if piece else "Hors du texte",
            piece.libelle if piece else "En-tête et signatures",
            avant,
            apres,
            tuple(gestes or ()),
            ou,
            obstacle,
        )


def _sans_habit(piece: Piece, nu: str) -> str:
    """Le texte, sans le numéro ou l'échéance qui s'impriment autour."""
    if piece.suffixe:
        nu = nu.removesuffix(piece.suffixe.strip()).strip()
    return nu.removeprefix(piece.prefixe.strip()).strip()


def _meme_fiche(liste: str, autre: str) -> bool:
    """Entre deux listes d'actions d'une fiche, ou dans une même liste, un point garde son suivi."""
    if liste == autre:
        return True
    prefixes = [x.rpartition(":")[0] for x in (liste, autre)]
    return prefixes[0] == prefixes[1] and prefixes[0].endswith(":actions")
