"""Preuve par l'écran : rien de tapé ne se perd, et personne n'est en conflit avec soi-même.

    python -m bench.ecriture [--enregistrements 1000] [--scripts 1000] [--triplets 500] [--graine 7]

Sur une base jetable (SQLite, ou PostgreSQL si DATABASE_URL y mène). Les pages sont lues, remplies
et renvoyées comme par un navigateur, avec ou sans script ; le réseau perd des envois et des
réponses, ou les livre en retard ; des onglets meurent. `conflicts` compte les faux conflits ;
`lost`, les mots reçus par le serveur que ni la fiche, ni l'historique, ni les brouillons n'ont.
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.concurrence import base_jetable, preparer
from bench.formulaire import avec, lire_formulaire

URLENCODE = "application/x-www-form-urlencoded"


class Onglet:
    """Une page d'édition ouverte ; avec script, elle reste en place et compte ses envois."""

    def __init__(self, client: Any, fiche: Any, *, script: bool, reprise: str = "") -> None:
        self.client, self.script = client, script
        self.chemin = f"/atelier/fiches/{fiche.public_id}/"
        suffixe = f"?brouillon={reprise}" if reprise else ""
        self.lire(client.get(self.chemin + suffixe, follow=True))

    def lire(self, reponse: Any) -> None:
        self.champs = lire_formulaire(reponse.content.decode(), "fiche")

    def valeur(self, nom: str) -> str:
        return next((v for n, v in self.champs if n == nom), "")

    def ecrire(self, **valeurs: str) -> None:
        self.champs = avec(self.champs, **valeurs)

    def taper(self, champ: str, mot: str) -> None:
        self.ecrire(**{champ: f"{self.valeur(champ)} {mot}".strip()})

    def corps(self, **en_plus: str) -> str:
        if self.script:
            self.ecrire(ordre=str(int(self.valeur("ordre")) + 1))
            en_plus["script"] = "1"
        return urlencode([*self.champs, *en_plus.items()])

    def corps_du_brouillon(self) -> str:
        """Pendant une réunion, le texte descend encore de la version de départ."""
        depart, corps = self.valeur("depart"), self.corps()
        ici = f"version={self.valeur('version')}&"
        return corps.replace(ici, f"version={depart}&") if depart else corps

    def poster(self, corps: str, chemin: str = "") -> Any:
        return self.client.post(self.chemin + chemin, corps, content_type=URLENCODE)

    def recevoir(self, reponse: Any) -> None:
        """Ce que le navigateur fait de la réponse d'un enregistrement."""
        if reponse.status_code != 302:
            self.lire(reponse)
            return
        neuve = self.client.get(reponse.url)
        if not self.script or "reunie" in reponse.url or self.valeur("reunir"):
            page, ordre = self.valeur("page"), self.valeur("ordre")
            self.lire(neuve)
            if self.script:  # la page reste la même
                self.ecrire(page=page, ordre=ordre)
            return
        recus = dict(lire_formulaire(neuve.content.decode(), "fiche"))
        self.ecrire(version=recus["version"], reprise=recus["reprise"])


def prouver_soi_meme(fiche: Any, client: Any, nombre: int, graine: int) -> int:
    """Une personne, un onglet : faux conflits en `nombre` envois, par un mauvais réseau."""
    alea, onglet = random.Random(graine), Onglet(client, fiche, script=True)
    en_retard: list[Callable[[], Any]] = []
    conflits = faits = 0
    while faits < nombre:
        onglet.taper(alea.choice(champs_de_texte(onglet)), f"m{faits}")
        if alea.random() < 0.3:
            corps = onglet.corps()
            en_retard.append(lambda corps=corps: onglet.poster(corps, "brouillon/"))
        corps, sort = onglet.corps(geste="enregistrer"), alea.random()
        if sort < 0.15:  # l'envoi se perd, ou n'arrivera que bien plus tard
            en_retard += [lambda corps=corps: onglet.poster(corps)] * (sort < 0.08)
            continue
        reponse = onglet.poster(corps)
        faits += 1
        conflits += reponse.status_code != 302
        if sort > 0.4:  # sinon la réponse se perd : la page ne sait rien
            onglet.recevoir(reponse)
        while en_retard and alea.random() < 0.5:
            en_retard.pop(alea.randrange(len(en_retard)))()
    onglet.poster(onglet.corps(geste="enregistrer"))
    enregistre = dict(Onglet(client, fiche, script=True).champs)
    perdus = [n for n in champs_de_texte(onglet) if enregistre[n] != onglet.valeur(n)]
    return conflits + len(perdus)


