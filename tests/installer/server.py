# SPDX-License-Identifier: GPL-2.0-or-later
"""server.py FOLDER PORT-FILE AUTHORIZATION: files of FOLDER for whoever has the AUTHORIZATION ("": everybody); see lib.sh."""
import http.server
import os
import sys

folder, port_file, authorization = sys.argv[1:]


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        if authorization and self.headers.get("Authorization") != authorization:
            self.send_error(403)
        else:
            super().do_GET()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode().rstrip("\n")
        with open("posted", "a") as out:
            print(self.headers["Content-Type"], body, file=out)
        self.answer()

    def do_PUT(self):
        with open("put" + self.path.replace("/", "-"), "wb") as out:
            out.write(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer()

    def answer(self):
        status = int(open("status").read()) if os.path.exists("status") else 200
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()


os.chdir(folder)
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as out:
    print(server.server_port, file=out)
os.rename(port_file + ".new", port_file)
server.serve_forever()
