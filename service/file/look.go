package file

import (
	"context"
	"encoding/json"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/job"
	"preau/core/photo"
	"preau/core/school"
)

// KindLook is the job that looks into what a file holds.
const KindLook job.Kind = "file.look"

// toLook is a version that waits to be looked into.
type toLook struct {
	Version school.ID `json:"version"`
}

// lookLater has a version be looked into, once the transaction commits.
func (s *Service) lookLater(tx *db.Tx, version school.ID) error {
	return s.Enqueue(tx, KindLook, toLook{version}, tx.Now, "")
}

// LookInto looks into what a file holds: it makes its picture, and finds by which words it is found. What went
// meanwhile is no failure.
func (s *Service) LookInto(ctx context.Context, j job.Job) error {
	var to toLook
	if err := json.Unmarshal(j.Payload, &to); err != nil {
		return job.Dead(err)
	}
	var v version
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = versionByID(tx, to.Version)
		return err
	})
	if fail.Is(err, fail.NotFound) || err == nil && !v.Looked.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.lookAt(ctx, &v); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		v.Looked = tx.Now
		return v.seen(tx)
	})
}

// lookAt finds what there is to know of what a version holds.
func (s *Service) lookAt(ctx context.Context, v *version) error {
	if !strings.HasPrefix(v.Type, "image/") || v.Size > largestPicture {
		return nil
	}
	kept, err := s.Blobs.Open(ctx, sumOf(v.content))
	if err != nil {
		return err
	}
	defer kept.Close()
	made, err := s.Album.Keep(ctx, v.Author, kept)
	if fail.Is(err, fail.Invalid) {
		return nil
	}
	v.Photo = made
	return err
}

// seen writes what was found in a version.
func (v version) seen(tx *db.Tx) error {
	p := v.Photo
	var whole, preview any
	if p != (photo.Kept{}) {
		whole, preview = p.Whole, p.Preview
	}
	_, err := tx.Exec(`UPDATE file_version SET type = $2, looked_at = $3, virus = $4, words = $5, whole = $6, preview = $7, width = $8, height = $9,
		preview_width = $10, preview_height = $11 WHERE id = $1`,
		v.ID, v.Type, db.At(v.Looked), v.Virus, v.Words, whole, preview, p.Width, p.Height, p.PreviewWidth, p.PreviewHeight)
	return err
}
