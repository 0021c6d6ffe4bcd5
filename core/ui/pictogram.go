package ui

import (
	"context"
	"embed"
	"slices"

	"preau/core/i18n"
)

// Pictogram names a coloured drawing of the OpenMoji family (CC BY-SA 4.0):
// the animals that children are known by, and what their tiles open. The
// empty Pictogram draws nothing.
type Pictogram string

// The pictograms that are not animals.
const (
	PictureAgain    Pictogram = "again"
	PictureBackpack Pictogram = "backpack"
	PictureBooks    Pictogram = "books"
	PictureCalendar Pictogram = "calendar"
	PictureCamera   Pictogram = "camera"
	PictureChild    Pictogram = "child"
	PictureClock    Pictogram = "clock"
	PictureDoor     Pictogram = "door"
	PictureEar      Pictogram = "ear"
	PictureEnvelope Pictogram = "envelope"
	PictureFamily   Pictogram = "family"
	PictureFolder   Pictogram = "folder"
	PictureFrame    Pictogram = "frame"
	PictureHouse    Pictogram = "house"
	PictureMoney    Pictogram = "money"
	PictureNews     Pictogram = "news"
	PictureNotebook Pictogram = "notebook"
	PicturePalette  Pictogram = "palette"
	PicturePencil   Pictogram = "pencil"
	PicturePin      Pictogram = "pin"
	PicturePlate    Pictogram = "plate"
	PicturePuzzle   Pictogram = "puzzle"
	PictureSchool   Pictogram = "school"
	PictureTeacher  Pictogram = "teacher"
	PictureTeddy    Pictogram = "teddy"
	PictureTray     Pictogram = "tray"
)

// Animals lists the pictograms that a child may be known by, in the order in
// which they are offered: more than a class has children.
var Animals = []Pictogram{
	"cat", "dog", "rabbit", "fox", "bear", "frog", "chick", "penguin",
	"lion", "elephant", "owl", "turtle", "butterfly", "ladybird", "panda", "tiger",
	"whale", "hedgehog", "mouse", "koala", "cow", "pig", "duck", "octopus",
	"giraffe", "horse", "monkey", "snail", "bee", "crab", "parrot", "squirrel",
	"crocodile", "dinosaur", "sheep", "zebra",
}

// Secrets lists the twelve pictograms that a child's secret is made of: things
// that a child of three names alone, no two alike, and that are nothing else in
// the portal, neither an animal that somebody is known by nor a button.
var Secrets = []Pictogram{
	"sun", "moon", "star", "flower", "tree", "apple", "banana", "cake", "fish", "ball", "car", "boat",
}

//go:embed pictograms/*.svg
var pictograms embed.FS

// Known tells whether the pictogram is drawn here.
func (p Pictogram) Known() bool {
	_, err := pictograms.ReadFile(p.file())
	return err == nil
}

// Label is the word for what the pictogram shows: "le chat".
func (p Pictogram) Label(ctx context.Context) string { return i18n.Say(ctx, "ui.picture-"+string(p)) }

// Animal tells whether a child may be known by the pictogram.
func (p Pictogram) Animal() bool { return slices.Contains(Animals, p) }

// printed are the pictograms that paper shows, which draws no SVG: 288 dots on
// white, rendered from the files of pictograms/ by resvg.
//
//go:embed printed/*.png
var printed embed.FS

// PNG gives the drawing for paper; nothing of one that paper does not show.
func (p Pictogram) PNG() []byte {
	drawing, err := printed.ReadFile("printed/" + string(p) + ".png")
	if err != nil {
		return nil
	}
	return drawing
}

func (p Pictogram) file() string { return "pictograms/" + string(p) + ".svg" }
