package place

import (
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// Animals gives the pupils of some classes the animals that they are known by
// there: each page shows the same one. A pupil of two classes keeps the animal
// of the class that is older in the register.
func Animals(pupils []directory.InClass) map[school.ID]ui.Pictogram {
	seats := map[school.ID][]school.ID{}
	for _, pupil := range pupils {
		seats[pupil.Class] = append(seats[pupil.Class], pupil.ID)
	}
	return AnimalsOf(seats)
}

// TellApartByAnimal says the animals of the pupils, among some, whose name another
// one of their class has: to those for whom the birthdays are not.
func TellApartByAnimal(r *web.Request, people ...school.ID) (directory.Marks, error) {
	mates, err := directory.Classmates(r.Tx, people...)
	return MarkByAnimal(r, mates), err
}

// MarkByAnimal is [TellApartByAnimal] of all the pupils of some classes.
func MarkByAnimal(r *web.Request, pupils []directory.InClass) directory.Marks {
	marks, animals := directory.Marks{}, Animals(pupils)
	for pupil := range directory.Namesakes(pupils) {
		marks[pupil] = animals[pupil].Label(r.Context())
	}
	return marks
}

// AnimalsOf is [Animals] for the identifiers of the pupils of each class.
func AnimalsOf(seats map[school.ID][]school.ID) map[school.ID]ui.Pictogram {
	rooms := map[school.ID]school.ID{}
	for class, pupils := range seats {
		for _, pupil := range pupils {
			if room, known := rooms[pupil]; !known || class < room {
				rooms[pupil] = class
			}
		}
	}
	animals := map[school.ID]ui.Pictogram{}
	for class, pupils := range seats {
		ids := make([]uint64, len(pupils))
		for i, pupil := range pupils {
			ids[i] = uint64(pupil)
		}
		for i, animal := range ui.AnimalsIn(ids) {
			if rooms[pupils[i]] == class {
				animals[pupils[i]] = animal
			}
		}
	}
	return animals
}
