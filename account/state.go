package account

import (
	"context"

	"preau/core/i18n"
	"preau/core/ui"
)

// State is where an account is.
type State string

// The states of an account.
const (
	NoAccount  State = "none"      // an organisation, or somebody who came by hand
	ToActivate State = "to-active" // no password was chosen yet
	Active     State = "active"
	Disabled   State = "disabled"
	ByDoor     State = "door" // a pupil of maternelle, who comes in by the door of the class
)

// StateOf tells where the account of somebody is, if they have one.
func StateOf(a Account, has bool) State {
	switch {
	case !has:
		return NoAccount
	case !a.Disabled.IsZero():
		return Disabled
	case !a.Activated.IsZero():
		return Active
	}
	return ToActivate
}

var stateKinds = map[State]ui.Kind{NoAccount: ui.Info, ToActivate: ui.Warning, Active: ui.Success, ByDoor: ui.Info, Disabled: ui.Danger}

// Tag says the state in a word.
func (s State) Tag(ctx context.Context) ui.Tag {
	return ui.Tag{Label: i18n.Say(ctx, "account.state-"+string(s)), Kind: stateKinds[s]}
}

// Count adds one account to the counts; who has none, or one that is closed, is
// not counted.
func (a *Activation) Count(at State) {
	switch at {
	case Active:
		a.Logins, a.Activated = a.Logins+1, a.Activated+1
	case ToActivate:
		a.Logins++
	case ByDoor:
		a.ByDoor++
	}
}

// Progress says the counts of a side: where some pupils come in by the door of their
// class, of those who do not.
func (a Activation) Progress(ctx context.Context, side Side) ui.Progress {
	label := "account.side-" + string(side)
	if side == Pupils && a.ByDoor > 0 {
		label += "-password"
	}
	return ui.Progress{
		Label: i18n.Say(ctx, label), Value: a.Activated, Max: a.Logins,
		Text: i18n.Say(ctx, "account.activated-of", a.Activated, i18n.Number(ctx, a.Activated), i18n.Number(ctx, a.Logins)),
	}
}
