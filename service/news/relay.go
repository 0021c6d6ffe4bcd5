package news

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/notify"
	"preau/core/school"
	"preau/directory"
)

// Posted lists what is on the public pages of some schools now, as a mail says it: without
// photos nor files, which stay on the page. A school without a page has none.
func Posted(tx *db.Tx, say i18n.Printer, schools ...school.ID) (all []notify.Posted, err error) {
	places, err := directory.StructuresByID(tx, schools...)
	if err != nil {
		return nil, err
	}
	for _, at := range places {
		if _, err := openPage(tx, at); fail.Is(err, fail.NotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		posted, err := postedBy(tx, at.ID)
		if err != nil {
			return nil, err
		}
		for _, i := range posted {
			all = append(all, notify.Posted{
				Room: room, Thing: i.ID, At: i.firstRead(), From: at.Name, Title: i.Title,
				When: i.Event.when(say, tx.Now), Where: i.Event.Place, Text: i.Body.Plain(), Path: posterPath(at.UAI),
			})
		}
	}
	return all, nil
}

// firstRead is from when on anybody could read an item of the public page.
func (i item) firstRead() time.Time {
	if i.Published.After(i.Posted) {
		return i.Published
	}
	return i.Posted
}
