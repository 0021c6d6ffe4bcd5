package aaf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// manyPupils is a folder of eight chunks of 1,000 pupils.
func manyPupils(t *testing.T) *Delivery {
	t.Helper()
	dir := t.TempDir()
	doc := pupils(1000)
	for chunk := range 8 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("ENT_Delta_20260901_Eleve_%04d.xml", chunk)), doc, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	source, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	return &source.Deliveries()[0]
}

func TestReadInBatches(t *testing.T) {
	d := manyPupils(t)
	last := map[string]int{}
	count, visiting := 0, false
	reading, err := d.Read(t.Context(), func(f File) bool { return f.Chunk != 3 }, func(batch []Record) error {
		if visiting {
			t.Error("two visits at once")
		}
		visiting = true
		if len(batch) == 0 || len(batch) > 256 {
			t.Errorf("a batch of %d", len(batch))
		}
		for _, r := range batch {
			if r.Number != last[r.File]+1 {
				t.Fatalf("%s: record %d follows %d", r.File, r.Number, last[r.File])
			}
			last[r.File] = r.Number
		}
		count += len(batch)
		visiting = false
		return nil
	}, nil)
	if err != nil || count != 7000 || len(reading.Files) != 7 || reading.Count(Pupils) != (Tally{Added: 7000}) {
		t.Fatal(count, err)
	}
	for i, f := range reading.Files {
		if f.Chunk != []int{0, 1, 2, 4, 5, 6, 7}[i] || f.Total() != 1000 {
			t.Errorf("file %d: %+v", i, f)
		}
	}
}

func TestReadStopsWhenAsked(t *testing.T) {
	d := manyPupils(t)
	enough := errors.New("enough")
	_, err := d.Read(t.Context(), nil, func([]Record) error { return enough }, nil)
	if !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = d.Read(ctx, nil, func([]Record) error { cancel(); return nil }, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestTroublesStopToo(t *testing.T) {
	source, err := Open("testdata/troubled")
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	full := errors.New("journal full")
	_, err = source.Deliveries()[0].Read(t.Context(), nil, func([]Record) error { return nil }, func(Trouble) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

// TestRefusedMidway has a good chunk and a cut one.
func TestRefusedMidway(t *testing.T) {
	d := manyPupils(t)
	doc := pupils(1000)
	path := filepath.Join(t.TempDir(), "ENT_Delta_20260901_Eleve_0000.xml")
	if err := os.WriteFile(path, doc[:len(doc)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := Open(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	d.source, d.Files = source, append(source.Deliveries()[0].Files, d.Files[1:2]...)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), d.Files[1].Name), doc, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = d.Read(t.Context(), nil, func([]Record) error { return nil }, nil)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Kind != Truncated || refusal.Record == 0 || refusal.Line < 1000 {
		t.Errorf("%v", err)
	}
}

// TestLinesAreTrue compares lines with those of the text.
func TestLinesAreTrue(t *testing.T) {
	doc := pupils(50)
	var got []int
	p := newParser(func(full parcel) error {
		for _, r := range full.records {
			got = append(got, r.Line)
		}
		return nil
	})
	if _, err := p.parse(t.Context(), pupilFile, bytes.NewReader(doc)); err != nil {
		t.Fatal(err)
	}
	record := 0
	for i, line := range bytes.Split(doc, []byte("\n")) {
		if bytes.Equal(line, []byte("<addRequest>")) {
			if got[record] != i+1 {
				t.Fatalf("record %d: line %d, want %d", record+1, got[record], i+1)
			}
			record++
		}
	}
}
