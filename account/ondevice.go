package account

import "encoding/base64"

// OnDevice names whose things a device keeps, and under which hat, "person.hat", without
// saying who it is. It is the same in all the sessions of a person.
func (a *Accounts) OnDevice(s Session) string {
	name := func(parts ...[]byte) string {
		return base64.RawURLEncoding.EncodeToString(a.Key.MAC("account on device", parts...)[:9])
	}
	person := []byte(s.Person.String())
	return name(person) + "." + name(person, []byte(s.Profile))
}
