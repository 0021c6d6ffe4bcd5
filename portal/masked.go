package portal

import (
	"slices"

	"github.com/a-h/templ"

	"preau/core/i18n"
	"preau/core/ui"
)

// leastTold is the smallest count of people that a pilot is told: fewer could
// be known by name.
const leastTold = 5

// hidden tells whether a count of people is too small to be told. Nobody is
// not somebody.
func hidden(n int) bool { return n > 0 && n < leastTold }

// people is the cell of a count of people.
func people(n int) templ.Component {
	if hidden(n) {
		return ui.Masked()
	}
	return ui.Number(n)
}

// tellable tells whether the sum of a column may be told: where one cell is
// hidden it would be found by subtraction.
func tellable(cells []int) bool { return !slices.ContainsFunc(cells, hidden) }

// share is the part of the accounts that are activated. It is not told where
// it would tell of fewer than five people, activated or left.
func (d deployment) share(say i18n.Printer) templ.Component {
	if hidden(d.Accounts.Activated) || hidden(d.Accounts.Logins-d.Accounts.Activated) {
		return untold()
	}
	if d.Accounts.Activated > 0 && d.Accounts.Percent() == 0 {
		return ui.Text(say.Say("portal.percent-least"))
	}
	return ui.Text(say.Say("portal.percent", d.Accounts.Percent()))
}
