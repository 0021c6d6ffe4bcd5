package register

import (
	"preau/core/rights"
	"preau/core/school"
)

// The addresses of the office.
func schoolPath(id school.ID) string       { return "/register/school/" + id.String() }
func classPath(id school.ID) string        { return "/register/class/" + id.String() }
func pupilPath(at, pupil school.ID) string { return schoolPath(at) + "/pupil/" + pupil.String() }
func teamPath(at school.ID) string         { return "/register/structure/" + at.String() + "/team" }
func deliveryPath(id school.ID) string     { return "/register/delivery/" + id.String() }

func colleaguePath(at, person school.ID) string { return teamPath(at) + "/" + person.String() }
func groupPath(at, group school.ID) string      { return schoolPath(at) + "/group/" + group.String() }

// issueCodes is the right of the office of accounts that opens the pages to
// which this one leads.
const issueCodes rights.Right = "accounts.issue"

// openDoors is that of the pages of the doors of classes, where badges are printed.
const openDoors rights.Right = "accounts.open-door"

// accountsPath is where the codes of a class are handed out.
func accountsPath(class school.ID) string { return "/accounts/class/" + class.String() }

// doorPath is where the poster, the tablets and the badges of a class are.
func doorPath(class school.ID) string { return accountsPath(class) + "/door" }
