package reception_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
	"preau/exchange/reception"
)

// A delivery is fed, answered and sealed; what is not complete is left alone.
func TestADeliveryIsFedAndAnswered(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		y.open(checksum)
		y.look() // makes the folders
		text := sent.complete[day(0)]
		y.put("monday.tgz", text)
		y.look()
		if got := y.states(); len(got) != 0 {
			y.T.Errorf("taken without its checksum: %v", got)
		}
		y.put("monday.tgz.sha256", fmt.Appendf(nil, "%s *monday.tgz\r\n", strings.ToUpper(sum(text))))
		for _, other := range []string{"later.tgz.part", "later.filepart", ".hidden"} {
			y.put(other, text)
		}
		y.look()
		y.wants("monday.tgz", "applied")
		ack := y.ack("monday.tgz")
		if ack.SHA256 != sum(text) || ack.Bytes != int64(len(text)) || ack.Delivery == nil || ack.Delivery.Pupils.Added == 0 {
			y.T.Errorf("acknowledged: %+v", ack)
		}
		for _, file := range []string{"monday.tgz.report.json", "monday.tgz.report.csv"} {
			if info, err := os.Stat(y.out(file)); err != nil || info.Mode().Perm() != 0o640 {
				y.T.Errorf("%v, %v", info, err)
			}
		}
		if left := files(y.T, y.in("")); len(left) != 3 {
			y.T.Errorf("left in the folder: %v", left)
		}
		// It comes back as it was, from the key.
		path, err := y.Vault.Unseal(y.T.Context(), y.idOf("monday.tgz"), filepath.Join(y.T.TempDir(), "out"))
		if err != nil {
			y.T.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, text) || filepath.Base(path) != "monday.tgz" {
			y.T.Errorf("%d bytes in %s, %v", len(got), path, err)
		}
		sealed, err := os.ReadFile(filepath.Join(y.data, "archive", y.idOf("monday.tgz").String()+".age"))
		if err != nil || bytes.Contains(sealed, text[:64]) {
			y.T.Errorf("not sealed: %v", err)
		}
		// What nobody completes is removed in the end.
		old := y.DB.Now().AddDate(0, 0, -8)
		for _, other := range []string{"later.tgz.part", ".hidden"} {
			if err := os.Chtimes(y.in(other), old, old); err != nil {
				y.T.Fatal(err)
			}
		}
		y.look()
		if diff := cmp.Diff([]string{"later.filepart"}, files(y.T, y.in(""))); diff != "" {
			y.T.Error(diff)
		}
	})
}

