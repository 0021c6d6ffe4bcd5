// Package account is who may come in: logins, activation codes, passwords,
// second factors and sessions. It keeps no name: people are their identifier, a
// name makes a login, and what a person is (their hats) is asked from directory at
// each change. One statement reads the tables of the register beside its own: who
// the people of a school are (figures.go; for what was opened there, opened.go, is
// frozen, freeze.go, asks to be one, join.go, or is signed out, switch.go). What was
// handed out in a post is over with it (code.go, classdoor.go, ended.go).
//
// It owns the tables account_*. It holds no secret that the database alone
// would give away: passwords are argon2id hashes, codes are HMACs under the
// master key, sessions are hashes of their token, the secrets of applications
// are sealed under the master key.
//
// The second factor (factor.go, prove.go, totp.go, passkey.go, recovery.go) is
// here and not in a package of its own: a proof is counted at the doors of this
// one, and changes a session in the transaction that accepts it. A session that
// waits for it is half open, and Resolve gives no session then: whoever asks
// who is there hears that nobody is.
//
// It answers an unknown login as a wrong password, with the same words and
// the same work. Too many wrong ones, for a login or from an address, make
// one wait; nothing locks an account for good, and nobody else's tries shut
// out a device that the owner signed in on. An account whose own acts say that
// somebody else has it is frozen (breaker.go, freeze.go). Passwords are hashed
// by a bounded pool, and a crowd in front of it has turns (queue.go), so that a
// storm of sign-ins slows and does not fall.
//
// Two accounts of one person become one at the word of a head, or of the person who
// proves that both are theirs (join.go, merge.go). What people read of their journal,
// and by which names, is in acts.go.
//
// Where mail leaves (Mail), who forgot a password gets a link, and people are
// told what happens to their account, with a link that shuts it; the address is
// asked from the register each time. What a message says, and how often somebody
// is written to, is decided here; core/mail sends it.
//
// A child who does not write comes in at the door of their class (classdoor.go:
// its poster, its tablets) with three pictures (child.go) or their badge
// (badge.go): in school hours, or from home where a guardian allows it, as a pupil
// and nothing else. Who the pupils of a class are is asked from the
// register too. A school says which network is its own (network.go): its doors may
// open there only, and sessions are those of a shared device there (shared.go).
package account
