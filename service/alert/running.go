package alert

import (
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory/whom"
)

// Running lists the notices that hold and that the visitor keeps, for their home page: what
// they told themselves is not on top of their pages any more, and is theirs to follow and to
// end. What they told several schools at once is there once.
func (s *Service) Running(r *web.Request) (shown []ui.Notice, err error) {
	if !r.Holds(keep) && !r.Holds(keepCommune) {
		return nil, nil
	}
	own, args := r.Scope(keep, rights.Columns{School: "a.school_id", Class: "a.class_id"}, mostListed, db.At(r.Tx.Now))
	commune, args := r.Scope(keepCommune, rights.Columns{InArea: "a.commune_id IN (%[1]s)"}, args...)
	all, err := alerts(r.Tx, `a.ended_at IS NULL AND a.until_at > $2 AND (a.commune_id = 0 AND `+own+` OR a.commune_id <> 0 AND `+commune+`)`, args...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]school.ID, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	mine, err := audience.ReceiptsBy(r.Tx, r.Actor.Person, ids...)
	var told []school.ID
	for _, a := range all {
		if slices.Contains(told, a.Together) || a.to(whom.Team) && a.Author != r.Actor.Person && !a.acknowledged(mine) {
			continue // it is on top of the page
		}
		told = append(told, a.Together)
		shown = append(shown, ui.Notice{
			Kind: ui.Warning, Title: r.Say("alert.running-now", a.title(r.Printer)), Text: i18n.Dots(a.Last.Text, a.until(r.Printer, r.Tx.Now)),
			Link: ui.Link{Href: a.path(), Label: r.Say("alert.running-follow")},
		})
	}
	return shown, err
}
