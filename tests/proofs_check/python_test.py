#!/usr/bin/python3
"""The package benign for Python against the program: python_test.py FOLDER_OF_THE_PACKAGE PROGRAM."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import benign
import numpy as np

PROGRAM = sys.argv[2]
SMALL = dict(n=4, T=4, d=30, mu=3)


def program(command, **options):
    words = [w for name, value in options.items() for w in ["--" + name.replace("_", "-")] + ([] if value is True else [str(value)])]
    done = subprocess.run([PROGRAM, command] + words, capture_output=True, text=True)
    return done


def without_times(record):
    return {k: v for k, v in record.items() if not k.endswith("_s") and k not in ("build",)}


class Module(unittest.TestCase):
    def test_runs_are_those_of_the_program_bit_for_bit(self):
        for options in (dict(SMALL, steps=30), dict(SMALL, flow=True, log_s_max=6, steps=10), dict(SMALL, route="statistics", steps=5),
                        dict(SMALL, eta=0, steps=5), dict(SMALL, precision="mp50", steps=10), dict(SMALL, precision="auto", flow=True, steps=3),
                        dict(n=20, T=8, d=1000000, mu=30, data="gram", steps=50), dict(route="limit", flow=True, log_s_max=20, steps=4, d=60000000, mu=300)):
            said = json.loads(program("simulate", json=True, **options).stdout)
            said.pop("escalation", None)
            run = benign.simulate(**options)
            self.assertEqual(without_times(said), without_times(run.result), options)

    def test_arrays_are_the_series_of_the_program(self):
        folder = self.folder()
        program("simulate", out=folder, seed=3, every=7, **SMALL, steps=30)
        lines = [json.loads(line) for line in Path(folder, "series.jsonl").read_text().splitlines()]
        run = benign.simulate(seed=3, every=7, **SMALL, steps=30)
        for name in ("part", "tau", "train_loss", "train_accuracy", "test_loss", "mu_plus_q", "q_norm2"):
            self.assertEqual(getattr(run, name).tolist(), [line[name] for line in lines], name)
        self.assertEqual(run.attention_clean.tolist(), [line["attention"]["clean"] for line in lines])
        self.assertEqual(run.gap_noisy.tolist(), [line["gap"]["noisy"] for line in lines])
        first = lines[-1]["sample"]["noisy"]
        self.assertEqual(run.attention[-1, first["index"]].tolist(), first["attention"])
        self.assertTrue(run.flipped[first["index"]])

    def test_identities(self):
        run = benign.simulate(**SMALL, steps=40)
        exponentials = np.exp(run.logits - run.logits.max(axis=2, keepdims=True))
        self.assertLess(abs(exponentials / exponentials.sum(axis=2, keepdims=True) - run.attention).max(), 1e-15)
        loss = np.log1p(np.exp(-run.labels * run.outputs)).mean(axis=1)
        self.assertLess(abs(loss - run.train_loss).max(), 1e-15)
        self.assertEqual(run.log_s[0], -np.inf)
        self.assertEqual(((run.labels * run.outputs > 0).mean(axis=1)).tolist()[1:], run.train_accuracy.tolist()[1:])

    def test_digits(self):
        folder = self.folder()
        program("simulate", out=folder, every=1, **SMALL, steps=4, precision="mp50")
        lines = [json.loads(line) for line in Path(folder, "series.jsonl").read_text().splitlines()]
        run = benign.simulate(**SMALL, steps=4, precision="mp50")
        self.assertEqual(run.digits("train_loss").tolist(), [line["train_loss"] for line in lines])
        self.assertEqual(run.digits("attention").shape, run.attention.shape)
        self.assertTrue(np.isnan(benign.simulate(**SMALL, steps=2, route="statistics").test_loss).all())

    def test_verdicts_are_those_of_the_program(self):
        said = json.loads(program("check", only="assumption,gap,lemma", C="gap.clean_above=4", json=True, **SMALL).stdout)
        found = benign.check(["assumption", "gap", "lemma"], C={"gap.clean_above": 4}, **SMALL)
        self.assertEqual(said["checks"], found["checks"])
        self.assertEqual(said["regime"], found["regime"])
        ids = [c["id"] for c in benign.checks()]
        self.assertIn("gap.clean_above", ids)

    def test_proofs_are_those_of_the_program(self):
        folder = self.folder()
        claims = ["loss_fall>0", "train_loss<0.1"]
        found = benign.prove(claims, steps=20, certificate=folder + "/module.json", **SMALL)
        done = subprocess.run([PROGRAM, "prove", "--n", "4", "--T", "4", "--d", "30", "--mu", "3", "--steps", "20", "--claim", claims[0],
                               "--claim", claims[1], "--certificate", folder + "/program.json", "--json"], capture_output=True, text=True)
        said = json.loads(done.stdout)
        self.assertEqual(said["claims"], found["claims"])
        self.assertEqual([c["verdict"] for c in found["claims"]], ["proved", "violated"])
        one, other = (json.loads(Path(folder, name + ".json").read_text()) for name in ("module", "program"))
        self.assertEqual(one["claims"], other["claims"])
        self.assertEqual(one["data_hash"], other["data_hash"])
        self.assertEqual(program("prove", verify=folder + "/module.json").returncode, 0)

    def test_errors_are_the_program_s_one_line(self):
        for keyword, value in (("eta", 0.7), ("n", "abc"), ("precision", "single"), ("log_s_max", 3), ("seed", -1), ("lr_unit", "seconds")):
            with self.assertRaises(benign.UsageError) as caught:
                benign.simulate(**{keyword: value})
            said = program("simulate", **{keyword: value}).stderr.strip()
            self.assertEqual("benign simulate: --" + keyword.replace("_", "-") + str(caught.exception)[len(keyword):], said)
        self.assertTrue(issubclass(benign.UsageError, ValueError))
        for call in (lambda: benign.simulate(dimension=3), lambda: benign.check("nonsense"), lambda: benign.check(C={"gap": -1}),
                     lambda: benign.prove([]), lambda: benign.prove("loss_fall>0", data="gram", certificate="drawn.json"), lambda: benign.prove("loss_fell>0"),
                     lambda: benign.simulate(every=0), lambda: benign.check(delta=2), lambda: benign.simulate(mu=True)):
            self.assertRaises(benign.UsageError, call)
        self.assertRaises(AttributeError, lambda: benign.simulate(**SMALL, steps=2).nonsense)
        self.assertTrue(issubclass(benign.Unfinished, RuntimeError))

    def test_an_end_of_memory_is_an_exception(self):
        code = ("import resource, benign\nresource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\nfull = bytearray(600 << 20)\n"
                "try: benign.simulate(n=100, T=8, d=40000, steps=1)\nexcept benign.Unfinished as error: print(error)")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ, PYTHONPATH=sys.argv[1]))
        self.assertIn("out of memory", done.stdout, done.stderr)

    def test_other_threads_go_on(self):
        ticks, ended = [], threading.Event()

        def tick():
            while not ended.wait(0.005):
                ticks.append(time.time())

        thread = threading.Thread(target=tick)
        thread.start()
        begin = time.time()
        benign.simulate(d=2000, mu=20, steps=20000, test="population", every=20000)
        took = time.time() - begin
        ended.set()
        thread.join()
        self.assertGreater(len(ticks), took / 0.005 / 4)

    def test_ctrl_c_with_two_threads_at_work_leaves_the_handler_as_it_was(self):
        threads = [threading.Thread(target=lambda steps=steps: benign.simulate(d=200, steps=steps, every=steps)) for steps in (2000, 6000)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)
        with self.assertRaises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)

    def test_ctrl_c(self):
        for call in (lambda: benign.simulate(d=2000, steps=100000000, every=100000000),
                     lambda: benign.prove("loss_fall>0", n=20, d=200, mu=5, steps=100000)):
            threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
            begin = time.time()
            self.assertRaises(KeyboardInterrupt, call)
            self.assertLess(time.time() - begin, 15)
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def folder(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        return made.name


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
