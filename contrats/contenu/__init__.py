"""Contenu d'une fiche d'un bloc : la même forme pour l'écran, l'historique et les jeux de données.

- `forme` décrit le contenu (un dictionnaire JSON) ;
- `lecture.lire(fiche)` le lit en base ; `ecriture.enregistrer(fiche, contenu, …)` l'écrit à
  version contrôlée et en fait une `Version` ;
- `comparaison.comparer(avant, apres)` dit ce qui change, champ par champ ;
- `instantane.lire_contrat(contrat)` donne l'état entier d'un contrat.
"""
