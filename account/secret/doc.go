// Package secret is what a password may be (rules.go), and how it is kept and
// compared: as argon2id hashes, made by a bounded pool (hash.go). It knows nobody:
// account says whose a password is, and its words say what is refused.
package secret
