package portal

import (
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// team lists the people who work in a school, each once, with what they are
// there.
func team(r *web.Request, id school.ID) ([]ui.PersonLine, error) {
	staff, err := directory.StaffOf(r.Tx, id)
	if err != nil {
		return nil, err
	}
	var lines []ui.PersonLine
	at := map[school.ID]int{}
	for _, worker := range staff {
		label := r.Say(directory.ProfileKey(worker.Profile, worker.Civility, worker.Acting))
		if i, known := at[worker.ID]; known {
			lines[i].Detail = join(lines[i].Detail, label)
			continue
		}
		at[worker.ID] = len(lines)
		lines = append(lines, ui.PersonLine{Name: worker.Name(), Detail: label})
	}
	return lines, nil
}
