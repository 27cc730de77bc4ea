# SPDX-License-Identifier: Apache-2.0
"""The daemon's HTTP interface over its control socket, without a program to start."""
import http.client
import json
import socket

PATIENCE_S = 60


class _Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("steadfast", timeout=PATIENCE_S)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class ControlSocket:
    def __init__(self, path):
        self.path = path

    def request(self, method, path, body=None):
        """(status, text)"""
        connection = _Connection(self.path)
        try:
            connection.request(method, path, body, {"Connection": "close", "Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def read(self, path):
        status, text = self.request("GET", path)
        assert status == 200, f"{path}: {status}: {text}"
        return text

    def get(self, what):
        """/api/v1/WHAT as a value."""
        return json.loads(self.read(f"/api/v1/{what}"))

    def post(self, what, body):
        """The answer to a request, also to one that is refused."""
        return json.loads(self.request("POST", f"/api/v1/{what}", json.dumps(body))[1])

    def is_weighed(self):
        """The daemon knows how much its services carry: a plan of what runs already is weighed with it."""
        config = self.get("config")
        return self.post("plan", {"text": config["text"], "file": config["file"]})["plan"]["weighted"]
