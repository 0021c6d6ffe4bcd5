package personal_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/personal"
)

func TestFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		albums := personal.Tables{{Name: "album_photo", Files: []string{"whole", "preview"}}, {Name: "album_plain"}, {Name: "album_file", Files: []string{"file"}}}
		in(t, d, func(tx *db.Tx) error {
			for _, statement := range []string{
				`CREATE TABLE album_photo (whole BYTEA, preview BYTEA)`, `CREATE TABLE album_plain (id BIGINT)`, `CREATE TABLE album_file (file BYTEA)`,
			} {
				if _, err := tx.Exec(statement); err != nil {
					return err
				}
			}
			name := func(n byte) []byte { return bytes.Repeat([]byte{n}, 32) }
			for _, photo := range [][2]any{{name(5), name(3)}, {name(5), name(200)}, {name(1), nil}} {
				if _, err := tx.Exec(`INSERT INTO album_photo (whole, preview) VALUES ($1, $2)`, photo[0], photo[1]); err != nil {
					return err
				}
			}
			for _, file := range []byte{3, 4, 127, 128} {
				if _, err := tx.Exec(`INSERT INTO album_file (file) VALUES ($1)`, name(file)); err != nil {
					return err
				}
			}
			for most := 1; most < 10; most++ {
				var got []byte
				for after := make([]byte, 32); ; {
					files, err := personal.Files(tx, albums, after, most)
					if err != nil || len(files) > most {
						t.Fatalf("%d at a time: %d, %v", most, len(files), err)
					}
					if len(files) == 0 {
						break
					}
					for _, file := range files {
						got = append(got, file[0])
					}
					after = files[len(files)-1]
				}
				if want := []byte{1, 3, 4, 5, 127, 128, 200}; !slices.Equal(got, want) {
					t.Errorf("%d at a time: %v, want %v", most, got, want)
				}
			}
			for file, want := range map[byte][]string{
				3: {"album_photo.preview", "album_file.file"}, 5: {"album_photo.whole"}, 128: {"album_file.file"}, 6: nil,
			} {
				got, err := personal.Having(tx, albums, name(file))
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%d: %s, %v", file, diff, err)
				}
			}
			return nil
		})
	})
}
