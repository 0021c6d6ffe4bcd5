package feed

import (
	"cmp"
	"slices"

	"preau/core/school"
	"preau/directory/aaf"
	"preau/directory/onde"
)

// pupilRow is a pupil of an extraction.
type pupilRow struct {
	onde.Pupil
	recognised
	birth, usual, first, class, day string // folded
}

func (x *extraction) recognisePupils(who *people) []*pupilRow {
	var rows []*pupilRow
	for _, p := range x.said.Pupils {
		row := &pupilRow{Pupil: p, birth: school.Fold(p.Birth), first: school.Fold(p.First), class: school.Fold(p.Class), day: isoDay(p.BirthDate)}
		row.usual = cmp.Or(school.Fold(p.Usual), row.birth)
		if i := slices.IndexFunc(rows, row.repeats); i >= 0 {
			x.tell(DuplicatePupil, aaf.Rejected, p.Place, aaf.Pupils, 0, "")
			continue
		}
		rows = append(rows, row)
	}
	for _, same := range []func(*pupilRow, *acquaintance) bool{
		func(r *pupilRow, a *acquaintance) bool { return r.INE != "" && r.INE == a.INE },
		func(r *pupilRow, a *acquaintance) bool { return r.named(a) && r.day != "" && r.day == a.BirthDate },
		func(r *pupilRow, a *acquaintance) bool {
			return r.named(a) && (r.day == "" || a.BirthDate == "") && r.ineAgrees(a)
		},
		func(r *pupilRow, a *acquaintance) bool { // a name was corrected
			return a.live && r.day != "" && r.day == a.BirthDate && r.ineAgrees(a) && nearlyNamed(r.birth, r.first, a.birth, a.first)
		},
		func(r *pupilRow, a *acquaintance) bool { // a date was
			return a.live && r.named(a) && nearDay(r.day, a.BirthDate) && r.ineAgrees(a)
		},
	} {
		pair(rows, func(r *pupilRow) *recognised { return &r.recognised }, who.pupils, same)
	}
	for _, r := range rows {
		switch {
		case r.as != nil:
		case r.INE != "":
			r.key = fresh(x.at.UAI, who.taken[aaf.Pupils], "ine", string(r.INE))
		default:
			r.key = fresh(x.at.UAI, who.taken[aaf.Pupils], "pupil", r.birth, r.first, r.day)
		}
	}
	return rows
}

// repeats tells that a row is about the pupil of another one.
func (r *pupilRow) repeats(other *pupilRow) bool {
	if r.INE != "" && other.INE != "" {
		return r.INE == other.INE
	}
	return r.birth == other.birth && r.first == other.first && r.day == other.day && r.day != ""
}

func (r *pupilRow) named(a *acquaintance) bool {
	return r.first == a.first && (r.birth == a.birth || r.birth == a.usual)
}

func (r *pupilRow) ineAgrees(a *acquaintance) bool {
	return r.INE == "" || a.INE == "" || r.INE == a.INE
}
