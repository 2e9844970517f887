"""The soak test finds everything that it is there to find."""

import unittest
from dataclasses import replace

from callers import Caller, Outages, Tokens
from gateway import Samples
from verdict import DESCRIPTOR_GROWTH, LEFT_OPEN, LONG_RUN, MEMORY_GROWTH, Outcome, findings, report

WELL = Outcome(seconds=LONG_RUN, good=100, refused=50, unavailable=3,
               loads=[{"answers": 40, "good": 40, "refused": 0, "broken": 0}], resets=5, rotations=2, reloads=2,
               restarts=1, accepted=150, memory=(20e6, 25e6, 1e6), descriptors=(20, 40, 2))


class Verdict(unittest.TestCase):
    def assert_found(self, what, **changes):
        found = findings(replace(WELL, **changes))
        self.assertEqual(len(found), 1, found)
        self.assertIn(what, found[0])

    def test_all_may_be_well(self):
        self.assertEqual(findings(WELL), [])
        self.assertIn("100", report(WELL))

    def test_memory_of_a_short_run_says_nothing(self):
        grown = replace(WELL, memory=(20e6, 25e6, MEMORY_GROWTH + 1))
        self.assertEqual(findings(replace(grown, seconds=LONG_RUN - 1)), [])

    def test_everything_else_is_found(self):
        self.assert_found("2 × bad token: 200", wrong=["bad token: 200"] * 2)
        self.assert_found("1 good requests were refused", loads=[{"answers": 2, "good": 1, "refused": 1, "broken": 0}])
        self.assert_found("1 broken off", loads=[{"answers": 1, "good": 1, "refused": 0, "broken": 1}])
        self.assert_found("counts only 139", accepted=139)
        self.assert_found("memory grew", memory=(20e6, 25e6, MEMORY_GROWTH + 1))
        self.assert_found("descriptors grew", descriptors=(20, 40, DESCRIPTOR_GROWTH + 1))
        self.assert_found("are open", descriptors=(20, 21 + LEFT_OPEN, 0))
        self.assert_found("status -11", exit_status=-11)
        self.assert_found("logged: no", errors=["no"])
        for what in ("good", "refused", "resets", "rotations", "reloads", "restarts"):
            self.assert_found(f"{what} is 0", **{what: 0})
        self.assert_found("load_answers is 0", loads=[])


class Judging(unittest.TestCase):
    def judge(self, what, status, body=b"", outage=False):
        outages = Outages()
        if outage:
            outages.spans.append([1, 2])
        caller = Caller("a", 1, Tokens(["t"], []), outages, None)
        caller.judge(what, status, body, b"GET /a x", 1.5 if outage else 3)
        return caller.tally

    def test_right_answers(self):
        self.assertEqual(self.judge("good", 200, b"GET /a x").good, 1)
        self.assertEqual(self.judge("expired", 401).refused, 1)
        self.assertEqual(self.judge("good", 502, outage=True).unavailable, 1)
        self.assertEqual(self.judge("good", 504, outage=True).unavailable, 1)

    def test_wrong_answers(self):
        for arguments in (("good", 401), ("good", 200, b"GET /b x"), ("good", 502), ("good", 503, b"", True),
                          ("good", "it broke", b"", True), ("expired", 200, b"GET /a x"), ("expired", 502, b"", True),
                          ("expired", 403), ("withdrawn", 200)):
            with self.subTest(arguments):
                self.assertEqual(len(self.judge(*arguments).wrong), 1)


class Growth(unittest.TestCase):
    def growth(self, *values):
        samples = Samples(None, 1, None)
        samples.taken = [(0, value, value) for value in values]
        return samples.growth()

    def test_is_that_of_the_peak_in_the_second_half(self):
        self.assertEqual(self.growth(*[1] * 10, *[7] * 10), (0, 0))
        self.assertEqual(self.growth(*range(20)), (5, 5))

    def test_what_comes_and_goes_with_the_load_is_none(self):
        self.assertEqual(self.growth(*[1, 1, 9, 1] * 3, *[9, 1, 1, 1] * 2), (0, 0))


if __name__ == "__main__":
    unittest.main()
