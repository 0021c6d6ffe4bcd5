package news

import (
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/search"
	"preau/directory/whom"
)

const columns = `i.id, i.school_id, i.commune_id, i.author_id, i.circles, i.title, i.body, i.event_at, i.event_until_at, i.event_timed, i.event_place,
	i.published_at, i.shown_until_at, i.until_at, i.front, i.public_at, i.faceless_at, i.faceless_by, i.amended_at, i.removed_at, i.rpi_id, i.posted_at,
	i.kept_at, i.kept_why, i.class_id, coalesce((SELECT c.kind FROM directory_class c WHERE c.id = i.class_id), '')`

func scanItem(row db.Row) (i item, err error) {
	var body, circles, place string
	var at, until, published, chosen, over, public, faceless, amended, removed, posted, kept db.Time
	err = row.Scan(&i.ID, &i.School, &i.Commune, &i.Author, &circles, &i.Title, &body, &at, &until, &i.Event.Timed, &i.Event.Place,
		&published, &chosen, &over, &i.Front, &public, &faceless, &i.FacelessBy, &amended, &removed, &i.RPI, &posted, &kept, &i.Why, &i.Class, &place)
	i.Body, i.Group = rich.Load(body), place == string(audience.Group)
	for _, circle := range strings.Fields(circles) {
		i.Circles = append(i.Circles, whom.Circle(circle))
	}
	i.Event.At, i.Event.Until = at.Time, until.Time
	i.Published, i.Chosen, i.Until, i.Public = published.Time, chosen.Time, over.Time, public.Time
	i.Faceless, i.Amended, i.Removed, i.Posted, i.Kept = faceless.Time, amended.Time, removed.Time, posted.Time, kept.Time
	return i, err
}

// joined is the circles of an item as they are stored.
func (i item) joined() string {
	names := make([]string, len(i.Circles))
	for n, circle := range i.Circles {
		names[n] = string(circle)
	}
	return strings.Join(names, " ")
}

// itemByID reads one item, or fail.NotFound.
func itemByID(tx *db.Tx, id school.ID) (item, error) {
	return db.One(tx, scanItem, `SELECT `+columns+` FROM news_item i WHERE i.id = $1`, id)
}

// itemsByID reads some items.
func itemsByID(tx *db.Tx, ids []school.ID) ([]item, error) {
	return db.All(tx, scanItem, `SELECT `+columns+` FROM news_item i WHERE i.id `+tx.Among(1), db.List(tx, ids))
}

// items lists those that a condition finds, in an order: $1 at most.
func items(tx *db.Tx, where, order string, args ...any) ([]item, error) {
	return db.All(tx, scanItem, `SELECT `+columns+` FROM news_item i WHERE `+where+` ORDER BY `+order+` LIMIT $1`, args...)
}

// put writes a new item, or all that changes of one, and addresses it.
func put(tx *db.Tx, i item) error {
	_, err := tx.Exec(`INSERT INTO news_item (id, school_id, commune_id, author_id, circles, title, body, event_at, event_until_at, event_timed, event_place,
			published_at, shown_until_at, until_at, front, public_at, faceless_at, faceless_by, amended_at, removed_at, rpi_id, posted_at, class_id, kept_at, kept_why, leaves_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $16, $22, $23, $24, $25)
		ON CONFLICT (id) DO UPDATE SET circles = excluded.circles, title = excluded.title, body = excluded.body, event_at = excluded.event_at,
			event_until_at = excluded.event_until_at, event_timed = excluded.event_timed, event_place = excluded.event_place,
			published_at = excluded.published_at, shown_until_at = excluded.shown_until_at, until_at = excluded.until_at, front = excluded.front,
			public_at = excluded.public_at, faceless_at = excluded.faceless_at, faceless_by = excluded.faceless_by,
			amended_at = excluded.amended_at, removed_at = excluded.removed_at, posted_at = COALESCE(news_item.posted_at, excluded.public_at),
			kept_at = excluded.kept_at, kept_why = excluded.kept_why, leaves_at = excluded.leaves_at`,
		i.ID, i.School, i.Commune, i.Author, i.joined(), i.Title, i.Body.HTML(), db.At(i.Event.At), db.At(i.Event.Until), i.Event.Timed, i.Event.Place,
		db.At(i.Published), db.At(i.Chosen), db.At(i.Until), i.Front, db.At(i.Public), db.At(i.Faceless), i.FacelessBy, db.At(i.Amended), db.At(i.Removed), i.RPI, i.Class, db.At(i.Kept), string(i.Why), db.At(i.leaves(tx.Now)))
	if err != nil {
		return err
	}
	if !i.Removed.IsZero() {
		if err := search.Remove(tx, room, i.ID); err != nil {
			return err
		}
		return audience.Withdraw(tx, i.ID)
	}
	return index(tx, i)
}

// address is an item for those whom it tells something.
func (i item) address() audience.Address {
	return audience.Address{Room: room, Thing: i.ID, School: i.School, Audiences: i.audiences(), Published: i.Published, NewsUntil: i.Until}
}

// audiences are for whom an item is.
func (i item) audiences() []audience.Audience {
	switch {
	case i.Class != 0 && i.Group:
		return whom.Around(audience.Group, i.Class, i.Circles...)
	case i.Class != 0:
		return whom.Around(audience.Class, i.Class, i.Circles...)
	case i.School == 0:
		return whom.Around(audience.Commune, i.Commune, i.Circles...)
	case i.RPI != 0:
		return whom.Around(audience.RPI, i.RPI, i.Circles...)
	}
	return whom.Around(audience.School, i.School, i.Circles...)
}

// alone leaves one item on top of its school's, or none.
func alone(tx *db.Tx, at, top school.ID) error {
	_, err := tx.Exec(`UPDATE news_item SET front = (id = $2) WHERE school_id = $1 AND commune_id = 0 AND front <> (id = $2)`, at, top)
	return err
}

// page is that a school has a public page.
type page struct {
	School school.ID
	Opened time.Time // zero: it has none
	By     school.ID
	Listed bool // by search engines
}

// pageOf reads the public page of a school; one that is shut is none.
func pageOf(tx *db.Tx, at school.ID) (p page, err error) {
	p.School = at
	err = tx.Each(func(row db.Row) error {
		var opened db.Time
		err := row.Scan(&opened, &p.By, &p.Listed)
		p.Opened = opened.Time
		return err
	}, `SELECT opened_at, opened_by, listed FROM news_page WHERE school_id = $1`, at)
	return p, err
}

// turnPage opens the public page of a school, or shuts it.
func turnPage(tx *db.Tx, p page) error {
	if p.Opened.IsZero() {
		_, err := tx.Exec(`DELETE FROM news_page WHERE school_id = $1`, p.School)
		return err
	}
	_, err := tx.Exec(`INSERT INTO news_page (school_id, opened_at, opened_by, listed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (school_id) DO UPDATE SET listed = excluded.listed`, p.School, db.At(p.Opened), p.By, p.Listed)
	return err
}
