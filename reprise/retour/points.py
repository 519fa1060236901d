"""Les points de liste qu'un retour change, ôte, ajoute ou déplace."""

from collections.abc import Iterable
from typing import Any

from contrats.contenu.forme import ContenuInvalide, action_vide
from contrats.models import Contrat, Engagement
from reprise.ecriture.fiches import CHAMPS_VIDES
from reprise.retour.changements import Geste, Oter, Placer

INTITULE_MAX, LIGNE_MAX = 1000, 500
DECALAGE = 10_000  # un ordre ne se partage pas, même un instant


def _dans_l_ordre(gestes: Iterable[Geste]) -> list[Placer]:
    return sorted((g for g in gestes if isinstance(g, Placer)), key=lambda g: g.ordre)


def _exiger(texte: str, maximum: int) -> str:
    if not 0 < len(texte) <= maximum:
        raise ContenuInvalide(
            {texte[:40] or "point": f"Un point a de 1 à {maximum} signes : refusez ce changement."}
        )
    return texte


class Engagements:
    """Ceux du contrat, renumérotés après coup."""

    def __init__(self, contrat: Contrat) -> None:
        self.contrat = contrat
        self.tous = list(contrat.engagements.order_by("ordre"))
        self.ordre = [e.pk for e in self.tous]

    def _par_cle(self, cle: str) -> Engagement | None:
        return next((e for e in self.tous if f"engagement:{e.pk}" == cle), None)

    def ecrire(self, cle: str, texte: str) -> None:
        engagement = self._par_cle(cle)
        if engagement is not None:
            engagement.texte = texte
            engagement.save(update_fields=["texte"])

    def appliquer(self, gestes: list[Geste]) -> None:
        dernier: dict[tuple[str, str], Engagement] = {}
        for geste in _dans_l_ordre(gestes):
            article = int(geste.liste.partition(":")[2] or 0) or None
            point = self._par_cle(geste.cle) if geste.cle else None
            apres = dernier.get((geste.liste, geste.apres)) or self._par_cle(geste.apres)
            if point is not None:
                self.tous.remove(point)
                point.texte, point.article_id = geste.texte, article  # type: ignore[assignment]
            else:
                point = Engagement(contrat=self.contrat, texte=geste.texte, article_id=article)
            siens = [k for k, e in enumerate(self.tous) if e.article_id == article]
            rang = siens[0] if siens else len(self.tous)
            if apres in self.tous:
                rang = self.tous.index(apres) + 1
            self.tous.insert(rang, point)
            dernier[geste.liste, geste.apres] = point
        otes = [e for g in gestes if isinstance(g, Oter) and (e := self._par_cle(g.cle))]
        self.tous = [e for e in self.tous if e not in otes]
        for engagement in otes:
            engagement.delete()
        if otes or _dans_l_ordre(gestes):
            self._renumeroter()

    def _renumeroter(self) -> None:
        """Un engagement neuf est dû et reçu comme celui d'à côté."""
        for ordre, engagement in enumerate(self.tous, DECALAGE):
            engagement.ordre = ordre
            engagement.save()
        for ordre, engagement in enumerate(self.tous, 1):
            engagement.ordre = ordre
            engagement.save(update_fields=["ordre"])
        for rang, engagement in enumerate(self.tous):
            if engagement.pk in self.ordre:
                continue
            voisin = self.tous[rang - 1] if rang else self.tous[min(1, len(self.tous) - 1)]
            connu = voisin if voisin.pk in self.ordre else None
            parties = list(self.contrat.parties.all())
            engagement.porteurs.set(connu.porteurs.all() if connu else parties)
            engagement.beneficiaires.set(connu.beneficiaires.all() if connu else parties)


