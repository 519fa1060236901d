"""Ce que montre une page publique, lu en un nombre fixe de requêtes et prêt pour le gabarit.

- `comptes` : nombres de fiches et d'actions, par contrat, fiche, horizon et statut ;
- `contrat` : les blocs de la page d'un contrat, quelle que soit sa forme ;
- `fiche` : les sections d'une fiche, chacune avec ses lignes et ses actions ;
- `action` : une action, ses partenaires propres et ceux de la liste de sa fiche.
"""
