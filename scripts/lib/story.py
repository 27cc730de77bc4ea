# SPDX-License-Identifier: Apache-2.0
"""How the demo speaks: scenes, lines, expectations, and a summary at the end."""


class Story:
    def __init__(self, output):
        self.output = output
        self.scenes = 0
        self.checks = {}

    def say(self, line=""):
        print(f"   {line}", file=self.output, flush=True)

    def scene(self, title):
        self.scenes += 1
        print(f"\n{self.scenes}. {title}", file=self.output, flush=True)

    def expect(self, sentence, holds, evidence=""):
        self.checks[sentence] = bool(holds)
        if not holds:
            self.say(f"NOT SO: {sentence}: {evidence}")

    def end(self):
        """Prints the summary; gives the exit code."""
        print("\nSummary", file=self.output)
        for sentence, holds in self.checks.items():
            print(f"   {'ok    ' if holds else 'FAILED'} {sentence}", file=self.output)
        held = sum(self.checks.values())
        print(f"\ndemo: {held} of {len(self.checks)} expectations held", file=self.output, flush=True)
        return 0 if self.checks and held == len(self.checks) else 1


def share_table(story, answers, rows, total):
    """Prints answers against ring shares; gives the largest difference."""
    worst = 0
    story.say(f"{'backend':<10}{'weight':>8}{'ring':>10}{'requests':>10}{'share':>10}")
    for row in rows:
        share = answers[row["name"]] / total
        worst = max(worst, abs(share - row["ring_share"]))
        story.say(f"{row['name']:<10}{row['weight']:>8}{row['ring_share']:>10.2%}{answers[row['name']]:>10}{share:>10.2%}")
    return worst
