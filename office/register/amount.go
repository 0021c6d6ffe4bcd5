package register

import "preau/directory/feed"

// amount is a figure, or that nobody knows it.
type amount struct {
	N       int
	Unknown bool
}

func told(n int) amount { return amount{N: n} }

// rank is what a count is sorted by: one that is not known comes last.
func (c amount) rank() int {
	if c.Unknown {
		return 0
	}
	return c.N
}

// perRecord is how many troubles there are for a thousand records, in
// tenths: what compares a circonscription of ten schools with one of fifty.
func perRecord(c feed.Conformity) amount {
	if c.Records == 0 {
		return amount{Unknown: true}
	}
	return told((c.Total()*10_000 + c.Records/2) / c.Records)
}
