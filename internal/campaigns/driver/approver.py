"""Who approves: a process with a key of its own."""

import datetime
import json
import subprocess
import threading

TENANT = "campaign"


class Approver:
    def __init__(self, tools):
        self.process = subprocess.Popen(
            tools.java("dev.openexec.campaigns.Approver", TENANT),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lock = threading.Lock()
        self.pem = json.loads(self.process.stdout.readline())["pem"]

    def approve(self, action, payload, issued=None, seconds=3600):
        issued = issued or datetime.datetime.now(datetime.timezone.utc)
        expires = issued + datetime.timedelta(seconds=seconds)
        wish = {"action": action, "payload": payload, "issued": instant(issued), "expires": instant(expires)}
        with self.lock:
            self.process.stdin.write(json.dumps(wish) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def instant(time):
    return time.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
