package portal

import (
	"preau/core/db"
	"preau/core/school"
	"preau/core/ui"
	"preau/directory"
	"preau/directory/place"
)

// animalsOf gives the pupils of some classes their animals, groups left out: see
// [place.Animals].
func animalsOf(tx *db.Tx, classes ...school.ID) (map[school.ID]ui.Pictogram, error) {
	seats, err := directory.SeatsIn(tx, classes...)
	return place.AnimalsOf(seats), err
}

// animalOf is a pupil's animal among those of classes, or the one that a
// pupil without a class has.
func animalOf(animals map[school.ID]ui.Pictogram, pupil school.ID) ui.Pictogram {
	if animal, known := animals[pupil]; known {
		return animal
	}
	return ui.AnimalOf(uint64(pupil))
}
