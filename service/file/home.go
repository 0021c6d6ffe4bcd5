package file

import (
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// homeView is where the visitor's files are.
type homeView struct {
	Spaces  []spaceLine
	Opened  []line // to the visitor, by others
	Starred []line
	Recent  []line
	Writes  bool
	Small   bool // the visitor does not read yet
	Child   bool
	Now     time.Time
}

// spaceLine is a space in a list.
type spaceLine struct {
	space
	Gauge ui.Gauge
}

// line is an entry in a list.
type line struct {
	entry
	From     string        // who opened it, or wrote it last
	Children []ui.ChildTag // of the visitor's, for whom it was opened
	Drops    bool          // one drops things there
	Cover    school.ID     // of a folder that a child sees: a file in it that has a picture; 0: none
}

// How many entries the first page shows of each sort.
const mostOpened, mostStarred, mostRecent = 100, 12, 8

// home shows the visitor's spaces, what others opened to them, what they want at hand, and what is new.
func (s *Service) home(r *web.Request) (web.Answer, error) {
	v := homeView{Writes: r.Holds(put), Small: r.Reader == ui.PreReader, Child: r.Actor.Profile == school.Pupil, Now: r.Tx.Now}
	spaces, err := mySpaces(r)
	if err != nil {
		return nil, err
	}
	var ids []school.ID
	for _, sp := range spaces {
		v.Spaces = append(v.Spaces, spaceLine{sp, gaugeOf(r, sp)})
		if sp.ID != 0 {
			ids = append(ids, sp.ID)
		}
	}
	if v.Opened, err = s.openedTo(r); err != nil {
		return nil, err
	}
	if v.Starred, err = s.starred(r); err != nil {
		return nil, err
	}
	recent, err := recentIn(r.Tx, mostRecent, ids...)
	if err != nil {
		return nil, err
	}
	v.Recent, err = s.lines(r, recent)
	return web.Page{Title: r.Say("file.title"), Body: homePage(v), Finds: true}, err
}

// gaugeOf says how much of a space is taken.
func gaugeOf(r *web.Request, sp space) ui.Gauge {
	quota := sp.quota(r.Actor.Profile)
	return ui.Gauge{Label: r.Say("file.gauge", web.Size(r.Printer, sp.Used), web.Size(r.Printer, quota)), Of: int(min(1000, sp.Used*1000/quota))}
}

// mySpaces lists the spaces in which the visitor is at home: their own, those of their classes, of their schools, of
// their commune.
func mySpaces(r *web.Request) (all []space, err error) {
	if r.Holds(own) {
		records, err := directory.Records(r.Tx, r.Actor.Person)
		if err != nil {
			return nil, err
		}
		all = append(all, space{Kind: ofPerson, Of: r.Actor.Person, Owner: r.Actor.Person, Name: r.Say("file.mine")})
		former, err := spacesOf(r.Tx, ofPerson, records...)
		if err != nil {
			return nil, err
		}
		for _, sp := range former {
			if sp.Of != r.Actor.Person { // of a record that became one with the visitor's
				sp.Name = r.Say("file.mine-too")
				all = append(all, sp)
			}
		}
	}
	classes, err := myClasses(r)
	if err != nil {
		return nil, err
	}
	for _, c := range classes {
		all = append(all, space{Kind: ofAClass, Of: c.ID, School: c.School, Ends: c.Year.End(), Name: c.Label})
	}
	var places []school.ID
	if r.Holds(ofSchool) {
		places = append(places, r.Actor.Schools...)
	}
	if r.Holds(ofCommune) {
		places = append(places, r.Actor.Areas...)
	}
	structures, err := directory.StructuresByID(r.Tx, places...)
	if err != nil {
		return nil, err
	}
	for _, at := range structures {
		switch {
		case at.Kind == directory.School && slices.Contains(r.Actor.Schools, at.ID):
			all = append(all, space{Kind: ofASchool, Of: at.ID, School: at.ID, Name: at.Name})
		case at.Kind == directory.Commune && r.Holds(ofCommune):
			all = append(all, space{Kind: ofACommune, Of: at.ID, Name: at.Name})
		}
	}
	return stored(r.Tx, all)
}

// myClasses lists the classes and groups in whose space the visitor is at home.
func myClasses(r *web.Request) ([]directory.ClassView, error) {
	right := ofClass
	if !r.Holds(ofClass) {
		if right = helpsClass; !r.Holds(helpsClass) {
			return nil, nil
		}
	}
	return directory.ClassesBehind(r.Tx, func(columns rights.Columns, args ...any) (string, []any) { return r.Scope(right, columns, args...) })
}

// openedTo lists what others opened to the visitor, the last first, each once.
func (s *Service) openedTo(r *web.Request) ([]line, error) {
	held, err := r.Held()
	if err != nil {
		return nil, err
	}
	grants, err := grantsTo(r.Tx, held, mostOpened)
	if err != nil {
		return nil, err
	}
	entries, people, err := aboutGrants(r.Tx, grants)
	if err != nil {
		return nil, err
	}
	kids, err := directory.Siblings(r.Tx, r.Actor.Person, r.Actor.Children...)
	if err != nil {
		return nil, err
	}
	ids := make([]school.ID, len(grants))
	for n, g := range grants {
		ids[n] = g.ID
	}
	to, err := audience.To(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	var lines []line
	seen := map[school.ID]bool{}
	current := held.At(r.Tx.Now)
	for _, g := range grants {
		if g.Level == mayDrop && len(current.ChildrenOf(to[g.ID], g.Made, r.Tx.Now)) == 0 {
			continue // of a class that one left
		}
		if e, there := entries[g.Entry]; there && e.Bin == 0 && !seen[e.ID] && g.Author != r.Actor.Person {
			seen[e.ID] = true
			l := line{entry: e, From: people[g.Author].Formal(), Drops: g.Level == mayDrop}
			among := held.ChildrenOf(to[g.ID], g.Made, r.Tx.Now)
			for _, kid := range kids {
				if slices.Contains(among, kid.ID) {
					l.Children = append(l.Children, ui.ChildTag{First: kid.First, Accent: r.AccentOf(kid.ID)})
				}
			}
			lines = append(lines, l)
		}
	}
	return lines, covered(r, lines)
}

// covered gives the folders that a child sees a picture of what is in them.
func covered(r *web.Request, lines []line) error {
	if r.Actor.Profile != school.Pupil {
		return nil
	}
	var folders []school.ID
	for _, l := range lines {
		if l.Folder {
			folders = append(folders, l.ID)
		}
	}
	covers, err := coversOf(r.Tx, folders...)
	for n, l := range lines {
		lines[n].Cover = covers[l.ID]
	}
	return err
}

// starred lists what the visitor wants at hand, as long as they may read it.
func (s *Service) starred(r *web.Request) ([]line, error) {
	all, err := starredBy(r.Tx, r.Actor.Person, mostStarred)
	if err != nil {
		return nil, err
	}
	var readable []entry
	for _, e := range all {
		if _, err := s.at(r, e.ID.String()); err == nil {
			readable = append(readable, e)
		}
	}
	return s.lines(r, readable)
}

// lines says of each entry who wrote it, but of what is theirs alone.
func (s *Service) lines(r *web.Request, all []entry) ([]line, error) {
	authors := make([]school.ID, len(all))
	for n, e := range all {
		if authors[n] = e.Author; e.Holds.Author != 0 {
			authors[n] = e.Holds.Author
		}
		if authors[n] == e.Owner {
			authors[n] = 0
		}
	}
	names, err := called(r.Tx, authors...)
	lines := make([]line, len(all))
	for n, e := range all {
		lines[n] = line{entry: e, From: names[authors[n]]}
	}
	if err != nil {
		return nil, err
	}
	return lines, covered(r, lines)
}

// called says what people are called: who works at school, or is a parent, by their name, and pupils by their first.
func called(tx *db.Tx, people ...school.ID) (map[school.ID]string, error) {
	names := map[school.ID]string{}
	who, err := directory.SomeBy(tx, people...)
	if err != nil {
		return nil, err
	}
	for id, one := range who {
		names[id] = one.Formal()
	}
	pupils, err := db.All(tx, db.Column[school.ID], `SELECT DISTINCT m.person_id FROM directory_membership m WHERE m.person_id `+tx.Among(1)+` AND m.role = 'pupil'`, db.List(tx, people))
	for _, id := range pupils {
		names[id] = who[id].Name()
	}
	return names, err
}

// stored reads what is stored of some spaces.
func stored(tx *db.Tx, all []space) ([]space, error) {
	of := map[kind][]school.ID{}
	for _, sp := range all {
		of[sp.Kind] = append(of[sp.Kind], sp.Of)
	}
	for kind, ids := range of {
		found, err := spacesOf(tx, kind, ids...)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			for n, sp := range all {
				if sp.Kind == kind && sp.Of == f.Of {
					all[n].ID, all[n].Used, all[n].Chosen = f.ID, f.Used, f.Chosen
				}
			}
		}
	}
	return all, nil
}
