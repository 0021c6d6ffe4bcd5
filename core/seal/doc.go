// Package seal holds the one secret of an installation, its master key, and
// what is made of it: fingerprints that only we can compute ([Key.MAC]),
// values and files that only we can read ([Key.Seal], [Lock]) and secrets that
// can be made again ([Key.Derive]).
//
// Each use names its purpose and works under its own subkey (HKDF, RFC 5869),
// so that what was made for one purpose says nothing and opens nothing for
// another. Every node of an installation has the same key file; the database
// never holds the key, so that a stolen database alone gives no secret.
package seal
