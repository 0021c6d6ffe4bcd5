// Package federation lets people in with the identity that the State gives
// them: parents by ÉduConnect, agents by the guichet of their académie. It is
// the relying side of SAML 2.0 and of OpenID Connect, and knows nothing of
// hats, sessions or passwords beyond what it asks of account.
//
// An operator declares each identity provider (provider.go): for families or for
// agents, and how its answers name people (match.go). A visitor leaves
// (start.go) with a try that is written down, comes back to saml.go or oidc.go,
// where the answer is verified, and is let in (enter.go). An answer opens only
// what its try asked for, in the browser that left, once; tries, answers seen
// and people found are in the database, so that any node can take up what
// another began.
//
// It never makes an account. Somebody whom the register does not have, who
// holds no hat that the provider speaks for, or whose account is disabled hears
// one answer. A family's provider opens guardians' hats only, an agents'
// provider those of the staff: the rest takes a password.
//
// SAML: answers come by HTTP-POST, signed, not encrypted. Artifacts, encrypted
// assertions and single logout are refused or left out; whoever signs out is
// shown the way out of the provider, when it gave one (FrEduUrlRetour).
//
// It owns the tables federation_*.
package federation
