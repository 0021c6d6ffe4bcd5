package notify

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"strings"

	"preau/core/fail"
	"preau/core/school"
)

// tokenMAC is how many bytes of a HMAC a token has: 80 bits, which nobody guesses at a
// door that answers once a request.
const tokenMAC = 10

// letters write a token so that it may be in an address of mail, where capitals are lost.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// token is a person and the proof that we wrote it, for a purpose.
func (s *Service) token(purpose string, person school.ID, more ...[]byte) string {
	id := binary.BigEndian.AppendUint64(nil, uint64(person))
	return letters.EncodeToString(append(id, s.proof(purpose, id, more)...))
}

func (s *Service) proof(purpose string, id []byte, more [][]byte) []byte {
	return s.Key.MAC(purpose, append([][]byte{id}, more...)...)[:tokenMAC]
}

// personOf reads whom a token is about, before one knows whether we wrote it.
func personOf(token string) (person school.ID, id, proof []byte, err error) {
	raw, err := letters.DecodeString(strings.ToLower(token))
	if err != nil || len(raw) != 8+tokenMAC {
		return 0, nil, nil, fail.New(fail.NotFound, "no token")
	}
	return school.ID(binary.BigEndian.Uint64(raw)), raw[:8], raw[8:], nil
}

// open gives whom a token of ours is about; any other is fail.NotFound.
func (s *Service) open(purpose, token string, more ...[]byte) (school.ID, error) {
	person, id, proof, err := personOf(token)
	if err != nil {
		return 0, err
	}
	if !hmac.Equal(proof, s.proof(purpose, id, more)) {
		return 0, fail.New(fail.NotFound, "a token of nobody's")
	}
	return person, nil
}