// A folder comes with the list of its checksums, and is fed as an archive is.
func TestAFolderIsADelivery(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		y.open(checksum)
		y.look()
		unpack := func(to string) (sums string) {
			if err := os.MkdirAll(y.in(to), 0o700); err != nil {
				y.T.Fatal(err)
			}
			for file, text := range untar(y.T, sent.complete[day(0)]) {
				if err := os.WriteFile(filepath.Join(y.in(to), file), text, 0o600); err != nil {
					y.T.Fatal(err)
				}
				sums += sum(text) + "  ./" + file + "\n"
			}
			return sums
		}
		for dir, list := range map[string]func(string) string{
			"whole":  func(sums string) string { return sums },
			"extra":  func(sums string) string { return sums + sum(nil) + "  more.xml\n" },
			"less":   func(sums string) string { return sums[strings.Index(sums, "\n")+1:] },
			"wrong":  func(sums string) string { return sum(nil) + sums[64:] },
			"unread": func(string) string { return "what is this" },
			"none":   nil,
			"later":  nil,
		} {
			sums := unpack(dir + ".part")
			if list != nil {
				if err := os.WriteFile(filepath.Join(y.in(dir+".part"), "SHA256SUMS"), []byte(list(sums)), 0o600); err != nil {
					y.T.Fatal(err)
				}
			}
			if err := os.Rename(y.in(dir+".part"), y.in(dir)); err != nil {
				y.T.Fatal(err)
			}
		}
		y.look()
		for _, dir := range []string{"extra", "less", "wrong"} {
			y.wants(dir, "quarantined checksum")
		}
		y.wants("unread", "quarantined checksum-form")
		y.wants("whole", "applied")
		for _, dir := range []string{"none", "later"} {
			if state, came := y.states()[dir]; came {
				y.T.Errorf("the checksums of %s are not waited for: %s", dir, state)
			}
		}
		// A folder that is sent whole has its checksums last: they are waited for.
		sums := ""
		for file, text := range untar(y.T, sent.complete[day(0)]) {
			sums += sum(text) + "  " + file + "\n"
		}
		if err := os.WriteFile(y.in("later/SHA256SUMS"), []byte(sums), 0o600); err != nil {
			y.T.Fatal(err)
		}
		y.look()
		y.wants("later", "applied")
		y.Later(time.Hour)
		y.look()
		y.wants("none", "quarantined no-checksum")
		y.clean()
		path, err := y.Vault.Unseal(y.T.Context(), y.idOf("whole"), y.T.TempDir())
		if got := files(y.T, path); err != nil || len(got) < 5 || !slices.Contains(got, "SHA256SUMS") {
			y.T.Errorf("%v, %v", got, err)
		}
	})
}

func TestAChecksumThatIsWrongOrDoesNotCome(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		y.open(checksum)
		y.look()
		text := sent.complete[day(0)]
		y.put("cut.tgz.sha256", fmt.Appendf(nil, "%s  cut.tgz\n", sum(text)))
		y.put("cut.tgz", text[:len(text)-1])
		y.put("other.tgz.sha256", fmt.Appendf(nil, "%s  another.tgz\n", sum(text)))
		y.put("other.tgz", text)
		y.put("page.tgz.sha256", []byte("<html>"))
		y.put("page.tgz", text)
		y.put("void.tgz.sha256", nil)
		y.put("void.tgz", text)
		y.put("never.tgz", text)
		y.look()
		y.wants("cut.tgz", "quarantined checksum")
		y.wants("other.tgz", "quarantined checksum-name")
		if ack := y.ack("other.tgz"); ack.Detail != "other.tgz.sha256 names another.tgz, with the digest of this file" || strings.Contains(ack.Text, "abîmé") {
			y.T.Errorf("%s %s", ack.Text, ack.Detail)
		}
		y.wants("page.tgz", "quarantined checksum-form")
		y.wants("void.tgz", "quarantined checksum-form")
		if _, came := y.states()["never.tgz"]; came {
			y.T.Error("its checksum is not waited for")
		}
		y.Later(time.Hour)
		y.look()
		y.wants("never.tgz", "quarantined no-checksum")
		if n := strings.Count(y.log.String(), "level=WARN"); n != 5 {
			y.T.Errorf("%d warnings for five files put in quarantine:\n%s", n, y.log)
		}
		if len(y.applied()) != 0 {
			y.T.Error("fed all the same")
		}
		y.clean()
		for _, file := range files(y.T, y.data) {
			if !strings.HasPrefix(file, "quarantine/") {
				y.T.Errorf("%s is not in quarantine", file)
			}
		}
		// Sent again, it is taken.
		y.put("cut.tgz.sha256", fmt.Appendf(nil, "%s", sum(text)))
		y.put("cut.tgz", text)
		y.look()
		if ack := y.ack("cut.tgz"); ack.State != reception.Applied {
			y.T.Errorf("%+v", ack)
		}
	})
}

