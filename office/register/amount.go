package register

import (
	"slices"

	"preau/directory/feed"
)

// leastTold is the smallest count of troubles that a pilot is told: fewer
// could be those of one person.
const leastTold = 5

// amount is a figure that may not be told.
type amount struct {
	N      int
	Hidden hiding
}

// hiding is why a figure is not told.
type hiding uint8

const (
	shown   hiding = iota
	small          // fewer than five
	covered        // it would give a small one away
	unknown        // nobody knows
)

func told(n int) amount { return amount{N: n} }

// rank is what a count is sorted by: one that is not told comes last.
func (c amount) rank() int {
	if c.Hidden != shown {
		return 0
	}
	return c.N
}

// perRecord is how many troubles there are for a thousand records, in
// tenths: what compares a circonscription of ten schools with one of fifty.
func perRecord(c feed.Conformity) amount {
	if c.Records == 0 {
		return amount{Hidden: unknown}
	}
	return told((c.Total()*10_000 + c.Records/2) / c.Records)
}

// mask hides what is too small to be told to a pilot, and what would give it
// away.
func (v *conformityView) mask() {
	for i := range v.Trend {
		row := &v.Trend[i]
		hideSmall(&row.Academy, &row.School, &row.Everything, &row.Fresh, &row.Lasting, &row.Gone)
		// Two of three figures that make a sum give the third, and so does the
		// difference of two totals.
		coverRest(&row.Academy, &row.School)
		coverRest(&row.Fresh, &row.Lasting)
		coverRest(&row.Fresh, &row.Gone)
		if row.Everything.Hidden != shown {
			row.PerRecord.hide(covered)
		}
	}
	for _, rows := range [][]kindRow{v.Academy, v.Schools} {
		column(rows, func(row *kindRow) *amount { return &row.Fresh })
		column(rows, func(row *kindRow) *amount { return &row.Lasting })
		column(rows, func(row *kindRow) *amount { return &row.Gone })
	}
	column(v.Areas, func(row *areaRow) *amount { return &row.Academy })
	column(v.Areas, func(row *areaRow) *amount { return &row.School })
	column(v.Areas, func(row *areaRow) *amount { return &row.Fresh })
	column(v.Areas, func(row *areaRow) *amount { return &row.Gone })
	for i := range v.Areas {
		if row := &v.Areas[i]; row.Academy.Hidden != shown || row.School.Hidden != shown {
			row.PerRecord.hide(covered)
		}
	}
}

// hide keeps the first reason.
func (c *amount) hide(why hiding) {
	if c.Hidden == shown {
		c.Hidden = why
	}
}

func hideSmall(amounts ...*amount) {
	for _, c := range amounts {
		if c.N > 0 && c.N < leastTold {
			c.hide(small)
		}
	}
}

// coverRest hides the other of two figures whose sum is told, when one is.
func coverRest(a, b *amount) {
	for _, pair := range [][2]*amount{{a, b}, {b, a}} {
		if pair[0].Hidden == small && pair[1].N > 0 {
			pair[1].hide(covered)
		}
	}
}

// column hides the small figures of a column whose sum is told elsewhere, and
// with them the next smallest, until what is hidden together says nothing of
// each.
func column[Row any](rows []Row, of func(*Row) *amount) {
	hidden, sum := 0, 0
	var others []*amount
	for i := range rows {
		c := of(&rows[i])
		hideSmall(c)
		switch {
		case c.Hidden == small:
			hidden++
			sum += c.N
		case c.Hidden == shown && c.N > 0:
			others = append(others, c)
		}
	}
	slices.SortStableFunc(others, func(a, b *amount) int { return a.N - b.N })
	for _, c := range others {
		if hidden == 0 || hidden > 1 && sum >= leastTold && sum > hidden {
			return
		}
		c.hide(covered)
		hidden++
		sum += c.N
	}
}
