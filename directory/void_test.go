package directory_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
)

// ending are statements written by hand by which somebody may hold less.
var ending = regexp.MustCompile("(?:DELETE FROM directory_(?:structure|within|class|person|enrolment|membership|bond|restriction|function|grant)|" +
	"UPDATE directory_(?:structure|class|person|enrolment|membership|bond|restriction|function|grant) SET (?:until|departed)_at = [^N])[^\n]*")

// Whatever is written by hand voids what it takes away, in the same file: what goes through
// a [directory.Table] does by itself.
func TestWhatIsWrittenByHandVoids(t *testing.T) {
	found := 0
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(root, path)
		statements := ending.FindAll(text, -1)
		found += len(statements)
		if len(statements) > 0 && !strings.Contains(string(text), "Void(") {
			t.Errorf("%s voids nothing: %s", path, statements[0])
		}
		return err
	})
	if err != nil || found < 10 {
		t.Errorf("%d statements found: %v", found, err)
	}
}

// What is void is read by its instant, each once; a crowd of identifiers is everything.
func TestVoid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			var crowd []school.ID
			for i := range school.ID(501) {
				crowd = append(crowd, 1000+i)
			}
			for _, about := range [][]school.ID{{7, 8, 7}, {8}, nil, crowd} {
				if err := directory.Void(tx, about...); err != nil {
					return err
				}
			}
			all, err := directory.VoidSince(tx, tx.Now.Add(-1))
			if len(all) != 3 || all[0].About != 0 || all[1].About != 7 || all[2].About != 8 || !all[2].At.Equal(tx.Now) {
				t.Errorf("void: %+v", all)
			}
			if err != nil {
				return err
			}
			later, err := directory.VoidSince(tx, tx.Now)
			if len(later) > 0 {
				t.Errorf("void later: %+v", later)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, directory.Schema())
}
