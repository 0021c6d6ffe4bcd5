package message

import (
	"strconv"

	"preau/core/audit"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// classView is what the pupils of a class may do.
type classView struct {
	place.Room
	opening
	Young bool // nobody in it reads yet
}

// class shows what the pupils of a class may do.
func (s *Service) class(r *web.Request) (web.Answer, error) {
	at, err := place.Class(r, moderate)
	if err != nil {
		return nil, err
	}
	v := classView{Room: at}
	if v.opening, err = openingOf(r.Tx, at.Class.ID); err != nil {
		return nil, err
	}
	pupils, err := directory.PupilsIn(r.Tx, at.Class.ID)
	v.Young = len(pupils) > 0
	for _, p := range pupils {
		v.Young = v.Young && p.Young
	}
	return place.Page(at.School, web.Page{Title: r.Say("message.class-title"), Body: classPage(v)}), err
}

// openClass opens messages to the pupils of a class, or shuts them.
func (s *Service) openClass(r *web.Request) (web.Answer, error) {
	at, err := place.Class(r, moderate)
	if err != nil {
		return nil, err
	}
	o := opening{ToTeacher: r.PostFormValue("to-teacher") != "", Among: r.PostFormValue("among") != ""}
	if err := setOpening(r.Tx, at.Class.ID, at.School.ID, o, r.Actor.Person); err != nil {
		return nil, err
	}
	err = s.Audit.Write(r.Tx, audit.Entry{
		By: r.By(), Action: actOpen, Kind: "class", Object: at.Class.ID, Subject: at.School.ID, School: at.School.ID,
		Detail: audit.Detail{"to-teacher": strconv.FormatBool(o.ToTeacher), "among": strconv.FormatBool(o.Among)},
	})
	return web.Redirect{To: "/message/class/" + at.Class.ID.String(), Notice: "message.class-saved"}, err
}
