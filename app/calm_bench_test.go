package app

import (
	"path/filepath"
	"runtime"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/service/liaison"
)

// BenchmarkRefresh reads as many words as a node keeps, and says what they take in memory.
func BenchmarkRefresh(b *testing.B) {
	h, err := Open(b.Context(), Place{Data: b.TempDir(), DB: filepath.Join(b.TempDir(), "preau.db")}, discard())
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	const classes = 6667 // of three words each
	if err := h.DB.Write(b.Context(), func(tx *db.Tx) error {
		for i := range classes {
			if err := liaison.Sample(tx, school.ID(1+i/8), school.ID(100_000+i), 9); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	services := h.services
	c := h.calm(services)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		if err := c.Refresh(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB-kept")
	runtime.KeepAlive(c)
}
