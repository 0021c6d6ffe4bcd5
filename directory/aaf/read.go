package aaf

import (
	"cmp"
	"context"
	"io"
	"runtime"
	"slices"
	"sync"
)

// Reading sums up what was read of a delivery.
type Reading struct {
	Files    []FileReading // by category in reading order, then chunk
	Troubles map[Kind]int  // how many times each kind was met
}

// FileReading sums up one file.
type FileReading struct {
	File
	Header
	Tally
}

// Tally counts records by request; those that were rejected count as nothing
// else, so that the sum is the number of records of the file.
type Tally struct{ Added, Modified, Deleted, Rejected int }

// Total is the number of records.
func (t Tally) Total() int { return t.Added + t.Modified + t.Deleted + t.Rejected }

// Count adds up the files of a category.
func (r *Reading) Count(c Category) (sum Tally) {
	for _, f := range r.Files {
		if f.Category == c {
			sum.Added += f.Added
			sum.Modified += f.Modified
			sum.Deleted += f.Deleted
			sum.Rejected += f.Rejected
		}
	}
	return sum
}

// Read reads the files of a delivery that the given function accepts (all when
// it is nil) and hands their records to visit, at most 256 at a time; visit
// may keep them (the texts of a record share one allocation). Troubles go to report (which may be nil), those of a file's
// records no later than the records that follow. Both are called by this
// goroutine, so never at once, while others parse files in parallel: records
// come in order within a file, and files mingle. What is in memory does not
// grow with the files.
//
// The error is a *[Refusal] when the delivery must not be used, whatever was
// visited before; or it comes from visit, from ctx, or from the disk. Read does
// not [Delivery.Check].
func (d *Delivery) Read(
	ctx context.Context, files func(File) bool,
	visit func([]Record) error, report func(Trouble) error,
) (*Reading, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	var chosen []File
	for _, f := range d.Files {
		if files == nil || files(f) {
			chosen = append(chosen, f)
		}
	}
	reading := &Reading{Troubles: map[Kind]int{}}
	parcels := make(chan parcel, runtime.GOMAXPROCS(0))
	var failure error
	go func() {
		defer close(parcels)
		reading.Files, failure = d.parse(ctx, chosen, parcels)
	}()
	for p := range parcels {
		if ctx.Err() != nil {
			continue // let the parsers see it too
		}
		if err := reading.take(p, visit, report); err != nil {
			stop(err)
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if failure != nil {
		return nil, failure
	}
	return reading, nil
}

// take hands over a parcel.
func (r *Reading) take(p parcel, visit func([]Record) error, report func(Trouble) error) error {
	for _, t := range p.troubles {
		r.Troubles[t.Kind] += t.Count
		if report == nil {
			continue
		}
		if err := report(t); err != nil {
			return err
		}
	}
	if len(p.records) == 0 {
		return nil
	}
	return visit(p.records)
}

// parse reads files to parcels, with one parser for each file being read.
func (d *Delivery) parse(ctx context.Context, files []File, parcels chan<- parcel) ([]FileReading, error) {
	emit := func(p parcel) error {
		select {
		case parcels <- p:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	parsers := sync.Pool{New: func() any { return newParser(emit) }}
	var mu sync.Mutex
	var done []FileReading
	err := d.source.container.read(ctx, files, func(ctx context.Context, f File, r io.Reader) error {
		p := parsers.Get().(*parser)
		defer parsers.Put(p)
		reading, err := p.parse(ctx, f, r)
		mu.Lock()
		defer mu.Unlock()
		done = append(done, reading)
		return err
	})
	slices.SortFunc(done, func(a, b FileReading) int {
		return cmp.Compare(slices.Index(files, a.File), slices.Index(files, b.File))
	})
	return done, err
}
