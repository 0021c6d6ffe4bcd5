package app

import (
	"context"
	"sync"

	"preau/core/preview"
	"preau/core/virus"
)

// looked is the flags of who looks into what people keep.
type looked struct {
	ClamAV         string `name:"clamav" help:"Where clamd listens, unix:/run/clamav/clamd.ctl or tcp:host:3310: files are looked into before anybody but their sender opens them. Without it nobody looks for viruses." placeholder:"ADDRESS"`
	PreviewUnboxed bool   `name:"preview-unboxed" help:"Let LibreOffice, poppler and ffmpeg open files where no box (bubblewrap) can be made around them."`
}

// scanner asks clamd; nil when nobody is asked.
func (l looked) scanner() (*virus.Scanner, error) {
	if l.ClamAV == "" {
		return nil, nil
	}
	s, err := virus.Open(l.ClamAV)
	if err != nil {
		return nil, usage("--clamav %s: %v", l.ClamAV, err)
	}
	return s, nil
}

// previews has the programs that make what is shown of files be looked for as the first file is looked into: whoever
// comes first does not wait for them.
func (h *House) previews(ctx context.Context, unboxed bool) {
	h.files.Maker = sync.OnceValue(func() *preview.Maker {
		made := preview.New(ctx, preview.Options{Studio: h.tray.Album.Studio, Unboxed: unboxed})
		h.Log.Info("what is shown of files", made.Told()...)
		return made
	})
}
