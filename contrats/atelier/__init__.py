"""L'écran de l'agent : du formulaire HTML au contenu d'une fiche, et retour.

- `donnees` : les données du formulaire, plates, aux noms stables ; `encoder(contenu)` les fait ;
- `gestes` : ce que fait chaque bouton (ajouter, monter, retirer…) à ces données, sans enregistrer ;
- `formulaires` : un formulaire Django par ligne ; `saisie.Saisie` les assemble, les valide et en
  tire le contenu que `contrats.contenu.ecriture` enregistre ;
- `annuaire` : un organisme, un territoire, une personne ou un contrat retrouvé par son nom ;
- `conflit` : deux saisies parties de la même version, réunies champ par champ ;
- `page` : ce que montrent les gabarits `templates/contrats/atelier/`.
"""
