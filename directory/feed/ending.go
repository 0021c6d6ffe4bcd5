package feed

import (
	"fmt"
	"slices"

	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// letGo ends what people held by their absent keys, and marks as departed
// those who do not stay.
func (a *application) letGo(leavers []leaver) error {
	for chunk := range slices.Chunk(leavers, chunkSize) {
		ids := make([]school.ID, len(chunk))
		for i, l := range chunk {
			ids[i] = l.person
		}
		current, err := a.load(ids)
		if err != nil {
			return err
		}
		keys, err := a.keysOf(ids)
		if err != nil {
			return err
		}
		for _, l := range chunk {
			if err := a.end(l, current[l.person], keys); err != nil {
				return err
			}
		}
	}
	return a.w.flush()
}

// keysOf reads the keys by which the source calls some people. The source is
// not asked for: SQLite would read all its keys rather than those of a few.
func (a *application) keysOf(ids []school.ID) (map[gone]directory.Key, error) {
	rows, err := directory.Keys.Among(a.w.tx(), "subject_id", ids, "")
	keys := make(map[gone]directory.Key, len(rows))
	for _, row := range rows {
		if row.Source == a.c.source.ID {
			keys[gone{category: aaf.Category(row.Category), key: aaf.Key(row.Jointure)}] = row
		}
	}
	return keys, err
}

func (a *application) end(l leaver, have *rows, keys map[gone]directory.Key) error {
	for _, key := range l.keys {
		before, known := keys[key]
		if !known {
			return fmt.Errorf("the key %s %d of somebody who leaves is not in the register", key.category, key.key)
		}
		if err := a.closeKey(before); err != nil {
			return err
		}
		if have != nil { // not erased since
			if err := a.endRows(l, key, have); err != nil {
				return err
			}
		}
	}
	if l.stays {
		return nil
	}
	a.counts.of(l.keys[0].category).Departed++
	if have == nil {
		return nil
	}
	after := *have.person
	after.Departed = a.w.now
	return replace(a.w, &a.w.persons, *have.person, after)
}

// endRows ends what one key said of somebody, or leaves it to an heir of the
// same category, who may say the same and would not be asked again.
func (a *application) endRows(l leaver, key gone, have *rows) error {
	by := speaker{Said: directory.Said{Jointure: int64(key.key), Origin: directory.Origin{Source: a.c.source.ID, Feed: a.w.feed}}}
	heir, inherits := l.heirs[key.category]
	if err := finish(a, &a.w.enrolments, enrolmentKind, by, have.enrolments, heir, inherits, nil); err != nil {
		return err
	}
	if err := finish(a, &a.w.memberships, membershipKind, by, have.memberships, heir, inherits, nil); err != nil {
		return err
	}
	if err := finish(a, &a.w.bonds, bondKind, by, have.bonds, heir, inherits, &a.counts.Bonds.Departed); err != nil {
		return err
	}
	return finish(a, &a.w.functions, functionKind, by, have.functions, heir, inherits, nil)
}

// finish ends the open rows of a speaker, or gives them to its heir, and
// counts those that end.
func finish[R any, K comparable](a *application, b *buffer[R], k kind[R, K], by speaker, current []R, heir aaf.Key, inherits bool, ended *int) error {
	for _, row := range current {
		if _, until := k.span(&row); !until.IsZero() || !by.says(*k.said(&row)) {
			continue
		}
		if inherits {
			after := row
			k.said(&after).Jointure = int64(heir)
			if err := replace(a.w, b, row, after); err != nil {
				return err
			}
			continue
		}
		if ended != nil {
			*ended++
		}
		if err := end(a.w, b, k, row); err != nil {
			return err
		}
	}
	return nil
}

// endInterims ends the interim of each school that has a head now. It was given
// by hand until this very day; undoing the delivery gives it back.
func (a *application) endInterims(result *Result) error {
	over, err := directory.InterimsOver(a.w.tx())
	if err != nil {
		return err
	}
	for _, acting := range over {
		if err := end(a.w, &a.w.functions, functionKind, acting); err != nil {
			return err
		}
	}
	result.Interims = over
	return nil
}

// closeKey marks a key as naming nobody for now. It will be compared again
// when it comes back.
func (a *application) closeKey(before directory.Key) error {
	after := before
	after.Live, after.Hash, after.Feed = false, 0, a.w.feed
	return replace(a.w, &a.w.keys, before, after)
}
