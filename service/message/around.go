package message

import (
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// around is what stands around each folder of the visitor: what there is to read, to
// review, to settle, and where they write.
func (s *Service) around(r *web.Request, in folder) (v listView, err error) {
	v = listView{Folder: in, Now: r.Tx.Now, Pupil: r.Actor.Profile == school.Pupil}
	if v.Unread, v.Withheld, err = s.count(r); err != nil {
		return v, err
	}
	if v.Aside, err = countDrafts(r); err != nil {
		return v, err
	}
	if v.Own, err = ownFolders(r.Tx, r.Actor.Person); err != nil {
		return v, err
	}
	if v.Writes, err = s.writes(r); err != nil {
		return v, err
	}
	if v.Pupil && !v.Writes {
		if is, _, err := s.Opens(r); !is || err != nil {
			return v, fail.New(fail.NotFound, "nothing is open to %s: %w", r.Actor.Person, err)
		}
	}
	v.Writes, v.Judges = v.Writes && r.Holds(write), r.Holds(judge)
	if r.Holds(govern) {
		v.Rules = "/message/rules"
	}
	if r.Holds(governAgents) {
		areas, err := directory.StructuresByID(r.Tx, r.Actor.Areas...)
		if err != nil {
			return v, err
		}
		for _, at := range areas {
			if at.Kind == directory.Commune {
				v.Rules = rulesView{At: at}.path()
			}
		}
	}
	if !r.Holds(moderate) {
		return v, nil
	}
	if v.Reports, err = s.countReports(r); err != nil {
		return v, err
	}
	if v.Review, err = s.countWaiting(r); err != nil {
		return v, err
	}
	classes, err := directory.ClassesBehind(r.Tx, func(columns rights.Columns, args ...any) (string, []any) { return r.Scope(moderate, columns, args...) })
	for _, class := range classes {
		v.Classes = append(v.Classes, ref{"/message/class/" + class.ID.String(), class.Label})
	}
	return v, err
}

// Awaits implements web.Awaiter: what there is to read, to review and to settle, and what was kept back.
func (s *Service) Awaits(r *web.Request) (int, error) {
	unread, withheld, err := s.count(r)
	n := unread + withheld
	if err != nil || !r.Holds(moderate) {
		return n, err
	}
	reports, err := s.countReports(r)
	if err != nil {
		return 0, err
	}
	waiting, err := s.countWaiting(r)
	return n + reports + waiting, err
}

// Opens implements web.Opener. What is new is in how many conversations there is something
// to read: a child who does not read has none.
func (s *Service) Opens(r *web.Request) (open bool, news int, err error) {
	if r.Reader == ui.PreReader {
		return false, 0, nil
	}
	all, err := s.reach(r.Tx, r.Actor)
	if err != nil {
		return false, 0, err
	}
	if len(all) > 0 {
		news, _, err = s.count(r)
		return true, news, err
	}
	where, args, err := s.mine(r)
	if err != nil {
		return false, 0, err
	}
	if open, err = db.One(r.Tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM message_thread t WHERE `+where+`)`, args...); err != nil || !open {
		return false, 0, err
	}
	news, _, err = s.count(r)
	return true, news, err
}
