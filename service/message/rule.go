package message

import (
	"slices"

	"preau/core/school"
)

// side is what somebody is in a conversation.
type side string

// The sides.
const (
	guardian  side = "guardian"
	teacher   side = "teacher"
	head      side = "head"
	staff     side = "staff"
	pupil     side = "pupil"
	municipal side = "municipal"
)

// sides are all of them, as the page of rules has them.
var sides = []side{guardian, teacher, head, staff, pupil, municipal}

// sideOf is that of a hat; empty for whoever writes to nobody.
func sideOf(profile school.Profile) side {
	switch profile {
	case school.Guardian:
		return guardian
	case school.Teacher:
		return teacher
	case school.Head:
		return head
	case school.Staff, school.Admin:
		return staff
	case school.Pupil:
		return pupil
	case school.Municipal:
		return municipal
	}
	return ""
}

// atWork are the hats that somebody wears at school: what is said to them with one is
// read with another.
var atWork = []school.Profile{school.Teacher, school.Head, school.Staff, school.Admin}

// alike are the hats with which one reads what is said to a hat: a teacher reads nothing
// at their desk of what is said to them as a parent.
func alike(profile school.Profile) []school.Profile {
	if slices.Contains(atWork, profile) {
		return atWork
	}
	return []school.Profile{profile}
}

// rule is whether a side may address another.
type rule string

// The rules.
const (
	yes   rule = "yes"   // unless the head of a school says no
	no    rule = "no"    // unless the head of a school says yes
	never rule = "never" // whatever a head says
)

// pair is who addresses whom.
type pair struct{ from, to side }

// bound is what a rule is by default, and what an operator may make of it; with no choice
// it is so for everybody.
type bound struct {
	rule    rule
	choices []rule
}

var any3 = []rule{yes, no, never}

// bounds are the pairs that may ever be; the others are never. Parents write to each
// other where their head wants it, and nowhere else.
var bounds = map[pair]bound{
	{guardian, teacher}:  {yes, any3},
	{guardian, head}:     {yes, any3},
	{guardian, staff}:    {no, any3},
	{guardian, guardian}: {no, []rule{no, never}},
	{teacher, guardian}:  {yes, any3},
	{teacher, pupil}:     {yes, any3},
	{teacher, teacher}:   {yes, nil},
	{teacher, head}:      {yes, nil},
	{teacher, staff}:     {yes, nil},
	{head, guardian}:     {yes, nil},
	{head, pupil}:        {yes, any3},
	{head, teacher}:      {yes, nil},
	{head, head}:         {yes, nil},
	{head, staff}:        {yes, nil},
	{staff, guardian}:    {no, any3},
	{staff, teacher}:     {yes, nil},
	{staff, head}:        {yes, nil},
	{staff, staff}:       {yes, nil},
	{pupil, teacher}:     {yes, any3}, // where the teacher opened it
	{pupil, pupil}:       {yes, any3},
	{municipal, head}:    {yes, any3},
}

// opening is what the teacher of a class opened to its pupils.
type opening struct{ ToTeacher, Among bool }

// book is the rules that hold in a school, or in a commune for its agents. What a commune
// says of them narrows what the schools say, and never widens it.
type book struct{ project, school, commune map[pair]rule }

// rule is that of a pair.
func (b book) rule(p pair) rule {
	in, known := bounds[p]
	if !known {
		return never
	}
	now := in.rule
	if set, is := b.project[p]; is && slices.Contains(in.choices, set) {
		now = set
	}
	if set, is := b.school[p]; is && now != never && len(in.choices) > 0 && set != never {
		now = set
	}
	if now == yes && p.from == municipal && b.commune[p] == no {
		now = no
	}
	return now
}

// allows is the one answer to whoever may address whom. Near tells that they are linked, as
// [Service.reach] finds it: the teachers and the head of a guardian's children, the
// families and the pupils of a teacher's classes, a school for its head, its team, the
// class for a pupil, the schools of the commune for its agents. Nobody who is not
// addresses anybody: a pupil is reached from their class and their school alone.
func (b book) allows(p pair, near bool, class opening) bool {
	switch {
	case !near || b.rule(p) != yes:
		return false
	case p == pair{pupil, teacher}:
		return class.ToTeacher
	case p == pair{pupil, pupil}:
		return class.Among
	}
	return true
}