// What cannot be a delivery is put away, whatever it is, and nothing outside
// of the folder is read.
func TestHostileThings(t *testing.T) {
	onBoth(t, func(y *yard) {
		y.open()
		y.look()
		secret := filepath.Join(y.T.TempDir(), "secret.tgz")
		if err := os.WriteFile(secret, []byte("a secret of the machine"), 0o600); err != nil {
			y.T.Fatal(err)
		}
		for _, err := range []error{
			os.Symlink(secret, y.in("link.tgz")),
			os.Symlink("../../..", y.in("up")),
			os.Symlink("/dev/zero", y.in("zero.zip")),
			syscall.Mkfifo(y.in("pipe.tgz"), 0o600),
			os.MkdirAll(y.in("folder/within"), 0o700),
			os.Symlink(secret, y.in("folder/within/link.xml")),
			os.MkdirAll(y.in("deep/a/b/c/d"), 0o700),
			os.WriteFile(y.in("rm -rf $(x) \xff\n'.tgz"), []byte("x"), 0o600),
			os.WriteFile(y.in(strings.Repeat("n", 251)+".tgz"), []byte("x"), 0o600),
			os.WriteFile(y.in("empty.tgz"), nil, 0o600),
			syscall.Mkfifo(y.in("empty.tgz.sha256"), 0o600),
			os.Symlink("/dev/zero", y.in("text.zip.sha256")),
			os.WriteFile(y.in("text.zip"), []byte("not a zip"), 0o600),
			os.WriteFile(y.in("loose.xml"), []byte("<ficAlimMENESR/>"), 0o600),
			os.WriteFile(y.in("huge.tgz"), nil, 0o600),
			os.Truncate(y.in("huge.tgz"), 9<<30),
		} {
			if err != nil {
				y.T.Fatal(err)
			}
		}
		y.look()
		for file, why := range map[string]string{
			"link.tgz": "irregular", "up": "irregular", "zero.zip": "irregular", "pipe.tgz": "irregular", "folder": "irregular",
			"deep": "irregular", "rm -rf _x_ _.tgz": "name", "empty.tgz": "truncated", "text.zip": "damaged",
			"loose.xml": "unknown-container", "huge.tgz": "big",
		} {
			y.wants(file, "quarantined "+why)
		}
		if n := strings.Count(y.log.String(), `level=WARN msg="a delivery is in quarantine" account=`+name); n != 12 {
			y.T.Errorf("%d warnings for 12 things put in quarantine:\n%s", n, y.log)
		}
		if got := y.states(); len(got) != 12 {
			y.T.Errorf("%d things came: %v", len(got), got)
		}
		y.clean()
		for _, a := range y.arrivals() {
			if _, err := y.Vault.Unseal(y.T.Context(), a.ID, filepath.Join(y.T.TempDir(), a.ID.String())); err != nil {
				y.T.Error(err)
			}
		}
		if text, err := os.ReadFile(secret); err != nil || string(text) != "a secret of the machine" {
			y.T.Error("what a link led to was touched", err)
		}
	})
}

// The deltas of a daily account are fed in order: one that comes before its
// time is held until the missing one does.
func TestTheSequence(t *testing.T) {
	sent := newWeek(t, 5)
	onBoth(t, func(y *yard) {
		y.open(daily)
		y.look()
		y.put("d1.tgz", sent.delta[day(1)])
		y.look()
		y.wants("d1.tgz", "held complete")
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		y.wants("d1.tgz", "applied")
		y.put("d4.tgz", sent.delta[day(4)])
		y.put("d3.tgz", sent.delta[day(3)])
		y.look()
		y.look()
		y.wants("d3.tgz", "held gap")
		if ack := y.ack("d3.tgz"); !strings.Contains(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(ack.Text), "Attendue : celle du 7 octobre 2026 ; dernière appliquée : 6 octobre 2026.") {
			y.T.Error(ack.Text)
		}
		y.wants("d4.tgz", "held gap")
		y.put("d2.tgz", sent.delta[day(2)])
		y.look()
		for _, file := range []string{"d2.tgz", "d3.tgz", "d4.tgz"} {
			y.wants(file, "applied")
		}
		want := []string{"Complet_" + day(0), "Delta_" + day(1), "Delta_" + day(2), "Delta_" + day(3), "Delta_" + day(4)}
		if diff := cmp.Diff(want, shortNames(y.applied())); diff != "" {
			y.T.Error(diff)
		}
		// One that is late is refused, and told so.
		y.put("late.tgz", sent.delta[day(2)])
		y.look()
		y.wants("late.tgz", "quarantined older")
	})
}

