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
