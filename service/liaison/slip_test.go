package liaison

import (
	"bytes"
	"path/filepath"
	"testing"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/seal"
)

func newKey(t testing.TB) *seal.Key {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// What a talon says is read again; anything else, and what another house printed, is none.
func TestTokens(t *testing.T) {
	key, other := newKey(t), newKey(t)
	for _, s := range []slip{{1, 2, 0}, {1, 2, 3}, {school.ID(1<<62 + 5), school.ID(1 << 40), 7}} {
		token := s.token(key)
		if got, err := parseSlip(key, token); err != nil || got != s {
			t.Errorf("%v is read as %v: %v", s, got, err)
		}
		if len(token) > 61 { // of the third version of the code, at level M
			t.Errorf("a token of %d letters", len(token))
		}
		for _, forged := range []string{s.token(other), token[1:], token + "A", token[:len(token)-1], "a" + token[1:], " " + token, ""} {
			if got, err := parseSlip(key, forged); !fail.Is(err, fail.Invalid) || got != (slip{}) {
				t.Errorf("%q is read as %v: %v", forged, got, err)
			}
		}
	}
	// One of a child cannot be made one of a parent, nor the other way.
	short, long := slip{1, 2, 0}, slip{1, 2, 3}
	raw, _ := slipText.DecodeString(long.token(key))
	mixed := slipText.EncodeToString(append(raw[:17:17], raw[len(raw)-slipMAC:]...))
	if _, err := parseSlip(key, mixed); err == nil || mixed == short.token(key) {
		t.Error("the token of a parent is made one of the child")
	}
}

// FuzzToken reads anything: what is read is written the same.
func FuzzToken(f *testing.F) {
	key := newKey(f)
	f.Add(slip{1, 2, 3}.token(key))
	f.Add("AEAAAAAAAAAAACAAAAAAAAAAAIAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, token string) {
		if s, err := parseSlip(key, token); err == nil && s.token(key) != token {
			t.Errorf("%q is %v, which is written otherwise", token, s)
		}
	})
}

// FuzzPDF looks for pictures in anything: they are parts of it.
func FuzzPDF(f *testing.F) {
	f.Add([]byte("%PDF-1.7\n1 0 obj <</Filter /DCTDecode>> stream\r\n\xff\xd8\xff\xe0 a picture \xff\xd9\nendstream"))
	f.Add([]byte("stream\xff\xd8\xffstreamendstreamstream\n\xff\xd8\xff"))
	f.Fuzz(func(t *testing.T, document []byte) {
		for _, picture := range jpegsIn(document) {
			if !bytes.HasPrefix(picture, []byte("\xff\xd8\xff")) || !bytes.Contains(document, picture) {
				t.Errorf("%q is in no document", picture)
			}
		}
	})
}
