# SPDX-License-Identifier: GPL-2.0-or-later
"""What people see and press: a terminal of 80 columns and 24 rows on a machine's serial port, or its VGA screen and keyboard."""

import collections
import time

import pyte

from vm import BUILD, SCALE, VMError


class Person:
    """Reads rows of text and presses keys. Subclasses have lines(), press(KEY ...) and type(TEXT)."""

    def __init__(self, vm):
        self.vm = vm

    def see(self, text, timeout=120):
        """Wait until TEXT stands on the screen, in one row."""
        deadline = time.monotonic() + timeout * SCALE
        while True:
            lines = self.lines()
            if any(text in line for line in lines):
                return
            if time.monotonic() > deadline or self.vm.process.poll() is not None:
                raise VMError(f"{self.vm.name}: not on the screen: {text!r}\n" + "\n".join(lines))
            time.sleep(0.1)

    def answer(self, question, *keys, timeout=120):
        """See the question, then press."""
        self.see(question, timeout)
        self.press(*keys)


class Serial(Person):
    """Draws what VM's console says from now on."""

    KEYS = {"Enter": "\r", "Escape": "\x1b", "F1": "\x1bOP", "F12": "\x1b[24~", "Down": "\x1b[B", "Up": "\x1b[A"}

    def __init__(self, vm):
        super().__init__(vm)
        self.drawn = len(vm.text)
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.Stream(self.screen)

    def lines(self):
        with self.vm.news:
            new, self.drawn = self.vm.text[self.drawn:], len(self.vm.text)
        self.stream.feed(new)
        return self.screen.display

    def press(self, *keys):
        for key in keys:
            self.vm.send(self.KEYS[key])

    def type(self, text):
        self.vm.send(text)


class Keyboard(Person):
    """The machine's own."""

    KEYS = {"Enter": "ret", "Escape": "esc", " ": "spc"}

    def press(self, *keys):
        for key in keys:
            self.vm.qmp("human-monitor-command", **{"command-line": f"sendkey {self.KEYS.get(key, key.lower())}"})

    def type(self, text):
        self.press(*text)


class VgaText(Keyboard):
    """An installed host's VGA text screen, as its shell on the serial port reads it. Its keyboard is German."""

    KEYS = Keyboard.KEYS | {"-": "slash"}

    def lines(self):
        text = self.vm.check("tr -c ' -~' . </dev/vcs1 | fold -w $(stty -F /dev/tty1 size | cut -d' ' -f2)")
        return text.splitlines()


class Vga(Keyboard):
    """The frame buffer's terminal, read from a picture of the screen: its letters are Unifont's, 8 by 16 pixels or 16 by 16."""

    glyphs = {}

    def __init__(self, vm):
        super().__init__(vm)
        if not self.glyphs:
            for line in (BUILD / "rootfs/unpacked/unifont/usr/share/unifont/unifont.hex").read_text().splitlines():
                code, bits = line.split(":")
                self.glyphs.setdefault((len(bits) // 4, int(bits, 16)), chr(int(code, 16)))

    def cell(self, pixels, width, x, y, wide):
        """The letter there, or None; letters stand on a background of one colour, lighter or darker."""
        n = 16 if wide else 8
        bits = [pixels[at:at + 3] for row in range(16) for at in range(((y + row) * width + x) * 3, ((y + row) * width + x + n) * 3, 3)]
        if len(colours := collections.Counter(bits)) > 2:
            return None
        first = colours.most_common(1)[0][0]
        number = sum((bit != first) << (len(bits) - 1 - i) for i, bit in enumerate(bits))
        return self.glyphs.get((n, number)) or self.glyphs.get((n, number ^ ((1 << len(bits)) - 1)))

    def lines(self):
        ppm = self.vm.screen(self.vm.work / "screen.ppm")
        width, height = (int(n) for n in ppm.split(maxsplit=4)[1:3])
        pixels, rows = ppm[len(ppm) - width * height * 3:], []
        for y in range(0, min(height, 24 * 16), 16):
            x, row = 0, ""
            while x < min(width, 80 * 8):
                letter = self.cell(pixels, width, x, y, False)
                if letter is None and x + 16 <= width and (wide := self.cell(pixels, width, x, y, True)):
                    row, x = row + wide, x + 8
                else:
                    row += letter or "?"
                x += 8
            rows.append(row)
        return rows
