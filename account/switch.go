package account

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// Switch makes Préau read-only: for a profile or for everybody, in a school or
// in the whole project, in all of it or in one service. What those whom it names
// wrote stays, and is read; nothing is written until it is taken off.
type Switch struct {
	School  school.ID      // 0: the whole project
	Profile school.Profile // empty: everybody
	Service string         // whose things are not written, by its name; empty: nothing is written
	// Chosen tells that a school works without the service, until it chooses otherwise;
	// else the switch is an emergency, which has a reason.
	Chosen bool
	By     school.ID
	At     time.Time
	Reason string
}

// holds tells whether somebody may only read, for a switch.
func (s Switch) holds(a rights.Actor) bool {
	if s.Service != "" {
		return false
	}
	if s.School != 0 && a.Profile == school.Head && slices.Contains(a.Schools, s.School) {
		return false // they mend what it was put on for
	}
	return (s.School == 0 || slices.Contains(a.Schools, s.School)) && (s.Profile == "" || s.Profile == a.Profile)
}

// switchesEvery is how old what a node knows of the switches may be: they act
// within that time everywhere.
const switchesEvery = 10 * time.Second

// ReadOnly tells whether somebody may only read. Operators always write, and the
// head of a school whose switch it is: they mend what it was put on for.
func (a *Accounts) ReadOnly(tx *db.Tx, actor rights.Actor) (bool, error) {
	if actor.Profile == school.Operator { // no right: rooms declare these above, and whoever puts a switch on must take it off
		return false, nil
	}
	all, err := a.switchesNow(tx)
	return slices.ContainsFunc(all, func(s Switch) bool { return s.holds(actor) }), err
}

// switchesNow are the switches that are on, as this node knows them.
func (a *Accounts) switchesNow(tx *db.Tx) ([]Switch, error) {
	return a.switches.Get(tx.Now, switchesEvery, func() ([]Switch, error) { return Switches(tx) })
}

// shuts tells whether a switch is of a service in which those who wear a profile write nothing in a
// school.
func (s Switch) shuts(at school.ID, profile school.Profile) bool {
	return s.Service != "" && (s.School == 0 || s.School == at) && (s.Profile == "" || s.Profile == profile)
}

// Stops reads where nothing new is written now, by whatever switch: it is as the transaction has it.
func Stops(tx *db.Tx) (web.Stops, error) {
	all, err := Switches(tx)
	return func(service string, by rights.Actor, at school.ID) bool {
		return slices.ContainsFunc(all, func(s Switch) bool {
			return s.holds(by) || s.Service == service && s.shuts(at, by.Profile)
		})
	}, err
}

// Shut lists the services in which those who wear a profile write nothing in a school,
// each once: one that is stopped where the school works without it is as it has chosen.
func (a *Accounts) Shut(tx *db.Tx, at school.ID, profile school.Profile) (shut []web.Shut, err error) {
	all, err := a.switchesNow(tx)
	for _, s := range all {
		if !s.shuts(at, profile) {
			continue
		}
		one := web.Shut{Service: s.Service, Stopped: !s.Chosen, Reason: s.Reason}
		if i := slices.IndexFunc(shut, one.Same); i < 0 {
			shut = append(shut, one)
		} else if s.Chosen {
			shut[i] = one
		}
	}
	return shut, err
}

// ShutTo lists the services in which somebody writes nothing, whatever the school of
// theirs: one that is stopped in one of them is stopped.
func (a *Accounts) ShutTo(tx *db.Tx, actor rights.Actor) (shut []web.Shut, err error) {
	schools := actor.Schools
	if len(schools) == 0 {
		schools = []school.ID{0}
	}
	for i, at := range schools {
		there, err := a.Shut(tx, at, actor.Profile)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			shut = there
			continue
		}
		shut = slices.DeleteFunc(shut, func(one web.Shut) bool { return !slices.ContainsFunc(there, one.Same) })
		for i, one := range shut {
			if j := slices.IndexFunc(there, one.Same); there[j].Stopped {
				shut[i] = there[j]
			}
		}
	}
	return shut, nil
}

// Switches lists the switches that are on: of some schools and of the project,
// or all of them when no school is named.
func Switches(tx *db.Tx, schools ...school.ID) ([]Switch, error) {
	where, args := "", []any(nil)
	if len(schools) > 0 {
		where, args = ` WHERE school_id `+tx.Among(1), []any{db.List(tx, slices.Concat(schools, []school.ID{0}))}
	}
	all, err := db.All(tx, func(row db.Row) (s Switch, err error) {
		var at db.Time
		err = row.Scan(&s.School, &s.Profile, &s.Service, &s.Chosen, &s.By, &at, &s.Reason)
		s.At = at.Time
		return s, err
	}, `SELECT school_id, profile, service, chosen, set_by, set_at, reason FROM account_switch`+where+` ORDER BY school_id, service, profile, chosen`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the switches: %w", err)
	}
	return all, nil
}

