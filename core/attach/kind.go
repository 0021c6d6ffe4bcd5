package attach

import (
	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
)

// Kind is what a file is, by its content. It is stored.
type Kind string

// The kinds.
const (
	PDF  Kind = "pdf"
	Text Kind = "text"
	CSV  Kind = "csv"
	ODT  Kind = "odt" // OpenDocument (ISO/IEC 26300)
	ODS  Kind = "ods"
	ODP  Kind = "odp"
	DOCX Kind = "docx" // Office Open XML (ISO/IEC 29500), without macros
	XLSX Kind = "xlsx"
	PPTX Kind = "pptx"
	WebM Kind = "webm" // a voice, as browsers record one
	M4A  Kind = "m4a"
	Ogg  Kind = "ogg"
	MP3  Kind = "mp3"
	WAV  Kind = "wav"
)

// sort is how a kind is sent, named and shown.
type sort struct {
	Type   string // MIME type
	Ending string // of its name
	Word   string // key of what people call it
	Icon   ui.Icon
}

var sorts = map[Kind]sort{
	PDF:  {"application/pdf", ".pdf", "attach.pdf", ui.IconFile},
	Text: {"text/plain", ".txt", "attach.text", ui.IconFile},
	CSV:  {"text/csv", ".csv", "attach.table", ui.IconTable},
	ODT:  {"application/vnd.oasis.opendocument.text", ".odt", "attach.text", ui.IconFile},
	ODS:  {"application/vnd.oasis.opendocument.spreadsheet", ".ods", "attach.table", ui.IconTable},
	ODP:  {"application/vnd.oasis.opendocument.presentation", ".odp", "attach.slides", ui.IconSlides},
	DOCX: {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", "attach.text", ui.IconFile},
	XLSX: {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", "attach.table", ui.IconTable},
	PPTX: {"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx", "attach.slides", ui.IconSlides},
	WebM: {"audio/webm", ".webm", "attach.sound", ui.IconSound},
	M4A:  {"audio/mp4", ".m4a", "attach.sound", ui.IconSound},
	Ogg:  {"audio/ogg", ".ogg", "attach.sound", ui.IconSound},
	MP3:  {"audio/mpeg", ".mp3", "attach.sound", ui.IconSound},
	WAV:  {"audio/wav", ".wav", "attach.sound", ui.IconSound},
}

// Accept is what a field of files accepts (its attribute of this name): a hint to
// whoever chooses, and no more.
const Accept = ".pdf,.txt,.csv,.odt,.ods,.odp,.docx,.xlsx,.pptx,audio/*"

// Sounds tells whether a file is listened to.
func (k Kind) Sounds() bool { return sorts[k].Word == "attach.sound" }

// packed tells whether a file is an archive.
func (k Kind) packed() bool {
	switch k {
	case ODT, ODS, ODP, DOCX, XLSX, PPTX:
		return true
	}
	return false
}

// most is how many bytes a file of a kind may have.
func (k Kind) most() int64 {
	if k == Text || k == CSV {
		return 1 << 20 // it is read whole
	}
	return MaxFile
}

// Detail says what a file is, and how large: "PDF, 120 ko".
func (f File) Detail(say i18n.Printer) string {
	return say.Say("attach.detail", say.Say(sorts[f.Kind].Word), web.Size(say, f.Size))
}
