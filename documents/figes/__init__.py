"""Les documents figés : dépôt des octets, journal enchaîné, vérification."""
