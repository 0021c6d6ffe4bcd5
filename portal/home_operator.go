package portal

import (
	"time"

	"github.com/a-h/templ"

	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
)

// shownDeliveries is how many of the last deliveries the home page shows.
const shownDeliveries = 5

// operatorView is how the installation is: the last deliveries, what waits,
// and the size of the register.
type operatorView struct {
	front
	Now        time.Time
	Deliveries []feed.Delivery
	Held       int       // schools
	Tasks      []ui.Task // of other rooms
	Stats      directory.Stats
	WrongFiles int // that people attached: damaged or missing
}

func (p *Portal) operatorHome(r *web.Request) (templ.Component, error) {
	deliveries, err := feed.Deliveries(r.Tx, shownDeliveries)
	if err != nil {
		return nil, err
	}
	f, err := p.front(r)
	if err != nil {
		return nil, err
	}
	v := operatorView{front: f, Deliveries: deliveries, Now: r.Tx.Now}
	holds, err := feed.HoldsWaiting(r.Tx, nil)
	if err != nil {
		return nil, err
	}
	v.Held = len(holds)
	if p.Awaits != nil {
		if v.Tasks, err = p.Awaits(r); err != nil {
			return nil, err
		}
	}
	interims, err := p.awaitsInterim(r)
	if err != nil {
		return nil, err
	}
	v.Tasks = append(v.Tasks, interims...)
	if p.WrongFiles != nil {
		if v.WrongFiles, err = p.WrongFiles(r.Tx); err != nil {
			return nil, err
		}
	}
	v.Stats, err = directory.Count(r.Tx)
	return operatorHome(v), err
}

// deliveryTable is the last deliveries, and what became of each.
func deliveryTable(say i18n.Printer, v operatorView) ui.Table {
	table := ui.Table{
		Caption: say.Say("portal.deliveries"), CaptionHidden: true,
		Columns: []ui.Column{
			{Label: say.Say("portal.delivery")}, {Label: say.Say("portal.fed")},
			{Label: say.Say("portal.became")}, {Label: say.Say("portal.warnings"), Numeric: true},
		},
		Empty: ui.Empty{
			Icon: ui.IconInbox, Title: say.Say("portal.no-delivery"), Text: say.Say("portal.no-delivery-text"),
		},
	}
	for _, d := range v.Deliveries {
		state := ui.Tag{Label: say.Say("portal.state-" + string(d.State)), Kind: stateKinds[d.State]}
		table.Rows = append(table.Rows, ui.Row{
			ui.Anchor{Href: "/register/delivery/" + d.ID.String(), Label: d.Name},
			ui.Text(say.Moment(d.FedAt, v.Now)), state, ui.Number(d.Warnings),
		})
	}
	return table
}

var stateKinds = map[feed.State]ui.Kind{feed.Applied: ui.Success, feed.Refused: ui.Danger, feed.Undone: ui.Warning}
