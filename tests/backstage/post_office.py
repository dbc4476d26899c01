"""A mail server of a few lines, on a port of its own, that can be told to misbehave."""

import socket
import socketserver
import threading
from email import message_from_bytes
from time import sleep


class PostOffice:
    """Takes mail by SMTP. `received` are the messages it said yes to, by Message-ID.

    `refusal` is a line said to every recipient instead of yes; `mute` leaves the sender waiting after the
    message has come in, until the other side is gone; `hang_up` closes the line there. `pause` is how many
    seconds it takes over each message.
    """

    def __init__(self):
        self.received, self.refusal, self.hang_up, self.pause = [], None, False, 0
        self.asked, self.only_every_second = 0, False
        self.mute = threading.Event()
        self.holding = threading.Event()
        office = self

        class Line(socketserver.StreamRequestHandler):
            def handle(self):
                office.talk(self)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line)
        self.server.daemon_threads = True
        # A sender that is killed hangs up in the middle of a word.
        self.server.handle_error = lambda *said: None
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def talk(self, line):
        def say(words):
            line.wfile.write(f"{words}\r\n".encode())

        say("220 ready")
        while command := line.rfile.readline():
            verb = command[:4].upper().strip()
            if verb == b"RCPT" and self.refuses():
                say(self.refusal)
            elif verb == b"DATA":
                say("354 go on")
                if not self.take(line):
                    return
                say("250 taken")
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 yes")

    def refuse_every_second(self, line):
        """Say `line` to the first of two recipients, and yes to the other."""
        self.refusal, self.only_every_second = line, True

    def refuses(self):
        self.asked += 1
        return self.refusal and (not self.only_every_second or self.asked % 2 == 1)

    @staticmethod
    def free_port():
        """A port that nobody listens on just now."""
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            return trial.getsockname()[1]

    def take(self, line):
        """Read one message; false if the line is to be closed without an answer."""
        lines = []
        while (read := line.rfile.readline()) not in (b".\r\n", b""):
            lines.append(read)
        sleep(self.pause)
        self.received.append(message_from_bytes(b"".join(lines))["Message-ID"])
        if self.mute.is_set():
            self.holding.set()
            line.rfile.read(1)
            return False
        return not self.hang_up
