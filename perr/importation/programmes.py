"""Suit pilier et programme d'une ligne à l'autre, et relève ceux qui contredisent l'action."""

from collections import Counter

from rapidfuzz import fuzz, process

from perr.importation.connu import Connu
from perr.importation.formes import (
    LAISSER,
    Anomalie,
    Confiance,
    Endroit,
    Genre,
    Journal,
    Structure,
)
from perr.importation.imprime import NUMERO, LigneLue
from perr.importation.lignes import programme_par_titre
from perr.importation.textes import cle


class Programmes:
    """Le programme d'une action est celui de la base, sinon celui que le fichier répète le plus."""

    def __init__(self, connu: Connu, structure: Structure, journal: Journal) -> None:
        self.connu, self.structure, self.journal = connu, structure, journal
        self.titres = {numero: list(libelles) for numero, libelles in connu.libelles.items()}
        self.pilier = self.programme = ""
        self.annexe = ""
        self.votes: dict[str, list[tuple[str, Endroit]]] = {}
        self.piliers: dict[str, list[tuple[str, Endroit]]] = {}
        self.herites: dict[str, str] = {}  # pilier du dessus, faute d'en lire un

    def est_un_intertitre(self, ligne: LigneLue) -> bool:
        """Une ligne qui ne porte que pilier, numéro et intitulé annonce celles d'après."""
        if ligne.place_du_libelle is not None:
            return False
        entete, places = ligne.entete, [i for i, v in enumerate(ligne.valeurs) if v]
        numero = ligne.valeurs[entete.numero] if entete.numero is not None else ""
        connus = [cle(p.intitule) for p in self.connu.piliers]
        pilier = ligne.valeurs[entete.pilier] if entete.pilier is not None else ""
        if not set(places) <= set(entete.identite):
            return False
        if not NUMERO.match(numero) and not (
            pilier and (len(places) == 1 or cle(pilier) in connus)
        ):
            return False
        ligne.pilier, ligne.programme = pilier, numero if NUMERO.match(numero) else ""
        ligne.intitule = ligne.valeurs[entete.intitule] if entete.intitule is not None else ""
        self.suivre(ligne)
        return True

    def suivre(self, ligne: LigneLue) -> None:
        """Les cases vides gardent le pilier et le programme de la ligne au-dessus."""
        if ligne.entete.annexe != self.annexe:
            self.annexe, self.pilier, self.programme = ligne.entete.annexe, "", ""
        self.pilier = ligne.pilier or self.pilier
        numero = ligne.programme
        if not numero and ligne.intitule:
            numero = programme_par_titre(ligne.intitule, self.titres)
        if numero and ligne.intitule:
            self.titres.setdefault(numero, []).append(ligne.intitule)
            self.structure.programmes.setdefault(numero, ligne.intitule)
        self.programme = numero or self.programme

    def compter(self, ligne: LigneLue, numeros: list[str]) -> None:
        if not self.programme:
            return
        for numero in numeros:
            self.votes.setdefault(numero, []).append((self.programme, ligne.endroit))
        if ligne.pilier:
            self.piliers.setdefault(self.programme, []).append((ligne.pilier, ligne.endroit))
        elif self.pilier:
            self.herites.setdefault(self.programme, self.pilier)

    def trancher(self) -> None:
        """Le programme de chaque action et le pilier de chaque programme, désaccords nommés."""
        for numero, lus in self.votes.items():
            elu = self.connu.programme_de(numero) or Counter(p for p, _ in lus).most_common(1)[0][0]
            for programme, endroit in lus:
                if programme != elu:
                    elu = self._desaccord(numero, programme, elu, endroit)
            self.structure.actions[numero].programme = elu
        self._piliers()

    def _desaccord(self, numero: str, lu: str, elu: str, endroit: Endroit) -> str:
        connue = numero in self.connu.actions
        anomalie = self.journal.noter(
            Anomalie(
                genre=Genre.PROGRAMME,
                endroit=endroit,
                constat=f"L'action {numero} est rangée ici sous le programme {lu}.",
                raison=f"Le contrat la range sous le programme {elu} : l'import n'en change pas."
                if connue
                else f"Ailleurs dans le fichier, elle est sous le programme {elu}.",
                options=[(elu, f"Programme {elu}")]
                + ([] if connue else [(lu, f"Programme {lu}, comme cette ligne")]),
                proposition=elu,
                confiance=Confiance.ELEVEE if connue else Confiance.MOYENNE,
                sujet=numero,
            )
        )
        return anomalie.retenue or elu

    def _piliers(self) -> None:
        """Une même écriture la plus fréquente par pilier ; les autres sont signalées."""
        comptes = Counter(cle(p) for lus in self.piliers.values() for p, _ in lus)
        noms = {cle(p): p for lus in self.piliers.values() for p, _ in lus}
        reference = {cle(p.intitule): p.intitule for p in self.connu.piliers}
        for lu, _ in comptes.most_common():
            if not reference or not process.extractOne(
                lu, list(reference), scorer=fuzz.ratio, score_cutoff=75
            ):
                reference.setdefault(lu, noms[lu].capitalize())
        connus = {cle(p.intitule) for p in self.connu.piliers}
        for programme, herite in self.herites.items():
            if programme not in self.piliers:
                trouve = process.extractOne(cle(herite), list(reference), scorer=fuzz.ratio)
                self.structure.piliers[programme] = reference[trouve[0]]
        for programme, lus in self.piliers.items():
            elu = self._pilier_de(programme, lus, reference)
            self.structure.piliers[programme] = reference[elu]
            for nom, endroit in lus:
                if cle(nom) != elu and cle(nom) not in connus:
                    self._graphie(nom, reference[elu], endroit)

    def _pilier_de(
        self, programme: str, lus: list[tuple[str, Endroit]], reference: dict[str, str]
    ) -> str:
        axe = self.connu.programmes.get(programme)
        if axe and axe.parent_id:
            parent = next((p for p in self.connu.piliers if p.pk == axe.parent_id), None)
            if parent:
                return cle(parent.intitule)
        proches: Counter[str] = Counter()
        for nom, _ in lus:
            trouve = process.extractOne(cle(nom), list(reference), scorer=fuzz.ratio)
            proches[trouve[0]] += 1
        return proches.most_common(1)[0][0]

    def _graphie(self, nom: str, elu: str, endroit: Endroit) -> None:
        note = fuzz.ratio(cle(nom), cle(elu))
        self.journal.noter(
            Anomalie(
                genre=Genre.PILIER,
                endroit=endroit,
                constat=f"Le pilier est écrit « {nom} ».",
                raison=f"C'est le pilier « {elu} » (ressemblance de {note:.0f} %).",
                options=[(LAISSER, f"Lire « {elu} »")],
                proposition=LAISSER,
                confiance=Confiance.ELEVEE if note >= 85 else Confiance.MOYENNE,
                sujet=cle(nom),
                partout=True,
            )
        )
