"""Preuve de la réunion : des triplets au hasard, comparés à une réunion de référence.

La référence ne connaît ni les formulaires ni les pages : elle réunit des valeurs rangées par
chemin. Un champ va à qui l'a changé ; une liste est un ensemble ; le reste se contredit.
"""

import copy
import random
import uuid
from typing import Any

LISTES = ("pilotes", "partenaires", "territoires")
CHAMPS = ("intitule", "description", "avancement", "prioritaire")
type Canon = dict[tuple[str, ...], Any]


def canon(contenu: Any) -> Canon:
    """Chemin → valeur ; une liste devient l'ensemble de ses lignes."""
    valeurs: Canon = {("titre",): contenu["titre"], ("note_titre",): contenu["note_titre"]}
    for section in contenu["sections"]:
        cle = section["cle"]
        valeurs["s", cle, "texte"] = section["texte"]
        for liste in ("partenaires", "lignes"):
            lignes = (tuple(sorted((k, str(v)) for k, v in x.items())) for x in section[liste])
            valeurs["s", cle, liste] = frozenset(lignes)
        for action in section["actions"]:
            valeurs |= {("a", action["id"], champ): action[champ] for champ in CHAMPS}
            valeurs |= {("a", action["id"], liste): frozenset(action[liste]) for liste in LISTES}
    return valeurs


def reference(base: Canon, leur: Canon, mien: Canon) -> tuple[Canon, set[tuple[str, ...]]]:
    """La réunion, et les objets ou champs qui se contredisent."""
    reunie: Canon = {}
    contraires = set()
    for chemin in {*base, *leur, *mien}:
        objet = chemin[:2] if chemin[0] == "a" else chemin
        b, x, y = (_objet(c, objet) for c in (base, leur, mien))
        if chemin[0] == "a" and (not x or not y):  # ajoutée ou retirée d'un seul côté
            garde = x or y
            if b and garde and garde != b:
                contraires.add(objet)
            elif garde and not b:
                reunie[chemin] = garde[chemin]
            continue
        b, x, y = (c.get(chemin) for c in (base, leur, mien))
        if isinstance(y, frozenset):
            reunie[chemin] = (x & y) | (x - (b or frozenset())) | (y - (b or frozenset()))
        elif x in (b, y):
            reunie[chemin] = y
        elif y == b:
            reunie[chemin] = x
        else:
            contraires.add(chemin)
    return reunie, contraires


def _objet(canon: Canon, debut: tuple[str, ...]) -> Canon:
    return {c: v for c, v in canon.items() if c[: len(debut)] == debut}


