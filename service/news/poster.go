package news

import (
	"strings"
	"time"

	"preau/core/attach"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// posterView is the public page of a school, as anybody reads it. It names nobody.
type posterView struct {
	At    directory.Structure
	Items []posterItem
	Now   time.Time
}

// posterItem is an item of it.
type posterItem struct {
	item
	Carried attach.Set // of whoever declared that it shows no child alone
}

// posterPath is the public page of a school.
func posterPath(uai school.UAI) string { return "/news/public/" + strings.ToLower(string(uai)) }

// onPoster is the condition that an item i is on the public page of the school $2 at the
// instant $3.
const onPoster = `i.school_id = $2 AND i.commune_id = 0 AND i.public_at IS NOT NULL AND i.removed_at IS NULL AND i.kept_at IS NULL AND i.published_at <= $3 AND i.until_at > $3`

// mostPosted is how many items the public page of a school has at most.
const mostPosted = 20

// poster is the public page of a school: what its authors chose to put there, and how to
// reach it.
func (s *Service) poster(r *web.Request) (web.Answer, error) {
	at, p, err := posterOf(r)
	if err != nil {
		return nil, err
	}
	posted, err := postedBy(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	v := posterView{At: at, Now: r.Tx.Now}
	carried, err := carriedBy(r.Tx, posted...)
	if err != nil {
		return nil, err
	}
	for _, i := range posted {
		v.Items = append(v.Items, posterItem{i, carried[i.ID]})
	}
	poster := web.Unlisted
	if p.Listed {
		poster = web.Listed
	}
	return web.Page{Title: at.Name, Body: posterPage(v), Poster: poster, School: at.Name}, nil
}

// postedBy lists the items of the public page of a school: the one on top first, then the last.
func postedBy(tx *db.Tx, at school.ID) ([]item, error) {
	return items(tx, onPoster, "i.front DESC, i.published_at DESC, i.id DESC", mostPosted, at, db.At(tx.Now))
}

// posterAttached gives a photo or a file of the public page.
func (s *Service) posterAttached(r *web.Request) (web.Answer, error) {
	at, _, err := posterOf(r)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("item")
	if err != nil {
		return nil, err
	}
	found, err := items(r.Tx, onPoster+` AND i.id = $4`, "i.id", 1, at.ID, db.At(r.Tx.Now), id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fail.New(fail.NotFound, "the item %s is not for everybody", id)
	}
	carried, err := carriedBy(r.Tx, found...)
	if err != nil {
		return nil, err
	}
	return s.Tray.Answer(r, carried[id])
}

// carriedBy is what items of a public page carry for everybody, where somebody declared that no
// child can be recognised on their photos, nor read of in their files; else nothing.
func carriedBy(tx *db.Tx, items ...item) (map[school.ID]attach.Set, error) {
	var declared []school.ID
	for _, i := range items {
		if !i.Faceless.IsZero() {
			declared = append(declared, i.ID)
		}
	}
	return bag.Of(tx, declared...)
}

// posterOf reads the school of the path, {uai}: one whose page is open. Any other looks
// like what does not exist.
func posterOf(r *web.Request) (at directory.Structure, p page, err error) {
	uai := strings.ToUpper(r.PathValue("uai"))
	if at, err = directory.StructureByRef(r.Tx, "uai:"+uai); err != nil {
		return at, p, err
	}
	p, err = openPage(r.Tx, at)
	return at, p, err
}

// openPage reads the public page of a school that has one; else it is fail.NotFound.
func openPage(tx *db.Tx, at directory.Structure) (page, error) {
	p, err := pageOf(tx, at.ID)
	if err == nil && (at.Kind != directory.School || !at.Until.IsZero() || p.Opened.IsZero()) {
		err = fail.New(fail.NotFound, "the school %s has no public page", at.UAI)
	}
	return p, err
}

// itemPath is where what an item of the public page carries is.
func (v posterView) itemPath(i item) string { return posterPath(v.At.UAI) + "/item/" + i.ID.String() }
