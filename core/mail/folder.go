package mail

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"preau/core/school"
)

// Folder keeps messages as files, which mail programs open: those of a demo,
// whose people are fictional.
type Folder struct {
	envelope
	dir string
}

// NewFolder makes a folder of messages, readable by its owner only.
func NewFolder(dir, host string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &Folder{envelope{from: "Préau <preau@" + host + ">", host: host}, dir}, nil
}

// Send implements [Sender].
func (f *Folder) Send(_ context.Context, id school.ID, at time.Time, m Message) error {
	out, err := f.wrap(id, at, m)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(f.dir, id.String()+".eml"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = out.WriteTo(file)
	return errors.Join(err, file.Close())
}
