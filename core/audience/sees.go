package audience

import (
	"fmt"
	"math"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// worn are the sides that somebody is on with each hat; what is for one person is theirs
// with any.
var worn = map[school.Profile][]Side{
	school.Pupil:     {Pupils},
	school.Guardian:  {Families},
	school.Teacher:   {Teaching},
	school.Head:      {Teaching},
	school.Staff:     {SchoolStaff},
	school.Admin:     {SchoolStaff},
	school.Municipal: {MunicipalStaff},
	school.CareAgent: {CareStaff},
}

// As is what somebody holds with a hat: a teacher reads at their desk nothing of what is
// said to them as a parent.
func (h Holdings) As(profile school.Profile) Holdings {
	return slices.DeleteFunc(slices.Clone(h), func(one Held) bool {
		switch one.Place {
		case Person:
			return false
		case Family:
			return profile != school.Guardian
		}
		return !slices.Contains(worn[profile], one.Side)
	})
}

// Sees is the condition that a thing, whose identifier is the SQL given, is addressed to
// an audience that is held now, or was published while it was held; args come back with
// its own values appended.
func (h Holdings) Sees(tx *db.Tx, thing string, args ...any) (string, []any) {
	things, args := h.Things(tx, args...)
	return thing + ` IN (` + things + `)`, args
}

// Things is the query of the identifiers of the things of which [Holdings.Sees] is the
// condition. What is seen otherwise too is the union of it with other queries: beside an OR
// a database would look at every thing that there is.
func (h Holdings) Things(tx *db.Tx, args ...any) (string, []any) {
	where, rows, args := h.addressed(tx, args)
	return fmt.Sprintf(`SELECT a.thing_id FROM %s h JOIN audience_address a ON %s`, rows, where), args
}

// Children lists the children for whom somebody sees a thing, sorted: 0 for themselves. It
// is fail.NotFound when they do not see it.
func (h Holdings) Children(tx *db.Tx, thing school.ID) ([]school.ID, error) {
	where, rows, args := h.addressed(tx, []any{thing})
	children, err := db.All(tx, db.Column[school.ID], `SELECT DISTINCT h.child FROM audience_address a JOIN `+rows+` h ON `+where+`
		WHERE a.thing_id = $1 ORDER BY h.child`, args...)
	if err == nil && len(children) == 0 {
		err = fail.New(fail.NotFound, "%s is addressed to none of %d audiences", thing, len(h))
	}
	return children, err
}

// ChildrenOf lists the children for whom somebody sees what was published to some audiences
// at an instant, sorted, as [Holdings.Children] does of what is stored.
func (h Holdings) ChildrenOf(to []Audience, published, now time.Time) (children []school.ID) {
	for _, one := range h {
		seen := one.At(now) || !published.Before(one.From) && (one.Until.IsZero() || published.Before(one.Until))
		if seen && slices.Contains(to, one.Audience) {
			children = append(children, one.Child)
		}
	}
	slices.Sort(children)
	return slices.Compact(children)
}

// Current tells for which of some children a thing is addressed to what is held now: one
// answers what one holds, and only reads what one held.
func (h Holdings) Current(tx *db.Tx, thing school.ID) ([]school.ID, error) {
	children, err := h.At(tx.Now).Children(tx, thing)
	if fail.Is(err, fail.NotFound) {
		return nil, nil
	}
	return children, err
}

// addressed joins an address a with what is held, the rows h.
func (h Holdings) addressed(tx *db.Tx, args []any) (where, rows string, with []any) {
	with = append(args, db.At(tx.Now), h.list(tx))
	return fmt.Sprintf(`h.audience = a.audience AND a.published_at <= $%d AND a.published_at >= h.from_at AND a.published_at < h.until_at`, len(with)-1),
		tx.Rows(len(with), "audience TEXT", "child", "from_at", "until_at"), with
}

// list is what is held as rows: audience, child, and what was published from when until
// when is seen by it. By what is held now everything is.
func (h Holdings) list(tx *db.Tx) string {
	rows := make([][]any, 0, len(h))
	for _, one := range h {
		from, until := int64(0), int64(math.MaxInt64)
		if !one.At(tx.Now) {
			from, until = one.From.UnixMilli(), one.Until.UnixMilli()
		}
		rows = append(rows, []any{string(one.ID()), int64(one.Child), from, until})
	}
	return db.RowList(rows)
}
