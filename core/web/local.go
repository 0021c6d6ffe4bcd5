package web

import (
	"net/url"
	"strings"
)

// signIn is the page where a session is opened; the portal mounts it.
const signIn = "/login"

// signOut is the address of the form that closes one; the portal mounts it.
const signOut = "/logout"

// Local tells whether s is a path of the portal, with or without a query, in
// every browser's reading: it begins with one slash, and holds no backslash
// (which browsers take for a slash) and no control character or space (which
// they drop).
func Local(s string) bool {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || len(s) > 2048 {
		return false
	}
	for _, c := range s {
		if c <= ' ' || c == '\\' || c == 0x7f {
			return false
		}
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil && u.Opaque == ""
}

// leadsToSignIn tells whether a local path would open or close the session
// again right after it was opened.
func leadsToSignIn(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return path == signIn || path == signOut
}

// signInFor is the address of the page of sign-in that leads to next.
func signInFor(next string) string {
	if next == "/" || !Local(next) || leadsToSignIn(next) {
		return signIn
	}
	return signIn + "?" + url.Values{"next": {next}}.Encode()
}