// A complete delivery ends a gap; an operator ends it too.
func TestAGapEnds(t *testing.T) {
	sent := newWeek(t, 5)
	onBoth(t, func(y *yard) {
		y.open(daily)
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.put("d2.tgz", sent.delta[day(2)])
		y.look()
		y.wants("d2.tgz", "held gap")
		y.put("c3.tgz", sent.complete[day(3)])
		y.look()
		y.wants("c3.tgz", "applied")
		y.wants("d2.tgz", "superseded")
		y.clean()

		// Without a rhythm, nothing is missing.
		y.open()
		y.Later(time.Hour)
		y.put("d4.tgz", sent.delta[day(4)])
		y.look()
		y.wants("d4.tgz", "applied")
	})
	onBoth(t, func(y *yard) {
		y.open(daily)
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.put("d2.tgz", sent.delta[day(2)])
		y.look()
		y.wants("d2.tgz", "held gap")
		release := func() error {
			return y.DB.Write(y.T.Context(), func(tx *db.Tx) error { return y.Release(tx, y.idOf("d2.tgz"), 0) })
		}
		if err := release(); err != nil {
			y.T.Fatal(err)
		}
		y.look()
		y.wants("d2.tgz", "applied")
		if err := release(); err == nil || !strings.Contains(err.Error(), "it is applied") {
			y.T.Error("released twice", err)
		}
	})
}

// Too many departures wait for an operator, who accepts them.
func TestDeparturesWait(t *testing.T) {
	sent := newWeek(t, 2)
	onBoth(t, func(y *yard) {
		y.Service.Feeder.Caps = feed.Caps{AcademyPeople: 1, SchoolPercent: 100, SchoolPeople: 1000}
		y.open()
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		empty := emptied(y.T, sent.complete[day(1)])
		y.put("c1.tgz", empty)
		y.look()
		y.wants("c1.tgz", "held departures")
		if said := y.log.String(); !strings.Contains(said, "a delivery is held") || strings.Contains(said, "is refused") {
			y.T.Error(said)
		}
		y.look() // it stays so
		y.wants("c1.tgz", "held departures")
		y.Write(func(tx *db.Tx) error { return y.Release(tx, y.idOf("c1.tgz"), 0) })
		y.look()
		y.wants("c1.tgz", "applied")
		if n := y.ack("c1.tgz").Delivery.Pupils.Departed; n == 0 {
			y.T.Error("nobody departed")
		}
	})
}

// What follows a complete delivery that is held waits with it, whichever account
// of the académie sends it.
func TestAHeldCompleteHoldsOtherAccounts(t *testing.T) {
	sent := newWeek(t, 3)
	onBoth(t, func(y *yard) {
		y.Service.Feeder.Caps = feed.Caps{AcademyPeople: 200, SchoolPercent: 100, SchoolPeople: 1000}
		y.open()
		y.Write(func(tx *db.Tx) error {
			_, err := y.Service.Open(tx, reception.Account{Name: "aaf-second", Academy: orvalmont, SilenceDays: 8})
			return err
		})
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		y.put("c1.tgz", emptied(y.T, sent.complete[day(1)]))
		y.look()
		y.wants("c1.tgz", "held departures")
		if err := os.WriteFile(filepath.Join(y.Inbox, "aaf-second", "in", "d2.tgz"), sent.delta[day(2)], 0o600); err != nil {
			y.T.Fatal(err)
		}
		y.look()
		if got := y.states(); got["d2.tgz"] != "held gap" || got["c1.tgz"] != "held departures" {
			y.T.Errorf("%v", got)
		}
		y.put("c2.tgz", sent.complete[day(2)])
		y.look()
		y.wants("c2.tgz", "applied")
		y.wants("c1.tgz", "superseded")
		if ack := y.ack("c1.tgz"); !strings.Contains(ack.Text, "Une livraison plus récente") {
			y.T.Error(ack.Text)
		}
		if got := y.states()["d2.tgz"]; got != "applied" {
			y.T.Errorf("d2.tgz is %s once nothing is before it", got)
		}
	})
}

