"""Serveur SMTP de la boucle locale : garde ce qu'il accepte, refuse ou tue à la demande."""

import os
import signal
import socketserver
import threading
from collections import Counter
from email import message_from_bytes, policy


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        serveur = self.server
        serveur.moment("connexion")
        self.dire("220 essai")
        for ligne in self.rfile:
            mot, _, reste = ligne.decode().strip().partition(" ")
            if mot.upper() == "EHLO":
                self.dire("250 essai")
            elif mot.upper() == "RCPT":
                destinataire = reste.partition("<")[2].rstrip(">")
                self.dire(serveur.refus.get(destinataire, "250 oui"))
            elif mot.upper() == "DATA":
                self.dire("354 allez")
                serveur.recevoir(b"".join(iter(self.rfile.readline, b".\r\n")))
                if serveur.muet:
                    return
                serveur.moment("avant la réponse")
                self.dire("250 reçu")
                serveur.moment("après la réponse")
            elif mot.upper() == "QUIT":
                self.dire("221 adieu")
                return
            else:
                self.dire("250 oui")

    def dire(self, reponse):
        self.wfile.write(f"{reponse}\r\n".encode())


class ServeurSmtp(socketserver.ThreadingTCPServer):
    """`tuer = (moment, rang)` : à ce moment du message de ce rang, `kill -9` sur `proie`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages, self.refus, self.muet = [], {}, False
        self.tuer, self.proie, self.proie_connue = None, None, threading.Event()
        self.verrou = threading.Lock()

    @property
    def port(self):
        return self.server_address[1]

    @property
    def recus(self):
        """Nombre de messages reçus par chaque destinataire."""
        return Counter(m["To"] for m in self.messages)

    def recevoir(self, octets):
        with self.verrou:
            self.messages.append(message_from_bytes(octets, policy=policy.default))

    def moment(self, nom):
        if self.tuer == (nom, len(self.messages)):
            self.tuer = None
            self.proie_connue.wait(10)
            os.kill(self.proie, signal.SIGKILL)

    def handle_error(self, request, client_address):
        """Un client tué ferme sa prise : ce n'est pas une panne du serveur."""
