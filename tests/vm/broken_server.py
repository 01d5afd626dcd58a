# SPDX-License-Identifier: GPL-2.0-or-later
"""broken_server.py ADDRESS PORT FOLDER ANSWERS: a web server that breaks off (/cut/: 16 MiB a time; /short/: always at the same
byte), falls silent (/stall/), or has no time the first three times that it is asked for an answer file (/busy/). What is small it
serves whole."""

import collections
import http.server
import sys
import time
from pathlib import Path

CHUNK, SHORT = 16 << 20, 1 << 20


asked = collections.Counter()


class Broken(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        _, how, name = self.path.split("/", 2)
        file = Path(sys.argv[3]) / name
        if name.startswith("answers/"):
            file = Path(sys.argv[4]) / name.removeprefix("answers/")
            asked[name] += 1
            if asked[name] <= 3:
                return self.send_error(503)
        if not file.exists():
            return self.send_error(404)
        size = file.stat().st_size
        begin = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        end = min({"cut": begin + CHUNK, "short": SHORT, "stall": SHORT, "busy": size}[how], size)
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(size - begin))
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{size - 1}/{size}")
        self.end_headers()
        with open(file, "rb") as f:
            f.seek(begin)
            self.wfile.write(f.read(max(end - begin, 0)))
        if how == "stall" and end < size:
            time.sleep(3600)
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Broken).serve_forever()