// Why a delivery could not be fed is kept until it is.
func TestATroubleIsKept(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		y.open()
		y.look()
		sound, broken := y.Service.Feeder.DB, dbSQLite(y.T)
		if err := broken.Close(); err != nil {
			y.T.Fatal(err)
		}
		y.Service.Feeder.DB = broken
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		if a := y.arrivals()[0]; a.State != reception.Received || a.Trouble != reception.Other || a.TryAt.IsZero() {
			y.T.Errorf("%+v", a)
		}
		y.Service.Feeder.DB = sound
		y.Later(time.Hour)
		y.look()
		y.wants("c0.tgz", "applied")
		if a := y.arrivals()[0]; a.Trouble != "" {
			y.T.Errorf("%+v", a)
		}
	})
}

// A delivery of the future waits for an operator, and shuts nobody out. What
// is dated tomorrow may have been made after midnight elsewhere.
func TestADeliveryOfTheFutureWaits(t *testing.T) {
	sent := newWeek(t, 5)
	onBoth(t, func(y *yard) {
		y.Later(-sevenDays)
		y.open()
		y.put("c0.tgz", sent.complete[day(0)])
		y.put("c1.tgz", sent.complete[day(1)])
		y.put("c2.tgz", sent.complete[day(2)])
		y.put("d3.tgz", sent.delta[day(3)])
		y.look()
		y.wants("c0.tgz", "applied")
		y.wants("c1.tgz", "applied")
		y.wants("c2.tgz", "held ahead")
		y.wants("d3.tgz", "held ahead")
		if ack := y.ack("c2.tgz"); ack.Remedy == "" || !strings.Contains(ack.Text, "avenir") {
			y.T.Errorf("%s %s", ack.Text, ack.Remedy)
		}
		y.Later(48 * time.Hour) // its day does not let it go: its date may be wrong all the same
		y.look()
		y.wants("c2.tgz", "held ahead")
		for _, file := range []string{"c2.tgz", "d3.tgz"} {
			y.Write(func(tx *db.Tx) error { return y.Release(tx, y.idOf(file), 0) })
			y.look()
			y.wants(file, "applied")
		}

		// What was sent again under the right date supersedes what still waits.
		y.put("c9.tgz", redated(y.T, sent.complete[day(4)], day(9)))
		y.put("c999.tgz", redated(y.T, sent.complete[day(4)], day(999)))
		y.look()
		y.wants("c9.tgz", "held ahead")
		y.wants("c999.tgz", "quarantined future")
		y.Later(sevenDays)
		y.put("c10.tgz", redated(y.T, sent.complete[day(4)], day(10)))
		y.look()
		y.wants("c10.tgz", "applied")
		y.wants("c9.tgz", "superseded")
	})
}

