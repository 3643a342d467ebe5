# SPDX-License-Identifier: GPL-2.0-or-later
"""A gate before a libvirtd: what a program asks for passes, until one call is held back, or only its answer is.  Then it is
certain what the daemon has done, and that the program does not know it.

libvirt's messages (docs/internals/rpc): a length, six words (program, version, procedure, type, serial, status), the rest.
"""
import select
import socket
import struct
import threading

HEAD = struct.Struct(">IIIIIII")
REMOTE, CALL, REPLY = 0x20008086, 0, 1

# Procedures of the program REMOTE (libvirt's src/remote/remote_protocol.x).
CREATE, DEFINE, SHUTDOWN, VOLUME_DELETE = 196, 11, 33, 94
SNAPSHOT_CREATE, REVERT, UNDEFINE = 185, 192, 231


class Message:
    def __init__(self, data):
        self.data = data
        _, self.program, _, self.procedure, self.type, self.serial, _ = HEAD.unpack(data[:HEAD.size])

    def is_call(self, procedure):
        return (self.program, self.procedure, self.type) == (REMOTE, procedure, CALL)

    def answers(self, call):
        return (self.program, self.procedure, self.type, self.serial) == (REMOTE, call.procedure, REPLY, call.serial)


class Gate:
    """At a port of 127.0.0.1, before the one at PORT."""

    def __init__(self, port):
        self.behind = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.uri = "qemu+tcp://127.0.0.1:%d/system" % self.listener.getsockname()[1]
        self.hit = threading.Event()
        self.procedure = None  # to be held back at its next call but SKIP
        self.skip, self.answered = 0, False
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, procedure, answered, skip=0):
        """ANSWERED: the call passes, and its answer is held back."""
        self.hit.clear()
        self.procedure, self.answered, self.skip = procedure, answered, skip

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _is_meant(self, message):
        if self.procedure is None or not message.is_call(self.procedure):
            return False
        self.skip -= 1
        if self.skip >= 0:
            return False
        self.procedure = None
        return True

    def _serve(self, client):
        """Until one side closes; what is held back is never delivered."""
        held = None
        try:
            with client, socket.create_connection(("127.0.0.1", self.behind)) as server:
                while True:
                    for side in select.select([client, server], [], [])[0]:
                        message = receive(side)
                        if side is client and self._is_meant(message):
                            held = message
                            if not self.answered:
                                self.hit.set()
                                continue
                        if side is server and held and message.answers(held):
                            self.hit.set()
                            continue
                        (server if side is client else client).sendall(message.data)
        except (OSError, EOFError):
            pass


def receive(side):
    head = receive_bytes(side, 4)
    return Message(head + receive_bytes(side, struct.unpack(">I", head)[0] - 4))


def receive_bytes(side, count):
    data = b""
    while len(data) < count:
        chunk = side.recv(count - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return data
