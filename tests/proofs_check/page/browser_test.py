#!/usr/bin/python3
"""The page of `benign report` in Chromium, opened from disk.

    browser_test.py BENIGN [SHOTS]     SHOTS: a folder for pictures of it, to be looked at

Sixty checks in four settings that are made up, with all verdicts, numbers that are not known, names that are HTML, and
a check that the registry has not. Nothing may be said on the console, no request may leave the page, every check is
there, and filter, sorting, focus, keys, address and copying work.
"""
import base64
import json
import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

VERDICTS = ["proved", "holds", "violated", "undecided", "vacuous"]
HOSTILE = "<img src=x onerror=\"window.broken=1\">'</script><script>window.broken=1</script>{{data}}"
QUIET = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-quic",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"]

BENIGN = ""
SHOTS = None


def made_up(statement, number):
    """A check's record; every fifth has another verdict, some have no numbers."""
    verdict = VERDICTS[number % 5]
    met = verdict != "vacuous"
    sign = {"violated": -1, "undecided": 0}.get(verdict, 1)
    return {"id": statement["id"], "verdict": verdict, "expected": "holds",
            "margin": None if number % 11 == 4 else sign * 10.0 ** (number % 7 - 4), "error": None if number % 13 == 4 else 1e-6,
            "error_kind": "estimated", "scale": 1.0, "constant": None if number % 3 else 0.123456789012345,
            "hypotheses": [{"statement": "T >= 3", "met": met}], "statement": statement["statement"],
            "source": statement["source"], "observed": f"observation {number}", "precision": "double", "seeds": 1,
            "command": f"benign check --seed {number} --only {statement['id']}"}


