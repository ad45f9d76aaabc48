"""benign from Python: simulate, check and prove, without command lines and files.

    run = benign.simulate(d=2000, mu=20, flow=True)      a Run, with NumPy arrays
    report = benign.check(only=["gap"], mu=5)            the dictionary that `benign check --json` prints
    proof = benign.prove(["loss_fall>0"], n=4, T=4, d=30, mu=3, steps=100)

Keywords are the options of the command line with _ in place of -: log_s_max=20, lr_unit="tau0". A number that no double is
stands as a text or a decimal.Decimal: eta="0.1" and eta=0.1 are both one tenth, eta="1e-30" is exact.
Errors: UsageError (a ValueError) with one line that names the keyword, its value and what is allowed; Unfinished (a
RuntimeError) where a run could not end; KeyboardInterrupt on Ctrl-C.
"""
import json as _json

import numpy as _numpy

from . import _benign
from ._benign import Unfinished, UsageError, __version__

__all__ = ["Run", "Unfinished", "UsageError", "check", "checks", "prove", "simulate"]

_KINDS = _benign.option_kinds()
_SERIES = _benign.series_names()


def _options(keywords):
    options = {}
    for keyword, value in keywords.items():
        name = keyword if keyword in _KINDS else keyword.replace("_", "-")
        if name not in _KINDS:
            raise UsageError(f"{keyword}: there is no such option; options: {', '.join(sorted(k.replace('-', '_') for k in _KINDS))}")
        if isinstance(value, bool) or isinstance(value, _numpy.bool_):
            if _KINDS[name] != "flag":
                raise UsageError(f"{keyword}: '{value}' is not allowed; allowed: a value")
            value = "true" if value else "false"
        options[name] = str(value)
    return options


class Run:
    """A training run. Over its moments: {series}.

    attention and logits are of shape (moments, n, T), outputs of shape (moments, n), all others of shape (moments). NaN is
    what is not known, log_s is -inf at the start. Arrays are float64; digits(name) has texts with all digits, which
    mpmath.mpf and decimal.Decimal read. config, events and result are what `benign simulate --json` prints; labels are the
    training labels, flipped says which of them are not the true ones.
    """

    def __init__(self, recorded):
        self._recorded = recorded
        self.result = _json.loads(recorded.result)
        self.config = self.result["config"]
        self.events = self.result.get("events")
        self.labels = _numpy.array(recorded.label)
        self.flipped = _numpy.array(recorded.flipped, dtype=bool)

    def __getattr__(self, name):
        if name not in _SERIES:
            raise AttributeError(f"a Run has no {name!r}; it has {', '.join(_SERIES)}")
        array = self._recorded.numbers(name)
        setattr(self, name, array)
        return array

    def digits(self, name):
        """The series as an array of texts, with all the digits of the run's precision."""
        return _numpy.array(self._recorded.digits(name), dtype=object).reshape(getattr(self, name).shape)

    def __dir__(self):
        return sorted(set(super().__dir__()) | set(_SERIES))

    def __repr__(self):
        shown = ", ".join(f"{key}={self.config[key]}" for key in ("n", "T", "d", "mu", "seed") if key in self.config)
        return f"<benign.Run {shown}: {len(self.part)} moments, train accuracy {self.result['train_accuracy']}>"


Run.__doc__ = Run.__doc__.format(series=", ".join(_SERIES))


def simulate(*, every=None, **options):
    """One training run; every: keep every K-th step, or part of a flow's horizon (otherwise some 200 moments)."""
    if every is not None and int(every) < 1:
        raise UsageError(f"every: '{every}' is not allowed; allowed: a whole number of at least 1")
    return Run(_benign.simulate(_options(options), 0 if every is None else int(every)))


def check(only=(), *, C=None, studies=False, seeds=40, delta=0.01, **options):
    """Verdicts on a configuration, as `benign check --json` has them: ["checks"] is a list, a dictionary for each.

    only: ids or their beginnings, a text or a list; without it all checks, but studies over seeds only with studies=True.
    C: constants by id.
    """
    only = [only] if isinstance(only, str) else list(only)
    constants = {id: str(value) for id, value in (C or {}).items()}
    return _json.loads(_benign.check(_options(options), only, constants, studies, seeds, delta))


def prove(claims, *, at=(), digits_max=300, certificate=None, **options):
    """Proves or refutes claims about a run, as `benign prove --json` says it; certificate: a file to write, which
    `benign prove --verify` checks."""
    claims = [claims] if isinstance(claims, str) else list(claims)
    proof, statement = _benign.prove(_options(options), claims, list(at), digits_max, "" if certificate is None else str(certificate))
    if certificate is not None:
        with open(certificate, "w", encoding="utf-8") as file:
            file.write(statement)
    return _json.loads(proof)


def checks():
    """The registry: id, statement, source and constant of every check."""
    return _json.loads(_benign.checks())