// An account speaks for its académie and for the schools opened to it.
func TestThePerimeter(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		y.open(func(a *reception.Account) { a.Academy = "025" })
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		y.wants("c0.tgz", "quarantined other-academy")

		uais := uaisOf(y.T, sent.complete[day(0)])
		y.Write(func(tx *db.Tx) error { return y.Service.Close(tx, name) })
		y.open()
		y.put("two.tgz", rewritten(y.T, sent.complete[day(0)], "_Eleve_", func(text []byte) []byte {
			return bytes.Replace(text, []byte(`codeAcademieExport="096"`), []byte(`codeAcademieExport="001"`), 1)
		}))
		y.look()
		y.wants("two.tgz", "quarantined two-academies")
		if ack := y.ack("two.tgz"); !strings.Contains(ack.Detail, "001") || !strings.Contains(ack.Detail, orvalmont) || !strings.Contains(ack.Text, "deux académies") {
			y.T.Errorf("%s %s", ack.Text, ack.Detail)
		}
		y.open(func(a *reception.Account) { a.Schools = []school.UAI{uais[0]} })
		y.put("c0b.tgz", sent.complete[day(0)])
		y.look()
		y.wants("c0b.tgz", "applied")
		ack := y.ack("c0b.tgz")
		if !slices.ContainsFunc(ack.Refused, func(o feed.Outside) bool { return o.UAI == uais[1] && o.Pupils > 0 }) ||
			slices.ContainsFunc(ack.Refused, func(o feed.Outside) bool { return o.UAI == uais[0] }) {
			y.T.Errorf("refused: %+v", ack.Refused)
		}
		y.Read(func(tx *db.Tx) error {
			schools, err := directory.OpenSchools(tx)
			if len(schools) != 1 {
				y.T.Errorf("%d schools in the register", len(schools))
			}
			return err
		})
		// What the operators fed from elsewhere leaves, once somebody accepts it;
		// what another account speaks of stays.
		if err := os.WriteFile(filepath.Join(y.Inbox, "in", "whole.tgz"), sent.complete[day(0)], 0o600); err != nil {
			y.T.Fatal(err)
		}
		y.look()
		schools := func() (n int) {
			y.Read(func(tx *db.Tx) error {
				open, err := directory.OpenSchools(tx)
				n = len(open)
				return err
			})
			return n
		}
		y.Write(func(tx *db.Tx) error {
			_, err := y.Service.Open(tx, reception.Account{Name: "aaf-other", Academy: orvalmont, SilenceDays: 8, Schools: uais[1:]})
			return err
		})
		y.put("c0c.tgz", sent.complete[day(0)])
		y.look()
		y.wants("c0c.tgz", "applied")
		if n := schools(); n < 2 {
			y.T.Errorf("%d schools beside another account", n)
		}
		y.Write(func(tx *db.Tx) error { return y.Service.Close(tx, "aaf-other") })
		y.put("c0d.tgz", sent.complete[day(0)])
		y.look()
		y.wants("c0d.tgz", "held departures")
		y.Write(func(tx *db.Tx) error { return y.Release(tx, y.idOf("c0d.tgz"), 0) })
		y.look()
		y.wants("c0d.tgz", "applied")
		if n := schools(); n != 1 {
			y.T.Errorf("%d schools are left", n)
		}
		report, err := os.ReadFile(y.out("c0b.tgz.report.csv"))
		if err != nil || !bytes.Contains(report, []byte("outside-perimeter")) {
			y.T.Errorf("the report does not tell it: %v", err)
		}
	})
}

// Silence is told once a day, and taken back.
func TestSilence(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		y.open()
		y.look()
		told := func() bool {
			_, err := os.Stat(y.out("silence.json"))
			return err == nil
		}
		y.Later(7 * 24 * time.Hour)
		if y.look(); told() {
			y.T.Error("told too soon")
		}
		y.Later(25 * time.Hour)
		y.look()
		y.look()
		if n := strings.Count(y.log.String(), "nothing comes"); !told() || n != 1 {
			y.T.Errorf("told %v, logged %d times", told(), n)
		}
		y.Later(24 * time.Hour)
		y.look()
		if n := strings.Count(y.log.String(), "nothing comes"); n != 2 {
			y.T.Errorf("logged %d times in two days", n)
		}
		y.put("cut.tgz", sent.complete[day(0)][:1000])
		if y.look(); !told() {
			y.T.Error("an upload that is broken ends the silence")
		}
		y.put("c0.tgz", sent.complete[day(0)])
		if y.look(); told() {
			y.T.Error("still told once something came")
		}
		y.Later(7 * 24 * time.Hour)
		y.put("none.tgz", nil)
		y.look()
		y.Later(25 * time.Hour)
		if y.look(); !told() {
			y.T.Error("an upload that is broken delays what is told")
		}
	})
}

