package message

import (
	"preau/core/audience"
	"preau/core/db"
	"preau/core/rich"
	"preau/core/school"
)

// Sample writes the conversations of a demo: a parent asks a teacher something about
// their child, who answers, and the teacher writes to the team.
func Sample(tx *db.Tx, at, class, teacher, parent, child school.ID) error {
	author := seat{Person: teacher, Profile: school.Teacher}
	talk := thread{
		ID: school.NewID(tx.Now), School: at, Child: child, Author: parent, Kind: twoOf, Subject: "Le cahier de lecture", Begun: tx.Now, Last: tx.Now,
	}
	with := seat{Person: parent, Profile: school.Guardian, Child: child}
	two := alone(contact{}, contact{})
	two[0].Of, two[1].Of = teacher, parent
	if err := sample(tx, talk, []seat{with, author}, two, parent, "Bonjour,\n\nle cahier de lecture est resté à la maison. Faut-il l’apporter demain\u202f?"); err != nil {
		return err
	}
	if err := sample(tx, talk, nil, two, teacher, "Bonjour,\n\nmerci de votre mot. Demain, c’est parfait."); err != nil {
		return err
	}
	team := thread{ID: school.NewID(tx.Now), School: at, Class: class, Author: teacher, Kind: group, Subject: "Le café de vendredi", Begun: tx.Now, Last: tx.Now}
	to := []audience.Audience{{Place: audience.School, Of: at, Side: audience.Teaching}, {Place: audience.School, Of: at, Side: audience.SchoolStaff}, two[0]}
	return sample(tx, team, []seat{author}, to, teacher, "Vendredi à 8\u00a0h, café en salle des maîtres. Qui apporte des croissants\u202f?")
}

// sample says something in a conversation, which begins when it has seats.
func sample(tx *db.Tx, t thread, seats []seat, to []audience.Audience, by school.ID, says string) error {
	body, err := rich.Parse(says)
	if err != nil {
		return err
	}
	if seats != nil {
		if err := insertThread(tx, t, seats); err != nil {
			return err
		}
	}
	p := post{ID: school.NewID(tx.Now), Thread: t.ID, Author: by, Body: body, State: said, Posted: tx.Now}
	if err := insertPost(tx, p); err != nil {
		return err
	}
	if err := audience.Publish(tx, t.address(to)); err != nil {
		return err
	}
	return renew(tx, t, p)
}

// SampleOpening has the pupils of a class of a demo write to their teacher and to each other, as
// somebody who teaches it, or heads its school, opens it to them.
func SampleOpening(tx *db.Tx, at, class, by school.ID) error {
	return setOpening(tx, class, at, opening{ToTeacher: true, Among: true}, by)
}

// PupilsTalk tells whether the pupils of a class may write to somebody.
func PupilsTalk(tx *db.Tx, class school.ID) (bool, error) {
	o, err := openingOf(tx, class)
	return o.ToTeacher || o.Among, err
}