class PointsDeFiche:
    """Actions et lignes du contenu d'une fiche ; une action déplacée garde son suivi."""

    def __init__(self, sections: dict[str, Any]) -> None:
        self.sections = sections
        # Les rangs d'avant : une ligne ôtée ne décale pas celles qui suivent.
        self.lignes = {
            f"{cle}:ligne:{rang}": ligne
            for cle, s in sections.items()
            for rang, ligne in enumerate(s["lignes"], 1)
        }

        self.champs = {cle: tuple(s["lignes"][0]) for cle, s in sections.items() if s["lignes"]}

    def ecrire(self, cle: str, texte: str) -> None:
        _, _, reste = cle.split(":", 2)
        if reste.startswith("action:"):
            _, identifiant, champ = reste.split(":")
            action = self._action(identifiant)
            if action is not None:
                action[champ] = _exiger(texte, INTITULE_MAX) if champ == "intitule" else texte
        elif reste in self.lignes:
            self.lignes[reste]["intitule"] = _exiger(texte, LIGNE_MAX)

    def appliquer(self, gestes: list[Geste]) -> None:
        dernier: dict[tuple[str, str, int], Any] = {}
        for geste in _dans_l_ordre(gestes):
            cle = (geste.liste, geste.apres, geste.niveau)
            if not geste.niveau:  # les sous-points qui suivent sont les siens
                dernier.pop((geste.liste, geste.apres, 1), None)
            if ":actions:" in geste.liste:
                dernier[cle] = self._placer_action(geste, dernier.get(cle), dernier)
            else:
                dernier[cle] = self._placer_ligne(geste, dernier.get(cle))
        for cle_otee in [g.cle for g in gestes if isinstance(g, Oter)]:
            self._oter(cle_otee)

    # Actions

    def _listes(self) -> Iterable[list[Any]]:
        for section in self.sections.values():
            pile = [section["actions"]]
            while pile:
                liste = pile.pop()
                yield liste
                pile += [a["sous_actions"] for a in liste]

    def _ou(self, action: Any) -> tuple[list[Any], int] | None:
        for liste in self._listes():
            for rang, autre in enumerate(liste):
                if autre is action:
                    return liste, rang
        return None

    def _action(self, identifiant: str) -> Any:
        return next((a for li in self._listes() for a in li if a["id"] == identifiant), None)

    def _placer_action(self, geste: Placer, precedente: Any, dernier: dict[Any, Any]) -> Any:
        section = self.sections[geste.liste.rpartition(":")[2]]
        action = self._action(geste.cle.split(":")[3]) if geste.cle else None
        if action is not None and (ou := self._ou(action)):
            del ou[0][ou[1]]
        else:
            action = action_vide()
            voisine = next((a for li in self._listes() for a in li), None)
            action["territoires"] = list(voisine["territoires"]) if voisine else []
        if geste.texte or not geste.cle:  # sans texte, l'action change seulement de place
            action["intitule"] = _exiger(geste.texte, INTITULE_MAX)
        apres = precedente
        if apres is None and geste.niveau:  # sous un point ajouté juste avant
            apres = dernier.get((geste.liste, geste.apres, 0))
        if apres is None and geste.apres:
            apres = self._action(geste.apres.split(":")[3])
        self._inserer(section, action, apres, geste.niveau)
        return action

    def _inserer(self, section: Any, action: Any, apres: Any, niveau: int) -> None:
        ou = self._ou(apres) if apres is not None else None
        if ou is None:
            section["actions"].insert(0, action)
            return
        liste, rang = ou
        racine = next((a for a in section["actions"] if a is apres), None)
        if niveau and racine is not None:
            racine["sous_actions"].insert(0, action)
        elif niveau or racine is not None:
            liste.insert(rang + 1, action)
        else:  # après un sous-point, au niveau de son action
            mere = next((k for k, a in enumerate(section["actions"]) if _contient(a, apres)), None)
            section["actions"].insert(0 if mere is None else mere + 1, action)

    # Lignes

    def _placer_ligne(self, geste: Placer, precedente: Any) -> Any:
        cle = geste.liste.rpartition(":")[2]
        section = self.sections[cle]
        deja = self.lignes.get(geste.cle.split(":", 2)[2]) if geste.cle else None
        if deja is None:
            deja = {c: CHAMPS_VIDES.get(c) for c in self.champs[cle]}
        else:
            section["lignes"] = [li for li in section["lignes"] if li is not deja]
        deja["intitule"] = _exiger(geste.texte, LIGNE_MAX)
        apres = precedente or (
            self.lignes.get(geste.apres.split(":", 2)[2]) if geste.apres else None
        )
        rangs = [k for k, li in enumerate(section["lignes"]) if li is apres]
        section["lignes"].insert(rangs[0] + 1 if rangs else 0, deja)
        return deja

    def _oter(self, cle: str) -> None:
        _, _, reste = cle.split(":", 2)
        if reste.startswith("action:"):
            action = self._action(reste.split(":")[1])
            if action is not None and (ou := self._ou(action)):
                del ou[0][ou[1]]
            return
        ligne = self.lignes.get(reste)
        section = self.sections[reste.partition(":")[0]]
        section["lignes"] = [li for li in section["lignes"] if li is not ligne]


def _contient(action: Any, autre: Any) -> bool:
    return any(a is autre or _contient(a, autre) for a in action["sous_actions"])
