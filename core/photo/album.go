package photo

import (
	"bytes"
	"context"
	"io"

	"preau/core/blob"
	"preau/core/fail"
	"preau/core/school"
)

// Album makes photos of what is sent, and keeps them.
type Album struct {
	Studio *Studio
	Store  blob.Store
}

// Kept is a photo that is kept: by what names its two files, and their sizes in pixels.
type Kept struct {
	Whole, Preview              blob.Sum
	Width, Height               int // of the whole
	PreviewWidth, PreviewHeight int
}

// Keep makes a photo of a picture that somebody sends, as [Studio.Make] does, and keeps it.
// What nothing refers to within a day is swept: see [blob.Sweep].
func (a *Album) Keep(ctx context.Context, by school.ID, r io.ReadSeeker) (k Kept, err error) {
	made, err := a.Studio.Make(ctx, by, r)
	if err != nil {
		return k, err
	}
	k.Width, k.Height = made.Whole.Width, made.Whole.Height
	k.PreviewWidth, k.PreviewHeight = made.Preview.Width, made.Preview.Height
	if k.Whole, err = a.keep(ctx, made.Whole); err != nil {
		return k, err
	}
	k.Preview, err = a.keep(ctx, made.Preview)
	return k, err
}

func (a *Album) keep(ctx context.Context, p Picture) (blob.Sum, error) {
	sum, _, err := a.Store.Put(ctx, bytes.NewReader(p.JPEG), int64(len(p.JPEG)))
	return sum, err
}

// Show gives the file of one of some photos, the first being 1: its preview, or the
// whole. It is fail.NotFound where there are not so many.
func (a *Album) Show(ctx context.Context, photos []Kept, rank int, whole bool) (io.ReadSeeker, error) {
	if rank < 1 || rank > len(photos) {
		return nil, fail.New(fail.NotFound, "the photo %d of %d", rank, len(photos))
	}
	sum := photos[rank-1].Preview
	if whole {
		sum = photos[rank-1].Whole
	}
	content, err := a.Store.Open(ctx, sum)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	all, err := io.ReadAll(content)
	return bytes.NewReader(all), err
}
