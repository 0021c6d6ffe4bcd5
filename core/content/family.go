package content

// Family is what people call a file. It is stored.
type Family string

// The families.
const (
	Picture  Family = "picture"
	PDF      Family = "pdf"
	Text     Family = "text"
	Document Family = "document"
	Sheet    Family = "sheet"
	Slides   Family = "slides"
	Sound    Family = "sound"
	Film     Family = "film"
	Archive  Family = "archive"
	Other    Family = "other"
)

// words are the keys of what people call each.
var words = map[Family]string{
	Picture:  "content.picture",
	PDF:      "content.pdf",
	Text:     "content.text",
	Document: "content.document",
	Sheet:    "content.sheet",
	Slides:   "content.slides",
	Sound:    "content.sound",
	Film:     "content.film",
	Archive:  "content.archive",
	Other:    "content.other",
}

// Word is the key of what people call it.
func (f Family) Word() string {
	if word, known := words[f]; known {
		return word
	}
	return words[Other]
}

// Office tells whether it is a document of an office suite.
func (f Family) Office() bool { return f == Document || f == Sheet || f == Slides }

// Shown is how a browser may show the file itself, under a policy that lets it run nothing.
type Shown string

// How a file may be shown. What is a page, in any language that a browser runs (HTML, SVG, XML,
// JavaScript), is never shown.
const (
	Never    Shown = ""
	Remade   Shown = "remade" // as a picture that was made of it, and never itself
	ByViewer Shown = "viewer" // a PDF, in the browser's own viewer, which runs apart
	Heard    Shown = "heard"
	Seen     Shown = "seen"  // a film
	Plain    Shown = "plain" // sent as text/plain, whatever its type
)

// Look is what was seen of a file.
type Look struct {
	Type   string // its MIME type, without parameters; "application/octet-stream" of what is not known
	Ending string // what its name usually ends with: ".pdf"; empty where there is no usage
	Family Family
	Shown  Shown
	Macros bool // it is a document that holds programs: no other program of ours opens it
	Closed bool // it, or part of it, cannot be looked into: encrypted, damaged, or larger than what is looked at
}

// kind is what is known of a MIME type, beside what mimetype says.
type kind struct {
	family Family
	shown  Shown
}

var kinds = map[string]kind{
	"application/pdf": {PDF, ByViewer},
	"image/jpeg":      {Picture, Remade},
	"image/png":       {Picture, Remade},
	"image/webp":      {Picture, Remade},
	"image/gif":       {Picture, Remade},

	"application/vnd.oasis.opendocument.text":                  {Document, Never},
	"application/vnd.oasis.opendocument.text-template":         {Document, Never},
	"application/vnd.oasis.opendocument.spreadsheet":           {Sheet, Never},
	"application/vnd.oasis.opendocument.spreadsheet-template":  {Sheet, Never},
	"application/vnd.oasis.opendocument.presentation":          {Slides, Never},
	"application/vnd.oasis.opendocument.presentation-template": {Slides, Never},
	"application/vnd.oasis.opendocument.graphics":              {Picture, Never},
	typeDOCX:                        {Document, Never},
	typeXLSX:                        {Sheet, Never},
	typePPTX:                        {Slides, Never},
	"application/msword":            {Document, Never},
	"application/vnd.ms-excel":      {Sheet, Never},
	"application/vnd.ms-powerpoint": {Slides, Never},
	"text/rtf":                      {Document, Never},

	"audio/mpeg": {Sound, Heard},
	"audio/mp4":  {Sound, Heard},
	"audio/ogg":  {Sound, Heard},
	"audio/webm": {Sound, Heard},
	"audio/wav":  {Sound, Heard},
	"audio/flac": {Sound, Heard},
	"audio/aac":  {Sound, Heard},
	"video/mp4":  {Film, Seen},
	"video/webm": {Film, Seen},
	"video/ogg":  {Film, Seen},

	"application/zip":              {Archive, Never},
	"application/gzip":             {Archive, Never},
	"application/x-tar":            {Archive, Never},
	"application/x-7z-compressed":  {Archive, Never},
	"application/x-rar-compressed": {Archive, Never},
	"application/x-bzip2":          {Archive, Never},
	"application/x-xz":             {Archive, Never},
	"application/zstd":             {Archive, Never},

	"text/plain":                {Text, Plain},
	"text/csv":                  {Text, Plain},
	"text/tab-separated-values": {Text, Plain},
	"text/markdown":             {Text, Plain},
	"text/calendar":             {Text, Plain},
	"text/vcard":                {Text, Plain},
	"application/json":          {Text, Plain},
	"text/x-python":             {Text, Plain},
}

// The types of Office Open XML.
const (
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typePPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)

// aliases are the names that mimetype has for what has another here.
var aliases = map[string]string{
	"audio/x-m4a":     "audio/mp4",
	"video/x-m4v":     "video/mp4",
	"application/ogg": "audio/ogg",
}

// schoolwork are archives that a program writes, by their name: people open them with it, and
// call none of them an archive.
var schoolwork = map[string]string{
	".ggb":      "application/vnd.geogebra.file",
	".ggs":      "application/vnd.geogebra.slides",
	".sb3":      "application/x.scratch.sb3",
	".h5p":      "application/vnd.h5p",
	".elp":      "application/x-exelearning",
	".elpx":     "application/x-exelearning",
	".ubz":      "application/x-openboard",
	".notebook": "application/x-smart-notebook",
	".mscz":     "application/x-musescore",
	".kra":      "application/x-krita",
}
