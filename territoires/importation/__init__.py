"""Import de la géographie prioritaire officielle : lire, préparer, puis tout écrire ou rien."""
