package app

import (
	"context"
	"errors"
	"io"
	"os"

	"preau/core/db"
)

// errDryRun rolls back what a dry run wrote.
var errDryRun = errors.New("dry run")

// enter has a sheet entered in one transaction; a dry run enters nothing.
func (c *console) enter(ctx context.Context, at Place, path string, dry bool, take func(*House, *db.Tx, io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	house, err := c.open(ctx, at)
	if err != nil {
		return err
	}
	defer house.Close()
	err = house.DB.Write(ctx, func(tx *db.Tx) error {
		if err := take(house, tx, file); err != nil || !dry {
			return err
		}
		return errDryRun
	})
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}
