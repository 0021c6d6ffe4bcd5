package reception_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/config"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory/feed"
	"preau/exchange/reception"
	"preau/test/house"
	"preau/test/village"
)

var schemas = append(house.Schemas(), config.Schema(), reception.Schema())

// yard is a house that watches a folder, with an account of the village's
// académie. Its Feeder is the house's; the one that reads what arrives is its
// Service.Feeder.
type yard struct {
	*house.House
	log  *bytes.Buffer
	data string
	*reception.Watcher
}

const (
	orvalmont = "096" // the académie of the village
	name      = "aaf-orvalmont"
)

func newYard(t *testing.T, d *db.DB) *yard {
	t.Helper()
	y := &yard{
		House: house.New(t, d, feed.Words, account.Words, reception.Words),
		data:  t.TempDir(), log: &bytes.Buffer{},
	}
	y.Later(sevenDays) // what a week's deliveries are dated is past
	y.start(t.TempDir())
	return y
}

// start makes a watcher that remembers nothing, as a new process does.
func (y *yard) start(inbox string) {
	y.T.Helper()
	log := slog.New(slog.NewTextHandler(y.log, nil))
	y.Watcher = reception.NewWatcher(&reception.Service{
		DB: y.DB, Vault: reception.NewVault(y.Key, y.data), Audit: y.Audit, Words: y.Words, Log: log,
		Feeder: &feed.Feeder{DB: y.DB, Caps: feed.DefaultCaps, Log: log, Audit: y.Audit},
	}, inbox)
}

// onBoth runs a test in a yard on each database.
func onBoth(t *testing.T, f func(*yard)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newYard(t, d)) }, schemas...)
}

// open opens the account.
func (y *yard) open(change ...func(*reception.Account)) {
	y.T.Helper()
	a := reception.Account{Name: name, Academy: orvalmont, SilenceDays: reception.DefaultSilence}
	for _, f := range change {
		f(&a)
	}
	y.Write(func(tx *db.Tx) error {
		_, err := y.Service.Open(tx, a)
		return err
	})
}

func daily(a *reception.Account)    { a.Daily = true }
func checksum(a *reception.Account) { a.Checksum = true }

// look looks twice: what looks the same then is complete. Its clock goes on a
// little, so that waits end.
func (y *yard) look() {
	y.T.Helper()
	for range 2 {
		y.Later(time.Minute)
		if err := y.Look(y.T.Context()); err != nil {
			y.T.Fatal(err)
		}
	}
}

func (y *yard) in(file string) string  { return filepath.Join(y.Inbox, name, "in", file) }
func (y *yard) out(file string) string { return filepath.Join(y.Inbox, name, "out", file) }

// put puts a file in the folder as a careful sender does: under another name
// until it is whole.
func (y *yard) put(file string, text []byte) {
	y.T.Helper()
	if err := os.MkdirAll(filepath.Dir(y.in(file)), 0o700); err != nil {
		y.T.Fatal(err)
	}
	if err := os.WriteFile(y.in(file)+".part", text, 0o600); err != nil {
		y.T.Fatal(err)
	}
	if err := os.Rename(y.in(file)+".part", y.in(file)); err != nil {
		y.T.Fatal(err)
	}
}

// states gives the state and the reason of what came under each name.
func (y *yard) states() map[string]string {
	y.T.Helper()
	states := map[string]string{}
	for _, a := range y.arrivals() {
		states[a.Name] = strings.TrimSpace(string(a.State) + " " + string(a.Reason))
	}
	return states
}

func (y *yard) arrivals() (list []reception.Arrival) {
	y.T.Helper()
	y.Read(func(tx *db.Tx) (err error) {
		list, err = reception.Arrivals(tx, 100)
		return err
	})
	return list
}

