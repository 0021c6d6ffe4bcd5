package village

import (
	"errors"
	"fmt"
	"time"

	"preau/core/school"
)

// Options says which village, and when.
type Options struct {
	Schools  int       // 1 to [MaxSchools]
	Seed     uint64    // another seed, another village
	Day      int       // days since the first delivery, which is day 0
	Date     time.Time // the date of this delivery; only its day counts
	Troubles bool      // sow faults in the delivery
	Headless bool      // the last school of the first town has no head, when it has several
}

// ErrOptions refuses what no village can be made of.
var ErrOptions = errors.New("no such village")

func (o Options) check() error {
	switch {
	case o.Schools < 1 || o.Schools > MaxSchools:
		return fmt.Errorf("%w: it has 1 to %d schools, not %d", ErrOptions, MaxSchools, o.Schools)
	case o.Day < 0:
		return fmt.Errorf("%w: its first day is 0, not %d", ErrOptions, o.Day)
	case o.Date.IsZero():
		return fmt.Errorf("%w: its delivery needs a date", ErrOptions)
	}
	return nil
}

// calendar counts the days back from the date of the delivery, so that a
// village has the same first day whatever the day on which it is seen.
func (o Options) calendar() calendar {
	y, m, d := o.Date.Date()
	first := time.Date(y, m, d-o.Day, 0, 0, 0, 0, time.UTC)
	return calendar{first: first, year: school.YearOf(first)}
}

// Summary counts what a delivery describes. The counts are those of the whole
// village on that day, whether the delivery is complete or a delta, and before
// any trouble is sown.
type Summary struct {
	Structures int // schools and offices
	Schools    int
	Classes    int // with at least one pupil
	Pupils     int
	Guardians  int // organisations among them
	Staff      int
	Bonds      int // pairs of a pupil and a guardian

	// What the delivery asks, structures apart: they always come whole.
	Added, Modified, Deleted Requests

	Troubles map[Trouble]int // how many of each kind were sown

	Files int
	Bytes int64
}

// Requests counts the requests of one kind in a delivery.
type Requests struct{ Pupils, Guardians, Staff int }

func (q *Requests) count(c category) {
	switch c {
	case pupils:
		q.Pupils++
	case guardians:
		q.Guardians++
	case staffs:
		q.Staff++
	}
}

// census adds a locality to the counts.
func (s *Summary) census(l *locality) {
	s.Structures += len(l.schools)
	s.Schools += len(l.schools)
	s.Staff += len(l.staff)
	classes := map[*class]bool{}
	for _, f := range l.families {
		s.Pupils += len(f.pupils)
		s.Guardians += len(f.guardians)
		for _, p := range f.pupils {
			s.Bonds += len(p.bonds)
			classes[p.class] = true
		}
	}
	s.Classes += len(classes)
}

// Write writes the complete delivery of a village, on the day that o says, in
// a folder that it makes if needed. It refuses ([ErrOccupied]) a folder that
// holds XML files. No file bears its final name before all are whole.
func Write(dir string, o Options) (Summary, error) {
	if err := o.check(); err != nil {
		return Summary{}, err
	}
	return writeWith(dir, o, complete, func(s *scribe, l *locality) error {
		l.live(o.Day)
		s.summary.census(l)
		records := l.records()
		for _, c := range categories {
			for _, r := range records[c] {
				if err := s.write(add, r); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// mode is the kind of a delivery, as the names of its files say.
type mode string

const (
	complete mode = "Complet"
	delta    mode = "Delta"
)

// scribe writes a delivery, sows troubles in it and counts.
type scribe struct {
	delivery *delivery
	sower    *sower // nil when there is no trouble to sow
	summary  Summary
}

// writeWith writes a delivery: the offices, then what tell writes of each
// locality.
func writeWith(dir string, o Options, m mode, tell func(*scribe, *locality) error) (Summary, error) {
	day := o.calendar().on(o.Day)
	prefix := fmt.Sprintf("ENTDEMO_%s_%s_%s", academyName, m, day.Format("20060102"))
	d, err := newDelivery(dir, prefix, header(o, day))
	if err != nil {
		return Summary{}, err
	}
	s := &scribe{delivery: d}
	if o.Troubles {
		s.sower = newSower()
	}
	if err := s.writeVillage(o, m, tell); err != nil {
		d.abandon()
		return Summary{}, err
	}
	if err := d.publish(); err != nil {
		d.abandon()
		return Summary{}, err
	}
	s.summary.Files, s.summary.Bytes = len(d.done), d.bytes
	if s.sower != nil {
		s.summary.Troubles = s.sower.sown
	}
	return s.summary, nil
}

func (s *scribe) writeVillage(o Options, m mode, tell func(*scribe, *locality) error) error {
	p := planFor(o.Schools, o.Seed)
	for _, office := range p.offices() {
		s.summary.Structures++
		if err := s.write(add, office); err != nil {
			return err
		}
	}
	for rank := range p.parcels {
		if err := tell(s, imagine(o, p, rank)); err != nil {
			return err
		}
	}
	if s.sower != nil && m == delta {
		for _, a := range anomalies() {
			s.sower.sown[a.kind]++
			if err := s.delivery.write(a.request, a.record); err != nil {
				return err
			}
		}
	}
	return nil
}

// write counts a request and writes it, spoiled or not.
func (s *scribe) write(what request, r record) error {
	switch what {
	case add:
		s.summary.Added.count(r.category)
	case modify:
		s.summary.Modified.count(r.category)
	case remove:
		s.summary.Deleted.count(r.category)
	}
	if s.sower == nil {
		return s.delivery.write(what, r)
	}
	for _, spoiled := range s.sower.sow(what, r) {
		if err := s.delivery.write(what, spoiled); err != nil {
			return err
		}
	}
	return nil
}
