package personal

import (
	"context"
	"io"
	"time"
)

// Carried is a file that a person takes away beside the rows that are about them.
type Carried struct {
	Path     string // of folders and a name, as they had it: "Sorties/liste.pdf"
	Modified time.Time
	Open     func(context.Context) (io.ReadCloser, error) // the caller closes it
}