class Modele:
    """Une fiche de chaque nature, en mémoire, et les changements qu'on lui fait au hasard."""

    def __init__(self, fiche: Any, agent: Any) -> None:
        from contrats.atelier.cadre import Cadre
        from contrats.contenu.forme import ContenuFiche, action_vide, section_vide
        from contrats.models import Fiche, ModeleFiche
        from partenaires.models import Organisme

        modele = ModeleFiche.objects.create(
            cle=uuid.uuid4().hex, nom="Réunion", type_contrat="reciprocite"
        )
        natures = {"contexte": "texte", "appuis": "partenaires"}
        natures |= {"court": "actions", "etapes": "jalons"}
        for ordre, (cle, nature) in enumerate(natures.items(), 1):
            modele.sections.create(cle=cle, ordre=ordre, libelle=cle, nature=nature)
        self.organismes = [f"organisme-{uuid.uuid4().hex[:6]}-{rang}" for rang in range(6)]
        for cle in self.organismes:
            Organisme.objects.create(cle=cle, nom=cle, nature="organisme")
        en_base = Fiche.objects.create(
            contrat=fiche.contrat, modele=modele, cle=modele.cle, ordre=3, titre="Réunion"
        )
        self.cadre = Cadre(en_base, agent)
        self.base = ContenuFiche(
            titre="Réunion", numero="", numero_deduit=False, note_titre="", axe=None,
            sections=[{**section_vide(cle, cle), "etat": "renseignee"} for cle in natures],
        )  # fmt: skip
        contexte, appuis, court, etapes = self.base["sections"]
        contexte["texte"] = "Le texte de départ."
        appuis["partenaires"] = [{"organisme": o, "mention": o} for o in self.organismes[:3]]
        court["actions"] = [
            {
                **action_vide(),
                "id": str(uuid.uuid4()),
                "intitule": f"Action {rang}",
                "pilotes": self.organismes[:2],
            }
            for rang in range(3)
        ]
        self.action_vide = action_vide()
        etapes["lignes"] = [self.jalon(rang) for rang in range(3)]

    @staticmethod
    def jalon(rang: int) -> dict[str, Any]:
        sans_date = {"echeance_texte": "", "echeance": None, "precision": "jour"}
        return {"intitule": f"Jalon {rang}", **sans_date}

    def changer(self, alea: random.Random) -> Any:
        """Une copie de la base, changée de un à quatre endroits."""
        contenu = copy.deepcopy(self.base)
        for _ in range(alea.randint(1, 4)):
            alea.choice([self._texte, self._action, self._liste, self._presence])(contenu, alea)
        return contenu

    def _texte(self, contenu: Any, alea: random.Random) -> None:
        valeur = f"Texte {alea.randint(1, 3)}"
        champ = alea.choice(("titre", "note_titre", "texte"))
        (contenu["sections"][0] if champ == "texte" else contenu)[champ] = valeur

    def _action(self, contenu: Any, alea: random.Random) -> None:
        actions = contenu["sections"][2]["actions"]
        if actions:
            action = alea.choice(actions)
            if alea.random() < 0.5:
                action["description"] = f"Dit {alea.randint(1, 3)}"
            else:
                action["avancement"] = alea.choice((10, 20))

    def _liste(self, contenu: Any, alea: random.Random) -> None:
        _, appuis, court, etapes = contenu["sections"]
        organisme, rang = alea.choice(self.organismes), alea.randint(0, 5)
        basculer(appuis["partenaires"], {"organisme": organisme, "mention": organisme})
        basculer(etapes["lignes"], self.jalon(rang))
        if court["actions"]:
            basculer(alea.choice(court["actions"])["pilotes"], alea.choice(self.organismes))

    def _presence(self, contenu: Any, alea: random.Random) -> None:
        actions = contenu["sections"][2]["actions"]
        if alea.random() < 0.5 and actions:
            actions.pop(alea.randrange(len(actions)))
        else:
            neuve = copy.deepcopy(self.action_vide)
            neuve |= {"id": str(uuid.UUID(int=alea.getrandbits(128))), "intitule": "Action neuve"}
            actions.insert(alea.randint(0, len(actions)), neuve)

    def reunir(self, leur: Any, mien: Any) -> tuple[Canon | None, set[str]]:
        """Ce que fait la plateforme : la réunion, ou les champs qu'elle demande de départager."""
        from contrats.atelier.conflit import Origine, desaccords
        from contrats.atelier.donnees import encoder
        from contrats.atelier.noms import nommer
        from contrats.atelier.reunion import reunir
        from contrats.atelier.saisie import Saisie

        liste = desaccords(*nommer([self.base, leur, mien], self.cadre))
        contraires = {d.chemin for d in liste if d.origine == Origine.LES_DEUX}
        if contraires:
            return None, contraires
        annuaire = self.cadre.annuaire
        donnees = encoder(mien, annuaire, version=1)
        choix = {d.chemin: d.choix for d in liste}
        reunir(donnees, leur, choix, annuaire, depart=self.base)
        saisie = Saisie(self.cadre, donnees, valider=True)
        if not saisie.est_valide():
            return None, {"invalide"}
        return canon(saisie.contenu()), set()


def basculer(liste: list[Any], valeur: Any) -> None:
    """Ajoute la valeur, ou la retire si elle y est."""
    if valeur in liste:
        liste.remove(valeur)
    else:
        liste.append(valeur)


def prouver_triplets(fiche: Any, agent: Any, nombre: int, graine: int) -> list[int]:
    """Graines des triplets où la plateforme s'écarte de la référence, ou dépend du sens."""
    modele, ecarts = Modele(fiche, agent), []
    for rang in range(graine, graine + nombre):
        alea = random.Random(rang)
        leur, mien = modele.changer(alea), modele.changer(alea)
        attendue, contraires = reference(canon(modele.base), canon(leur), canon(mien))
        obtenue, departages = modele.reunir(leur, mien)
        inverse, _ = modele.reunir(mien, leur)
        juste = bool(contraires) or obtenue == attendue == inverse
        if not juste or {chemin_de(c) for c in contraires} != departages:
            ecarts.append(rang)
    return ecarts


def chemin_de(canonique: tuple[str, ...]) -> str:
    """Le même chemin, dans les mots de la page de réunion."""
    return ":".join({"s": "section", "a": "action"}.get(m, m) for m in canonique)
