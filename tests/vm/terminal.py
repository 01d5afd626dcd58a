# SPDX-License-Identifier: GPL-2.0-or-later
"""A terminal of 80 columns and 24 rows on a machine's serial port: what stands on it, and keys."""

import time

import pyte

from vm import SCALE, VMError

KEYS = {"Enter": "\r", "Escape": "\x1b", "F1": "\x1bOP", "F12": "\x1b[24~", "Down": "\x1b[B", "Up": "\x1b[A"}


class Terminal:
    """Draws what VM's console says from now on."""

    def __init__(self, vm):
        self.vm, self.drawn = vm, len(vm.text)
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.Stream(self.screen)

    def lines(self):
        with self.vm.news:
            new, self.drawn = self.vm.text[self.drawn:], len(self.vm.text)
        self.stream.feed(new)
        return self.screen.display

    def see(self, text, timeout=120):
        """Wait until TEXT stands on the screen, in one row."""
        deadline = time.monotonic() + timeout * SCALE
        while not any(text in line for line in self.lines()):
            if time.monotonic() > deadline or self.vm.process.poll() is not None:
                raise VMError(f"{self.vm.name}: not on the screen: {text!r}\n" + "\n".join(self.screen.display))
            time.sleep(0.1)

    def press(self, *keys):
        for key in keys:
            self.vm.send(KEYS[key])

    def answer(self, question, *keys, timeout=120):
        """See the question, then press."""
        self.see(question, timeout)
        self.press(*keys)
