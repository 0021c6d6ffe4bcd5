package app

import (
	"context"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/config"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// login is somebody whom a visitor of the demo may be.
type login struct {
	Profile  school.Profile `json:"profile"`
	Name     string         `json:"name"`
	Login    string         `json:"login"`
	Password string         `json:"password"`
	School   school.UAI     `json:"school"`

	person school.ID
}

// part is a role of the demo.
type part struct {
	name    string // what it is remembered by
	profile school.Profile
	// find gives a person, when the deliveries bring them.
	find string
	// kind is where somebody is appointed as an operator would, when they do
	// not.
	kind    directory.Kind
	appoint directory.Appointment
	// give finds what a head gives them in their school: see [directory.Give].
	give string
}

// helpsClass finds a class of the youngest of a school, followsPupil a pupil.
var (
	helpsClass = `SELECT m.class_id, 0 FROM directory_membership m
		JOIN directory_class c ON c.id = m.class_id AND c.school_id = $1 AND c.until_at IS NULL
		JOIN directory_enrolment e ON e.person_id = m.person_id AND e.school_id = $1 AND e.until_at IS NULL
		WHERE m.role = 'pupil' AND m.until_at IS NULL ORDER BY e.level_code, m.class_id LIMIT 1`
	followsPupil = `SELECT 0, e.person_id FROM directory_enrolment e WHERE e.school_id = $1 AND e.until_at IS NULL ORDER BY e.person_id LIMIT 1`
)

// whoReads finds a pupil who reads, whoTeaches the teacher who has the most classes.
var (
	whoReads   = pupilOf(school.CM1, school.CM2, school.CE2, school.CE1, school.CP)
	whoTeaches = `
		SELECT m.person_id FROM directory_membership m
		JOIN directory_class c ON c.id = m.class_id
		JOIN directory_function f ON f.person_id = m.person_id AND f.structure_id = c.school_id AND f.until_at IS NULL
		WHERE m.role = 'teacher' AND m.until_at IS NULL AND f.profile = 'National_ENS'
		GROUP BY m.person_id ORDER BY count(DISTINCT m.class_id) DESC, m.person_id LIMIT 1`
)

// parts are the roles, in the order in which they are printed.
var parts = []part{
	{name: "pupil who learns to read", profile: school.Pupil, find: pupilOf(school.PS, school.MS, school.GS)},
	{name: "pupil of CE2", profile: school.Pupil, find: pupilOf(school.CE2)},
	{name: "pupil who reads", profile: school.Pupil, find: whoReads},
	{name: "guardian", profile: school.Guardian, find: `
		SELECT b.guardian_id FROM directory_bond b
		JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.until_at IS NULL
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation AND p.departed_at IS NULL
		WHERE b.until_at IS NULL GROUP BY b.guardian_id, p.mail
		ORDER BY CASE count(DISTINCT b.pupil_id) WHEN 3 THEN 0 ELSE 1 END, count(DISTINCT e.school_id) DESC, p.mail = '', b.guardian_id LIMIT 1`},
	{name: "teacher", profile: school.Teacher, find: whoTeaches},
	{name: "guardian in the class of the teacher", profile: school.Guardian, find: `
		SELECT b.guardian_id FROM directory_membership t
		JOIN directory_membership m ON m.class_id = t.class_id AND m.role = 'pupil' AND m.until_at IS NULL
		JOIN directory_bond b ON b.pupil_id = m.person_id AND b.until_at IS NULL
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation AND p.departed_at IS NULL
		WHERE t.role = 'teacher' AND t.until_at IS NULL AND t.person_id = (` + whoTeaches + `)
		ORDER BY p.mail = '', b.guardian_id LIMIT 1`},
	{name: "teacher of the pupil who reads", profile: school.Teacher, find: `
		SELECT t.person_id FROM directory_membership m
		JOIN directory_membership t ON t.class_id = m.class_id AND t.role = 'teacher' AND t.until_at IS NULL
		JOIN directory_person p ON p.id = t.person_id
		JOIN directory_function f ON f.person_id = t.person_id AND f.until_at IS NULL AND f.profile = 'National_ENS'
		WHERE m.role = 'pupil' AND m.until_at IS NULL AND m.person_id = (` + whoReads + `)
		ORDER BY p.sort_key, p.id LIMIT 1`},
	{name: "head", profile: school.Head, find: `
		SELECT f.person_id FROM directory_function f JOIN directory_structure s ON s.id = f.structure_id
		WHERE f.profile = 'National_DIR' AND f.until_at IS NULL ORDER BY s.uai, f.person_id LIMIT 1`},
	{name: "municipal", profile: school.Municipal, kind: directory.Commune, appoint: directory.Appointment{
		Template: "municipal", Civility: "Mme", First: "Solène", Usual: "Marchand", Label: "Service périscolaire"}},
	{name: "pilot", profile: school.Pilot, kind: directory.Academy, appoint: directory.Appointment{
		Template: "pilot", Civility: "M.", First: "Karim", Usual: "Delorme", Label: "Délégation au numérique éducatif"}},
	{name: "inspector", profile: school.Pilot, kind: directory.Circonscription, appoint: directory.Appointment{
		Template: "pilot", Civility: "Mme", First: "Agathe", Usual: "Morvan", Label: "Inspection de l’Éducation nationale"}},
	{name: "atsem", profile: school.Staff, kind: directory.School, appoint: directory.Appointment{
		Template: "atsem", Civility: "Mme", First: "Nadège", Usual: "Lambert"}, give: helpsClass},
	{name: "aesh", profile: school.Staff, kind: directory.School, appoint: directory.Appointment{
		Template: "aesh", Civility: "M.", First: "Yanis", Usual: "Ferrand"}, give: followsPupil},
	{name: "secretary", profile: school.Admin, kind: directory.School, appoint: directory.Appointment{
		Template: "secretary", Civility: "Mme", First: "Odile", Usual: "Prunier"}},
	{name: "canteen", profile: school.CareAgent, kind: directory.School, appoint: directory.Appointment{
		Template: "care-canteen", Civility: "M.", First: "Bruno", Usual: "Castel"}},
	{name: "partner", profile: school.Partner, kind: directory.Project, appoint: directory.Appointment{
		Template: "partner", Civility: "Mme", First: "Hélène", Usual: "Vasseur", Label: "Atelier Canopé"}},
	{name: "technician", profile: school.Tech, kind: directory.Project, appoint: directory.Appointment{
		Template: "technician", Civility: "M.", First: "Rémi", Usual: "Tellier"}},
	{name: "departed", profile: school.Departed, find: `
		SELECT b.guardian_id FROM directory_bond b
		JOIN directory_person p ON p.id = b.guardian_id AND p.departed_at IS NOT NULL AND NOT p.organisation
		ORDER BY p.departed_at DESC, b.guardian_id LIMIT 1`},
	{name: "operator", profile: school.Operator, kind: directory.Project, appoint: directory.Appointment{
		Template: "operator", Civility: "Mme", First: "Inès", Usual: "Garnier", Label: "Exploitation"}},
	{name: "second operator", profile: school.Operator, kind: directory.Project, appoint: directory.Appointment{
		Template: "operator", Civility: "M.", First: "Luc", Usual: "Tessier", Label: "Exploitation"}},
}

// pupilOf finds a pupil of one of the levels, the first of them before.
func pupilOf(levels ...school.Level) string {
	order := "CASE e.level_code"
	for i, level := range levels {
		order += fmt.Sprintf(" WHEN '%s' THEN %d", level.Code, i)
	}
	order += fmt.Sprintf(" ELSE %d END", len(levels))
	return `SELECT e.person_id FROM directory_enrolment e
		JOIN directory_membership m ON m.person_id = e.person_id AND m.role = 'pupil' AND m.until_at IS NULL
		WHERE e.until_at IS NULL ORDER BY ` + order + `, e.person_id LIMIT 1`
}

// cast finds who plays each part, once, and makes them able to sign in.
func (h *House) cast(ctx context.Context) ([]login, error) {
	var logins []login
	err := h.DB.Write(ctx, func(tx *db.Tx) (err error) {
		logins, err = h.castIn(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range logins {
		if err := h.enable(ctx, &logins[i]); err != nil {
			return nil, err
		}
	}
	return logins, nil
}

// castReason is why somebody of the cast has their post, as its pages say.
const castReason = "Visite de la démonstration"

// castSetting is where the cast is remembered: whoever plays goes on playing,
// whatever visitors do to the classes.
const castSetting = "demo cast"

func (h *House) castIn(tx *db.Tx) (logins []login, err error) {
	known, err := config.Recall(tx, castSetting)
	if err != nil {
		return nil, err
	}
	people := map[string]school.ID{} // by the name of their part
	if err := json.Unmarshal([]byte(known), &people); err != nil {
		clear(people) // none yet, or as an older version remembered them
	}
	for _, p := range parts {
		var one login
		person, cast := people[p.name]
		if cast && p.find != "" {
			one, err = loginOf(tx, p, person)
		} else { // appointed, the first time, or a part that this version adds
			one, err = h.play(tx, p)
		}
		if !cast {
			people[p.name] = one.person
		}
		if fail.Is(err, fail.NotFound) {
			continue // a village of one school has not every part
		}
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(logins, func(l login) bool { return l.person == one.person && l.Profile == one.Profile }) {
			continue // they play another part too
		}
		logins = append(logins, one)
	}
	text, err := json.Marshal(people)
	if err != nil {
		return nil, err
	}
	return logins, config.Remember(tx, castSetting, string(text))
}

// loginOf is somebody who plays a part, with their school of today.
func loginOf(tx *db.Tx, p part, person school.ID) (login, error) {
	who, err := directory.Get(tx, person)
	if err != nil {
		return login{}, err
	}
	actor, err := directory.Actor(tx, person, p.profile)
	if err != nil {
		return login{}, err
	}
	l := login{Profile: p.profile, Name: who.Name(), person: person}
	if len(actor.Schools) > 0 {
		s, err := directory.StructureByID(tx, slices.Min(actor.Schools))
		if err != nil {
			return login{}, err
		}
		l.School = s.UAI
	}
	return l, nil
}

// play finds or appoints somebody for a part.
func (h *House) play(tx *db.Tx, p part) (login, error) {
	if p.find != "" {
		var person school.ID
		if err := tx.Get([]any{&person}, p.find); err != nil {
			return login{}, err
		}
		return loginOf(tx, p, person)
	}
	l := login{Profile: p.profile}
	if err := h.hire(tx, p, &l); err != nil {
		return l, err
	}
	who, err := directory.Get(tx, l.person)
	l.Name = who.Name()
	return l, err
}

// hire appoints somebody; again when the school year has ended what they had.
func (h *House) hire(tx *db.Tx, p part, l *login) error {
	a := p.appoint
	name := a.First + "." + a.Usual
	known, err := account.Person(tx, name)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	if p.kind != directory.Project {
		s, err := directory.Structures.One(tx, "kind = $1 ORDER BY uai, id LIMIT 1", p.kind)
		if err != nil {
			return err
		}
		a.Structure, l.School = s.ID, s.UAI
	}
	if l.person = known; known != 0 {
		hats, err := directory.Hats(tx, known)
		if err != nil || slices.Contains(hats, p.profile) {
			return err
		}
		name = ""
	}
	a.Person, a.Reason = known, castReason
	if l.person, err = h.office.Appoint(tx, a, name, audit.Entry{}); err != nil || p.give == "" {
		return err
	}
	g := directory.Grant{Person: l.person, School: a.Structure, Reason: castReason}
	if err := tx.Get([]any{&g.Class, &g.Pupil}, p.give, a.Structure); err != nil {
		return err
	}
	return directory.Give(tx, g, time.Time{})
}

// enable makes the password of a part, the first time, as its owner would:
// with an activation code. It follows from the folder's key, so that it is
// the same each time and different in each folder.
func (h *House) enable(ctx context.Context, l *login) error {
	var held account.Account
	var code account.Code
	err := h.DB.Write(ctx, func(tx *db.Tx) error {
		accounts, err := account.Of(tx, l.person)
		if err != nil {
			return err
		}
		held = accounts[l.person]
		if held.Activated.IsZero() {
			code, err = h.Accounts.IssueCode(tx, l.person, audit.By{Request: "demo"}, demoLife)
		}
		return err
	})
	if err != nil {
		return err
	}
	l.Login = held.Login.String()
	l.Password = demoPassword(h.Key.Derive("demo password", l.Login, 10))
	if code.Text == "" {
		return nil
	}
	_, err = h.Accounts.Activate(ctx, l.Login, code.Text, l.Password, account.Origin{Request: "demo"})
	return err
}

// demoPassword writes 80 bits as four groups of four letters and digits.
func demoPassword(secret []byte) string {
	text := strings.ToLower(base32.StdEncoding.EncodeToString(secret))
	return strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:16]}, "-")
}
