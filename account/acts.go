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
	Doors   ActKind = "doors"   // the ways into classes, and the network where they open
	Urgent  ActKind = "urgent"  // what was done to everybody at once
)

// ActKinds are the kinds, in the order in which pages offer them.
var ActKinds = []ActKind{Entries, Codes, Secrets, Closing, Joins, Leaving, Doors, Urgent}

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
	Doors: {
		"account.poster", "account.tablet",
		"account.network-keep", "account.network-forget", "account.network-only", "account.network-anywhere",
	},
	Urgent: {"account.switch-on", "account.switch-off", "account.sign-out-all"},
	Joins:  {"account.merge", "account.unmerge", "account.join-ask", "account.join-refused", "register.join-refused"},
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

// byVisitors are the acts of who is not signed in. Every other one that nobody did
// is the program's.
var byVisitors = []audit.Action{"account.blocked", "account.contest", "account.code-mailed"}

// ByNobodyKey is the key of who did an act that nobody signed in did.
func ByNobodyKey(a audit.Act) string {
	if slices.Contains(byVisitors, a.Action) {
		return "account.act-by-visitor"
	}
	return "account.act-by-itself"
}

// ActWhomKey is the key of whom an act was done to whose subject is a school; empty
// for one that was done to its subject.
func ActWhomKey(a audit.Act) string {
	whom := a.Detail["whom"]
	if whom == "" {
		return ""
	}
	return "account.whom-" + whom
}
