"""We predict what @forge/egress, the official filter, lets through."""

import os
import subprocess
import unittest

from npm_packages import SOURCES, require_packages

COMPARE = os.environ["TONGS_PEERS_EGRESS"]


class Egress(unittest.TestCase):
    def test_is_predicted(self):
        told = subprocess.run(["node", SOURCES / "forge_egress.cjs"], capture_output=True, check=True).stdout
        compared = subprocess.run([COMPARE], input=told, capture_output=True, check=True).stdout.decode().splitlines()
        print(f"differences: {compared[-1]}")
        different, _, all_of_them = compared[-1].split()
        self.assertEqual(compared[:-1][:20], [])
        self.assertEqual(different, "0")
        self.assertGreater(int(all_of_them), 50_000)


if __name__ == "__main__":
    require_packages()
    unittest.main()
