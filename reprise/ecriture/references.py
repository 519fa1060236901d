"""Organismes et personnes cités : ceux qu'on connaît, ou qu'on crée avec le contrat."""

import re

from django.utils.text import slugify

from partenaires.models import AliasOrganisme, Organisme, Personne
from reprise.rapprochement import Rapproche
from reprise.reconnaissance.vocabulaire import cle

CIVILITE = re.compile(r"^(M\.?|Mme|Mlle|Monsieur|Madame)\s+")


class References:
    """Une mention rend toujours la même clé ; ce qui se ressemble s'apprend comme alias."""

    def __init__(self, rapproches: dict[str, Rapproche]) -> None:
        self.rapproches = rapproches
        self.crees: list[Organisme] = []
        self.personnes: dict[str, str] = {}
        self._faits: dict[str, str] = {}

    def organisme(self, mention: str) -> str:
        """La clé de l'organisme d'une mention ; il est créé s'il est nouveau."""
        nom = cle(mention)
        if nom in self._faits:
            return self._faits[nom]
        lu = self.rapproches.get(nom)
        if lu is None:
            return ""
        if lu.nouveau:
            self._faits[nom] = self._creer(mention, lu.nature)
        else:
            self._faits[nom] = lu.retenu
            if not lu.exact:
                organisme = Organisme.objects.get(cle=lu.retenu)
                AliasOrganisme.objects.get_or_create(
                    libelle=mention[:254], defaults={"organisme": organisme}
                )
        return self._faits[nom]

    def connu(self, nom: str) -> str:
        """La clé d'un organisme déjà connu sous ce nom, ou rien."""
        lu = self.rapproches.get(cle(nom))
        if lu is not None:
            return self.organisme(lu.mention)
        trouve = Organisme.objects.filter(fusionne_dans=None, nom__iexact=nom).first()
        return trouve.cle if trouve else ""

    def _creer(self, nom: str, nature: str) -> str:
        base = slugify(nom)[:110] or "organisme"
        libre = base
        rang = 2
        while Organisme.objects.filter(cle=libre).exists():
            libre, rang = f"{base}-{rang}", rang + 1
        organisme = Organisme.objects.create(cle=libre, nom=nom[:254], nature=nature)
        self.crees.append(organisme)
        return organisme.cle

    def personne(self, imprime: str) -> str:
        """La clé d'une personne citée ès qualités ; jamais de téléphone ni de courriel."""
        trouvee = CIVILITE.match(imprime)
        civilite = trouvee[1] if trouvee else ""
        nom_entier = CIVILITE.sub("", imprime).strip()[:200] or "?"
        if nom_entier in self.personnes:
            return self.personnes[nom_entier]
        prenom, _, nom = nom_entier.partition(" ")
        connue = Personne.objects.filter(prenom__iexact=prenom, nom__iexact=nom).first()
        if connue is None:
            base = slugify(nom_entier)[:110] or "personne"
            libre, rang = base, 2
            while Personne.objects.filter(cle=libre).exists():
                libre, rang = f"{base}-{rang}", rang + 1
            connue = Personne.objects.create(
                cle=libre, civilite=civilite[:10], prenom=prenom[:100], nom=nom[:100]
            )
        self.personnes[nom_entier] = connue.cle
        return connue.cle
