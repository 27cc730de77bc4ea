#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who counts as stranded in scripts/demo incident, from when, and until when."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from incident_run import share_well  # noqa: E402
from messaging import USERS, Deed, stranded  # noqa: E402


def deed(began, host="b1", took=0.01, user=1):
    return Deed(user, began, began + took, "login", host)


class Stranded(unittest.TestCase):
    def test_nobody_while_all_answer(self):
        self.assertEqual(list(stranded([deed(1), deed(2)])), [])

    def test_from_the_first_failure_to_the_next_answer(self):
        deeds = [deed(1), deed(2, "-", 2), deed(4.5, "-", 2), deed(7), deed(8)]
        self.assertEqual(list(stranded(deeds)), [(1, 2, 7)])

    def test_in_the_order_of_time_and_not_of_ending(self):
        self.assertEqual(list(stranded([deed(7), deed(2, "-", 2)])), [(1, 2, 7)])

    def test_a_late_answer_strands_until_it_comes(self):
        self.assertEqual(list(stranded([deed(2, took=1.5), deed(5)])), [(1, 2, 3.5)])

    def test_each_user_alone(self):
        deeds = [deed(2, "-", 2), deed(3, user=2), deed(5)]
        self.assertEqual(list(stranded(deeds)), [(1, 2, 5)])

    def test_without_another_answer_for_good(self):
        self.assertEqual(list(stranded([deed(2, "-", 2)])), [(1, 2, float("inf"))])

    def test_share_at_a_moment(self):
        intervals = [(1, 2, 5), (2, 4, 6)]
        self.assertEqual([share_well(intervals, at) for at in (1.9, 2, 4, 5, 6)],
                         [1, 1 - 1 / USERS, 1 - 2 / USERS, 1 - 1 / USERS, 1])


if __name__ == "__main__":
    unittest.main()
