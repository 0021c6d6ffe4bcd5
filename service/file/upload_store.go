package file

import (
	"net/http"
	"time"

	"preau/core/blob"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// upload is a file that comes in parts.
type upload struct {
	ID, Person    school.ID
	Space, Parent school.ID // where it goes; Parent is 0 at the top of the space
	Folders       string    // in which folders of it: "Sortie/Photos"
	Name          string
	Stamp         string // by which the device of its sender knows the file again
	Size, Kept    int64  // of the whole, and of what came
	Original      bool   // a picture is kept as it came
	Made, Expires time.Time
	Done          time.Time // zero: it comes still
}

const uploadColumns = `u.id, u.person_id, u.space_id, u.parent_id, u.folders, u.name, u.stamp, u.size, u.kept, u.original, u.made_at, u.expires_at, u.done_at`

func scanUpload(row db.Row) (u upload, err error) {
	var made, expires, done db.Time
	err = row.Scan(&u.ID, &u.Person, &u.Space, &u.Parent, &u.Folders, &u.Name, &u.Stamp, &u.Size, &u.Kept, &u.Original, &made, &expires, &done)
	u.Made, u.Expires, u.Done = made.Time, expires.Time, done.Time
	return u, err
}

// uploadByID reads an upload, or fail.NotFound.
func uploadByID(tx *db.Tx, id school.ID) (upload, error) {
	return db.One(tx, scanUpload, `SELECT `+uploadColumns+` FROM file_upload u WHERE u.id = $1`, id)
}

// comingFrom lists the uploads of somebody that are not done, the first first.
func comingFrom(tx *db.Tx, person school.ID) ([]upload, error) {
	return db.All(tx, scanUpload, `SELECT `+uploadColumns+` FROM file_upload u WHERE u.person_id = $1 AND u.done_at IS NULL AND u.expires_at > $2 ORDER BY u.id`, person, db.At(tx.Now))
}

// addUpload writes a new upload.
func addUpload(tx *db.Tx, u upload) error {
	_, err := tx.Exec(`INSERT INTO file_upload (id, person_id, space_id, parent_id, folders, name, stamp, size, kept, original, made_at, expires_at, done_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, NULL)`,
		u.ID, u.Person, u.Space, u.Parent, u.Folders, u.Name, u.Stamp, u.Size, u.Original, db.At(u.Made), db.At(u.Expires))
	return err
}

// grow counts what came of an upload from an offset on; false where another request was quicker, or it is over.
func grow(tx *db.Tx, u upload, bytes int64, done time.Time) error {
	n, err := tx.Exec(`UPDATE file_upload SET kept = kept + $3, expires_at = $4, done_at = $5 WHERE id = $1 AND kept = $2 AND done_at IS NULL AND expires_at > $6`,
		u.ID, u.Kept, bytes, db.At(tx.Now.Add(uploadLife)), db.At(done), db.At(tx.Now))
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "upload %s is not at %d any more", u.ID, u.Kept).Say("file.upload-elsewhere")
	}
	return err
}

// dropUpload forgets an upload, with what came of it.
func dropUpload(tx *db.Tx, id school.ID) error {
	if err := dropParts(tx, id); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM file_upload WHERE id = $1`, id)
	return err
}

// part is what came at once of an upload.
type part struct {
	First, Size int64
	Sum         blob.Sum
}

// addPart writes what came of an upload.
func addPart(tx *db.Tx, upload school.ID, p part) error {
	_, err := tx.Exec(`INSERT INTO file_part (upload_id, first, sum, size) VALUES ($1, $2, $3, $4)`, upload, p.First, p.Sum, p.Size)
	return err
}

// partsIn lists what came of an upload, in order.
func partsIn(tx *db.Tx, upload school.ID) ([]part, error) {
	return db.All(tx, func(row db.Row) (p part, err error) {
		err = row.Scan(&p.First, &p.Size, &p.Sum)
		return p, err
	}, `SELECT p.first, p.size, p.sum FROM file_part p WHERE p.upload_id = $1 ORDER BY p.first`, upload)
}

func dropParts(tx *db.Tx, upload school.ID) error {
	_, err := tx.Exec(`DELETE FROM file_part WHERE upload_id = $1`, upload)
	return err
}

// uploadsIn lists the uploads into some spaces.
func uploadsIn(tx *db.Tx, spaces []school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT u.id FROM file_upload u WHERE u.space_id `+tx.Among(1), db.List(tx, spaces))
}

// receiveMore counts bytes that somebody sends today, fewer than none among them; where they would be more than
// some, it counts none and is fail.TooMany.
func receiveMore(tx *db.Tx, person school.ID, bytes, most int64) error {
	n := int64(0)
	if bytes <= most {
		var err error
		if n, err = tx.Exec(`INSERT INTO file_received (person_id, day_at, bytes) VALUES ($1, $2, $3)
			ON CONFLICT (person_id, day_at) DO UPDATE SET bytes = file_received.bytes + excluded.bytes WHERE file_received.bytes + excluded.bytes <= $4`,
			person, db.At(tx.Now.Truncate(24*time.Hour)), bytes, most); err != nil {
			return err
		}
	}
	if n == 0 {
		return fail.New(fail.TooMany, "%d bytes more of %s today", bytes, person).Say("file.too-much-today")
	}
	return nil
}

// gone is the error of an upload that is over.
func gone(u upload) error {
	return statusError(http.StatusGone, fail.New(fail.NotFound, "upload %s is over", u.ID))
}