def make_folder(folder):
    listed = json.loads(subprocess.run([BENIGN, "list", "--json"], check=True, capture_output=True).stdout)["checks"]
    ids = [one["id"] for one in listed]
    config = {"n": 20, "T": 8, "d": 2000, "mu": 20, "rho": 0.1, "eta": 0.2, "sigma": 1, "seed": 1}
    for k, name in enumerate(["balanced", "low_signal", "large_signal", "<b>bold & 'sharp'"]):
        checks = [made_up(one, number + k) for number, one in enumerate(listed)]
        if k == 3:
            checks.append({"id": "mine.bound", "verdict": "holds", "margin": 1.0, "error": 0.1, "statement": HOSTILE,
                           "observed": HOSTILE, "source": HOSTILE, "command": HOSTILE})
        (folder / name).mkdir()
        (folder / name / "check.json").write_text(json.dumps({"config": config, "checks": checks}))
    (folder / "balanced" / "attention.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>window.broken=1</script><circle r="4"/></svg>')
    return ids + ["mine.bound"], 4 * len(ids) + 1


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        cls.ids, cls.rows = make_folder(cls.path)
        said = subprocess.run([BENIGN, "report", str(cls.path), "--json"], check=True, capture_output=True).stdout
        cls.report = json.loads(said)
        cls.url = Path(cls.report["page"]).as_uri()
        options = Options()
        for one in QUIET:
            options.add_argument(one)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        cls.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.folder.cleanup()

    def look(self, address="", width=1280, height=900, scheme="light", media=""):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.driver.get("about:blank")
        self.driver.get_log("browser"), self.driver.get_log("performance")
        self.driver.get(self.url + address)
        self.js("document.documentElement.style.scrollBehavior = 'auto'")

    def js(self, script, *values):
        return self.driver.execute_script(script, *values)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def press(self, *keys):
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def focused(self):
        return self.js("const one = document.activeElement; return one.dataset.id ?? one.id")

    def shown_rows(self):
        return self.js("return [...document.querySelectorAll('#table tbody tr')].map(row => row.dataset.id)")

    def tearDown(self):
        self.assertEqual([one for one in self.driver.get_log("browser") if one["level"] in ("SEVERE", "WARNING")], [])

    def test_is_small_and_there_at_once(self):
        self.assertLess(self.report["bytes"], 3_000_000)
        self.assertEqual(Path(self.report["page"]).stat().st_size, self.report["bytes"])
        times = []
        for _ in range(3):
            self.look()
            times.append(self.js("const t = performance.getEntriesByType('navigation')[0]; return t.loadEventEnd"))
        print(f"{self.report['bytes']} bytes, loaded in {sorted(round(t) for t in times)} ms")
        self.assertLess(min(times), 1000)

    def test_asks_nobody(self):
        self.look()
        Select(self.one("#setting")).select_by_index(2)
        self.one(".node").click()
        asked = [json.loads(one["message"])["message"] for one in self.driver.get_log("performance")]
        urls = {one["params"]["request"]["url"] for one in asked if one["method"] == "Network.requestWillBeSent"}
        self.assertEqual({url for url in urls if not url.startswith("data:")}, {self.url})
        self.assertIsNone(self.js("return window.broken ?? null"))

    def test_every_check_is_there(self):
        self.look()
        on_map = self.js("return [...document.querySelectorAll('.map .nodes .node')].map(node => node.dataset.id)")
        self.assertEqual(sorted(on_map), sorted(self.ids))
        self.assertEqual(len(self.shown_rows()), self.rows)
        self.assertEqual(set(self.shown_rows()), set(self.ids))
        self.assertEqual(len(self.all(".margin-row")), len(self.ids))
        edges = self.js("return [...document.querySelectorAll('.edge')].map(edge => [edge.dataset.from, edge.dataset.to])")
        listed = json.loads(subprocess.run([BENIGN, "list", "--json"], check=True, capture_output=True).stdout)["checks"]
        self.assertEqual(sorted(edges), sorted([used, one["id"]] for one in listed for used in one["uses"]))

    def test_colours_follow_setting_and_ancestors(self):
        self.look()
        for k in range(4):
            Select(self.one("#setting")).select_by_index(k)
            name = self.one("#setting").get_attribute("value")
            checks = {one["id"]: one["verdict"] for one in json.loads((self.path / name / "check.json").read_text())["checks"]}
            told = self.js("return [...document.querySelectorAll('.nodes .node')].map(node => [node.dataset.id, node.getAttribute('class'),"
                           " node.querySelector('.letter').textContent, node.getAttribute('aria-label')])")
            for id_, classes, letter, label in told:
                verdict = checks.get(id_)
                if verdict is None:
                    self.assertIn("absent", classes.split())
                    continue
                self.assertIn("v-" + verdict, classes.split())
                self.assertEqual(letter, dict(zip(VERDICTS, "PHXUN"))[verdict])
                self.assertIn(verdict, label)
                self.assertEqual("unmet" in classes.split(), verdict == "vacuous")
            uses = self.js("return Object.fromEntries(JSON.parse(document.getElementById('data').textContent).statements.map(one => [one.id, one.uses]))")
            def good(id_):
                return checks.get(id_) in ("holds", "proved") and all(good(one) for one in uses[id_])
            strong = {id_ for id_, classes, _, _ in told if "strong" in classes.split()}
            self.assertEqual(strong, {id_ for id_ in checks if good(id_)})

    def test_table_filters_and_sorts(self):
        self.look()
        self.one("#text").send_keys("theorem stage2")
        self.assertEqual(self.shown_rows(), ["theorem.benign.stage2"] * 4)
        self.assertIn("4 of", self.one("#count").text)
        self.one("#reset").click()
        self.assertEqual(len(self.shown_rows()), self.rows)
        Select(self.one("#verdict")).select_by_value("violated")
        Select(self.one("#kind")).select_by_value("lemma")
        words = self.js("return [...document.querySelectorAll('#table tbody tr')].map(row => row.cells[2].textContent)")
        self.assertTrue(words and all("violated" in word for word in words))
        self.one("#reset").click()
        for address, sign in [("ascending", 1), ("descending", -1)]:
            self.one("[data-sort=margin]").click()
            self.assertEqual(self.js("return document.activeElement.dataset.sort"), "margin")
            self.assertEqual(self.one("th[aria-sort]").get_attribute("aria-sort"), address)
            self.js("if (!document.getElementById('full').checked) document.getElementById('full').click()")
            cells = self.js("return [...document.querySelectorAll('#table tbody tr')].map(row => row.cells[3].textContent)")
            numbers = [math.nan if cell == "–" else float(cell) for cell in cells]
            finite = [x for x in numbers if not math.isnan(x)]
            self.assertEqual(finite, sorted(finite, key=lambda x: sign * x))
            self.assertTrue(all(math.isnan(x) for x in numbers[len(finite):]))
            self.assertLess(len(finite), len(numbers))
        self.assertIn("0.123456789012345", self.js("return document.getElementById('table').textContent"))

    def test_all_digits_on_demand(self):
        self.look()
        numbers = "return [...document.querySelectorAll('data.num')].map(one => [one.textContent, one.value])"
        rounded = self.js(numbers)
        self.assertTrue(any(text == "0.123" and value == "0.123456789012345" for text, value in rounded))
        self.one("#full").click()
        self.assertTrue(all(text == value for text, value in self.js(numbers)))
        self.one("#full").click()
        self.assertEqual(self.js(numbers), rounded)

    def test_keys_and_focus(self):
        self.look()
        self.js("document.querySelector('.node[tabindex=\"0\"]').focus()")
        first = self.focused()
        self.press(Keys.ARROW_DOWN)
        self.assertNotEqual(self.focused(), first)
        self.assertEqual(self.js("return document.querySelector('.map .nodes').querySelectorAll('[tabindex=\"0\"]').length"), 1)
        self.press(Keys.ARROW_RIGHT)
        there = self.focused()
        self.press(Keys.ENTER)
        self.assertEqual(self.focused(), "details-title")
        self.assertEqual(self.one("#details-title").text, there)
        self.assertIn("check=" + there, self.driver.current_url)
        self.press(Keys.ESCAPE)
        self.assertEqual(self.focused(), there)
        self.assertFalse(self.one("#details").is_displayed())
        # All that takes the focus has a name for a screen reader.
        self.js("location.hash = 'check=lemma.inverse'")
        self.driver.execute_cdp_cmd("Accessibility.enable", {})
        tree = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = ("button", "link", "checkbox", "combobox", "searchbox", "textbox", "image", "img", "region")
        nameless = [one for one in tree if not one.get("ignored") and one.get("role", {}).get("value") in roles
                    and not one.get("name", {}).get("value")]
        self.assertEqual([one["role"]["value"] for one in nameless], [])
        self.driver.execute_cdp_cmd("Accessibility.disable", {})

    def test_address_keeps_the_view(self):
        self.look("#setting=low_signal&check=theorem.benign.stage1&near=1&verdict=holds&sort=-margin&full=1")
        self.assertEqual(self.one("#setting").get_attribute("value"), "low_signal")
        self.assertEqual(self.one("#details-title").text, "theorem.benign.stage1")
        self.assertEqual(self.one("#verdict").get_attribute("value"), "holds")
        self.assertTrue(self.one("#full").is_selected())
        seen = self.js("return [...document.querySelectorAll('.nodes .node:not(.away)')].map(node => node.dataset.id)")
        listed = json.loads(subprocess.run([BENIGN, "list", "--json", "theorem.benign.stage1"], check=True, capture_output=True).stdout)["checks"][0]
        self.assertEqual(set(seen), {listed["id"], *listed["uses"], *listed["used_by"]})
        self.js("document.getElementById('whole').click()")
        self.assertEqual(len(self.all(".nodes .away")), 0)
        self.assertNotIn("near", self.driver.current_url)
        self.driver.back()
        self.look("#setting=no_such&check=no.such&only=x&verdict=%3Cb%3E&sort=nothing")
        self.assertEqual(self.one("#setting").get_attribute("value"), self.one("#setting option").get_attribute("value"))
        self.assertFalse(self.one("#details").is_displayed())
        self.look("#margins")
        self.assertEqual(len(self.shown_rows()), self.rows)

    def test_formulas_are_set(self):
        self.look()
        # In one script: a call of the driver for each of these takes longer than the page.
        seen = self.driver.execute_async_script("""
            const [ids, done] = arguments, seen = [];
            const count = selector => document.querySelectorAll(selector).length;
            (async () => {
              for (const id of ids) {
                location.hash = 'check=' + id;
                await new Promise(shown => setTimeout(shown, 10));
                seen.push([document.getElementById('details-title').innerText, count('#details .formula .katex'), count('.katex-error')]);
              }
              done(seen);
            })();""", self.ids[:-1])
        self.assertEqual(seen, [[id_, 1, 0] for id_ in self.ids[:-1]])
        self.js("location.hash = 'check=mine.bound'")
        self.driver.execute_async_script("setTimeout(arguments[0], 10)")
        self.assertIn("onerror", self.one("#details").text)

    def copied(self):
        box = self.one("#text")
        box.clear()
        box.send_keys(Keys.CONTROL, "v")
        return box.get_attribute("value")

    def test_command_is_copied(self):
        for refuse in (False, True):
            self.look("#check=lemma.growth")
            if refuse:
                self.js("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
            button = self.one("#details .copy")
            command = self.one("#details .command code").text
            button.click()
            self.driver.execute_async_script("setTimeout(arguments[0], 50)")
            self.assertEqual(button.text, "Copied")
            self.assertEqual(self.js("return document.activeElement.className"), "copy")
            self.press(Keys.ESCAPE)
            self.assertEqual(self.copied(), command)

    def test_fits_a_telephone(self):
        for address in ("", "#check=theorem.existence"):
            self.look(address, width=390, height=844)
            self.assertLessEqual(self.js("return document.documentElement.scrollWidth"), 390)
        self.look("", width=390, height=844, scheme="dark")
        dark = self.js("return getComputedStyle(document.body).backgroundColor")
        self.look()
        self.assertNotEqual(dark, self.js("return getComputedStyle(document.body).backgroundColor"))

    def test_colours_can_be_read(self):
        def luminance(colour):
            parts = [int(colour[k:k + 2], 16) / 255 for k in (1, 3, 5)]
            linear = [x / 12.92 if x <= .03928 else ((x + .055) / 1.055) ** 2.4 for x in parts]
            return .2126 * linear[0] + .7152 * linear[1] + .0722 * linear[2]
        for scheme in ("light", "dark"):
            self.look(scheme=scheme)
            def value(name):
                colour = self.js("return getComputedStyle(document.documentElement).getPropertyValue('--' + arguments[0]).trim()", name)
                return "#" + "".join(2 * c for c in colour[1:]) if len(colour) == 4 else colour
            pairs = [("ink", "page"), ("soft", "page"), ("link", "page"), ("soft", "card"), ("link", "card"),
                     ("on-dark", "proved"), ("on-dark", "holds")]
            pairs += [(word, word + "-tint") for word in VERDICTS]
            pairs += [("soft", word + "-tint") for word in VERDICTS]
            for front, back in pairs:
                light, dark = sorted([luminance(value(front)), luminance(value(back))], reverse=True)
                self.assertGreaterEqual((light + .05) / (dark + .05), 4.5, f"{scheme}: {front} on {back}")

    def test_prints(self):
        self.look(media="print")
        self.assertFalse(self.one("nav").is_displayed())
        self.assertTrue(self.one("#table").is_displayed())
        pdf = base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
        self.assertTrue(pdf.startswith(b"%PDF"))
        if SHOTS:
            (SHOTS / "printed.pdf").write_bytes(pdf)

    def test_pictures_of_it(self):
        if not SHOTS:
            self.skipTest("no folder for them was given")
        for name, address, width, scheme in [("light", "", 1280, "light"), ("dark", "", 1280, "dark"), ("telephone", "", 390, "light"),
                                             ("details", "#check=law.limit_direction", 1280, "light"),
                                             ("telephone_details", "#check=law.limit_direction", 390, "dark"),
                                             ("neighbours", "#check=theorem.benign.stage1&near=1", 1280, "light")]:
            self.look(address, width, 900, scheme)
            for place in ("holds", "map", "margins", "verdicts", "figures"):
                self.js("document.getElementById(arguments[0]).scrollIntoView()", place)
                shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
                (SHOTS / f"{name}_{place}.png").write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    BENIGN = str(Path(sys.argv[1]).resolve())
    if len(sys.argv) > 2:
        SHOTS = Path(sys.argv[2])
        SHOTS.mkdir(parents=True, exist_ok=True)
    unittest.main(argv=sys.argv[:1], verbosity=2)