// SwitchOn puts a switch on; one that is on already keeps its first day. What a school
// chooses to work without needs no reason.
func (a *Accounts) SwitchOn(tx *db.Tx, s Switch, by audit.By) error {
	if s.Reason = school.Clean(s.Reason); s.Reason == "" && !s.Chosen {
		return fail.New(fail.Invalid, "a switch without a reason").Say("account.switch-reason").At("reason")
	}
	n, err := tx.Exec(`INSERT INTO account_switch (school_id, profile, service, chosen, set_by, set_at, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (school_id, profile, service, chosen) DO NOTHING`, s.School, string(s.Profile), s.Service, s.Chosen, by.Actor, db.At(tx.Now), s.Reason)
	if err != nil {
		return fmt.Errorf("putting a switch on: %w", err)
	}
	if n == 0 {
		return nil
	}
	if a.KeepBack != nil {
		if err := a.KeepBack(tx); err != nil {
			return err
		}
	}
	return a.switched(tx, s, s.act(actSwitchOn, actStop, actShut), by)
}

// SwitchOff takes a switch off; one that is not on is fail.NotFound.
func (a *Accounts) SwitchOff(tx *db.Tx, s Switch, by audit.By) error {
	n, err := tx.Exec(`DELETE FROM account_switch WHERE school_id = $1 AND profile = $2 AND service = $3 AND chosen = $4`,
		s.School, string(s.Profile), s.Service, s.Chosen)
	if err == nil && n == 0 {
		return fail.New(fail.NotFound, "no such switch is on")
	}
	if err != nil {
		return fmt.Errorf("taking a switch off: %w", err)
	}
	return a.switched(tx, s, s.act(actSwitchOff, actResume, actOpen), by)
}

// switched journals what was done with a switch, and has this node read them
// again once it is done.
func (a *Accounts) switched(tx *db.Tx, s Switch, action audit.Action, by audit.By) error {
	a.switches.Forget(tx)
	detail := audit.Detail{"whom": whom(s.Profile)}
	if s.Service != "" {
		detail["service"] = s.Service
	}
	return a.Log.Write(tx, audit.Entry{By: by, Action: action, Kind: "switch", Subject: s.School, School: s.School, Detail: detail})
}

// act is what the journal calls what was done with a switch: of all that is written, of a
// service that is stopped, or of one that a school chooses.
func (s Switch) act(all, stopped, chosen audit.Action) audit.Action {
	switch {
	case s.Service == "":
		return all
	case s.Chosen:
		return chosen
	}
	return stopped
}

// WhomKey is the key of whom a switch, or a signing out, is about: a profile, or
// everybody.
func WhomKey(profile school.Profile) string { return "account.whom-" + whom(profile) }

// whom says a profile to the journal.
func whom(profile school.Profile) string {
	switch profile {
	case "":
		return "everybody"
	case school.Pupil:
		return string(Pupils)
	case school.Guardian:
		return string(Families)
	case school.Teacher:
		return "teachers"
	}
	return string(Staff)
}

// signedIn says in SQL which sessions are those of a profile, or of everybody, in
// a school or in the whole project (0), but somebody's. A guardian from whom a judge
// takes all access to a child is not of its school.
func signedIn(tx *db.Tx, at school.ID, profile school.Profile, but school.ID) (where string, args []any) {
	where, args = `created_at <= $1 AND expires_at > $1 AND person_id <> $2`, []any{db.At(tx.Now), but}
	if profile != "" {
		args = append(args, string(profile))
		where += fmt.Sprintf(` AND profile = $%d`, len(args))
	}
	if at != 0 {
		where += ` AND person_id IN (SELECT p.person_id FROM ` + ofSchools(`IN (`+db.In([]school.ID{at})+`)`) + ` p)`
	}
	return where, args
}

// CountSignedIn counts the people whom [Accounts.SignEverybodyOut] would sign out.
func CountSignedIn(tx *db.Tx, at school.ID, profile school.Profile, but school.ID) (int, error) {
	where, args := signedIn(tx, at, profile, but)
	n, err := db.One(tx, db.Column[int], `SELECT count(DISTINCT person_id) FROM account_session WHERE `+where, args...)
	if err != nil {
		return 0, fmt.Errorf("counting who is signed in: %w", err)
	}
	return n, nil
}

// SignEverybodyOut closes the sessions of a profile, or of everybody, in a
// school or in the whole project (0), but those of whoever asks.
func (a *Accounts) SignEverybodyOut(tx *db.Tx, at school.ID, profile school.Profile, by audit.By) error {
	where, args := signedIn(tx, at, profile, by.Actor)
	closed, err := db.All(tx, db.Column[school.ID], `DELETE FROM account_session WHERE `+where+` RETURNING id`, args...)
	if err == nil {
		err = signedOut(tx, closed...)
	}
	if err != nil {
		return fmt.Errorf("signing everybody out: %w", err)
	}
	return a.Log.Write(tx, audit.Entry{
		By: by, Action: actSignOutAll, Kind: "session", Subject: at, School: at,
		Detail: audit.Detail{"whom": whom(profile), "sessions": strconv.Itoa(len(closed))},
	})
}