// wants fails unless what came under a name is in a state, and that was told.
func (y *yard) wants(file, state string) {
	y.T.Helper()
	if got := y.states()[file]; got != state {
		y.T.Errorf("%s is %q, want %q\n%s", file, got, state, y.log)
	}
	ack := y.ack(file)
	if got := strings.TrimSpace(string(ack.State) + " " + string(ack.Reason)); got != state || ack.Text == "" {
		y.T.Errorf("%s is told to be %q (%s), want %q", file, got, ack.Text, state)
	}
}

// ack reads an acknowledgement.
func (y *yard) ack(file string) (ack reception.Acknowledgement) {
	y.T.Helper()
	text, err := os.ReadFile(y.out(file + ".ack.json"))
	if err != nil {
		y.T.Fatalf("%v\n%s", err, y.log)
	}
	if err := json.Unmarshal(text, &ack); err != nil {
		y.T.Fatal(err)
	}
	return ack
}

// applied lists the deliveries that the feed applied, oldest first.
func (y *yard) applied() (names []string) {
	y.T.Helper()
	y.Read(func(tx *db.Tx) error {
		list, err := feed.Deliveries(tx, 100)
		for _, d := range slices.Backward(list) {
			if d.State == feed.Applied {
				names = append(names, d.Name)
			}
		}
		return err
	})
	return names
}

// files lists what is under a folder, sorted.
func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			list = append(list, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// clean fails when a plain file is left anywhere, or a sealed one may be read
// by others.
func (y *yard) clean() {
	y.T.Helper()
	if left := files(y.T, filepath.Join(y.Inbox, name, "in")); len(left) != 0 {
		y.T.Errorf("left in the folder: %v", left)
	}
	for _, file := range files(y.T, y.data) {
		info, err := os.Stat(filepath.Join(y.data, file))
		if err != nil || !strings.HasSuffix(file, ".age") || info.Mode().Perm() != 0o600 {
			y.T.Errorf("%s is not sealed: %v, %v", file, info.Mode(), err)
		}
	}
}

// Monday is the day of the first complete delivery.
var monday = time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)

// week is the deliveries of a village: complete of some days, and the delta
// of each day.
type week struct{ complete, delta map[string][]byte }

// sevenDays is the week whose deliveries a test sends.
const sevenDays = 7 * 24 * time.Hour

func day(n int) string { return monday.AddDate(0, 0, n).Format("20060102") }

func newWeek(t *testing.T, days int) week {
	t.Helper()
	w := week{map[string][]byte{}, map[string][]byte{}}
	of := t.TempDir()
	for n := range days {
		dir := t.TempDir()
		if _, err := village.Write(dir, village.Options{Schools: 2, Seed: 5, Day: n, Date: monday.AddDate(0, 0, n)}); err != nil {
			t.Fatal(err)
		}
		w.complete[day(n)] = tgz(t, dir)
		if n > 0 {
			to := t.TempDir()
			if _, err := village.WriteDelta(of, to, false); err != nil {
				t.Fatal(err)
			}
			w.delta[day(n)] = tgz(t, to)
		}
		of = dir
	}
	return w
}

func tgz(t *testing.T, dir string) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	archive := tar.NewWriter(zipped)
	for _, file := range files(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := archive.WriteHeader(&tar.Header{Name: file, Mode: 0o600, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sum(text []byte) string {
	digest := sha256.Sum256(text)
	return hex.EncodeToString(digest[:])
}

// arrival is what came under a name.
func (y *yard) arrival(file string) (one reception.Arrival) {
	y.T.Helper()
	for _, a := range y.arrivals() {
		if a.Name == file {
			return a
		}
	}
	y.T.Fatalf("nothing came as %s", file)
	return one
}

// idOf is its identifier.
func (y *yard) idOf(file string) school.ID {
	y.T.Helper()
	return y.arrival(file).ID
}

// dbSQLite is a database for what does not depend on the engine.
func dbSQLite(t *testing.T) *db.DB {
	t.Helper()
	return dbtest.SQLite(t, schemas...)
}
