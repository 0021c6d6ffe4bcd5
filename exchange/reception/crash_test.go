package reception_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/school"
)

// Each state in which a process that was killed may have left things is
// resumed by the next one: nothing is lost, and nothing is fed twice.
func TestWhatWasBegunIsResumed(t *testing.T) {
	sent := newWeek(t, 1)
	for point, leave := range map[string]func(y *yard){
		"taken, not sealed": func(y *yard) {
			y.put(y.taken(school.NewID(y.DB.Now())), sent.complete[day(0)])
		},
		"half sealed": func(y *yard) {
			id := school.NewID(y.DB.Now())
			y.put(y.taken(id), sent.complete[day(0)])
			y.plain("archive/"+id.String()+".age.part", "half")
		},
		"sealed, not journaled": func(y *yard) {
			id := school.NewID(y.DB.Now())
			y.put(y.taken(id), sent.complete[day(0)])
			y.plain("archive/"+id.String()+".age", "whole, and of the same file")
		},
		"journaled, not removed": func(y *yard) {
			y.put("c0.tgz", sent.complete[day(0)])
			y.put("c0.tgz.sha256", []byte(sum(sent.complete[day(0)])))
			y.look()
			y.put(y.taken(y.idOf("c0.tgz")), sent.complete[day(0)])
			y.put("c0.tgz.sha256", []byte(sum(sent.complete[day(0)])))
		},
		"journaled, not fed": func(y *yard) {
			y.put("c0.tgz", sent.complete[day(0)])
			y.Service.Feeder.Changed = func(*db.Tx) error { return os.ErrClosed } // the feed fails
			y.Later(1)
			for range 2 {
				_ = y.Look(y.T.Context())
			}
			if got := y.states()["c0.tgz"]; got != "received" {
				y.T.Fatalf("it is %s", got)
			}
			y.plain("spool/12/c0.tgz", "plain")
		},
		"fed, not told": func(y *yard) {
			y.put("c0.tgz", sent.complete[day(0)])
			y.look()
			y.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE reception_arrival SET told = ''`)
				return err
			})
			if err := os.Remove(y.out("c0.tgz.ack.json")); err != nil {
				y.T.Fatal(err)
			}
			y.plain("spool/12/c0.tgz", "plain")
		},
	} {
		t.Run(point, func(t *testing.T) {
			onBoth(t, func(y *yard) {
				y.open()
				y.look()
				leave(y)
				y.start(y.Inbox)
				y.look()
				y.wants("c0.tgz", "applied")
				if diff := cmp.Diff([]string{"Complet_" + day(0)}, shortNames(y.applied())); diff != "" {
					y.T.Error(diff)
				}
				if n := len(y.arrivals()); n != 1 {
					y.T.Errorf("it came %d times", n)
				}
				y.clean()
			})
		})
	}
}

// taken is the name of what was taken as an arrival.
func (y *yard) taken(id school.ID) string { return y.Vault.TakenName(name, id, "c0.tgz", false) }

// What was begun is resumed as it was: under a name that was refused it still
// is, and a checksum that came since is left to the file that it is of.
func TestWhatIsResumedIsAsItWas(t *testing.T) {
	sent := newWeek(t, 1)
	y := newYard(t, dbSQLite(t))
	y.open()
	y.put("c0.tgz", sent.complete[day(0)])
	y.put("c0.tgz.sha256", []byte(sum(sent.complete[day(0)])))
	y.look()
	y.put(y.taken(y.idOf("c0.tgz")), sent.complete[day(0)])
	y.put("c0.tgz.sha256", []byte(sum(nil)))
	y.put(y.Vault.TakenName(name, school.NewID(y.DB.Now())+1, "c1.tgz", true), sent.complete[day(0)])
	y.start(y.Inbox)
	y.look()
	y.wants("c0.tgz", "applied")
	y.wants("c1.tgz", "quarantined name")
	if left := files(t, y.in("")); !slices.Equal(left, []string{"c0.tgz.sha256"}) {
		t.Errorf("left: %v", left)
	}
}

// A sender cannot have something taken for what was begun.
func TestATakenNameIsNotForged(t *testing.T) {
	sent := newWeek(t, 1)
	y := newYard(t, dbSQLite(t))
	y.open()
	y.look()
	y.put("c0.tgz", sent.complete[day(0)])
	y.look()
	id := y.idOf("c0.tgz")
	for _, forged := range []string{
		".taken-" + id.String() + "-c0.tgz", ".taken-" + id.String() + "-0123456789abcdef-c0.tgz",
		y.Vault.TakenName("another", id+1, "c0.tgz", false), ".taken-9223372036854775807-0123456789abcdef-c0.tgz",
	} {
		y.put(forged, sent.complete[day(0)])
	}
	y.look()
	if n := len(y.arrivals()); n != 1 {
		t.Errorf("%d arrivals", n)
	}
	if left := files(t, y.in("")); len(left) != 4 {
		t.Errorf("left: %v", left)
	}
}

// plain writes a file in the folder of the vault.
func (y *yard) plain(path, text string) {
	y.T.Helper()
	path = filepath.Join(y.data, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		y.T.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		y.T.Fatal(err)
	}
}

// A refused delivery that is in quarantine for the journal goes there on disk.
func TestQuarantineIsAShelf(t *testing.T) {
	y := newYard(t, dbSQLite(t))
	y.open()
	y.look()
	y.put("bad.tgz", []byte("bad"))
	y.look()
	id := y.idOf("bad.tgz").String()
	for _, shelf := range []string{"archive", "quarantine"} {
		_, err := os.Stat(filepath.Join(y.data, shelf, id+".age"))
		if (err == nil) != (shelf == "quarantine") {
			t.Errorf("on the shelf %s: %v", shelf, err)
		}
	}
}

// Of several nodes that watch one folder, one takes each delivery.
func TestSeveralNodesWatch(t *testing.T) {
	sent := newWeek(t, 3)
	onBoth(t, func(y *yard) {
		y.open(daily)
		y.look()
		nodes := []*yard{y}
		for range 3 {
			node := *y
			node.log = &bytes.Buffer{}
			node.start(y.Inbox)
			node.Vault = y.Vault
			nodes = append(nodes, &node)
		}
		y.put("c0.tgz", sent.complete[day(0)])
		y.put("d1.tgz", sent.delta[day(1)])
		y.put("d2.tgz", sent.delta[day(2)])
		for range 4 {
			var all sync.WaitGroup
			for _, node := range nodes {
				all.Go(func() {
					if err := node.Look(y.T.Context()); err != nil {
						y.T.Error(err)
					}
				})
			}
			all.Wait()
			y.Later(1e9)
		}
		y.look()
		want := []string{"Complet_" + day(0), "Delta_" + day(1), "Delta_" + day(2)}
		if diff := cmp.Diff(want, shortNames(y.applied())); diff != "" {
			y.T.Error(diff)
		}
		if n := len(y.arrivals()); n != 3 {
			y.T.Errorf("%d arrivals", n)
		}
		y.clean()
	})
}

// A sealed file opens for its own arrival, with its own key, and whole.
func TestASealedFileOpensForNothingElse(t *testing.T) {
	y := newYard(t, dbSQLite(t))
	y.open()
	y.look()
	for _, file := range []string{"a.tgz", "b.tgz"} {
		y.put(file, []byte("the text of "+file))
	}
	y.look()
	a, b := y.idOf("a.tgz"), y.idOf("b.tgz")
	at := func(id school.ID) string { return filepath.Join(y.data, "quarantine", id.String()+".age") }
	whole, err := os.ReadFile(at(a))
	if err != nil {
		t.Fatal(err)
	}
	into := func() string { return filepath.Join(t.TempDir(), "out") }
	if path, err := y.Vault.Unseal(y.T.Context(), a, into()); err != nil || filepath.Base(path) != "a.tgz" {
		t.Errorf("%s, %v", path, err)
	}
	for what, text := range map[string][]byte{"moved": whole, "cut": whole[:len(whole)-1], "empty": nil} {
		if err := os.WriteFile(at(b), text, 0o600); err != nil {
			t.Fatal(err)
		}
		if path, err := y.Vault.Unseal(y.T.Context(), b, into()); err == nil {
			t.Errorf("%s: it opens as %s", what, path)
		}
	}
	// Nothing is overwritten.
	dir := into()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.tgz"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := y.Vault.Unseal(y.T.Context(), a, dir); err == nil {
		t.Error("a file was overwritten")
	}
}
