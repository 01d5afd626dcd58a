# SPDX-License-Identifier: GPL-2.0-or-later
"""OpenSSH's client, as an administrator uses it."""

import os
import subprocess


class Ssh:
    """OpenSSH's client, to the forwarded port of a machine."""

    def __init__(self, work, port):
        self.key, self.askpass, self.port = work / "key", work / "askpass", port
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", self.key], check=True)

    def key_word(self):
        """The public key as the kernel line has it."""
        return self.key.with_suffix(".pub").read_text().strip().replace(" ", "%20")

    def set_password(self, password):
        self.askpass.write_text(f"#!/bin/sh\necho {password}\n")
        self.askpass.chmod(0o700)

    def argv(self, *command, by_password=False, options=()):
        how = ["-o", "PubkeyAuthentication=no"] if by_password else ["-o", "PasswordAuthentication=no", "-i", self.key]
        return ["setsid", "ssh", "-F", "/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                "-o", "LogLevel=ERROR", *how, "-p", str(self.port), *options, "root@127.0.0.1", *command]

    def environment(self):
        return dict(os.environ, SSH_ASKPASS=str(self.askpass), SSH_ASKPASS_REQUIRE="force", TERM="xterm")

    def run(self, *command, **options):
        return subprocess.run(self.argv(*command, **options), env=self.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, check=False)

    def check(self, command):
        """Run COMMAND, which must succeed; returns its output."""
        result = self.run(command)
        assert result.returncode == 0, f"`{command}` ended with {result.returncode}:\n{result.stdout}{result.stderr}"
        return result.stdout

    def until(self, command):
        """Run COMMAND over there until it succeeds, 20 s at most."""
        self.check(f"n=0; until {command}; do n=$((n + 1)); [ $n -lt 100 ] || exit 1; usleep 200000; done")

    def terminal(self):
        return subprocess.Popen(self.argv(options=["-tt"]), env=self.environment(), stdin=subprocess.PIPE,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
