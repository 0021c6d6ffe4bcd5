package removal

import (
	"slices"
	"time"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// portion is how many things, or changes, of a new case go in one transaction: what others write
// waits for no more than that.
const portion = 100

// part is what one transaction takes of a case.
type part struct{ things, changes []school.ID }

// parts cut a case into what each transaction takes, always in the same way: what was taken is
// known by how many parts were.
func (d dossier) parts() (all []part) {
	for things := range slices.Chunk(d.Things, d.Portion) {
		all = append(all, part{things: things})
	}
	for changes := range slices.Chunk(d.Changes, d.Portion) {
		all = append(all, part{changes: changes})
	}
	return all
}

// hasTime tells whether there is time for another part.
func hasTime(r *web.Request) bool {
	end, ends := r.Context().Deadline()
	return !ends || time.Until(end) > removingTime/3
}

// takeAll takes the parts of the case of the path that are left, each in a transaction of its own
// with what is kept of it, and tells whether all of them are taken: by the visitor, or by another
// meanwhile.
func (s *Service) takeAll(r *web.Request) (done bool, err error) {
	for err == nil && !done && hasTime(r) {
		err = r.Write(func() error {
			d, err := s.dossier(r)
			if done = d.Outcome != removing; err != nil || done {
				return err
			}
			taken, _, err := countPieces(r.Tx, d.ID)
			if err != nil {
				return err
			}
			parts := d.parts()
			if taken < len(parts) {
				if err := s.take(r, d, taken, parts[taken]); err != nil {
					return err
				}
			}
			if done = taken+1 >= len(parts); !done {
				return nil
			}
			d.Outcome = removed
			return settle(r.Tx, d, removing)
		})
	}
	return done, err
}

// take removes one part of a case, and has what it changed be what it was.
func (s *Service) take(r *web.Request, d dossier, number int, p part) error {
	rows, err := s.remove(r.Tx, p.things)
	if err != nil {
		return err
	}
	gone := count(rows, p.things)
	made, mended, err := s.mend(r, d, p.changes)
	if err != nil {
		return err
	}
	rows = append(rows, made...)
	evidence, err := s.seal(d.ID, rows)
	if err != nil {
		return err
	}
	return keep(r.Tx, d, piece{number, evidence}, s.Tables.FilesOf(rows), gone, mended)
}

// putAll puts back the parts of the case of the path that are left, the last that went first, and
// tells whether all of them are back, and whether those of this time are back whole.
func (s *Service) putAll(r *web.Request) (done, whole bool, err error) {
	whole = true
	for err == nil && !done && hasTime(r) {
		err = r.Write(func() error {
			d, err := s.dossier(r)
			if done = d.Outcome != restoring; err != nil || done {
				return err
			}
			p, err := lastPiece(r.Tx, d.ID)
			if fail.Is(err, fail.NotFound) {
				done, d.Outcome = true, restored
				return settle(r.Tx, d, restoring)
			}
			if err != nil {
				return err
			}
			back, err := s.putBack(r, d, p)
			whole = whole && back
			return err
		})
	}
	return done, whole, err
}

// putBack puts one piece of a case back, and tells whether all of it is.
func (s *Service) putBack(r *web.Request, d dossier, p piece) (whole bool, err error) {
	rows, err := s.open(d.ID, p)
	if err != nil {
		return false, err
	}
	rows, unmended, err := s.unmend(r, d, rows)
	if err != nil {
		return false, err
	}
	restored, err := s.putRows(r.Tx, rows)
	if err != nil {
		return false, err
	}
	if err := s.Withhold(r.Tx, d.Account); err != nil {
		return false, err
	}
	return restored && unmended, put(r.Tx, d.ID, p.part)
}