// What is held is no silence, from when it came and not from when it is let go.
func TestWhatIsHeldEndsASilence(t *testing.T) {
	sent := newWeek(t, 2)
	onBoth(t, func(y *yard) {
		y.open()
		y.look()
		heard := func() (at time.Time) {
			y.Read(func(tx *db.Tx) error {
				accounts, err := reception.Accounts(tx)
				for _, a := range accounts {
					at = a.HeardAt
				}
				return err
			})
			return at
		}
		y.put("d1.tgz", sent.delta[day(1)])
		y.look()
		y.wants("d1.tgz", "held complete")
		came := heard()
		if came.IsZero() || !came.Equal(y.arrivals()[0].ArrivedAt) {
			y.T.Errorf("heard at %v", came)
		}
		y.Later(48 * time.Hour)
		y.Write(func(tx *db.Tx) error { return y.Release(tx, y.idOf("d1.tgz"), 0) })
		y.look()
		if now := heard(); !now.Equal(came) {
			y.T.Errorf("heard at %v once it was let go, not %v", now, came)
		}
	})
}

// Received files are destroyed at their term, and what is still held with them.
func TestFilesAreDestroyedAtTheirTerm(t *testing.T) {
	sent := newWeek(t, 3)
	onBoth(t, func(y *yard) {
		y.open(daily)
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.put("d2.tgz", sent.delta[day(2)])
		y.put("bad.tgz", []byte("bad"))
		y.look()
		if n := len(files(y.T, y.data)); n != 3 {
			y.T.Fatalf("%d sealed files", n)
		}
		y.Later(29 * 24 * time.Hour)
		y.look()
		if n := len(files(y.T, y.data)); n != 3 {
			y.T.Errorf("%d sealed files before their term", n)
		}
		touched := filepath.Join(y.data, "archive", y.idOf("c0.tgz").String()+".age")
		if err := os.Chtimes(touched, y.DB.Now(), y.DB.Now()); err != nil { // as a copy put back has it
			y.T.Fatal(err)
		}
		y.Later(2 * 24 * time.Hour)
		y.look()
		if left := files(y.T, y.data); len(left) != 0 {
			y.T.Errorf("past their term: %v", left)
		}
		y.wants("d2.tgz", "expired gap")
		for _, a := range y.arrivals() {
			if a.Destroyed.IsZero() {
				y.T.Errorf("%s is not known to be destroyed", a.Name)
			}
		}
		y.Later(340 * 24 * time.Hour)
		y.look()
		if n := len(y.arrivals()); n != 0 {
			y.T.Errorf("%d arrivals after a year", n)
		}
	})
}

// The operators have a folder too, without a perimeter or a rhythm.
func TestTheOperatorsFolder(t *testing.T) {
	sent := newWeek(t, 3)
	onBoth(t, func(y *yard) {
		y.look()
		for file, text := range map[string][]byte{"c0.tgz": sent.complete[day(0)], "d2.tgz": sent.delta[day(2)]} {
			if err := os.WriteFile(filepath.Join(y.Inbox, "in", file), text, 0o600); err != nil {
				y.T.Fatal(err)
			}
		}
		y.look()
		if diff := cmp.Diff(map[string]string{"c0.tgz": "applied", "d2.tgz": "applied"}, y.states()); diff != "" {
			y.T.Error(diff)
		}
		if _, err := os.Stat(filepath.Join(y.Inbox, "out", "d2.tgz.ack.json")); err != nil {
			y.T.Error(err)
		}
	})
}
