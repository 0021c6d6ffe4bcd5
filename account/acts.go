package account

import (
	"slices"
	"strings"

	"preau/core/audit"
)

// ActKind is a sort of what happens to an account, as the journal has it.
type ActKind string

// The kinds.
const (
	Entries ActKind = "entries" // who came in, or could not
	Codes   ActKind = "codes"   // what was handed out, and used
	Secrets ActKind = "secrets" // passwords and second factors
	Closing ActKind = "closing" // what shut an account, and opened it again
	Joins   ActKind = "joins"   // two accounts made one
	Leaving ActKind = "leaving" // what was taken by who left
)

// ActKinds are the kinds, in the order in which pages offer them.
var ActKinds = []ActKind{Entries, Codes, Secrets, Closing, Joins, Leaving}

var acts = map[ActKind][]audit.Action{
	Entries: {
		signIn, federated, "account.class-in", "account.sign-out", "account.close-session", "account.close-others", "account.switch",
		"account.blocked", "account.prove",
	},
	Codes: {"account.code", "account.code-mailed", "account.activate", "account.pictures", "account.unblock", "account.badge", "account.door-end", "account.home-allow", "account.home-forbid"},
	Secrets: {
		"account.password", "account.renew", "account.factor-add", "account.factor-remove", "account.factor-rename", "account.factor-reset",
		"account.recovery-codes",
	},
	Closing: {"account.disable", "account.enable", "account.contest", "account.contest-school", "account.freeze", "account.verify", "account.reopen"},
	Leaving: {"portal.take"},
	Joins:   {"account.merge", "account.unmerge", "account.join-ask", "account.join-refused", "register.join-refused"},
}

// Acts are the actions of a kind; of every kind, when it is none of them. Each
// has a text of its name, [ActKey].
func Acts(kind ActKind) []audit.Action {
	if some, known := acts[kind]; known {
		return some
	}
	var all []audit.Action
	for _, kind := range ActKinds {
		all = append(all, acts[kind]...)
	}
	return slices.Clip(all)
}

// ActKey is the key of what an act was.
func ActKey(a audit.Act) string {
	_, verb, _ := strings.Cut(string(a.Action), ".")
	key := "account.act-" + verb
	if a.Detail["device"] == "new" {
		key += "-device"
	}
	return key
}
