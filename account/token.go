package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"preau/core/school"
)

// token is what opens something to the browser that keeps it: a session, the tries
// of a known device, the door of a class.
type token []byte

const tokenSize = 32

func newToken() token { return random(tokenSize) }

// tokenText is how browsers keep a token.
var tokenText = base64.RawURLEncoding.Strict()

func (t token) text() string { return tokenText.EncodeToString(t) }

// parseToken reads what a browser shows.
func parseToken(text string) (t token, ok bool) {
	if len(text) != tokenText.EncodedLen(tokenSize) { // line ends in it would be passed over
		return nil, false
	}
	t, err := tokenText.DecodeString(text)
	return t, err == nil && len(t) == tokenSize
}

// hash is how the database knows the token of a session or of a device.
func (t token) hash() []byte {
	sum := sha256.Sum256(t)
	return sum[:]
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the program instead
	return b
}

// dice throws dice of so many sides, from 0, each side as likely: bytes past the
// last multiple of their number are thrown away.
func dice(n, sides int) []byte {
	even := 256 / sides * sides
	thrown := make([]byte, 0, n)
	for len(thrown) < n {
		for _, b := range random(2 * n) {
			if int(b) < even && len(thrown) < n {
				thrown = append(thrown, byte(int(b)%sides))
			}
		}
	}
	return thrown
}

// bytesOf is an identifier as HMACs and seals are bound to it.
func bytesOf(id school.ID) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }
