package notify

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"slices"
	"strings"

	"preau/core/fail"
	"preau/core/school"
)

// tokenMAC is how many bytes of a HMAC a token has: 80 bits, which nobody guesses at a
// door that answers once a request.
const tokenMAC = 10

// letters write a token so that it may be in an address of mail, where capitals are lost.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// token is what is said and the proof that we wrote it, for a purpose.
func (s *Service) token(purpose string, said []byte, more ...[]byte) string {
	return letters.EncodeToString(slices.Concat(said, s.proof(purpose, said, more)))
}

func (s *Service) proof(purpose string, said []byte, more [][]byte) []byte {
	return s.Key.MAC(purpose, append([][]byte{said}, more...)...)[:tokenMAC]
}

// ours tells whether we wrote a token, for a purpose.
func (s *Service) ours(purpose string, said, proof []byte, more ...[]byte) bool {
	return hmac.Equal(proof, s.proof(purpose, said, more))
}

// parted reads what a token says, so many bytes, and its proof. A token is written in one
// way only: the bits that its last letter has too many are those that we wrote.
func parted(token string, size int) (said, proof []byte, err error) {
	token = strings.ToLower(token)
	raw, err := letters.DecodeString(token)
	if err != nil || len(raw) != size+tokenMAC || letters.EncodeToString(raw) != token {
		return nil, nil, fail.New(fail.NotFound, "no token")
	}
	return raw[:size], raw[size:], nil
}

// idSize is how many bytes say who somebody is.
const idSize = 8

// whose says who somebody is, in a token.
func whose(person school.ID) []byte { return binary.BigEndian.AppendUint64(nil, uint64(person)) }

// personIn reads whom a token says that it is about.
func personIn(said []byte) school.ID { return school.ID(binary.BigEndian.Uint64(said)) }
