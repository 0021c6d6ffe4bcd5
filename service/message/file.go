package message

import (
	"net/url"
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// How long the name of a folder may be, in characters, and how many somebody has.
const maxFolderName, maxFolders = 40, 30

// archive puts a conversation away for the visitor alone.
func (s *Service) archive(r *web.Request) (web.Answer, error) {
	t, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: "/message/", Notice: "message.archived"}, shelve(r.Tx, t.ID, r.Actor.Person)
}

// putBack takes it back from there.
func (s *Service) putBack(r *web.Request) (web.Answer, error) {
	t, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: t.path(), Notice: "message.put-back"}, unshelve(r.Tx, t.ID, r.Actor.Person)
}

// file puts a conversation away in a folder of the visitor's, which begins with the first
// that is filed in it. What is said in it later is received as all that is new, and it stays
// in its folder.
func (s *Service) file(r *web.Request) (web.Answer, error) {
	t, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	name, err := folderName(r)
	if form, again := r.Again(err); again {
		return s.showPage(r, t, form)
	}
	if err != nil {
		return nil, err
	}
	if err := fileIn(r.Tx, t.ID, r.Actor.Person, name); err != nil {
		return nil, err
	}
	return web.Redirect{To: ownPath(name), Notice: "message.filed"}, shelve(r.Tx, t.ID, r.Actor.Person)
}

// folderName is the folder of a form: a new one, or one that the visitor has.
func folderName(r *web.Request) (string, error) {
	name, err := r.Text("new", maxFolderName)
	if err != nil {
		return "", err
	}
	all, err := ownFolders(r.Tx, r.Actor.Person)
	switch chosen := r.PostFormValue("folder"); {
	case err != nil:
		return "", err
	case name == "" && slices.Contains(all, chosen):
		return chosen, nil
	case name == "":
		return "", fail.New(fail.Invalid, "no folder").Say("message.no-folder").At("new")
	case len(all) >= maxFolders && !slices.Contains(all, name):
		return "", fail.New(fail.Invalid, "%d folders", len(all)).Say("message.folders-many", maxFolders).At("new")
	}
	return name, nil
}

// takeOut takes a conversation out of its folder; it is archived all the same.
func (s *Service) takeOut(r *web.Request) (web.Answer, error) {
	t, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: t.path(), Notice: "message.taken-out"}, unfile(r.Tx, t.ID, r.Actor.Person)
}

// unfile takes a conversation out of the folder of somebody.
func unfile(tx *db.Tx, thread, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM message_folder WHERE thread_id = $1 AND person_id IN (`+oneWith(2)+`)`, thread, person)
	return err
}

// fileIn writes in which folder somebody files a conversation.
func fileIn(tx *db.Tx, thread, person school.ID, name string) error {
	if err := unfile(tx, thread, person); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO message_folder (thread_id, person_id, name) VALUES ($1, $2, $3)`, thread, person, name)
	return err
}

// ownFolders are the folders in which somebody files conversations, by name.
func ownFolders(tx *db.Tx, person school.ID) ([]string, error) {
	return db.All(tx, db.Column[string], `SELECT DISTINCT name FROM message_folder WHERE person_id IN (`+oneWith(1)+`) ORDER BY name`, person)
}

// folderOf is the folder in which somebody files a conversation; empty: none.
func folderOf(tx *db.Tx, thread, person school.ID) (string, error) {
	name, err := db.One(tx, db.Column[string], `SELECT name FROM message_folder WHERE thread_id = $1 AND person_id IN (`+oneWith(2)+`)
		ORDER BY CASE WHEN person_id = $2 THEN 0 ELSE 1 END, name LIMIT 1`, thread, person)
	if fail.Is(err, fail.NotFound) {
		return "", nil
	}
	return name, err
}

// listOwn shows a folder of the visitor's own. It is there as long as something is filed in it.
func (s *Service) listOwn(r *web.Request) (web.Answer, error) {
	name := r.PathValue("name")
	all, err := ownFolders(r.Tx, r.Actor.Person)
	if err == nil && !slices.Contains(all, name) {
		err = fail.New(fail.NotFound, "%s has no folder %q", r.Actor.Person, name)
	}
	if err != nil {
		return nil, err
	}
	return s.listed(r, own, name)
}

// ownPath is where a folder of somebody's own is.
func ownPath(name string) string { return "/message/folder/" + url.PathEscape(name) }
