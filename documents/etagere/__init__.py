"""L'étagère d'un contrat : ce que l'on emporte, préparé en tâche de fond et gardé."""
