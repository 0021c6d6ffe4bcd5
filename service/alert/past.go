package alert

import (
	"cmp"
	"slices"
	"strings"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/web"
)

var (
	_ web.Changer = (*Service)(nil)
	_ web.Settler = (*Service)(nil)
)

// pasts are what is done to an alert that was told already.
var pasts = map[said]past.Act{amended: past.Amended, ended: past.Ended}

// keepWas keeps what alerts are, of which the visitor is about to say something else.
func keepWas(r *web.Request, all []alert, says said) error {
	changes := make([]past.Change, len(all))
	for i, a := range all {
		changes[i] = past.Change{Room: room, Thing: a.ID, School: a.School, By: r.Actor.Person, Act: pasts[says]}
	}
	return past.Keep(r.Tx, Holdings.Tables, changes...)
}

// Reads implements web.Changer: all that an alert said, the first first.
func (s *Service) Reads(r *web.Request, rows []personal.Row) (sent web.Sent, err error) {
	var a alert
	var notices []personal.Row
	for _, row := range rows {
		switch row.Table {
		case "alert_alert":
			a = alert{ID: row.ID("id"), School: row.ID("school_id"), Kind: kind(row.Text("kind")), Drill: row.Is("drill"), Published: row.At("published_at")}
		case "alert_notice":
			notices = append(notices, row)
		}
	}
	if a.ID == 0 {
		return sent, nil
	}
	slices.SortFunc(notices, func(a, b personal.Row) int { return cmp.Compare(a.ID("id"), b.ID("id")) })
	lines := make([]string, len(notices))
	for i, row := range notices {
		lines[i] = row.Text("text")
		if is := said(row.Text("said")); is != told {
			lines[i] = r.Say("alert.said-"+string(is), cmp.Or(lines[i], a.what(r.Printer)))
		}
	}
	return web.Sent{Thing: a.ID, School: a.School, At: a.Published, Icon: a.Kind.icon(), Title: a.what(r.Printer), Text: strings.Join(lines, "\n")}, nil
}

// Settle implements web.Settler: what is told now is read anew, and it is told of the end of what is
// there alone. An alert is part of nothing.
func (s *Service) Settle(tx *db.Tx, rows []personal.Row) (empty []school.ID, err error) {
	var sendings, notices []school.ID
	for _, row := range rows {
		switch row.Table {
		case "alert_alert":
			s.current.Forget(tx)
			sendings, notices = append(sendings, row.ID("together_id")), append(notices, row.ID("notice_id"))
		case "alert_notice":
			notices = append(notices, row.ID("id"))
		}
	}
	if err := audience.Forget(tx, notices...); err != nil {
		return nil, err
	}
	slices.Sort(sendings)
	for _, sending := range slices.Compact(sendings) {
		if err := remindOf(tx, sending); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// remindOf has those who keep what was told together be told that it ends, unless they are already.
func remindOf(tx *db.Tx, sending school.ID) error {
	all, err := alerts(tx, `a.together_id = $2`, mostTogether, sending)
	if err != nil {
		return err
	}
	reminders, err := audience.To(tx, lastOf(all)...)
	all = slices.DeleteFunc(all, func(a alert) bool { return !a.open(tx.Now) })
	if err != nil || len(reminders) > 0 || len(all) == 0 {
		return err
	}
	return remind(tx, all[0])
}
