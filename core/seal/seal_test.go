package seal

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"preau/core/fail"
)

func newKey(t *testing.T) *Key {
	t.Helper()
	key, err := Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestOpenMakesOneKeyAndKeepsIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "key")
	keys := make([]*Key, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			key, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = key
		})
	}
	all.Wait()
	for _, key := range keys {
		if key == nil || key.root != keys[0].root || key.root == (Key{}).root {
			t.Fatal("processes that start together have different keys")
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left in the folder: %v, %v", entries, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestOpenRefuses(t *testing.T) {
	good := strings.Repeat("0f", keySize)
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		want string
	}{
		"read by its group":    {good, 0o640, "chmod 600"},
		"read by all":          {good, 0o604, "chmod 600"},
		"empty":                {"", 0o600, "does not hold a key"},
		"too short":            {good[2:], 0o600, "does not hold a key"},
		"too long":             {good + "00", 0o600, "does not hold a key"},
		"not hexadecimal":      {"zz" + good[2:], 0o600, "does not hold a key"},
		"two lines":            {good + "\n\n", 0o600, "does not hold a key"},
		"a key and more bytes": {good + "\n" + good, 0o600, "does not hold a key"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "key")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, c.mode); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(path); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
			if after, _ := os.ReadFile(path); string(after) != c.text {
				t.Error("the file was changed")
			}
		})
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "others") && !strings.Contains(err.Error(), "not a file") {
		t.Errorf("a folder: %v", err)
	}
}

func TestOpenReadsWithoutNewline(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(strings.Repeat("0F", keySize)), 0o400); err != nil {
		t.Fatal(err)
	}
	key, err := Open(path)
	if err != nil || key.root[0] != 0x0f {
		t.Error(err)
	}
}

// The values are those of HKDF (RFC 5869) and HMAC (RFC 2104) as computed with
// Python's hmac module for the key 00 01 … 1f: another node, another
// release, another language finds the same.
func TestValuesNeverChange(t *testing.T) {
	var key Key
	for i := range key.root {
		key.root[i] = byte(i)
	}
	for what, c := range map[string]struct{ got, want string }{
		"MAC":    {hex.EncodeToString(key.MAC("code", []byte("ab"), []byte("c"))), "753d52ce768eda8e73f2abf74ce2e39e95eee052165715798ff9e8ad0e656c01"},
		"Derive": {hex.EncodeToString(key.Derive("demo", "zoe.martin", 16)), "d88a9f718bde44ac02adf0d5d5ddb263"},
	} {
		if c.got != c.want {
			t.Errorf("%s gives %s, want %s", what, c.got, c.want)
		}
	}
}

func TestPurposesAndPartsAreApart(t *testing.T) {
	key, other := newKey(t), newKey(t)
	part := func(s ...string) (parts [][]byte) {
		for _, s := range s {
			parts = append(parts, []byte(s))
		}
		return parts
	}
	values := map[string]string{}
	for what, value := range map[string][]byte{
		"MAC":             key.MAC("a", part("ab", "c")...),
		"other purpose":   key.MAC("b", part("ab", "c")...),
		"other parting":   key.MAC("a", part("a", "bc")...),
		"one part":        key.MAC("a", part("abc")...),
		"an empty part":   key.MAC("a", part("ab", "c", "")...),
		"other key":       other.MAC("a", part("ab", "c")...),
		"derived":         key.Derive("a", "b", 32),
		"derived, other":  key.Derive("a", "c", 32),
		"derived, parted": key.Derive("ab", "", 32),
	} {
		if twin, ok := values[string(value)]; ok {
			t.Errorf("%s = %s", what, twin)
		}
		values[string(value)] = what
	}
}

func TestSealThenOpen(t *testing.T) {
	key := newKey(t)
	row := []byte("row 1")
	for _, plain := range [][]byte{nil, {0}, bytes.Repeat([]byte("é"), 1000)} {
		sealed := key.Seal("totp", plain, row)
		if got, err := key.Open("totp", sealed, row); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%x, %v", got, err)
		}
		if bytes.Equal(sealed, key.Seal("totp", plain, row)) {
			t.Error("sealed twice alike")
		}
	}
}

func TestOpenRefusesWhatWasNotSealedSo(t *testing.T) {
	key := newKey(t)
	sealed := key.Seal("totp", []byte("secret"), []byte("row 1"))
	for i := range sealed {
		sealed[i] ^= 1
		if _, err := key.Open("totp", sealed, []byte("row 1")); !fail.Is(err, fail.Invalid) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
		sealed[i] ^= 1
	}
	for name, open := range map[string]func() ([]byte, error){
		"other purpose": func() ([]byte, error) { return key.Open("mail", sealed, []byte("row 1")) },
		"other row":     func() ([]byte, error) { return key.Open("totp", sealed, []byte("row 2")) },
		"other key":     func() ([]byte, error) { return newKey(t).Open("totp", sealed, []byte("row 1")) },
		"cut":           func() ([]byte, error) { return key.Open("totp", sealed[:len(sealed)-1], []byte("row 1")) },
		"nothing":       func() ([]byte, error) { return key.Open("totp", nil, nil) },
	} {
		if plain, err := open(); !fail.Is(err, fail.Invalid) || plain != nil {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
	}
}

func TestALockOpensItsFileOnly(t *testing.T) {
	key := newKey(t)
	lock := Lock{key, "blob", []byte("row 1")}
	var file bytes.Buffer
	w, err := age.Encrypt(&file, lock)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "a photo"); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]age.Identity{
		"other key":     Lock{newKey(t), "blob", []byte("row 1")},
		"other purpose": Lock{key, "reception file", []byte("row 1")},
		"other row":     Lock{key, "blob", []byte("row 2")},
	} {
		if _, err := age.Decrypt(bytes.NewReader(file.Bytes()), other); !fail.Is(err, fail.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	plain, err := age.Decrypt(&file, lock)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(plain); err != nil || string(got) != "a photo" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestTheKeyDoesNotPrintItself(t *testing.T) {
	key := newKey(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, key); got != "the master key" {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}
