package attach

import (
	"fmt"
	"strings"

	"preau/core/blob"
	"preau/core/db"
	"preau/core/personal"
	"preau/core/photo"
	"preau/core/school"
)

// MaxFile and maxPhoto are how many bytes a file may have, and a photo as it is sent.
const MaxFile, maxPhoto = 10 << 20, 16 << 20

// Bag is what the things of a room carry: where it is written, and how much of it there
// may be. Its tables are those of the photos, of which photo.Wall tells, and of the files,
// in their order: room_file, with the column of the things, and rank, file, name, kind and
// size.
type Bag struct {
	Room, Thing   string // "liaison", "word_id"
	Photos, Files int    // at most, of one thing
	voice         bool   // its one file is a recording: see [OneVoice]
}

// File is a file that is kept.
type File struct {
	Sum  blob.Sum
	Name string // with its ending
	Kind Kind
	Size int64 // in bytes
}

// Set is what one thing carries.
type Set struct {
	Photos []photo.Kept
	Files  []File
}

// Empty tells whether there is nothing.
func (s Set) Empty() bool { return len(s.Photos)+len(s.Files) == 0 }

// Bytes is how many a form that fills a bag may have.
func (b Bag) Bytes() int64 { return int64(b.Photos)*maxPhoto + int64(b.Files)*MaxFile + 1<<20 }

// PhotosOf lists the photos alone of some things, by thing.
func (b Bag) PhotosOf(tx *db.Tx, things ...school.ID) (map[school.ID][]photo.Kept, error) {
	return b.wall().Of(tx, things...)
}

func (b Bag) wall() photo.Wall { return photo.Wall{Table: b.Room + "_photo", Thing: b.Thing} }

// name is what tells a bag from others.
func (b Bag) name() string {
	if b.voice {
		return "a voice"
	}
	return b.Room
}

func (b Bag) table() string { return b.Room + "_file" }

// Of lists what some things carry, by thing.
func (b Bag) Of(tx *db.Tx, things ...school.ID) (map[school.ID]Set, error) {
	of := map[school.ID]Set{}
	photos, err := b.wall().Of(tx, things...)
	if err != nil {
		return nil, err
	}
	for thing, all := range photos {
		of[thing] = Set{Photos: all}
	}
	return of, tx.Each(func(row db.Row) error {
		var thing school.ID
		var f File
		err := row.Scan(&thing, &f.Sum, &f.Name, &f.Kind, &f.Size)
		set := of[thing]
		set.Files = append(set.Files, f)
		of[thing] = set
		return err
	}, fmt.Sprintf(`SELECT %[2]s, file, name, kind, size FROM %[1]s WHERE %[2]s `+tx.Among(1)+` ORDER BY %[2]s, rank`, b.table(), b.Thing), db.List(tx, things))
}

// FileNames are the names of the files of some things, one a line: a search finds a thing by them.
func (b Bag) FileNames(tx *db.Tx, things ...school.ID) (string, error) {
	names, err := db.All(tx, db.Column[string], `SELECT name FROM `+b.table()+` WHERE `+b.Thing+` `+tx.Among(1)+` ORDER BY `+b.Thing+`, rank`, db.List(tx, things))
	return strings.Join(names, "\n"), err
}

// Hang gives a thing what it carries, and takes away what it carried.
func (b Bag) Hang(tx *db.Tx, thing school.ID, set Set) error {
	if err := b.Clear(tx, thing); err != nil {
		return err
	}
	if err := b.wall().Hang(tx, thing, set.Photos); err != nil {
		return err
	}
	for i, f := range set.Files {
		_, err := tx.Exec(fmt.Sprintf(`INSERT INTO %s (%s, rank, file, name, kind, size) VALUES ($1, $2, $3, $4, $5, $6)`, b.table(), b.Thing),
			thing, i+1, f.Sum, f.Name, string(f.Kind), f.Size)
		if err != nil {
			return err
		}
	}
	return nil
}

// Clear takes away what things carry. Nothing refers to the files any more, and they are
// swept: see [blob.Sweep].
func (b Bag) Clear(tx *db.Tx, things ...school.ID) error {
	if err := b.wall().Clear(tx, things...); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM `+b.table()+` WHERE `+b.Thing+` `+tx.Among(1), db.List(tx, things))
	return err
}

// DeclaredPhotos is the table of the photos, as a room declares it: see [photo.Wall.Declared].
func (b Bag) DeclaredPhotos(ofSchool string, to ...personal.Recipient) personal.Table {
	return b.wall().Declared(ofSchool, to...)
}

// DeclaredFiles is the table of the files, as a room declares it, with a condition that finds
// the rows of the school $1, and who is given its files: they go with their things.
func (b Bag) DeclaredFiles(ofSchool string, to ...personal.Recipient) personal.Table {
	return personal.Table{
		Name:       b.table(),
		Personal:   map[string]personal.Category{"file": personal.Content, "name": personal.Content},
		Plain:      []string{b.Thing, "rank", "kind", "size"},
		Files:      []string{"file"},
		Things:     []string{b.Thing},
		Says:       true,
		School:     ofSchool,
		Purpose:    personal.Portal,
		Recipients: to,
	}
}
