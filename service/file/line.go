package file

import (
	"preau/core/db"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// line is an entry in a list.
type line struct {
	entry
	From     string        // who opened it, or wrote it last
	Children []ui.ChildTag // of the visitor's, for whom it was opened
	Drops    bool          // one drops things there
	Cover    school.ID     // of a folder that a child sees: a file in it that has a picture; 0: none
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

// called says what people are called: formally, but pupils, who have a first name and a name.
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
