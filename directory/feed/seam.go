package feed

import (
	"context"
	"time"

	"preau/directory/aaf"
)

// delivery is what the stages need of a delivery: the AAF's, read file by
// file, or the one that the extractions of a school in ONDE make.
type delivery struct {
	Name, Prefix string
	Mode         aaf.Mode
	Date         time.Time // midnight UTC of the day
	Files        []aaf.File
	reading
	// extraction is what a school's delivery is made of; nil for the AAF's.
	extraction *extraction
}

// reading is how a delivery is read; see [aaf.Delivery].
type reading interface {
	Check() error
	Read(ctx context.Context, files func(aaf.File) bool, visit func([]aaf.Record) error, report func(aaf.Trouble) error) (*aaf.Reading, error)
}

// ofAcademy makes a delivery of the AAF's.
func ofAcademy(d *aaf.Delivery) *delivery {
	return &delivery{Name: d.Name, Prefix: d.Prefix, Mode: d.Mode, Date: d.Date, Files: d.Files, reading: d}
}

// silent tells that a delivery does not say all of a category: nobody of it is
// absent.
func (d *delivery) silent(category aaf.Category) bool {
	x := d.extraction
	return x != nil && (category == aaf.Guardians && !x.guardians || x.unread[category])
}
