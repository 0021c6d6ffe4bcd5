package people

import (
	"slices"

	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// The rights of the offices that open the pages to which the directory
// leads. Rooms do not know each other: a right that an office gives up opens
// nothing here, and a test of app follows the links.
const (
	officePupil rights.Right = "register.view-pupil"
	officeCode  rights.Right = "accounts.issue-staff"
	officeClass rights.Right = "register.view-class"
	officeDesk  rights.Right = "register.view-school"
	officeTeam  rights.Right = "register.view-team"
)

// The rights of the services to which the pages of a child and of a class lead, in the same way.
const (
	carnetRead  rights.Right = "liaison.answer"
	carnetTell  rights.Right = "liaison.tell"
	carnetWrite rights.Right = "liaison.write"
	carnetNotes rights.Right = "liaison.follow"
	messageSend rights.Right = "message.write"
	newsRead    rights.Right = "news.open"
)

// ofChild lists what a guardian does about a child of theirs who is in a class: they read what
// is said to the family, tell the school something, and write to it.
func ofChild(r *web.Request, seen directory.Seen) (links []ui.Link) {
	in := slices.IndexFunc(seen.Ties, func(tie directory.Tie) bool { return tie.As == school.Pupil && tie.Class != 0 })
	child := rights.Object{Pupil: seen.ID}
	if in < 0 || r.Can(carnetRead, child) != nil {
		return nil
	}
	id := seen.ID.String()
	if !r.Without("liaison") {
		links = append(links, ui.Link{Href: "/liaison/?child=" + id, Label: r.Say("people.child-words"), Icon: ui.IconMail})
		if r.Can(carnetTell, child) == nil {
			links = append(links, ui.Link{Href: "/liaison/tell", Label: r.Say("people.child-tell"), Icon: ui.IconBell})
		}
	}
	if r.Holds(messageSend) && !r.Without("message") {
		links = append(links, ui.Link{Href: "/message/new/child/" + id, Label: r.Say("people.child-write"), Icon: ui.IconMessage})
	}
	if r.Holds(newsRead) && !r.Without("news") {
		links = append(links, ui.Link{Href: "/news/", Label: r.Say("people.child-news"), Icon: ui.IconNews})
	}
	return links
}

// ofClass lists what whoever teaches a class does for it.
func ofClass(r *web.Request, class school.ID, in rights.Object) (links []ui.Link) {
	if r.Can(carnetWrite, in) == nil && !r.Without("liaison") {
		links = append(links, ui.Link{Href: "/liaison/new/class/" + class.String(), Label: r.Say("people.class-word"), Icon: ui.IconEdit})
	}
	if r.Can(carnetNotes, in) == nil && !r.Without("liaison") {
		links = append(links, ui.Link{Href: "/liaison/notes", Label: r.Say("people.class-notes"), Icon: ui.IconPersonCheck})
	}
	if r.Can(carnetWrite, in) == nil && r.Holds(messageSend) && !r.Without("message") {
		links = append(links, ui.Link{Href: "/message/new/class/" + class.String(), Label: r.Say("people.class-message"), Icon: ui.IconMessage})
	}
	if r.Can(officeClass, in) == nil {
		links = append(links, ui.Link{Href: "/register/class/" + class.String(), Label: r.Say("people.office-class"), Icon: ui.IconOffice})
	}
	return links
}

// officeOf lists the pages of the office about somebody that the visitor may
// open.
func officeOf(r *web.Request, seen directory.Seen) (links []ui.Link) {
	for _, tie := range seen.Ties {
		at := rights.Object{School: tie.School}
		desk := "/register/school/" + tie.School.String()
		var link ui.Link
		switch {
		case tie.As == school.Pupil && r.Can(officePupil, at) == nil:
			link = ui.Link{Href: desk + "/pupil/" + seen.ID.String(), Label: r.Say("people.office-pupil"), Icon: ui.IconOffice}
		case tie.As == school.Guardian && r.Can(officePupil, at) == nil:
			link = ui.Link{Href: desk + "/pupil/" + tie.Child.String(), Label: r.Say("people.office-child", r.Printer.Of(tie.ChildName)), Icon: ui.IconOffice}
		case tie.As != school.Pupil && tie.As != school.Guardian && r.Can(officeCode, at) == nil:
			link = ui.Link{Href: "/accounts/school/" + tie.School.String() + "/staff", Label: r.Say("people.office-staff"), Icon: ui.IconKey}
		}
		if link.Href != "" && !slices.Contains(links, link) {
			links = append(links, link)
		}
	}
	return links
}
