package reception

import "preau/core/school"

// TakenName is how tests name what a process that was killed had taken; of
// something misnamed where it had another name.
func (v *Vault) TakenName(account string, id school.ID, name string, misnamed bool) string {
	return v.takenName(account, item{id: id, name: name, misnamed: misnamed})
}
