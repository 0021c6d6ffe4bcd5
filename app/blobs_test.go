package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preau/core/blob"
	"preau/core/blob/blobtest"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/school"
)

// said runs a command of an installation, and gives its exit code and what it said.
func said(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, &o, &e)
	return code, o.String(), e.String()
}

// attached puts a file in a store and has a row of a word refer to it.
func attached(t *testing.T, h *House, text string) blob.Sum {
	t.Helper()
	sum, _, err := h.Blobs.Put(t.Context(), strings.NewReader(text), 1<<20)
	if err == nil {
		err = h.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO past_file (change_id, file, thing_id, changed_at) VALUES ($1, $2, 1, 1)`, len(text), sum)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func reads(t *testing.T, s blob.Store, sum blob.Sum) (string, error) {
	t.Helper()
	r, err := s.Open(t.Context(), sum)
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text), err
}

func fileOf(folder string, sum blob.Sum) string {
	return filepath.Join(folder, sum.String()[:2], sum.String()[2:])
}

// An operator moves from a folder to a bucket, finds what is wrong there, and mends it from the
// folder.
func TestBlobsMoveAreVerifiedAndMended(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	data := t.TempDir()
	folder, bucket := filepath.Join(data, "blobs"), storage.Address("préau", storage.Host)
	h, err := Open(t.Context(), Place{Data: data}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	whole, damaged, lost := attached(t, h, "a photo"), attached(t, h, "a photo that rots"), attached(t, h, "a photo that is lost")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}

	both := []string{"--data", data, "--blobs", bucket, "--blobs-also", folder}
	h, err = Open(t.Context(), Place{Data: data, Blobs: bucket, BlobsAlso: folder}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := reads(t, h.Blobs, whole); text != "a photo" || err != nil {
		t.Errorf("before it is copied: %q, %v", text, err)
	}
	young := attached(t, h, "a photo sent while it moves")
	code, out, errs := said(t, append([]string{"blobs", "copy"}, both...)...)
	if code != exitDone || !strings.HasPrefix(out, "3 files copied") {
		t.Fatal(code, out, errs)
	}
	if code, out, _ := said(t, append([]string{"blobs", "copy"}, both...)...); code != exitDone || !strings.HasPrefix(out, "0 files copied, of 0 bytes; 3 were there already") {
		t.Error(code, out)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}

	verify := []string{"blobs", "verify", "--data", data, "--blobs", bucket}
	if code, out, errs := said(t, verify...); code != exitDone || !strings.HasPrefix(out, "4 files, ") {
		t.Error(code, out, errs)
	}
	spoil := func(sum blob.Sum, do func(string) error) {
		t.Helper()
		objects, err := filepath.Glob(filepath.Join(fileOf(storage.Path("préau"), sum), "*"))
		if err != nil || len(objects) != 1 {
			t.Fatal(objects, err)
		}
		if err := do(objects[0]); err != nil {
			t.Fatal(err)
		}
	}
	spoil(damaged, func(object string) error { return os.WriteFile(object, []byte("not a blob"), 0o600) })
	spoil(lost, os.Remove)
	code, out, errs = said(t, verify...)
	for _, want := range []string{"damaged " + damaged.String() + " (past_file.file)\n", "missing " + lost.String() + " (past_file.file)\n", "1 damaged, 1 missing, of which 0 were mended"} {
		if code != exitRefused || !strings.Contains(out, want) || !strings.Contains(errs, "2 files are damaged or missing") {
			t.Errorf("%d, %s%s: no %q", code, out, errs, want)
		}
	}
	code, out, _ = said(t, append(verify, "--json")...)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var first struct {
		Sum    blob.Sum
		State  string
		Refers []string
	}
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || code != exitRefused || len(lines) != 3 || first.State == "" || !slices.Equal(first.Refers, []string{"past_file.file"}) {
		t.Errorf("%d, %s, %v", code, out, err)
	}
	code, out, _ = said(t, append(verify, "--replica", folder)...)
	if code != exitDone || strings.Count(out, ", mended\n") != 2 {
		t.Errorf("mended: %d, %s", code, out)
	}
	if code, out, _ := said(t, verify...); code != exitDone || !strings.Contains(out, " 0 damaged, 0 missing") {
		t.Errorf("afterwards: %d, %s", code, out)
	}
	storage.Stop()
	if code, out, errs := said(t, verify...); code != exitRefused || strings.Contains(out, "missing") || !strings.Contains(errs, "away") {
		t.Errorf("the storage is away: %d, %s%s", code, out, errs)
	}
	storage.Start()

	h, err = Open(t.Context(), Place{Data: data, Blobs: bucket}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for sum, want := range map[blob.Sum]string{whole: "a photo", damaged: "a photo that rots", lost: "a photo that is lost", young: "a photo sent while it moves"} {
		if text, err := reads(t, h.Blobs, sum); text != want || err != nil {
			t.Errorf("in the bucket alone: %q, %v", text, err)
		}
	}
}

// nights does the job of some nights.
func nights(t *testing.T, h *House, n int) {
	t.Helper()
	for range n {
		for parts := 0; ; parts++ {
			err := h.verifySomeBlobs(t.Context(), job.Job{})
			if err == nil {
				break
			}
			if parts > 100 || !strings.Contains(err.Error(), "a part is done") {
				t.Fatal(err)
			}
		}
	}
}

// Everything is read in seven nights, and what is wrong is counted for operators until it is not.
func TestAllBlobsAreVerifiedInAWeek(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d)
		defer h.Close()
		var sums []blob.Sum
		for i := range 60 {
			sums = append(sums, attached(t, h, strings.Repeat("x", i+1)))
		}
		wrong := func() (n int, v verified) {
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				if n, err = h.wrongBlobs(tx); err == nil {
					v, err = h.recall(tx)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n, v
		}
		blobs := filepath.Join(h.Data, "blobs")
		good, err := os.ReadFile(fileOf(blobs, sums[7]))
		if err == nil {
			err = errors.Join(os.WriteFile(fileOf(blobs, sums[7]), []byte("not a blob"), 0o600), os.Remove(fileOf(blobs, sums[8])))
		}
		if err != nil {
			t.Fatal(err)
		}
		nights(t, h, 6)
		if _, v := wrong(); !v.Done.IsZero() || v.Round.Blobs == 0 || v.Round.Blobs > 58 {
			t.Errorf("after six nights: %+v", v)
		}
		nights(t, h, 1)
		if n, v := wrong(); n != 2 || v.Done.IsZero() || v.Last.Blobs != 59 || v.Last.Damaged != 1 || v.Last.Missing != 1 || v.After != (blob.Sum{}) {
			t.Errorf("after seven: %d, %+v", n, v)
		}
		if err := os.WriteFile(fileOf(blobs, sums[7]), good, 0o600); err != nil {
			t.Fatal(err)
		}
		if n, _, err := h.Blobs.Put(t.Context(), strings.NewReader(strings.Repeat("x", 9)), 100); err != nil || n != sums[8] {
			t.Fatal(n, err)
		}
		nights(t, h, 6)
		if n, _ := wrong(); n != 2 {
			t.Errorf("it is not said any more while nobody knows: %d", n)
		}
		nights(t, h, 1)
		if n, v := wrong(); n != 0 || v.Last.Blobs != 60 {
			t.Errorf("mended: %d, %+v", n, v)
		}
		if v := (verified{}); tonight(v.After) != (blob.Sum{36}) || tonight(blob.Sum{36}) != (blob.Sum{73}) || tonight(blob.Sum{219}) != blob.Last || tonight(blob.Sum{255}) != blob.Last {
			t.Error("the nights are not a week")
		}
	})
}

// Operators read how many files are wrong, and nobody else does.
func TestOperatorsReadThatFilesAreWrong(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	says := func(profile school.Profile, wrong int) bool {
		t.Helper()
		if err := s.h.remember(t.Context(), verified{Last: blob.Scrubbed{Missing: wrong}}); err != nil {
			t.Fatal(err)
		}
		w := s.ask(http.MethodGet, "/", s.people[profile])
		if w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
		return strings.Contains(w.Body.String(), "2 fichiers joints sont abîmés ou perdus")
	}
	if says(school.Operator, 0) || !says(school.Operator, 2) || says(school.Head, 2) {
		t.Error("it is not said to operators, and to them alone")
	}
}
