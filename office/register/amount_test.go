package register

import (
	"testing"

	"pgregory.net/rapid"
)

// What a column hides says nothing of each figure, whatever the column: the
// small are hidden, never one alone, unless nothing else could hide it.
func TestAColumnHidesWhatIsSmall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.IntRange(0, 12), 0, 8).Draw(t, "column")
		rows := make([]amount, len(numbers))
		others := 0 // figures that are not small, nor nothing
		for i, n := range numbers {
			rows[i] = told(n)
			if n >= leastTold {
				others++
			}
		}
		column(rows, func(a *amount) *amount { return a })
		hidden, sum := 0, 0
		for i, a := range rows {
			n := numbers[i]
			if n > 0 && n < leastTold && a.Hidden != small {
				t.Fatalf("%v tells %d", rows, n)
			}
			if n == 0 && a.Hidden != shown {
				t.Fatalf("%v hides that nobody is nobody", rows)
			}
			if a.Hidden == covered {
				others--
			}
			if a.Hidden != shown {
				hidden++
				sum += n
			}
		}
		if hidden > 0 && others > 0 && (hidden == 1 || sum < leastTold || sum == hidden) {
			t.Fatalf("%v: %d figures that make %d are found", rows, hidden, sum)
		}
	})
}

func TestTheRestIsCovered(t *testing.T) {
	for _, c := range []struct{ a, b, wantA, wantB amount }{
		{told(7), told(9), told(7), told(9)},
		{told(3), told(9), amount{3, small}, amount{9, covered}},
		{told(9), told(3), amount{9, covered}, amount{3, small}},
		{told(3), told(0), amount{3, small}, told(0)},
		{told(3), told(2), amount{3, small}, amount{2, small}},
		{told(3), amount{0, unknown}, amount{3, small}, amount{0, unknown}},
	} {
		a, b := c.a, c.b
		hideSmall(&a, &b)
		coverRest(&a, &b)
		if a != c.wantA || b != c.wantB {
			t.Errorf("%v and %v become %v and %v", c.a, c.b, a, b)
		}
	}
}
