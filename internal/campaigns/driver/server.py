"""The real server, with the witnessed actions as plugins; and connections to it."""

import http.client
import os
import signal
import subprocess
import threading

from driver.approver import TENANT
from driver.orders import KINDS
from driver.places import Unfit

START_LIMIT_S = 60
STOP_LIMIT_S = 60
ANSWER_LIMIT_S = 40  # longer than anybody is kept waiting


class Server:
    """One process. It is there when this returns, and answers once it is ready."""

    def __init__(self, trial, approver=None):
        self.trial = trial
        self.approver = approver
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENEXEC", "CLAWSHIELD"))}
        environment.update(OPENEXEC_PORT="0", OPENEXEC_ACTIONS=",".join(KINDS), OPENEXEC_DB_URL=f"sqlite:///{trial.ledger}")
        if approver:
            environment.update(
                OPENEXEC_MODE="clawshield", CLAWSHIELD_TENANT_ID=TENANT, CLAWSHIELD_PUBLIC_KEY=approver.pem
            )
        self.log = (trial.folder / "server.log").open("a")
        self.process = subprocess.Popen(
            trial.tools.java("dev.openexec.server.Main", witness=trial.witness),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.port = None
        self.ended = threading.Event()
        self._ready = threading.Event()
        trial.processes.append(self)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith("  address "):
                self.port = int(line.rpartition(":")[2])
                self._ready.set()
        self._ready.set()
        self.process.wait()
        self.ended.set()

    @property
    def pid(self):
        return self.process.pid

    def ready(self):
        """Waits until it answers, or is no more: whether it answers."""
        if not self._ready.wait(START_LIMIT_S):
            raise Unfit(f"the server was not ready within {START_LIMIT_S} s")
        return self.port is not None

    def kill(self):
        if self.process.poll() is None:
            self.trial.event("killed", self.pid)
            self.process.kill()
        self._gone()

    def stop(self):
        """In good order; its exit status."""
        self.trial.event("stopping", self.pid)
        self.process.send_signal(signal.SIGTERM)
        return self._gone()

    def _gone(self):
        status = self.process.wait(STOP_LIMIT_S)
        self.ended.wait(STOP_LIMIT_S)
        self.process.stdout.close()
        self.log.close()
        if self in self.trial.processes:
            self.trial.processes.remove(self)
        return status


class Connection:
    """To the server that this thread was last told of; a broken one is opened anew."""

    def __init__(self, server):
        self.server = server
        self.http = None

    def send(self, op, order):
        try:
            if self.http is None:
                self.http = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=ANSWER_LIMIT_S)
            self.http.request("POST", "/execute", order.json(), {"Content-Type": "application/json"})
            response = self.http.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0, ""

    @property
    def over(self):
        return self.server.ended.is_set()

    def close(self):
        if self.http:
            self.http.close()
            self.http = None
