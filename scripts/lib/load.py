# SPDX-License-Identifier: Apache-2.0
"""wrk as a background load with a new connection per request, and what it says
at its end."""
import re
import signal

LONGEST_S = 600  # wrk ends by itself even when nobody ends it


class Load:
    def __init__(self, bed, vip, connections=16, port=80):
        self.bed = bed
        address = f"[{vip}]" if ":" in vip else vip
        self.process = bed.spawn("client", "wrk", "-t1", f"-c{connections}", f"-d{LONGEST_S}s", "--timeout", "5s",
                                 "-H", "Connection: close", f"http://{address}:{port}/")

    def end(self):
        """{requests, failed, words}: failed adds up what wrk calls socket errors and other statuses."""
        self.bed.end(self.process, signal.SIGINT)
        words = self.process.log.read_text()
        total = re.search(r"(\d+) requests in", words)
        if not total:
            raise RuntimeError("wrk gave no summary:\n" + words)
        errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", words)
        others = re.search(r"Non-2xx or 3xx responses: (\d+)", words)
        failed = sum(map(int, errors.groups())) if errors else 0
        failed += int(others[1]) if others else 0
        return {"requests": int(total[1]), "failed": failed, "words": words}
