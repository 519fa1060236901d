"""Pages de la connexion, des accès de chacun et de l'assistance."""
