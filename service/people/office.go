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
