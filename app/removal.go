package app

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"preau/core/blob"
	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
	"preau/office/removal"
)

type removalCommand struct {
	Evidence evidenceCommand `cmd:"" help:"Open, for justice, what a removal keeps sealed. It is journalled."`
}

type evidenceCommand struct {
	place
	Case   string `arg:"" help:"Number of the removal: it ends the address of its page."`
	Folder string `arg:"" help:"Folder to make; it has evidence.json, and the files in files." type:"path"`
}

// Run writes what was removed, as it was, into a new folder.
func (c *evidenceCommand) Run(ctx context.Context, term *console) error {
	id, err := school.ParseID(c.Case)
	if err != nil {
		return usage("%q is not the number of a removal", c.Case)
	}
	house, err := term.open(ctx, c.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var e removal.Evidence
	err = house.DB.Write(ctx, func(tx *db.Tx) error {
		e, err = house.removals.Evidence(tx, id)
		return err
	})
	if err != nil {
		return missing(err, "no removal of that number keeps anything")
	}
	if err := house.writeEvidence(ctx, e, c.Folder); err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.out, "%d rows and %d files are in %s. Keep it where nobody else reads it.\n", len(e.Rows), len(e.Files), c.Folder)
	return err
}

// writeEvidence writes evidence into a folder that it makes, which nobody else reads. In
// the rows, the name of a file is that of the file.
func (h *House) writeEvidence(ctx context.Context, e removal.Evidence, folder string) error {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	inHex(e.Rows)
	text, err := json.MarshalIndent(e, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "evidence.json"), text, 0o600)
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(folder, "files"), 0o700)
	}
	if err != nil {
		return err
	}
	for _, sum := range e.Files {
		if err := h.copyFile(ctx, sum, filepath.Join(folder, "files", sum.String())); err != nil {
			return err
		}
	}
	return nil
}

// inHex has bytes of rows be text, and those of the rows in them.
func inHex(rows []personal.Row) {
	for _, row := range rows {
		for column, value := range row.Values {
			switch value := value.(type) {
			case []byte:
				row.Values[column] = hex.EncodeToString(value)
			case []personal.Row:
				inHex(value)
			}
		}
	}
}

// copyFile writes a file of core/blob, open, at a path.
func (h *House) copyFile(ctx context.Context, sum blob.Sum, path string) error {
	from, err := h.Blobs.Open(ctx, sum)
	if err != nil {
		return err
	}
	defer from.Close()
	content, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}
