package account

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory/feed"
)

// What the journal says of accounts: each has a text, [ActKey], and a kind,
// [Acts].
const (
	actSignIn       audit.Action = "account.sign-in"   // with a password
	actFederated    audit.Action = "account.federated" // named by an identity provider
	actClassIn      audit.Action = "account.class-in"
	actSwitch       audit.Action = "account.switch"
	actProve        audit.Action = "account.prove"
	actBlocked      audit.Action = "account.blocked"
	actSignOut      audit.Action = "account.sign-out"
	actCloseSession audit.Action = "account.close-session"
	actCloseOthers  audit.Action = "account.close-others"

	ActCode       audit.Action = "account.code"
	actCodeMailed audit.Action = "account.code-mailed"
	actCodeAnnul  audit.Action = "account.code-annul"
	actActivate   audit.Action = "account.activate"
	actPictures   audit.Action = "account.pictures"
	actUnblock    audit.Action = "account.unblock"
	actBadge      audit.Action = "account.badge"
	actDoorEnd    audit.Action = "account.door-end"
	actHomeAllow  audit.Action = "account.home-allow"
	actHomeForbid audit.Action = "account.home-forbid"

	actPassword      audit.Action = "account.password"
	actRenew         audit.Action = "account.renew"
	actFactorAdd     audit.Action = "account.factor-add"
	actFactorRemove  audit.Action = "account.factor-remove"
	actFactorRename  audit.Action = "account.factor-rename"
	ActFactorReset   audit.Action = "account.factor-reset"
	actRecoveryCodes audit.Action = "account.recovery-codes"
	actDriveAdd      audit.Action = "account.drive-add"
	actDriveRemove   audit.Action = "account.drive-remove"

	actDisable       audit.Action = "account.disable"
	actEnable        audit.Action = "account.enable"
	actContest       audit.Action = "account.contest"
	actContestSchool audit.Action = "account.contest-school"
	actFreeze        audit.Action = "account.freeze"
	ActVerify        audit.Action = "account.verify"
	ActReopen        audit.Action = "account.reopen"

	actMerge       audit.Action = "account.merge"
	actUnmerge     audit.Action = "account.unmerge"
	actJoinAsk     audit.Action = "account.join-ask"
	ActJoinRefused audit.Action = "account.join-refused"

	actPoster          audit.Action = "account.poster"
	actTablet          audit.Action = "account.tablet"
	actNetworkKeep     audit.Action = "account.network-keep"
	actNetworkForget   audit.Action = "account.network-forget"
	actNetworkOnly     audit.Action = "account.network-only"
	actNetworkAnywhere audit.Action = "account.network-anywhere"

	actLook audit.Action = "account.look" // at accounts of a class, of a side of a school, or of one person

	actSwitchOn   audit.Action = "account.switch-on"
	actSwitchOff  audit.Action = "account.switch-off"
	actShut       audit.Action = "account.service-shut"
	actOpen       audit.Action = "account.service-open"
	actStop       audit.Action = "account.service-stop"
	actResume     audit.Action = "account.service-resume"
	actSignOutAll audit.Action = "account.sign-out-all"

	// Rooms above write these, and they are read here with the others.
	ActTake          audit.Action = "portal.take"
	ActSchoolRefused audit.Action = "register.join-refused"

	ActAppoint         audit.Action = "register.appoint" // detail: the post, and its last day
	ActDismiss         audit.Action = "register.dismiss"
	ActLend            audit.Action = "register.lend" // detail: the function
	ActRecall          audit.Action = "register.recall"
	ActEntrust         audit.Action = "register.grant" // a class or a pupil
	ActTakeBack        audit.Action = "register.take-back"
	ActProposeInterim  audit.Action = "register.propose-interim"
	ActWithdrawInterim audit.Action = "register.withdraw-interim"
	ActConfirmInterim  audit.Action = "register.confirm-interim"
	ActEndInterim      audit.Action = "register.end-interim"

	ActLookSent        audit.Action = "removal.look-sent"        // at what an account sent
	ActAskRemoval      audit.Action = "removal.ask-removal"      // of some of it, which a second person reads
	ActWithdrawRemoval audit.Action = "removal.withdraw-removal" // by whoever asked
	ActDeclineRemoval  audit.Action = "removal.decline-removal"  // by that person
	ActRemoveSent      audit.Action = "removal.remove-sent"      // by that person
	ActAskRestore      audit.Action = "removal.ask-restore"      // of what was removed, to which a second person agrees
	ActLeaveRemoved    audit.Action = "removal.leave-removed"    // where that person, or who asked, does not
	ActRestoreSent     audit.Action = "removal.restore-sent"     // as it was
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
	Leaving ActKind = "leaving" // what was taken by whoever left
	Doors   ActKind = "doors"   // the ways into classes, and the network where they open
	Posts   ActKind = "posts"   // what somebody was given to do in a school: a post, a pass, a class, a function that is lent
	Looking ActKind = "looking" // who looked at accounts
	Urgent  ActKind = "urgent"  // what was done to everybody at once
)

// ActKinds are the kinds, in the order in which pages offer them.
var ActKinds = []ActKind{Entries, Codes, Secrets, Closing, Joins, Leaving, Doors, Posts, Looking, Urgent}

