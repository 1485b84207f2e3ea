"""The witness: a process of its own that is never killed, and that knows nothing of ledgers.

Each line it is told gets its time, is written down, and is acknowledged after that.
"""

import json
import pathlib
import socketserver
import subprocess
import sys
import threading
import time


class Witness:
    """The process, as the driver sees it."""

    def __init__(self, history):
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(history)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.process.stdout.readline())

    def await_entry(self, mark):
        """Waits until the action is entered with this mark."""
        self.process.stdin.write(mark + "\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Report(socketserver.StreamRequestHandler):
    seen = threading.Condition()
    marks = set()
    history = None

    def handle(self):
        for line in self.rfile:
            if not line.endswith(b"\n"):
                return  # it was killed in the middle of a word
            report = json.loads(line)
            with self.seen:
                self.history.write(json.dumps({"t": time.monotonic_ns(), **report}) + "\n")
                self.history.flush()
                self.marks.add(report["mark"])
                self.seen.notify_all()
            self.wfile.write(b"seen\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, client_address):
        pass  # its process was killed


def main():
    Report.history = pathlib.Path(sys.argv[1]).open("a", encoding="utf-8")
    with Server(("127.0.0.1", 0), Report) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        for line in sys.stdin:
            mark = line.strip()
            with Report.seen:
                Report.seen.wait_for(lambda: mark in Report.marks, 60)
            print(mark, flush=True)


if __name__ == "__main__":
    main()
