package liaison

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"math"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/seal"
)

// slip is what a talon is about: one answer that is awaited on paper.
type slip struct {
	Word, Child school.ID
	Person      school.ID // the guardian who answers, where each of them does; else 0
}

// What a QR code of a talon holds, as base 32 (RFC 4648 § 6, without padding, which is the
// dense alphabet of QR codes): a byte that says which form it is, the identifiers in 8 bytes
// each, the last only when it is not 0, and the first bytes of their MAC. It names nobody,
// and nobody makes one without the key of the house.
const (
	slipForm    = 1
	slipMAC     = 6
	slipPurpose = "liaison slip"
)

var slipText = base32.StdEncoding.WithPadding(base32.NoPadding)

// token is the slip as its code says it.
func (s slip) token(key *seal.Key) string {
	said := []byte{slipForm}
	said = binary.BigEndian.AppendUint64(said, uint64(s.Word))
	said = binary.BigEndian.AppendUint64(said, uint64(s.Child))
	if s.Person != 0 {
		said = binary.BigEndian.AppendUint64(said, uint64(s.Person))
	}
	return slipText.EncodeToString(append(said, key.MAC(slipPurpose, said)[:slipMAC]...))
}

// parseSlip reads what [slip.token] writes. Anything else is fail.Invalid.
func parseSlip(key *seal.Key, token string) (s slip, err error) {
	none := func(why string) (slip, error) { return slip{}, fail.New(fail.Invalid, "a slip %s", why) }
	const short, long = 1 + 2*8, 1 + 3*8
	raw, err := slipText.DecodeString(token)
	if err != nil || slipText.EncodeToString(raw) != token {
		return none("in no base 32")
	}
	if len(raw) != short+slipMAC && len(raw) != long+slipMAC || raw[0] != slipForm {
		return none("of another form")
	}
	said, mac := raw[:len(raw)-slipMAC], raw[len(raw)-slipMAC:]
	if !hmac.Equal(mac, key.MAC(slipPurpose, said)[:slipMAC]) {
		return none("that we did not print")
	}
	for i, id := range []*school.ID{&s.Word, &s.Child, &s.Person} {
		at := 1 + 8*i
		if at == len(said) {
			break
		}
		n := binary.BigEndian.Uint64(said[at:])
		if n == 0 || n > math.MaxInt64 {
			return none("about nothing")
		}
		*id = school.ID(n)
	}
	return s, nil
}

// perPerson tells whether each guardian of a child has a talon of their own.
func (w word) perPerson() bool { return w.Each == audience.EachPerson && w.Asks != toRead }

// seen is the answer on paper of whoever was only to read the word.
const seen = "read"

// acceptsOnPaper tells whether a text is an answer that a talon may bring.
func (w word) acceptsOnPaper(answer string) bool {
	if w.Asks == toRead {
		return answer == seen
	}
	return w.accepts(answer)
}