def champs_de_texte(onglet: Onglet) -> list[str]:
    """Champs où l'on rédige : le contexte, les descriptions d'actions, la note."""
    fins = ("-texte", "-description", "-note_titre")
    noms = [n for n, _ in onglet.champs if n.endswith(fins) and not n.startswith("seule")]
    if not onglet.valeur("reunir"):
        return noms
    # Pendant une réunion, seul ce qui est à départager se récrit.
    contestes = {nom_du_champ(v) for n, v in onglet.champs if n == "conteste"}
    return [nom for nom in noms if nom in contestes] or ["motif"]


def nom_du_champ(chemin: str) -> str:
    """Nom, dans la page, du champ de ce chemin."""
    from contrats.atelier import conflit

    return conflit.nom_du_champ(chemin)


class Script:
    """Un scénario au hasard : des personnes, leurs onglets, un réseau qui perd et retarde."""

    PAS = 14

    def __init__(self, fiche: Any, clients: list[Any], graine: int) -> None:
        self.fiche, self.alea = fiche, random.Random(graine)
        self.clients = clients[: self.alea.choice((1, 2, 3))]
        self.onglets = [self.ouvrir(client) for client in self.clients]
        if len(self.clients) == 1 or self.alea.random() < 0.3:
            self.onglets.append(self.ouvrir(self.clients[0]))  # deux onglets d'une même personne
        self.recus: set[str] = set()
        self.tapes: dict[int, set[str]] = {id(onglet): set() for onglet in self.onglets}
        self.mots = 0
        self.en_retard: list[Callable[[], Any]] = []

    def ouvrir(self, client: Any, reprise: str = "") -> Onglet:
        script = self.alea.random() < 0.7
        return Onglet(client, self.fiche, script=script, reprise=reprise)

    def jouer(self) -> set[str]:
        """Joue le scénario ; rend les mots reçus par le serveur que plus rien ne contient."""
        gestes = [self.taper, self.taper, self.brouillon, self.enregistrer, self.mourir]
        for _ in range(self.PAS):
            self.alea.choices(gestes, [4, 4, 3, 4, 1])[0](self.alea.choice(self.onglets))
            if self.en_retard and self.alea.random() < 0.4:
                self.en_retard.pop()()
        for onglet in self.onglets:  # chaque page encore ouverte garde ce qu'elle porte
            if onglet.script:
                self.poster(onglet, onglet.corps_du_brouillon(), "brouillon/")
            else:
                self.poster(onglet, onglet.corps(geste="brouillon"))
        reste = traces(self.fiche)
        return {mot for mot in self.recus if mot not in reste}

    def taper(self, onglet: Onglet) -> None:
        self.mots += 1
        mot = f"mot{self.mots}x"
        onglet.taper(self.alea.choice(champs_de_texte(onglet)), mot)
        self.tapes[id(onglet)].add(mot)

    def poster(self, onglet: Onglet, corps: str, chemin: str = "") -> Any:
        self.recus |= self.tapes[id(onglet)]
        return onglet.poster(corps, chemin)

    def brouillon(self, onglet: Onglet) -> None:
        if not onglet.script:
            onglet.recevoir(self.poster(onglet, onglet.corps(geste="brouillon")))
            return
        corps, tapes = onglet.corps_du_brouillon(), set(self.tapes[id(onglet)])
        if self.alea.random() < 0.3:  # perdu, ou en retard

            def livrer() -> None:
                self.recus.update(tapes)
                onglet.poster(corps, "brouillon/")

            self.en_retard += [livrer] * self.alea.choice((0, 1))
            return
        self.poster(onglet, corps, "brouillon/")

    def enregistrer(self, onglet: Onglet) -> None:
        if self.alea.random() < 0.1:
            return  # l'envoi s'est perdu
        for nom in [n for n, _ in onglet.champs if n.startswith("choix:")]:
            if self.alea.random() < 0.4:
                onglet.ecrire(**{nom: self.alea.choice(("leur", "mienne", "deux"))})
        reponse = self.poster(onglet, onglet.corps(geste="enregistrer"))
        if self.alea.random() < 0.8:
            onglet.recevoir(reponse)

    def mourir(self, onglet: Onglet) -> None:
        """L'onglet est tué ; la personne rouvre la fiche, et reprend ou non son brouillon."""
        from edition.models import Brouillon

        self.onglets.remove(onglet)
        agent = onglet.client.session["_auth_user_id"]
        siens = Brouillon.objects.filter(utilisateur=agent).exclude(contenu="")
        siens = siens.filter(cle=f"fiche:{self.fiche.public_id}")
        repris = siens.first() if self.alea.random() < 0.6 else None
        neuf = self.ouvrir(onglet.client, str(repris.page) if repris else "")
        self.onglets.append(neuf)
        self.tapes[id(neuf)] = set()


