package app

import (
	"context"
	"slices"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/config"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory"
	"preau/service/alert"
	"preau/service/liaison"
	"preau/service/message"
	"preau/service/news"
)

// wordsSetting is where it is remembered that the demo has its words.
const wordsSetting = "demo words"

// converse has the classes of the cast's children, and those that the cast teaches or helps in, have
// words in their carnet, their schools news, guardians a conversation, and the class of a pupil
// who reads its messages open, once.
func (h *House) converse(ctx context.Context, logins []login) error {
	var said string
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		said, err = config.Recall(tx, wordsSetting)
		return err
	})
	if err != nil || said != "" {
		return err
	}
	programme, err := h.sampleProgramme(ctx)
	if err != nil {
		return err
	}
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		var classes []school.ID
		for _, one := range logins {
			if one.Profile == school.Staff { // whose classes are theirs in school time only
				grants, err := directory.GrantsOf(tx, one.person)
				if err != nil {
					return err
				}
				for _, g := range grants {
					if g.Class != 0 {
						classes = append(classes, g.Class)
					}
				}
			}
			if one.Profile != school.Guardian && one.Profile != school.Teacher {
				continue
			}
			actor, err := directory.Actor(tx, one.person, one.Profile)
			if err != nil {
				return err
			}
			classes = append(classes, actor.Classes...)
		}
		slices.Sort(classes)
		classes = slices.Compact(classes)
		if err := h.sampleWords(tx, classes, programme); err != nil {
			return err
		}
		if err := sampleNotes(tx, classes); err != nil {
			return err
		}
		if err := sampleOpening(tx, logins); err != nil {
			return err
		}
		for _, one := range logins {
			if one.Profile != school.Guardian {
				continue
			}
			if err := sampleTalk(tx, one.person); err != nil {
				return err
			}
		}
		return config.Remember(tx, wordsSetting, "said")
	})
}

// sampleProgramme keeps the document that the word of an outing carries.
func (h *House) sampleProgramme(ctx context.Context) (attach.File, error) {
	name, pdf, err := liaison.SampleProgramme(h.DB.Now())
	if err != nil {
		return attach.File{}, err
	}
	return h.tray.Keep(ctx, name, pdf)
}

// sampleTalk has a guardian talk with a teacher of the first of their children who has
// one, who writes to the team too.
func sampleTalk(tx *db.Tx, guardian school.ID) error {
	children, err := directory.ChildrenOf(tx, guardian)
	if err != nil {
		return err
	}
	for _, child := range children {
		teachers, err := directory.TeachersIn(tx, child.Class)
		if err != nil {
			return err
		}
		if len(teachers) > 0 {
			return message.Sample(tx, child.School, child.Class, teachers[0].ID, guardian, child.ID)
		}
	}
	return nil
}

// sampleWords writes the words of some classes, each from a teacher of it, or else from
// the head of its school, with the programme of an outing, and the news of their schools,
// with a drill that is over.
func (h *House) sampleWords(tx *db.Tx, classes []school.ID, programme attach.File) error {
	known, err := directory.PlainClassesByID(tx, classes...)
	if err != nil {
		return err
	}
	told := map[school.ID]bool{} // the schools that have their news
	for _, class := range known {
		author, err := authorIn(tx, class)
		if err != nil {
			return err
		}
		staff, err := directory.StaffOf(tx, class.School) // heads come first
		if err != nil {
			return err
		}
		if err := liaison.Sample(tx, class.School, class.ID, author, programme); err != nil {
			return err
		}
		if err := h.files.Sample(tx, class.School, class.ID, author); err != nil {
			return err
		}
		if len(staff) > 0 && !told[class.School] {
			told[class.School] = true
			if err := news.Sample(tx, class.School, staff[0].ID); err != nil {
				return err
			}
			if err := alert.Sample(tx, h.french(), class.School, staff[0].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// sampleNotes has a family of each of some classes tell the school something.
func sampleNotes(tx *db.Tx, classes []school.ID) error {
	known, err := directory.PlainClassesByID(tx, classes...)
	if err != nil {
		return err
	}
	for _, class := range known {
		families := []audience.Audience{{Place: audience.Class, Of: class.ID, Side: audience.Families}}
		reached, err := directory.Audiences{}.Reach(tx, families...)
		if err != nil || len(reached) == 0 {
			return err
		}
		if err := liaison.SampleNote(tx, class.School, class.ID, reached[0].Child, reached[0].Person); err != nil {
			return err
		}
	}
	return nil
}

// sampleOpening opens messages to the class of the last pupil of the cast, who reads: by its
// teacher, or else by the head of its school.
func sampleOpening(tx *db.Tx, logins []login) error {
	for _, one := range slices.Backward(logins) {
		if one.Profile != school.Pupil {
			continue
		}
		actor, err := directory.Actor(tx, one.person, one.Profile)
		if err != nil || len(actor.Classes) == 0 {
			return err
		}
		classes, err := directory.PlainClassesByID(tx, actor.Classes...)
		if err != nil || len(classes) == 0 {
			return err
		}
		author, err := authorIn(tx, classes[0])
		if err != nil {
			return err
		}
		return message.SampleOpening(tx, classes[0].School, classes[0].ID, author)
	}
	return nil
}

// talks lists the pupils of the cast to whom messages are open, and those to whom they are not:
// their names.
func (h *House) talks(ctx context.Context, logins []login) (open, shut []string, err error) {
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		for _, one := range logins {
			if one.Profile != school.Pupil {
				continue
			}
			actor, err := directory.Actor(tx, one.person, one.Profile)
			if err != nil {
				return err
			}
			may := false
			for _, class := range actor.Classes {
				is, err := message.PupilsTalk(tx, class)
				if err != nil {
					return err
				}
				may = may || is
			}
			if may {
				open = append(open, one.Name)
			} else {
				shut = append(shut, one.Name)
			}
		}
		return nil
	})
	return open, shut, err
}

// authorIn is who writes for a class of the demo: a teacher of it or else the head of its school.
func authorIn(tx *db.Tx, class directory.ClassView) (school.ID, error) {
	teachers, err := directory.TeachersIn(tx, class.ID)
	if err != nil {
		return 0, err
	}
	if len(teachers) > 0 {
		return teachers[0].ID, nil
	}
	staff, err := directory.StaffOf(tx, class.School)
	if err != nil || len(staff) == 0 {
		return 0, err
	}
	return staff[0].ID, nil // heads come first
}

// french says what the demo writes.
func (h *House) french() i18n.Printer {
	return i18n.Printer{Catalogue: h.Words, Lang: i18n.French}
}
