package file

import (
	"bytes"
	"context"
	"encoding/json"

	"preau/core/audit"
	"preau/core/blob"
	"preau/core/content"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/job"
	"preau/core/photo"
	"preau/core/preview"
	"preau/core/school"
	"preau/core/search"
	"preau/core/virus"
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

// LookInto looks into what a file holds: whether it does harm, what is shown of it, and by which words it is found.
// What went meanwhile is no failure; a scanner or a store that is away is asked again later.
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
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.seenOf(tx, v) })
}

// lookAt finds what there is to know of what a version holds. Nothing is shown of what does harm.
func (s *Service) lookAt(ctx context.Context, v *version) error {
	kept, err := s.Blobs.Open(ctx, sumOf(v.held))
	if err != nil {
		return err
	}
	defer kept.Close()
	if s.Scanner != nil {
		found, err := s.Scanner.Scan(ctx, kept)
		if err != nil {
			return err
		}
		if found.Verdict == virus.Infected {
			v.Virus = found.Name
			return nil
		}
	}
	at := blob.At(kept)
	is, err := content.Inspect(ctx, at, v.Size, "")
	if fail.Is(err, fail.Invalid) {
		return nil // it was kept before this was known of it
	}
	if err != nil || s.Maker == nil {
		return err
	}
	made, err := s.Maker().Make(ctx, v.Author, at, v.Size, is)
	if err != nil {
		return err
	}
	v.Words = made.Words
	if made.Pictured() {
		v.Photo, err = s.hang(ctx, made)
	}
	return err
}

// hang keeps the pictures of a file.
func (s *Service) hang(ctx context.Context, made preview.Preview) (k photo.Kept, err error) {
	if k.Whole, err = s.putPicture(ctx, made.Large); err != nil {
		return k, err
	}
	k.Preview, err = s.putPicture(ctx, made.Small)
	k.Width, k.Height, k.PreviewWidth, k.PreviewHeight = made.Large.Width, made.Large.Height, made.Small.Width, made.Small.Height
	return k, err
}

func (s *Service) putPicture(ctx context.Context, p photo.Picture) (blob.Sum, error) {
	sum, _, err := s.Blobs.Put(ctx, bytes.NewReader(p.JPEG), int64(len(p.JPEG)))
	return sum, err
}

// seenOf writes what was found in a version, and has its file be found by it.
func (s *Service) seenOf(tx *db.Tx, v version) error {
	v.Looked = tx.Now
	if err := v.seen(tx); err != nil {
		return err
	}
	if v.Virus != "" {
		if err := s.Audit.Write(tx, audit.Entry{By: audit.By{Request: "job"}, Action: actVirus, Kind: room, Object: v.Entry, Subject: v.Author}); err != nil {
			return err
		}
	}
	entries, err := entriesByID(tx, v.Entry)
	for _, e := range entries {
		if e.Holds.ID == v.ID && e.Bin == 0 {
			return search.Put(tx, room, e.ID, e.Name, v.Words)
		}
	}
	return err
}

// seen writes what was found in a version.
func (v version) seen(tx *db.Tx) error {
	p := v.Photo
	var whole, preview any
	if p.Width > 0 {
		whole, preview = p.Whole, p.Preview
	}
	_, err := tx.Exec(`UPDATE file_version SET looked_at = $2, virus = $3, words = $4, whole = $5, preview = $6, width = $7, height = $8,
		preview_width = $9, preview_height = $10 WHERE id = $1`,
		v.ID, db.At(v.Looked), v.Virus, v.Words, whole, preview, p.Width, p.Height, p.PreviewWidth, p.PreviewHeight)
	return err
}