def traces(fiche: Any) -> str:
    """Tout ce que la fiche, son historique et ses brouillons contiennent."""
    import json

    from contrats.contenu.lecture import lire
    from edition.models import Brouillon

    fiche.refresh_from_db()
    textes = [json.dumps(lire(fiche))]
    textes += [json.dumps([v.instantane, v.motif]) for v in fiche.versions.all()]
    brouillons = Brouillon.objects.filter(cle=f"fiche:{fiche.public_id}")
    return "\n".join([*textes, *brouillons.values_list("contenu", flat=True)])


def fiche_neuve(modele: Any) -> Any:
    """Une fiche de plus du même contrat, au même contenu."""
    import copy
    import uuid

    from contrats.contenu.ecriture import enregistrer
    from contrats.contenu.lecture import lire
    from contrats.models import Fiche

    cle = uuid.uuid4().hex
    neuve = Fiche.objects.create(
        contrat=modele.contrat, modele=modele.modele, cle=cle, ordre=2, titre="-", version=0
    )
    contenu = copy.deepcopy(lire(modele))
    for section in contenu["sections"]:
        section["actions"] = [{**a, "id": "", "sous_actions": []} for a in section["actions"]]
    enregistrer(neuve, contenu, version=0, par=None)
    return neuve


def prouver_scripts(
    modele: Any, clients: list[Any], nombre: int, graine: int
) -> dict[int, set[str]]:
    """Graine → mots perdus, pour chaque scénario qui en perd."""
    pertes = {}
    for rang in range(nombre):
        perdus = Script(fiche_neuve(modele), clients, graine + rang).jouer()
        if perdus:
            pertes[graine + rang] = perdus
    return pertes


def clients_de(agents: list[Any]) -> list[Any]:
    from django.test import Client

    clients = []
    for agent in agents:
        clients.append(Client(SERVER_NAME="localhost"))
        clients[-1].force_login(agent)
    return clients


def main() -> None:
    """Lance les trois preuves ; code de retour 1 si l'une échoue."""
    lecteur = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lecteur.add_argument("--enregistrements", type=int, default=1000)
    lecteur.add_argument("--scripts", type=int, default=1000)
    lecteur.add_argument("--triplets", type=int, default=500)
    lecteur.add_argument("--graine", type=int, default=7)
    options = lecteur.parse_args()
    with tempfile.TemporaryDirectory() as nom, base_jetable(Path(nom)) as base:
        os.environ |= {
            "DATABASE_URL": base,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DONNEES": nom,
        }
        fiche = preparer(3)
        from django.db import connections

        from bench.reunion import prouver_triplets
        from comptes.models import Utilisateur

        agents = list(Utilisateur.objects.order_by("pk"))
        clients = clients_de(agents)
        print(f"moteur : {connections['default'].vendor}, graine {options.graine}")
        conflits = prouver_soi_meme(
            fiche_neuve(fiche), clients[0], options.enregistrements, options.graine
        )
        print(f"saves={options.enregistrements} false conflicts={conflits}", flush=True)
        pertes = prouver_scripts(fiche, clients, options.scripts, options.graine)
        print(f"scripts={options.scripts} characters lost={sum(map(len, pertes.values()))}")
        if pertes:
            print(f"  graines : {dict(list(pertes.items())[:5])}", flush=True)
        ecarts = prouver_triplets(fiche, agents[0], options.triplets, options.graine)
        print(f"merges={options.triplets} differences={len(ecarts)}")
    sys.exit(1 if conflits or pertes or ecarts else 0)


if __name__ == "__main__":
    main()
