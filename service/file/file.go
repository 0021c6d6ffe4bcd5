package file

import (
	"embed"
	"time"

	"preau/core/audit"
	"preau/core/blob"
	"preau/core/db"
	"preau/core/job"
	"preau/core/photo"
	"preau/core/preview"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/virus"
	"preau/core/web"
)

// room is the name of the room: its folder, and the beginning of its addresses and its tables.
const room = "file"

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of spaces, of what is in them, and of whom it is opened to.
func Schema() db.Schema { return db.Schema{Name: room, Files: files} }

// Words are the texts of the service.
//
//go:embed words/*.json
var Words embed.FS

// Service is the files of people, classes, schools and communes.
type Service struct {
	DB    *db.DB // of what looks into files
	Blobs blob.Store
	Album *photo.Album // of the pictures that are shown of files
	Audit *audit.Log
	// Scanner looks for viruses; nil: nobody does, and what came is given at once.
	Scanner *virus.Scanner
	// Maker gives what makes what is shown of files, once one is looked into; nil: only pictures are shown.
	Maker func() *preview.Maker
	// Enqueue queues the job KindLook: see job.Queue.Enqueue.
	Enqueue func(tx *db.Tx, kind job.Kind, payload any, at time.Time, unique string) error
}

var (
	_ web.Service = (*Service)(nil)
	_ web.Teller  = (*Service)(nil)
	_ web.Sender  = (*Service)(nil)
	_ web.Finder  = (*Service)(nil)
)

// Card implements web.Service.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: room, Title: "file.title", Icon: ui.IconFolder, Pictogram: ui.PictureFolder,
		For:       []school.Profile{school.Pupil, school.Guardian, school.Teacher, school.Head, school.Staff, school.Admin, school.Municipal},
		Publishes: []rights.Right{put, share},
	}
}

// The rights of the service. Everybody reads what is opened to them.
const (
	open       rights.Right = "file.open"
	put        rights.Right = "file.put"         // something where one may write
	own        rights.Right = "file.own"         // a space of one's own
	ofClass    rights.Right = "file.class"       // keep the space of a class or group
	helpsClass rights.Right = "file.class-read"  // read the space of a class or group
	ofSchool   rights.Right = "file.school"      // write in the space of a school
	leadSchool rights.Right = "file.school-keep" // keep it
	ofCommune  rights.Right = "file.commune"     // keep the space of a commune
	share      rights.Right = "file.share"       // open what one keeps to others, of a school
	shareClass rights.Right = "file.share-class" // or of a class
)

// Rights implements web.Service.
func (s *Service) Rights() rights.Table {
	return rights.Table{
		open: {
			school.Pupil: rights.Self, school.Guardian: rights.Self, school.Teacher: rights.Self, school.Head: rights.Self,
			school.Staff: rights.Self, school.Admin: rights.Self, school.Municipal: rights.Self,
		},
		put: {
			school.Pupil: rights.Self, school.Teacher: rights.Self, school.Head: rights.Self,
			school.Staff: rights.Self, school.Admin: rights.Self, school.Municipal: rights.Self,
		},
		own: {
			school.Pupil: rights.Self, school.Teacher: rights.Self, school.Head: rights.Self,
			school.Staff: rights.Self, school.Admin: rights.Self, school.Municipal: rights.Self,
		},
		ofClass:    {school.Teacher: rights.Classes, school.Head: rights.Schools},
		helpsClass: {school.Staff: rights.Classes},
		ofSchool:   {school.Teacher: rights.Schools, school.Head: rights.Schools, school.Staff: rights.Schools, school.Admin: rights.Schools},
		leadSchool: {school.Head: rights.Schools},
		ofCommune:  {school.Municipal: rights.Area},
		share:      {school.Head: rights.Schools, school.Teacher: rights.Schools},
		shareClass: {school.Head: rights.Schools, school.Teacher: rights.Classes},
	}
}