var acts = map[ActKind][]audit.Action{
	Entries: {actSignIn, actFederated, actClassIn, actSwitch, actProve, actBlocked, actSignOut, actCloseSession, actCloseOthers},
	Codes:   {ActCode, actCodeMailed, actCodeAnnul, actActivate, actPictures, actUnblock, actBadge, actDoorEnd, actHomeAllow, actHomeForbid},
	Secrets: {actPassword, actRenew, actFactorAdd, actFactorRemove, actFactorRename, ActFactorReset, actRecoveryCodes, actDriveAdd, actDriveRemove},
	Closing: {actDisable, actEnable, actContest, actContestSchool, actFreeze, ActVerify, ActReopen},
	Joins:   {actMerge, actUnmerge, actJoinAsk, ActJoinRefused, ActSchoolRefused},
	Leaving: {ActTake},
	Doors:   {actPoster, actTablet, actNetworkKeep, actNetworkForget, actNetworkOnly, actNetworkAnywhere},
	Posts: {
		ActAppoint, ActDismiss, ActLend, ActRecall, ActEntrust, ActTakeBack,
		ActProposeInterim, ActWithdrawInterim, ActConfirmInterim, ActEndInterim, feed.ActInterimOver,
	},
	Looking: {actLook, ActLookSent},
	Urgent: {
		actSwitchOn, actSwitchOff, actStop, actResume, actShut, actOpen, actSignOutAll,
		ActAskRemoval, ActWithdrawRemoval, ActDeclineRemoval, ActRemoveSent, ActAskRestore, ActLeaveRemoved, ActRestoreSent,
	},
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

// Reads tells whether an action is one of those that are read here: others have words
// of their own room, if any.
func Reads(action audit.Action) bool { return slices.Contains(Acts(""), action) }

// ActKey is the key of what an act was, of those that [Reads] or [OwnActs] knows.
func ActKey(a audit.Act) string {
	_, verb, _ := strings.Cut(string(a.Action), ".")
	key := "account.act-" + verb
	switch {
	case a.Action == actLook && a.Detail["whom"] != "" && atOpened(a):
		key += "-opened"
	case a.Action == actLook && a.Detail["whom"] != "":
		key += "-" + a.Detail["whom"]
	case a.Action == actClassIn && (a.Detail["kind"] == "badge" || a.Detail["kind"] == "home"):
		key += "-" + a.Detail["kind"]
	case a.Detail["device"] == "new":
		key += "-device"
	case a.Detail["post"] == "replacement":
		key += "-replacement"
	case a.Action == ActLend || a.Action == ActRecall:
		if f := a.Detail["function"]; f != "" {
			key += "-" + f
		}
	}
	return key
}

// untilDetail is the detail of an act that gives something: the last day.
const untilDetail = "until"

// UntilDay writes for the journal the last day of what ends at an instant.
func UntilDay(d audit.Detail, end time.Time) {
	if !end.IsZero() {
		d[untilDetail] = school.LastDay(end).Format(time.DateOnly)
	}
}

// SayAct says what an act was, with the last day of what it gave.
func SayAct(p i18n.Printer, a audit.Act) string {
	said := p.Say(ActKey(a))
	if service := a.Detail["service"]; service != "" {
		said = i18n.Dots(said, p.Say(service+".title"))
	}
	if last, err := time.ParseInLocation(time.DateOnly, a.Detail[untilDetail], school.Paris); err == nil {
		said = i18n.Dots(said, p.Say("account.act-until", p.Date(last)))
	}
	return said
}

// byVisitors are the acts of whoever is not signed in. Every other one that nobody did,
// but what [Claims], is the program's.
var byVisitors = []audit.Action{actBlocked, actContest, actCodeMailed}

// Claims tells whether an act is of whoever claimed an account: somebody like any other,
// whatever they are in a school.
func Claims(a audit.Act) bool { return a.Action == actJoinAsk || a.Action == ActJoinRefused }

// ByNobodyKey is the key of whoever did an act whose actor is not told, or was not
// signed in.
func ByNobodyKey(a audit.Act) string {
	if Claims(a) {
		return "account.act-by-other"
	}
	if slices.Contains(byVisitors, a.Action) {
		return "account.act-by-visitor"
	}
	return "account.act-by-itself"
}

// wholeClass is whom an act was done to whose object is a class.
const wholeClass = "class"

// IsOfClass tells whether an act was done to a whole class, which is its object.
func IsOfClass(a audit.Act) bool { return a.Detail["whom"] == wholeClass }

// ActWhomKey is the key of whom an act was done to whose subject is a school; empty
// for one that was done to its subject.
func ActWhomKey(a audit.Act) string {
	whom := a.Detail["whom"]
	if whom == "" {
		return ""
	}
	return "account.whom-" + whom
}

// journal writes what a person did with their own account.
func (a *Accounts) journal(tx *db.Tx, s Session, action audit.Action, from Origin, detail audit.Detail) error {
	return a.Log.Write(tx, audit.Entry{
		By: audit.By{Actor: s.Person, Profile: s.Profile, Request: from.Request}, Action: action, Kind: "session", Object: s.ID,
		Subject: s.Person, Detail: detail,
	})
}

// journalAccount writes what was done with the account of its subject, or with
// another one that is about them.
func (a *Accounts) journalAccount(tx *db.Tx, e audit.Entry) error {
	e.Kind, e.Object = "account", cmp.Or(e.Object, e.Subject)
	return a.Log.Write(tx, e)
}

// journalBlocked writes the last wrong try that is borne at a door.
func (a *Accounts) journalBlocked(tx *db.Tx, door string, subject school.ID, from Origin) error {
	return a.journalAccount(tx, audit.Entry{Action: actBlocked, Subject: subject, By: from.by(0), Detail: audit.Detail{"door": door}})
}
