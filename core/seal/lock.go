package seal

import "filippo.io/age"

// Lock seals the key of one file in the age format (age-encryption.org/v1)
// under the master key, and opens it: it is both the [age.Recipient] and the
// [age.Identity] of the file, which only the same lock opens.
type Lock struct {
	Key     *Key
	Purpose string
	// Bound is what the file is bound to, such as the row's identifier: moved to
	// another, it does not open.
	Bound []byte
}

var (
	_ age.Recipient = Lock{}
	_ age.Identity  = Lock{}
)

const stanzaType = "preau"

// Wrap implements age.Recipient.
func (l Lock) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	return []*age.Stanza{{Type: stanzaType, Body: l.Key.Seal(l.Purpose, fileKey, l.Bound)}}, nil
}

// Unwrap implements age.Identity. It refuses with fail.Invalid what another
// lock sealed.
func (l Lock) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	for _, s := range stanzas {
		if s.Type == stanzaType {
			return l.Key.Open(l.Purpose, s.Body, l.Bound)
		}
	}
	return nil, age.ErrIncorrectIdentity
}
